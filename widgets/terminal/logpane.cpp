#include "widgets/terminal/logpane.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

#include "widgets/controls/surface.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/style/icons.h"
#include "widgets/style/tokens.h"

namespace gatehouse::widgets {

static QPushButton* makeQuiet(const QString& text, const QString& spoken, const QString& tip)
{
    auto* button = new QPushButton(text);
    button->setAutoDefault(false);
    button->setAccessibleName(spoken);
    button->setToolTip(tip);
    setLook(button, Look::Quiet);
    return button;
}

LogPane::LogPane(QWidget* parent) : QWidget(parent), m_view(new LogView)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_findBar = makeFindBar();
    column->addWidget(m_findBar);
    column->addSpacing(px(6));
    column->addWidget(m_view, 1);
    column->addWidget(makeFacts());
    m_findBar->hide();
    setFocusProxy(m_view);
    connect(m_view, &LogView::findRequested, this, &LogPane::openFind);
    connect(m_view, &LogView::storeChanged, this, &LogPane::sayFacts);
    connect(m_view, &LogView::wrappingChanged, this, [this] { m_wrap->setChecked(m_view->wrapping() == Wrapping::On); });
    connect(m_view, &LogView::copied, this, [this](bool whole) {
        m_copyCut = !whole;
        sayFacts();
    });
    connect(&m_view->search(), &LogSearch::changed, this, &LogPane::takeHits);
    m_view->setWrapping(Wrapping::On);
    sayFacts();
}

QWidget* LogPane::makeFindBar()
{
    auto* bar = new Surface(SurfaceKind::PanelSecond);
    bar->setRules(Qt::BottomEdge);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(px(10), px(5), px(6), px(5));
    row->setSpacing(px(4));
    m_field = new QLineEdit;
    m_field->setPlaceholderText(tr("Find in the output"));
    m_field->setAccessibleName(tr("Find in the output"));
    m_field->setClearButtonEnabled(false);
    m_count = makeSmall({});
    m_case = makeQuiet(tr("Aa"), tr("Match case"), tr("Match case"));
    m_case->setCheckable(true);
    auto* previous = makeQuiet(tr("Back"), tr("Previous match"), tr("Previous match (Shift+Enter)"));
    auto* next = makeQuiet(tr("Next"), tr("Next match"), tr("Next match (Enter)"));
    auto* close = makeQuiet({}, tr("Close the find bar"), tr("Close (Escape)"));
    close->setIcon(icon(Glyph::Cross));
    row->addWidget(m_field, 1);
    row->addWidget(m_count);
    for (QPushButton* button : {m_case, previous, next, close})
        row->addWidget(button);
    connect(m_field, &QLineEdit::textChanged, this, &LogPane::find);
    connect(m_case, &QPushButton::toggled, this, &LogPane::find);
    const auto go = [this](int direction) {
        (void)m_view->goToHit(direction);
        sayCount();
    };
    connect(previous, &QPushButton::clicked, this, [go] { go(-1); });
    connect(next, &QPushButton::clicked, this, [go] { go(1); });
    connect(close, &QPushButton::clicked, this, &LogPane::closeFind);
    return bar;
}

QWidget* LogPane::makeFacts()
{
    auto* bar = new Surface(SurfaceKind::Panel);
    bar->setRules(Qt::TopEdge);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(px(14), px(2), px(6), px(2));
    row->setSpacing(px(2));
    m_facts = makeSmall({});
    m_facts->setEliding(Eliding::Right);
    m_more = makeQuiet(tr("Show more"), tr("Show more of the output"), tr("Reads the next part from the record"));
    m_find = makeQuiet(tr("Find"), tr("Find in the output"), tr("Find (Ctrl+F)"));
    m_wrap = makeQuiet(tr("Wrap"), tr("Wrap long lines"), tr("Wrap long lines (Alt+Z)"));
    m_wrap->setCheckable(true);
    row->addWidget(m_facts, 1);
    for (QPushButton* button : {m_more, m_find, m_wrap})
        row->addWidget(button);
    m_more->hide();
    connect(m_more, &QPushButton::clicked, this, &LogPane::moreRequested);
    connect(m_find, &QPushButton::clicked, this, &LogPane::openFind);
    connect(m_wrap, &QPushButton::clicked, this, [this](bool on) { m_view->setWrapping(on ? Wrapping::On : Wrapping::Off); });
    return bar;
}

