#include "widgets/approval/approvalview.h"

#include <QDateTime>
#include <QGridLayout>
#include <QLineEdit>
#include <QLocale>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include "core/approval/judge.h"
#include "widgets/approval/presentationtext.h"
#include "widgets/controls/factrow.h"
#include "widgets/controls/keybutton.h"
#include "widgets/controls/surface.h"
#include "widgets/models/runrecordmodel.h"
#include "widgets/style/gatehousestyle.h"

namespace gatehouse::widgets {

namespace {
// Of the payload before it scrolls in itself.
constexpr int payloadRows = 16;
constexpr int mostDiffRows = 22;
constexpr int cardWidth = 940;
constexpr int leastForOneRow = 880;
} // namespace

void ApprovalView::build()
{
    auto* page = new QVBoxLayout(this);
    page->setContentsMargins(0, 0, 0, 0);
    page->setSpacing(0);
    m_scroll = new QScrollArea;
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->verticalScrollBar()->setAccessibleName(tr("Place in the request"));
    auto* ground = new Surface(SurfaceKind::Window);
    auto* centre = new QHBoxLayout(ground);
    centre->setContentsMargins(px(20), px(20), px(20), px(20));
    m_card = new Card;
    m_card->setMaximumWidth(px(cardWidth));
    centre->addStretch(1);
    centre->addWidget(m_card, 100, Qt::AlignTop);
    centre->addStretch(1);
    auto* column = new QVBoxLayout(m_card);
    column->setContentsMargins(px(26), px(22), px(26), px(22));
    column->setSpacing(px(8));
    addHead(*column);
    addWarnings(*column);
    addDiff(*column);
    addFacts(*column);
    addPayload(*column);
    m_scroll->setWidget(ground);
    page->addWidget(m_scroll, 1);
    addDecision(*page);
    for (QWidget* part : findChildren<QWidget*>())
        part->installEventFilter(this);
    setFocusProxy(m_deny);
}

void ApprovalView::addHead(QVBoxLayout& column)
{
    auto* head = new QHBoxLayout;
    head->setSpacing(px(10));
    auto* title = makeHeading(headline());
    title->setWordWrap(true);
    head->addWidget(title, 1);
    m_state = new StatusPill;
    m_expiry = new StatusPill;
    head->addWidget(m_state, 0, Qt::AlignTop);
    head->addWidget(m_expiry, 0, Qt::AlignTop);
    column.addLayout(head);
    m_chain = makeSmall({});
    m_chain->setWordWrap(true);
    column.addWidget(m_chain);
    column.addSpacing(px(10));
}

void ApprovalView::addPayload(QVBoxLayout& column)
{
    auto* caption = new QHBoxLayout;
    caption->setSpacing(px(8));
    caption->addWidget(makeStrong(tr("What will run")));
    m_payload = new CodeView;
    m_payload->setAccessibleName(tr("What will run, whole"));
    m_payload->setWrapping(Wrapping::On);
    m_payload->setMaximumRows(payloadRows);
    if (m_item->presentation) {
        m_payload->setLines(m_text->payload);
        auto* facts = makeSmall(tr("all of it · %n bytes · sha256 %1", nullptr, int(m_item->presentation->payloadSize))
                                    .arg(shown(m_item->presentation->shortBinding())));
        facts->setToolTip(plainToolTip(shown(m_item->presentation->binding)));
        facts->setEliding(Eliding::Right);
        caption->addWidget(facts, 1);
    } else {
        m_payload->setEmptyText(tr("This request can't be shown, so it can't be approved: %1").arg(shown(m_item->problem)));
    }
    m_payload->demandReading();
    connect(m_payload, &CodeView::readingChanged, this, &ApprovalView::readingChanged);
    connect(m_payload->verticalScrollBar(), &QScrollBar::valueChanged, this, &ApprovalView::payloadScrolled);
    column.addLayout(caption);
    auto* frame = new Card;
    frame->setSecond(true);
    auto* inside = new QVBoxLayout(frame);
    inside->setContentsMargins(px(3), px(6), px(3), px(6));
    inside->addWidget(m_payload);
    column.addWidget(frame);
}

void ApprovalView::addWarnings(QVBoxLayout& column)
{
    QStringList sentences;
    if (m_item->presentation)
        for (const Message& warning : m_item->presentation->warnings)
            sentences << translated(warning);
    if (const auto never = approval::cannotBeApproved(m_item->status.request, approval::Trust::Solo))
        sentences << translated(*never);
    for (const QString& sentence : sentences) {
        auto* row = new QHBoxLayout;
        row->setSpacing(px(8));
        row->addWidget(new StatusPill({Tone::Deny, Glyph::Triangle, tr("Look")}), 0, Qt::AlignTop);
        auto* text = makeSmall(sentence, TokenRole::Deny);
        text->setWordWrap(true);
        row->addWidget(text, 1);
        column.addLayout(row);
    }
}

static QString localTime(std::int64_t milliseconds)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(milliseconds), QLocale::ShortFormat);
}

