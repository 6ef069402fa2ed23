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
    for (const auto& [name, value] : facts) {
        auto* row = new FactRow(name, value, FactLayout::Columns);
        row->setRule(true);
        column->addWidget(row);
    }
    addClose(dialog);
    return dialog;
}

QDialog* MainWindow::makeShortcutSheet()
{
    QDialog* dialog = makeDialog(this, tr("Keyboard shortcuts"));
    auto* column = static_cast<QVBoxLayout*>(dialog->layout());
    column->addWidget(makeHeading(tr("Keyboard shortcuts")));
    const auto add = [column](const QString& what, const QString& key) {
        auto* row = new QHBoxLayout;
        row->addWidget(new Label(what), 1);
        row->addWidget(new KeyHint(key));
        column->addLayout(row);
    };
    for (const QAction* action : m_actions.actions())
        if (!action->shortcut().isEmpty())
            add(action->text().remove(u'&'), action->shortcut().toString(QKeySequence::NativeText));
    column->addSpacing(px(6));
    column->addWidget(makeSection(tr("On a request for approval")));
    add(tr("What will run: on to what was not on screen yet"), tr("End"));
    add(tr("Arm the approval, then confirm it"), tr("A"));
    add(tr("Confirm what is armed; else press the focused button"), tr("Enter"));
    add(tr("Deny"), tr("D"));
    add(tr("Take the arming back, then close without deciding"), tr("Esc"));
    dialog->setMinimumWidth(px(460));
    addClose(dialog);
    return dialog;
}

static void addChoice(QVBoxLayout* column, const QString& name, QComboBox* choice)
{
    auto* row = new QHBoxLayout;
    auto* label = new Label(name);
    label->setBuddy(choice);
    choice->setAccessibleName(name);
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
    column->addWidget(makeSection(tr("Appearance")));
    auto* theme = new QComboBox;
    for (const auto& [choice, text] : {std::pair{ThemeChoice::System, tr("As the desktop")}, std::pair{ThemeChoice::Light, tr("Light")},
                                       std::pair{ThemeChoice::Dark, tr("Dark")}, std::pair{ThemeChoice::HighContrast, tr("High contrast")}})
        theme->addItem(text, int(choice));
    theme->setCurrentIndex(theme->findData(int(m_themer.choice())));
    connect(theme, &QComboBox::activated, this, [this, theme] { setThemeChoice(ThemeChoice(theme->currentData().toInt())); });
    addChoice(column, tr("Colours"), theme);
    column->addSpacing(px(6));
    column->addWidget(makeSection(tr("Start")));
    auto* reopen = new QCheckBox(tr("Open what was open at the last end"));
    reopen->setChecked(Settings::reopensSession());
    connect(reopen, &QCheckBox::toggled, this, [](bool on) { Settings::setReopensSession(on); });
    column->addWidget(reopen);
    column->addSpacing(px(6));
    column->addWidget(makeSection(tr("Runs")));
    auto* pace = new QComboBox;
    for (const auto& [tokens, text] : {std::pair{0.0, tr("As the script says")}, std::pair{60.0, tr("To be watched: 60 tokens a second")},
                                       std::pair{20.0, tr("Slow: 20 tokens a second")}})
        pace->addItem(text, tokens);
    pace->setCurrentIndex(std::max(0, pace->findData(Settings::pace())));
    connect(pace, &QComboBox::activated, this, [pace] { Settings::setPace(pace->currentData().toDouble()); });
    addChoice(column, tr("Pace of scripted models"), pace);
    dialog->setMinimumWidth(px(460));
    addClose(dialog);
    return dialog;
}

} // namespace gatehouse::workbench
