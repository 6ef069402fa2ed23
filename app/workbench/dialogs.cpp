// The small dialogs: about, settings, and the sheet of shortcuts.
#include "app/workbench/mainwindow.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "app/workbench/settings.h"
#include "widgets/controls/factrow.h"
#include "widgets/controls/surface.h"
#include "widgets/style/fonts.h"
#include "widgets/text/syntax.h"

#include <array>
#include <utility>
#include <vector>

namespace gatehouse::workbench {

using namespace widgets;

static QDialog* makeDialog(QWidget* parent, const QString& title)
{
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    dialog->setModal(false);
    auto* column = new QVBoxLayout(dialog);
    column->setContentsMargins(px(26), px(22), px(26), px(18));
    column->setSpacing(px(8));
    return dialog;
}

static void addClose(QDialog* dialog)
{
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, px(10), 0, 0);
    row->addStretch(1);
    auto* close = new QPushButton(MainWindow::tr("Close"));
    close->setDefault(true);
    QObject::connect(close, &QPushButton::clicked, dialog, &QDialog::accept);
    row->addWidget(close);
    static_cast<QVBoxLayout*>(dialog->layout())->addLayout(row);
}

QDialog* MainWindow::makeAbout()
{
    QDialog* dialog = makeDialog(this, tr("About Gatehouse"));
    auto* column = static_cast<QVBoxLayout*>(dialog->layout());
    column->addWidget(makeHeading(tr("Gatehouse")));
    auto* what =
        new Label(tr("A desktop workbench for governed AI agents: run them in a sandbox, decide at the checkpoints, prove what happened."),
                  TokenRole::Second);
    what->setWordWrap(true);
    what->setMinimumWidth(px(420));
    column->addWidget(what);
    column->addSpacing(px(6));
    const QString colours = syntaxEngineName();
    const std::vector<std::pair<QString, QString>> facts = {
        {tr("Version"), QStringLiteral(GATEHOUSE_VERSION)},
        {tr("Licence"), tr("Apache License 2.0")},
        {tr("Qt"), tr("%1, built with %2").arg(QString::fromLatin1(qVersion()), QStringLiteral(QT_VERSION_STR))},
        {tr("Syntax colours"),
         colours.isEmpty() ? tr("none: this build has no KSyntaxHighlighting, so diffs are shown without colours") : colours},
    };
    auto* rows = new QVBoxLayout;
    rows->setSpacing(0);
    for (const auto& [name, value] : facts) {
        auto* row = new FactRow(name, value, FactLayout::Columns);
        row->setRule(true);
        rows->addWidget(row);
    }
    column->addLayout(rows);
    addClose(dialog);
    return dialog;
}

namespace {

struct Shortcut {
    QString group;
    QString what;
    QString key;
};

// By what the command is about.
QString groupOf(const QString& action)
{
    if (action.startsWith(QLatin1StringView("view.workspace.")))
        return MainWindow::tr("Workspaces");
    const QString area = action.section(u'.', 0, 0);
    if (area == QLatin1StringView("file") || area == QLatin1StringView("edit"))
        return MainWindow::tr("File and edit");
    if (area == QLatin1StringView("run") || area == QLatin1StringView("approvals"))
        return MainWindow::tr("Runs and approvals");
    if (area == QLatin1StringView("diff"))
        return MainWindow::tr("Diff");
    return MainWindow::tr("View, tools and help");
}

// In two columns, so that the sheet is no higher than a small screen; a group goes where less stands.
QLayout* layOut(const std::vector<Shortcut>& shortcuts)
{
    QStringList groups;
    for (const Shortcut& each : shortcuts)
        if (!groups.contains(each.group))
            groups << each.group;
    auto* both = new QHBoxLayout;
    both->setSpacing(px(36));
    std::array<QVBoxLayout*, 2> columns = {new QVBoxLayout, new QVBoxLayout};
    std::array<qsizetype, 2> rows = {0, 0};
    for (const QString& group : std::as_const(groups)) {
        const std::size_t side = rows[0] <= rows[1] ? 0 : 1;
        QVBoxLayout& column = *columns[side];
        column.setSpacing(px(6));
        if (rows[side] > 0)
            column.addSpacing(px(12));
        column.addWidget(makeSection(group));
        for (const Shortcut& each : shortcuts) {
            if (each.group != group)
                continue;
            auto* row = new QHBoxLayout;
            row->addWidget(new Label(each.what), 1);
            row->addWidget(new KeyHint(each.key));
            column.addLayout(row);
            ++rows[side];
        }
        rows[side] += 2;
    }
    for (QVBoxLayout* column : columns) {
        column->addStretch(1);
        both->addLayout(column, 1);
    }
    return both;
}

} // namespace

