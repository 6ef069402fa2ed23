#include "widgets/approval/approvalcard.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/approval/presentationtext.h"

#include <utility>

namespace gatehouse::widgets {

ApprovalCard::ApprovalCard(const ApprovalPtr& item, RunTitles titles, QWidget* parent)
    : QWidget(parent),
      m_item(item),
      m_titles(std::move(titles)),
      m_card(new Card(this)),
      m_state(new StatusPill),
      m_title(makeStrong({})),
      m_expiry(makeSmall({})),
      m_who(makeSmall({})),
      m_why(makeSmall({})),
      m_review(new QPushButton(tr("Review…")))
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_card);
    auto* column = new QVBoxLayout(m_card);
    column->setContentsMargins(px(13), px(10), px(13), px(11));
    column->setSpacing(px(5));
    auto* head = new QHBoxLayout;
    head->setSpacing(px(8));
    m_title->setEliding(Eliding::Right);
    head->addWidget(m_title, 1);
    head->addWidget(m_state);
    column->addLayout(head);
    m_who->setEliding(Eliding::Right);
    m_why->setEliding(Eliding::Middle);
    m_why->setRole(TokenRole::Third);
    column->addWidget(m_who);
    column->addWidget(m_why);
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(0, px(3), 0, 0);
    foot->addWidget(m_expiry, 1);
    foot->addWidget(m_review);
    column->addLayout(foot);
    m_review->setAutoDefault(false);
    connect(m_review, &QPushButton::clicked, this, &ApprovalCard::reviewRequested);
    showItem();
}

void ApprovalCard::setItem(const ApprovalPtr& item)
{
    if (item == m_item && m_shownTitle == runTitleOf(*item, m_titles))
        return;
    m_item = item;
    showItem();
}

void ApprovalCard::setCurrent(bool current)
{
    if (std::exchange(m_current, current) != current)
        showItem();
}

void ApprovalCard::showItem()
{
    const approval::RequestStatus& status = m_item->status;
    const QString tool = shown(status.request.tool);
    m_shownTitle = runTitleOf(*m_item, m_titles);
    m_title->setText(tool);
    m_card->setTone(m_current ? Tone::Accent : status.open() ? Tone::Ask : Tone::Neutral);
    m_card->setAccessibleDescription(m_current ? tr("It is shown now.") : QString());
    m_review->setVisible(!m_current);
    m_card->setAccessibleName(tr("Request for approval: %1").arg(tool));
    m_review->setText(status.open() ? tr("Review…") : tr("Receipt"));
    m_review->setAccessibleName(status.open() ? tr("Review the request: %1").arg(tool) : tr("Show the receipt: %1").arg(tool));
    m_who->setText(tr("%1 \u25C2 %2 · %3").arg(shown(m_item->agent), shown(status.request.requester), m_shownTitle));
    m_why->setText(tr("rule %1").arg(shown(status.request.rule)));
    const bool approved = status.decision == approval::VoteDecision::Approve;
    const bool undecided = !status.open() && !status.decision;
    m_state->setLook(status.open()   ? PillLook{Tone::Ask, Glyph::Diamond, tr("asks")}
                         : undecided ? PillLook{Tone::Neutral, Glyph::Cross, QString::fromLatin1(approval::stateName(status.state).data())}
                         : approved  ? PillLook{Tone::Ok, Glyph::Check, tr("approved")}
                                     : PillLook{Tone::Deny, Glyph::Cross, tr("denied")});
    if (!status.open() && !status.votes.empty())
        m_why->setText(approved ? tr("approved by %1").arg(shown(status.votes.back().principal))
                                : tr("denied by %1").arg(shown(status.votes.back().principal)));
    if (const std::string* reason = status.open() || status.votes.empty() ? nullptr : &status.votes.back().reason;
        reason && !reason->empty())
        m_why->setText(tr("%1: %2").arg(m_why->text(), shown(*reason)));
    tick();
}

void ApprovalCard::tick()
{
    const auto expires = m_item->status.request.expiresAt();
    if (!m_item->status.open() || !expires) {
        m_expiry->setText({});
        return;
    }
    const qint64 left = *expires - QDateTime::currentMSecsSinceEpoch();
    const qint64 minutes = left / 60'000;
    m_expiry->setText(left <= 0           ? tr("time is over")
                          : minutes >= 60 ? tr("expires in %1 h %2 min").arg(minutes / 60).arg(minutes % 60)
                          : minutes > 0   ? tr("expires in %1 min").arg(minutes)
                                          : tr("expires in less than a minute"));
}

} // namespace gatehouse::widgets