void LogPane::clear()
{
    m_behind = m_heldBack = 0;
    m_copyCut = false;
    m_view->clear();
}

void LogPane::setBehind(std::uint64_t bytes)
{
    m_behind = bytes;
    sayFacts();
}

void LogPane::setHeldBack(std::uint64_t bytes)
{
    m_heldBack = bytes;
    sayFacts();
}

// What is not shown comes first: a pane may be narrow.
void LogPane::sayFacts()
{
    const LogStore& store = m_view->store();
    const QLocale locale;
    QStringList facts;
    if (store.firstLine() > 0)
        facts << tr("The first %1 lines are no longer kept here; the record has all of it")
                     .arg(locale.toString(qulonglong(store.firstLine())));
    if (m_heldBack > 0)
        facts << tr("%1 more not shown yet").arg(locale.formattedDataSize(qint64(m_heldBack)));
    if (m_behind > 0)
        facts << tr("behind by %1").arg(locale.formattedDataSize(qint64(m_behind)));
    if (m_copyCut)
        facts << tr("not all of it was copied");
    if (!store.isEmpty())
        facts << tr("%n lines", nullptr, int(store.endLine()));
    if (store.swallowed() > 0)
        facts << tr("%n control sequences not followed", nullptr, int(std::min<std::uint64_t>(store.swallowed(), 1'000'000'000)));
    m_facts->setText(facts.join(QStringLiteral(" · ")));
    m_facts->setRole(store.firstLine() > 0 || m_heldBack > 0 || m_behind > 0 || m_copyCut ? TokenRole::Ask : TokenRole::Second);
    m_more->setVisible(m_heldBack > 0 && m_behind == 0); // first comes what comes by itself
    m_find->setEnabled(!store.isEmpty());
    m_wrap->setEnabled(!store.isEmpty());
}

void LogPane::openFind()
{
    m_findBar->show();
    const bool withinLine = m_view->selectionStart().line == m_view->selectionEnd().line;
    if (m_view->hasSelection() && withinLine && m_view->search().needle().isEmpty())
        m_field->setText(m_view->selectedText());
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
    find();
}

void LogPane::closeFind()
{
    m_findBar->hide();
    m_goToFirst = false;
    m_view->search().setNeedle({}, Qt::CaseInsensitive);
    m_view->setFocus(Qt::ShortcutFocusReason);
}

void LogPane::find()
{
    const bool matchCase = m_case->isChecked();
    m_goToFirst = !m_field->text().isEmpty();
    m_view->search().setNeedle(m_field->text(), matchCase ? Qt::CaseSensitive : Qt::CaseInsensitive);
}

// Once: where nothing is found nothing that comes later takes the person there.
void LogPane::takeHits()
{
    const std::vector<LogHit>& hits = m_view->search().hits();
    const LogView::Place start = m_view->selectionStart();
    const bool isPassed = !hits.empty() && hits.back() >= LogHit{start.line, start.column, 0};
    if (m_goToFirst && (isPassed || m_view->search().isDone())) {
        m_goToFirst = false;
        (void)m_view->goToHit(1);
    }
    sayCount();
}

void LogPane::sayCount()
{
    const LogSearch& search = m_view->search();
    const int found = int(search.hits().size());
    const QString number = search.hasMore() ? tr("more than %1").arg(found)
        : search.isDone()                   ? QString::number(found)
                                            : tr("%1 …").arg(found);
    if (search.needle().isEmpty())
        m_count->clear();
    else if (found == 0)
        m_count->setText(search.isDone() ? tr("Not found") : tr("Searching"));
    else
        m_count->setText(m_view->currentHit() < 0 ? number : tr("%1 of %2").arg(m_view->currentHit() + 1).arg(number));
    m_count->setRole(found == 0 && search.isDone() && !search.needle().isEmpty() ? TokenRole::Deny : TokenRole::Second);
}

void LogPane::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), tokens().panel);
}

void LogPane::keyPressEvent(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isFindOpen() && enter && m_field->hasFocus()) {
        (void)m_view->goToHit(event->modifiers() & Qt::ShiftModifier ? -1 : 1);
        return sayCount();
    }
    if (isFindOpen() && event->key() == Qt::Key_Escape)
        return closeFind();
    if (event->matches(QKeySequence::Find))
        return openFind();
    QWidget::keyPressEvent(event);
}

} // namespace gatehouse::widgets