QDialog* MainWindow::makeShortcutSheet()
{
    QDialog* dialog = makeDialog(this, tr("Keyboard shortcuts"));
    auto* column = static_cast<QVBoxLayout*>(dialog->layout());
    column->addWidget(makeHeading(tr("Keyboard shortcuts")));
    std::vector<Shortcut> shortcuts;
    for (const QAction* action : m_actions.actions())
        if (!action->shortcut().isEmpty())
            shortcuts.push_back(
                {groupOf(action->objectName()), action->text().remove(u'&'), action->shortcut().toString(QKeySequence::NativeText)});
    const QString request = tr("On a request for approval");
    shortcuts.push_back({request, tr("Show the next part that was not on screen"), tr("End")});
    shortcuts.push_back({request, tr("Arm the approval, then confirm it"), tr("A")});
    shortcuts.push_back({request, tr("Confirm what is armed; else press the focused button"), tr("Enter")});
    shortcuts.push_back({request, tr("Deny"), tr("D")});
    shortcuts.push_back({request, tr("Disarm, then close without deciding"), tr("Esc")});
    column->addSpacing(px(10));
    column->addLayout(layOut(shortcuts));
    addClose(dialog);
    return dialog;
}

static void addChoice(QVBoxLayout* column, const QString& name, QComboBox* choice)
{
    auto* row = new QHBoxLayout;
    auto* label = new Label(name);
    label->setBuddy(choice);
    choice->setAccessibleName(name);
    choice->setMinimumWidth(px(250));
    row->addWidget(label, 1);
    row->addWidget(choice);
    column->addLayout(row);
}

// Each choice holds at once: there is nothing to apply, and nothing to lose by closing.
QDialog* MainWindow::makeSettings()
{
    QDialog* dialog = makeDialog(this, tr("Settings"));
    auto* column = static_cast<QVBoxLayout*>(dialog->layout());
    column->addWidget(makeHeading(tr("Settings")));
    column->addSpacing(px(8));
    column->addWidget(makeSection(tr("Appearance")));
    auto* theme = new QComboBox;
    for (const auto& [choice, text] : {std::pair{ThemeChoice::System, tr("As the desktop")}, std::pair{ThemeChoice::Light, tr("Light")},
                                       std::pair{ThemeChoice::Dark, tr("Dark")}, std::pair{ThemeChoice::HighContrast, tr("High contrast")}})
        theme->addItem(text, int(choice));
    theme->setCurrentIndex(theme->findData(int(m_themer.choice())));
    connect(theme, &QComboBox::activated, this, [this, theme] { setThemeChoice(ThemeChoice(theme->currentData().toInt())); });
    addChoice(column, tr("Theme"), theme);
    column->addSpacing(px(6));
    column->addWidget(makeSection(tr("Start")));
    auto* reopen = new QCheckBox(tr("Reopen what was open last time"));
    reopen->setChecked(Settings::reopensSession());
    connect(reopen, &QCheckBox::toggled, this, [](bool on) { Settings::setReopensSession(on); });
    column->addWidget(reopen);
    column->addSpacing(px(6));
    column->addWidget(makeSection(tr("Runs")));
    auto* pace = new QComboBox;
    for (const auto& [tokens, text] : {std::pair{0.0, tr("As scripted")}, std::pair{60.0, tr("60 tokens a second, to watch")},
                                       std::pair{20.0, tr("20 tokens a second, slow")}})
        pace->addItem(text, tokens);
    pace->setCurrentIndex(std::max(0, pace->findData(Settings::pace())));
    connect(pace, &QComboBox::activated, this, [pace] { Settings::setPace(pace->currentData().toDouble()); });
    addChoice(column, tr("Speed of scripted models"), pace);
    dialog->setMinimumWidth(px(460));
    addClose(dialog);
    return dialog;
}

} // namespace gatehouse::workbench
