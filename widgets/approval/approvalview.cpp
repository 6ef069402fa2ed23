#include "widgets/approval/approvalview.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>

#include "core/approval/judge.h"
#include "widgets/approval/presentationtext.h"
#include "widgets/controls/keybutton.h"
#include "widgets/controls/surface.h"
#include "widgets/models/runrecordmodel.h"
#include "widgets/style/gatehousestyle.h"

namespace gatehouse::widgets {

SteadyClock systemSteadyClock()
{
    QElapsedTimer timer;
    timer.start();
    return [timer] { return std::int64_t(timer.elapsed()); };
}

ApprovalView::ApprovalView(const ApprovalPtr& item, const std::string& principal, RunTitles titles, SteadyClock clock, QWidget* parent)
    : QWidget(parent), m_item(item), m_text(item->text), m_principal(principal), m_titles(std::move(titles)), m_clock(std::move(clock))
{
    if (!m_text && item->presentation)
        m_text = std::make_shared<const ApprovalText>(approvalText(*item->presentation));
    setAccessibleName(tr("Request for approval"));
    m_gate.setReasonRequired(item->status.request.obligations.reasonRequired);
    m_gate.setApprovable(item->presentation && !approval::cannotBeApproved(item->status.request, approval::Trust::Solo));
    m_gate.attended(m_clock());
    build();
    m_gate.setPayloadSeen(m_payload->wholeTextSeen());
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) {
        const bool inside = now && isAncestorOf(now);
        if (inside && !m_hadFocus)
            m_gate.attended(m_clock());
        else if (!inside && m_hadFocus)
            m_gate.left();
        m_hadFocus = inside;
        showState();
    });
    auto* second = new QTimer(this);
    second->setInterval(1000);
    connect(second, &QTimer::timeout, this, &ApprovalView::showState);
    second->start();
    showState();
}

ApprovalView::~ApprovalView()
{
    // What has the focus loses it while the widget goes, and by then there is no request any more.
    disconnect(qApp, nullptr, this, nullptr);
}

void ApprovalView::attend()
{
    m_gate.attended(m_clock());
    if (m_deny->isVisible())
        m_deny->setFocus(Qt::OtherFocusReason);
}

void ApprovalView::setItem(const ApprovalPtr& item)
{
    m_item = item;
    if (!item->status.open()) {
        m_gate.setDecided();
        if (m_hadFocus)
            m_payload->setFocus(Qt::OtherFocusReason);
    }
    showState();
}

void ApprovalView::setRunPaused(bool paused)
{
    if (m_runPaused == paused)
        return;
    m_runPaused = paused;
    showState();
}

void ApprovalView::voteFailed(const QString& why)
{
    m_sent = false;
    if (m_item->status.open())
        m_gate.reopen();
    showState();
    if (m_hadFocus && m_item->status.open())
        m_deny->setFocus(Qt::OtherFocusReason);
    m_hint->setText(why);
    m_hint->setRole(TokenRole::Deny);
}

void ApprovalView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_gate.attended(m_clock());
}

void ApprovalView::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), tokens().window);
}

// The end of what will run must be reachable where the card itself is cut by the window.
void ApprovalView::payloadScrolled()
{
    const QPoint end = m_payload->mapTo(m_scroll->widget(), QPoint(0, m_payload->height()));
    if (m_payload->verticalScrollBar()->value() == m_payload->verticalScrollBar()->maximum())
        m_scroll->ensureVisible(end.x(), end.y(), 0, 12);
}

void ApprovalView::readOn()
{
    const QRect unseen = m_payload->showFirstUnseen();
    if (unseen.isNull()) {
        m_payload->verticalScrollBar()->setValue(m_payload->verticalScrollBar()->maximum());
        return payloadScrolled();
    }
    // As much of what follows as there is room for, but the row itself in any case.
    const QWidget* inside = m_payload->viewport();
    for (const int y : {inside->height(), unseen.top(), unseen.bottom()}) {
        const QPoint place = inside->mapTo(m_scroll->widget(), QPoint(0, y));
        m_scroll->ensureVisible(0, place.y(), 0, 4);
    }
}

// The card to the payload at its end, then the payload, and back the same way. A page is what can be seen of it less a line: in a low
// window the card cuts the payload, and no line may be passed by.
void ApprovalView::turnPage(bool onward)
{
    QScrollBar& card = *m_scroll->verticalScrollBar();
    QScrollBar& payload = *m_payload->verticalScrollBar();
    const QWidget* inside = m_payload->viewport();
    const int rows = payload.pageStep() * inside->visibleRegion().boundingRect().height() / std::max(1, inside->height());
    const int direction = onward ? 1 : -1;
    const bool turnsCard = onward ? card.value() < card.maximum() : payload.value() == payload.minimum() || rows < 2;
    if (turnsCard)
        return card.setValue(card.value() + direction * std::max(px(24), card.pageStep() - px(24)));
    if (rows < 2)
        return readOn();
    payload.setValue(payload.value() + direction * (rows - 1));
}

