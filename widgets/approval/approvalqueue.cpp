#include "widgets/approval/approvalqueue.h"

#include <QTimer>
#include <QVBoxLayout>

#include "widgets/approval/approvalcard.h"

#include <algorithm>

namespace gatehouse::widgets {

ApprovalQueue::ApprovalQueue(RunTitles titles, QWidget* parent)
    : QWidget(parent),
      m_titles(std::move(titles)),
      m_count(makeSmall({})),
      m_decidedCaption(makeSection(tr("Decided in this run"))),
      m_empty(makeSmall({}, TokenRole::Third)),
      m_openColumn(new QVBoxLayout),
      m_decidedColumn(new QVBoxLayout),
      m_below(new QVBoxLayout)
{
    setAccessibleName(tr("Approvals"));
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* page = new Surface(SurfaceKind::Panel);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(px(14), px(14), px(12), px(14));
    column->setSpacing(px(10));
    auto* head = new QVBoxLayout;
    head->setSpacing(px(1));
    head->addWidget(makeTitle(tr("Approvals")));
    head->addWidget(m_count);
    column->addLayout(head);
    m_empty->setText(tr("Nothing waits for a person. When the policy asks, the request appears here; nothing turns into a yes by itself."));
    m_empty->setWordWrap(true);
    column->addWidget(m_empty);
    for (QVBoxLayout* list : {m_openColumn, m_decidedColumn})
        list->setSpacing(px(10));
    column->addLayout(m_openColumn);
    m_decidedCaption->setContentsMargins(0, px(6), 0, 0);
    column->addWidget(m_decidedCaption);
    column->addLayout(m_decidedColumn);
    column->addLayout(m_below);
    column->addStretch(1);
    scroll->setWidget(page);
    outer->addWidget(scroll);
    auto* timer = new QTimer(this);
    timer->setInterval(10'000);
    connect(timer, &QTimer::timeout, this, &ApprovalQueue::tick);
    timer->start();
    setItems({}, {});
}

void ApprovalQueue::setBelow(QWidget* widget)
{
    m_below->addWidget(widget);
}

void ApprovalQueue::setItems(std::vector<ApprovalPtr> open, std::vector<ApprovalPtr> decided)
{
    m_openCount = int(open.size());
    std::vector<ApprovalPtr> all = std::move(open);
    all.insert(all.end(), decided.begin(), decided.end());
    place(all);
    m_count->setText(m_openCount == 0 ? tr("none waiting") : tr("%n waiting", nullptr, m_openCount));
    m_count->setRole(m_openCount == 0 ? TokenRole::Second : TokenRole::Ask);
    m_empty->setVisible(m_openCount == 0);
    m_decidedCaption->setVisible(!decided.empty());
}

// Cards that stay are kept, so that a key or click on its way finds what the person saw.
void ApprovalQueue::place(const std::vector<ApprovalPtr>& items)
{
    std::vector<ApprovalCard*> kept;
    for (const ApprovalPtr& item : items) {
        const auto same = [&](const ApprovalCard* card) { return card->item()->status.request.id == item->status.request.id; };
        const auto found = std::find_if(m_cards.begin(), m_cards.end(), same);
        ApprovalCard* card = nullptr;
        if (found != m_cards.end()) {
            card = *found;
            m_cards.erase(found);
            card->setItem(item);
        } else {
            card = new ApprovalCard(item, m_titles);
            connect(card, &ApprovalCard::reviewRequested, this, [this, card] {
                Q_EMIT reviewRequested(QString::fromStdString(card->item()->runDirectory),
                                       QString::fromStdString(card->item()->status.request.id.text()));
            });
        }
        (item->status.open() ? m_openColumn : m_decidedColumn)->addWidget(card);
        kept.push_back(card);
    }
    for (ApprovalCard* gone : m_cards) {
        gone->hide();
        gone->deleteLater();
    }
    m_cards = std::move(kept);
}

void ApprovalQueue::setCurrent(const std::string& approvalId)
{
    for (ApprovalCard* card : m_cards)
        card->setCurrent(card->item()->status.request.id.text() == approvalId);
}

std::vector<ApprovalCard*> ApprovalQueue::cards() const
{
    return m_cards;
}

void ApprovalQueue::tick()
{
    for (ApprovalCard* card : m_cards)
        card->tick();
}

} // namespace gatehouse::widgets