// What the line below the title says already, from the same rows.
static bool isInHead(approval::RowKind kind)
{
    using approval::RowKind;
    return kind == RowKind::Agent || kind == RowKind::Requester || kind == RowKind::Class;
}

// As people say it; the journal has what was presented, to the letter.
QString ApprovalView::factText(approval::RowKind kind, const QString& value) const
{
    const auto expires = m_item->status.request.expiresAt();
    if (kind == approval::RowKind::Expires && expires)
        return QLocale().toString(QDateTime::fromMSecsSinceEpoch(*expires), QStringLiteral("d MMM yyyy HH:mm:ss t"));
    if (const qsizetype gap = value.indexOf(QStringLiteral("  ")); kind == approval::RowKind::Rule && gap > 0)
        return value.left(gap) + QStringLiteral(" · ") + value.mid(gap + 2);
    return kind == approval::RowKind::Quorum && value.isEmpty() ? tr("one person") : value;
}

void ApprovalView::addFacts(QVBoxLayout& column)
{
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(px(36));
    grid->setVerticalSpacing(0);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    int count = 0;
    if (m_item->presentation) {
        for (const approval::Row& fact : m_item->presentation->rows) {
            if (isInHead(fact.kind))
                continue;
            const QString value = bounded(QString::fromStdString(approval::plain(fact.value)));
            auto* row = new FactRow(rowLabel(fact.kind), factText(fact.kind, value), FactLayout::Columns);
            row->setRule(true);
            grid->addWidget(row, count / 2, count % 2);
            ++count;
        }
    }
    column.addLayout(grid);
    column.addSpacing(px(10));
}

void ApprovalView::addDiff(QVBoxLayout& column)
{
    if (!m_item->presentation || m_item->presentation->edits.empty())
        return;
    column.addWidget(makeStrong(tr("What it changes")));
    auto* diff = new DiffView;
    diff->setAccessibleName(tr("What it changes"));
    diff->setWrapping(Wrapping::On);
    diff->setMaximumRows(mostDiffRows);
    diff->setDiff(m_text->diff);
    auto* frame = new Card;
    frame->setSecond(true);
    auto* inside = new QVBoxLayout(frame);
    inside->setContentsMargins(px(3), px(6), px(3), px(6));
    inside->addWidget(diff);
    column.addWidget(frame);
    column.addSpacing(px(10));
}