void ApprovalView::readingChanged()
{
    m_gate.setPayloadSeen(m_payload->wholeTextSeen());
    showState();
}

void ApprovalView::noteDrawn()
{
    if (m_presented || !m_item->presentation)
        return;
    m_presented = true;
    Q_EMIT presented(QString::fromStdString(m_item->status.request.id.text()), QString::fromStdString(m_item->presentationDigest));
}

bool ApprovalView::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Paint && watched == m_card) {
        QMetaObject::invokeMethod(this, &ApprovalView::noteDrawn, Qt::QueuedConnection);
        return false;
    }
    if (event->type() == QEvent::MouseButtonDblClick && (watched == m_approve || watched == m_deny))
        return true; // the second press of a double click must not confirm what the first one armed
    if (event->type() == QEvent::ShortcutOverride && decidingKey(watched, *static_cast<QKeyEvent*>(event))) {
        event->accept(); // no shortcut of the window takes the card's keys
        return false;
    }
    if (event->type() == QEvent::KeyPress && decidingKey(watched, *static_cast<QKeyEvent*>(event))) {
        const auto& key = *static_cast<QKeyEvent*>(event);
        const bool scrolls = key.key() == Qt::Key_PageDown || key.key() == Qt::Key_PageUp || key.key() == Qt::Key_End;
        if (scrolls || !key.isAutoRepeat())
            keyPressed(watched, key);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

bool ApprovalView::decidingKey(QObject* watched, const QKeyEvent& key) const
{
    if (key.modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier))
        return false;
    switch (key.key()) {
    case Qt::Key_Escape:
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return true;
    case Qt::Key_A:
    case Qt::Key_D:
        return watched != m_reason;
    case Qt::Key_PageDown:
    case Qt::Key_PageUp:
    case Qt::Key_Space:
        return watched == m_deny || watched == m_approve;
    case Qt::Key_End:
        return watched == m_deny || watched == m_approve || (watched == m_payload && !m_payload->wholeTextSeen());
    default:
        return false;
    }
}

void ApprovalView::keyPressed(QObject* watched, const QKeyEvent& key)
{
    switch (key.key()) {
    case Qt::Key_Escape:
        return take(GateInput::Escape);
    case Qt::Key_A:
        return take(GateInput::ArmOrConfirm);
    case Qt::Key_D:
        return take(GateInput::Deny);
    case Qt::Key_PageDown:
    case Qt::Key_PageUp:
        return turnPage(key.key() == Qt::Key_PageDown);
    case Qt::Key_End:
        return readOn();
    case Qt::Key_Space:
        return take(watched == m_approve ? GateInput::ArmOrConfirm : GateInput::Deny);
    default:
        break;
    }
    // Enter: what was armed, else the focused button; Deny is the default everywhere but in the text.
    if (m_gate.isArmed())
        return take(GateInput::Enter);
    if (watched == m_approve)
        return take(GateInput::ArmOrConfirm);
    if (watched == m_reason)
        return m_deny->setFocus(Qt::TabFocusReason);
    take(GateInput::Deny);
}

void ApprovalView::take(GateInput input)
{
    switch (m_gate.take(input, m_clock())) {
    case GateOutcome::Armed:
        m_approve->setFocus(Qt::OtherFocusReason);
        break;
    case GateOutcome::Disarmed:
        m_deny->setFocus(Qt::OtherFocusReason);
        break;
    case GateOutcome::Approve:
        vote(approval::VoteDecision::Approve);
        break;
    case GateOutcome::Deny:
        vote(approval::VoteDecision::Deny);
        break;
    case GateOutcome::Close:
        Q_EMIT closeRequested();
        return;
    case GateOutcome::Nothing:
        if (input == GateInput::Deny && !m_gate.isDecided() && !m_gate.canDeny() && !m_gate.isDead(m_clock()))
            m_reason->setFocus(Qt::OtherFocusReason);
        break;
    }
    showState();
}

void ApprovalView::vote(approval::VoteDecision decision)
{
    approval::Vote vote;
    vote.id = m_item->status.request.id;
    vote.principal = m_principal;
    vote.decision = decision;
    vote.reason = m_reason->text().toStdString();
    vote.channel = "window";
    vote.binding = m_item->presentation ? m_item->presentation->binding : m_item->status.request.binding;
    m_gate.setDecided();
    m_sent = true;
    m_payload->setFocus(Qt::OtherFocusReason); // the buttons are going: Esc still closes
    Q_EMIT voted(vote);
}

} // namespace gatehouse::widgets
