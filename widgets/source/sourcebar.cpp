#include "widgets/source/sourcebar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QTextBlock>

#include "widgets/source/shieldedtext.h"
#include "widgets/source/textsearch.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/style/icons.h"
#include "widgets/style/paint.h"

#include <algorithm>

namespace gatehouse::widgets {

static constexpr std::size_t mostMatches = 1000;

static QToolButton* makeButton(const QString& text, const QString& tip)
{
    auto* button = new QToolButton;
    button->setText(text);
    button->setToolTip(tip);
    setLook(button, Look::Quiet);
    return button;
}

SourceBar::SourceBar(WorkflowDocument& document, SourcePane& pane, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_pane(pane),
      m_label(new Label({}, TokenRole::Second)),
      m_field(new QLineEdit),
      m_case(new QCheckBox(tr("Match &case"))),
      m_count(makeSmall({})),
      m_previous(makeButton(tr("Previous"), tr("The match before (Shift+F3)"))),
      m_next(makeButton(tr("Next"), tr("The next match (F3)")))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(px(12), px(5), px(8), px(5));
    row->setSpacing(px(8));
    m_label->setBuddy(m_field);
    m_field->setMaximumWidth(px(360));
    auto* close = makeButton(tr("Close"), tr("Close (Esc)"));
    row->addWidget(m_label);
    row->addWidget(m_field, 1);
    row->addWidget(m_count);
    row->addWidget(m_previous);
    row->addWidget(m_next);
    row->addWidget(m_case);
    row->addStretch(1);
    row->addWidget(close);
    m_again.setSingleShot(true);
    m_again.setInterval(200);
    connect(m_field, &QLineEdit::textChanged, this, &SourceBar::fieldEdited);
    connect(m_case, &QCheckBox::toggled, this, &SourceBar::fieldEdited);
    connect(m_previous, &QToolButton::clicked, this, [this] { go(true); });
    connect(m_next, &QToolButton::clicked, this, [this] { go(false); });
    connect(close, &QToolButton::clicked, this, &SourceBar::closeBar);
    connect(&m_again, &QTimer::timeout, this, &SourceBar::search);
    connect(&m_document, &WorkflowDocument::textChanged, this, [this] {
        if (isVisible() && m_mode == Mode::Find)
            m_again.start();
    });
    m_field->installEventFilter(this);
    hide();
}

void SourceBar::open(Mode mode)
{
    m_mode = mode;
    const bool finds = mode == Mode::Find;
    m_label->setText(finds ? tr("Find") : tr("Line"));
    m_field->setAccessibleName(finds ? tr("Find in the source") : tr("Line, or line:column"));
    m_field->setPlaceholderText(finds ? QString() : tr("line or line:column"));
    for (QWidget* widget : {static_cast<QWidget*>(m_case), static_cast<QWidget*>(m_previous), static_cast<QWidget*>(m_next)})
        widget->setVisible(finds);
    m_count->clear();
    m_from = m_pane.caretOffset();
    const QTextCursor cursor = m_pane.textCursor();
    const QSignalBlocker quiet(m_field); // nothing is looked for until it stands
    if (finds && cursor.hasSelection() && cursor.selectionEnd() - cursor.selectionStart() < 200) {
        const QString selected = m_pane.source().units(cursor.selectionStart(), cursor.selectionEnd());
        m_from = m_pane.source().offset(cursor.selectionStart());
        if (!selected.contains(u'\n'))
            m_field->setText(selected);
    } else if (!finds) {
        m_field->clear();
    }
    show();
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
    if (finds)
        search();
}

void SourceBar::closeBar()
{
    hide();
    m_matches.clear();
    m_pane.setMatches({});
    m_pane.setFocus(Qt::OtherFocusReason);
}

void SourceBar::search()
{
    const std::string wanted = unshielded(m_field->text());
    m_matches = occurrences(m_document.text(), wanted, m_case->isChecked() ? Case::Counts : Case::Ignored, mostMatches);
    m_pane.setMatches(m_matches);
    showCount();
}

void SourceBar::fieldEdited()
{
    if (m_mode == Mode::Line)
        return;
    search();
    const auto first = std::ranges::lower_bound(m_matches, m_from, {}, &::gatehouse::TextRange::begin);
    if (!m_matches.empty())
        showMatch(first == m_matches.end() ? 0 : std::size_t(first - m_matches.begin()));
}

void SourceBar::findNext(bool backwards)
{
    if (m_field->text().isEmpty() || m_mode != Mode::Find)
        open(Mode::Find);
    else
        go(backwards);
}

void SourceBar::go(bool backwards)
{
    if (m_mode == Mode::Line) {
        goToLine();
        return;
    }
    search();
    if (m_matches.empty())
        return;
    const QTextCursor cursor = m_pane.textCursor();
    const std::size_t begin = m_pane.source().offset(cursor.selectionStart());
    std::size_t index = 0;
    if (backwards) {
        const auto at = std::ranges::lower_bound(m_matches, begin, {}, &::gatehouse::TextRange::begin);
        index = (at == m_matches.begin() ? m_matches.size() : std::size_t(at - m_matches.begin())) - 1;
    } else {
        const std::size_t after = cursor.hasSelection() ? begin + 1 : begin;
        const auto at = std::ranges::lower_bound(m_matches, after, {}, &::gatehouse::TextRange::begin);
        index = at == m_matches.end() ? 0 : std::size_t(at - m_matches.begin());
    }
    showMatch(index);
}

void SourceBar::showMatch(std::size_t index)
{
    m_from = m_matches[index].begin;
    m_pane.select(m_matches[index].begin, m_matches[index].end);
    showCount();
}

void SourceBar::showCount()
{
    if (m_field->text().isEmpty()) {
        m_count->clear();
        return;
    }
    const auto here = std::ranges::find(m_matches, m_from, &::gatehouse::TextRange::begin);
    const QString all = m_matches.size() == mostMatches ? tr("more than %1").arg(mostMatches) : QString::number(m_matches.size());
    m_count->setRole(m_matches.empty() ? TokenRole::Deny : TokenRole::Second);
    m_count->setText(m_matches.empty()             ? tr("Not found")
                         : here == m_matches.end() ? tr("%1 found").arg(all)
                                                   : tr("%1 of %2").arg(here - m_matches.begin() + 1).arg(all));
}

void SourceBar::goToLine()
{
    const QStringList parts = m_field->text().trimmed().split(u':');
    bool fine = false;
    const int line = parts.value(0).toInt(&fine);
    const QTextBlock block = m_pane.QPlainTextEdit::document()->findBlockByNumber(line - 1);
    if (!fine || !block.isValid()) {
        m_count->setRole(TokenRole::Deny);
        m_count->setText(tr("There are %n line(s)", nullptr, m_pane.blockCount()));
        return;
    }
    const int column = std::clamp(parts.value(1).toInt() - 1, 0, block.length() - 1);
    m_pane.showPlace(m_pane.source().offset(block.position() + column));
    closeBar();
}

bool SourceBar::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->key() == Qt::Key_Escape)
        closeBar();
    else if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter)
        go(key->modifiers() & Qt::ShiftModifier);
    else if (key->matches(QKeySequence::FindNext) || key->matches(QKeySequence::FindPrevious))
        go(key->matches(QKeySequence::FindPrevious));
    else
        return QWidget::eventFilter(watched, event);
    return true;
}

void SourceBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), tokens().panelSecond);
    paintRule(painter, rect(), Qt::TopEdge, tokens().line, tokens().lineWidth);
}

} // namespace gatehouse::widgets