void ApprovalView::addDecision(QVBoxLayout& page)
{
    auto* bar = new Surface(SurfaceKind::Panel);
    bar->setRules(Qt::TopEdge);
    // Its edges are those of what the card above holds, also where that one scrolls.
    auto* across = new QHBoxLayout(bar);
    auto* inner = new QWidget;
    inner->setMaximumWidth(px(cardWidth));
    across->addStretch(1);
    across->addWidget(inner, 100);
    across->addStretch(1);
    const auto align = [across, scrollBar = m_scroll->verticalScrollBar()] {
        const int extent = scrollBar->maximum() > 0 ? scrollBar->sizeHint().width() : 0;
        const bool mirrored = scrollBar->isRightToLeft();
        across->setContentsMargins(px(20) + (mirrored ? extent : 0), 0, px(20) + (mirrored ? 0 : extent), 0);
    };
    connect(m_scroll->verticalScrollBar(), &QScrollBar::rangeChanged, bar, align);
    align();
    auto* column = new QVBoxLayout(inner);
    column->setContentsMargins(px(26), px(12), px(26), px(12));
    column->setSpacing(px(6));
    const bool required = m_item->status.request.obligations.reasonRequired;
    m_reasonLabel =
        makeSmall(required ? tr("Reason (required by the policy)") : tr("Reason (goes into the journal and, on a denial, to the agent)"));
    m_reason = new QLineEdit;
    m_reason->setPlaceholderText(tr("Why is this right, or not?"));
    m_reason->setAccessibleName(m_reasonLabel->text());
    m_reason->setMaxLength(4000);
    connect(m_reason, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_gate.setReasonGiven(!text.trimmed().isEmpty());
        showState();
    });
    column->addWidget(m_reasonLabel);
    column->addWidget(m_reason);
    m_foot = new QHBoxLayout;
    m_foot->setContentsMargins(0, px(6), 0, 0);
    m_foot->setSpacing(px(10));
    m_seen = makeSmall({});
    m_hint = makeSmall({});
    m_seen->setWordWrap(true);
    m_hint->setWordWrap(true);
    auto* words = new QVBoxLayout;
    words->setSpacing(px(2));
    words->addWidget(m_seen);
    words->addWidget(m_hint);
    m_foot->addLayout(words, 1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(px(10));
    buttons->addStretch(1);
    m_deny = new KeyButton(tr("Deny"), tr("D"));
    m_deny->setAccessibleName(tr("Deny %1").arg(shown(m_item->status.request.tool)));
    setLook(m_deny, Look::Danger);
    m_approve = new KeyButton({}, {});
    m_readOn = new KeyButton(tr("Show the next part"), tr("End"));
    m_readOn->setFocusPolicy(Qt::NoFocus); // End does it from anywhere; Enter on a button here would deny
    for (KeyButton* button : {m_readOn, m_approve})
        button->setAccessibleDescription(tr("Approving needs every line on screen once: End shows the next part."));
    for (KeyButton* button : {m_readOn, m_deny, m_approve}) {
        button->setAutoDefault(false);
        buttons->addWidget(button, 0, Qt::AlignBottom);
    }
    m_foot->addLayout(buttons);
    m_deny->setDefault(true);
    connect(m_readOn, &QPushButton::clicked, this, &ApprovalView::readOn);
    connect(m_deny, &QPushButton::clicked, this, [this] { take(GateInput::Deny); });
    connect(m_approve, &QPushButton::clicked, this, [this] { take(GateInput::ArmOrConfirm); });
    column->addLayout(m_foot);
    page.addWidget(bar);
    setTabOrder(m_deny, m_approve);
}

// Beside the buttons where the words fit into a line, else above them.
void ApprovalView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_foot->setDirection(width() < px(leastForOneRow) ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

static PillLook statePill(const approval::RequestStatus& status)
{
    using approval::RequestState;
    switch (status.state) {
    case RequestState::Requested:
    case RequestState::Delivered:
        return {Tone::Ask, Glyph::Diamond, ApprovalView::tr("asks")};
    case RequestState::Expired:
        return {Tone::Deny, Glyph::Cross, ApprovalView::tr("expired")};
    case RequestState::Withdrawn:
        return {Tone::Neutral, Glyph::Cross, ApprovalView::tr("withdrawn")};
    case RequestState::Invalidated:
        return {Tone::Deny, Glyph::Cross, ApprovalView::tr("no longer valid")};
    case RequestState::Resolved:
    case RequestState::Consumed:
        break;
    }
    return status.decision == approval::VoteDecision::Approve ? PillLook{Tone::Ok, Glyph::Check, ApprovalView::tr("approved")}
                                                              : PillLook{Tone::Deny, Glyph::Cross, ApprovalView::tr("denied")};
}

PillLook ApprovalView::stateLook() const
{
    return statePill(m_item->status);
}

QString ApprovalView::chainText() const
{
    const approval::Request& request = m_item->status.request;
    if (m_item->presentation) {
        using approval::RowKind;
        const auto value = [this](RowKind kind) { return rowValue(*m_item->presentation, kind); };
        return tr("agent %1 \u25C2 started by %2 · run %3 · class %4")
            .arg(value(RowKind::Agent), value(RowKind::Requester), runTitleOf(*m_item, m_titles), value(RowKind::Class));
    }
    return tr("agent %1 \u25C2 started by %2 · run %3 · class %4")
        .arg(shown(m_item->agent.empty() ? request.tool : m_item->agent), shown(request.requester), runTitleOf(*m_item, m_titles),
             shown(request.executionClass));
}

// Hours, minutes and seconds until the request expires.
static QString timeLeft(std::int64_t milliseconds)
{
    const qint64 seconds = std::max<std::int64_t>(0, milliseconds / 1000);
    return QStringLiteral("%1:%2:%3")
        .arg(seconds / 3600)
        .arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'))
        .arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

QString ApprovalView::receipt() const
{
    const approval::RequestStatus& status = m_item->status;
    if (status.votes.empty())
        return status.cause.empty() ? tr("Nobody decided; nothing was executed.") : tr("Nobody decided: %1").arg(shown(status.cause));
    const approval::Vote& vote = status.votes.back();
    const QString who = shown(vote.principal);
    const QString where = shown(vote.channel);
    QString text = vote.decision == approval::VoteDecision::Approve ? tr("Confirmed by one person: %1, through %2").arg(who, where)
                                                                    : tr("Denied by one person: %1, through %2").arg(who, where);
    if (!vote.reason.empty())
        text += tr(" · “%1”").arg(shown(vote.reason));
    return text;
}

QString ApprovalView::readingText() const
{
    if (!m_item->presentation)
        return tr("It can't be shown, so it can't be approved.");
    if (m_payload->wholeTextSeen())
        return tr("Everything has been on screen.");
    const int left = m_payload->unseenRows();
    return left == 1 ? tr("1 line of what will run has not been on screen yet.")
                     : tr("%n lines of what will run have not been on screen yet.", nullptr, left);
}

// In the foot too, once it is armed: the head may have been scrolled away by then.
QString ApprovalView::headline() const
{
    return m_item->presentation ? bounded(translated(m_item->presentation->title)) : shown(m_item->status.request.tool);
}

void ApprovalView::showState()
{
    const approval::RequestStatus& status = m_item->status;
    const bool open = status.open();
    m_state->setLook(stateLook());
    m_chain->setText(chainText());
    const auto expires = status.request.expiresAt();
    const std::int64_t left = expires ? *expires - QDateTime::currentMSecsSinceEpoch() : 0;
    m_expiry->setToolTip(expires ? plainToolTip(tr("Expires %1").arg(localTime(*expires))) : QString());
    m_expiry->setLook(open && expires
                          ? PillLook{Tone::Ask, Glyph::None, left > 0 ? tr("expires in %1").arg(timeLeft(left)) : tr("time is over")}
                          : PillLook{});
    for (QWidget* part : {static_cast<QWidget*>(m_reason), static_cast<QWidget*>(m_reasonLabel), static_cast<QWidget*>(m_deny),
                          static_cast<QWidget*>(m_approve)})
        part->setVisible(open);
    m_readOn->setVisible(open && m_item->presentation && !m_payload->wholeTextSeen());
    m_hint->setRole(TokenRole::Second);
    if (!open) {
        m_seen->setText(receipt());
        m_hint->setText(m_runPaused ? tr("The journal has it. Nobody works on the run: Resume (Ctrl+F5) goes on with it.")
                                    : tr("The journal has it. Esc closes this receipt."));
        return;
    }
    m_seen->setText(readingText());
    const bool armed = m_gate.isArmed();
    m_approve->setText(armed ? tr("Confirm: approve") : tr("Approve as %1…").arg(shown(m_principal)));
    m_approve->setKey(armed ? tr("A or Enter") : tr("A"));
    m_approve->setAccessibleName(armed ? tr("Confirm the approval of %1").arg(shown(status.request.tool))
                                       : tr("Approve %1: arms, asks again").arg(shown(status.request.tool)));
    setLook(m_approve, armed ? Look::Primary : Look::Plain);
    m_approve->setEnabled(m_gate.canApprove());
    m_deny->setEnabled(!m_gate.isDecided());
    m_hint->setText(m_sent                    ? tr("Your vote is on its way to the journal.")
                        : armed               ? tr("Armed: %1. A or Enter confirms, Esc takes it back.").arg(headline())
                        : m_gate.canApprove() ? tr("One person decides, and the journal says so. A twice approves.")
                                              : tr("One person decides, and the journal says so. Esc only closes."));
}

} // namespace gatehouse::widgets
