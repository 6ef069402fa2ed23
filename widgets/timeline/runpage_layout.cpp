// RunPage: what it is made of and how its parts are kept in step.
#include "widgets/timeline/runpage.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QTimer>
#include <QVBoxLayout>

#include "widgets/controls/surface.h"
#include "widgets/inspector/detailpane.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/timeline/eventtable.h"
#include "widgets/timeline/runoutput.h"
#include "widgets/timeline/timelineview.h"

namespace gatehouse::widgets {

namespace {

constexpr const char* splitKey = "run/timelineSplit"; // how high the timeline is, for all runs

} // namespace

RunPage::RunPage(const std::string& runDirectory, JournalThread& thread, QWidget* parent)
    : QWidget(parent),
      m_feed(new RunFeed(runDirectory, thread, this)),
      m_table(new EventTable(m_model)),
      m_timeline(new TimelineView(m_model)),
      m_detail(new DetailPane),
      m_output(new RunOutput(*m_feed)),
      m_state(new StatusPill),
      m_task(new Label),
      m_news(new Label),
      m_resume(new QPushButton(tr("Resume"))),
      m_review(new QPushButton(tr("Review…"))),
      m_expiry(new QTimer(this)),
      m_records(makeSmall({}))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHead());
    column->addWidget(makeBody(), 1);
    connectViews();
    connectFeed();
    m_feed->start();
}

RunPage::~RunPage()
{
    delete m_output;
}

QWidget* RunPage::makeHead()
{
    auto* head = new Surface(SurfaceKind::Panel);
    head->setRules(Qt::BottomEdge);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(px(14), px(8), px(14), px(9));
    row->setSpacing(px(10));
    m_task->setEliding(Eliding::Right);
    m_task->setAccessibleDescription(tr("The task of the run"));
    m_news->setEliding(Eliding::Right);
    m_news->setRole(TokenRole::Second);
    row->addWidget(m_state);
    row->addWidget(m_task, 1);
    row->addWidget(m_news);
    row->addWidget(m_records);
    row->addWidget(m_resume);
    row->addWidget(m_review);
    head->setFixedHeight(px(44));
    for (QPushButton* button : {m_resume, m_review})
        button->setAutoDefault(false);
    m_expiry->setSingleShot(true);
    connect(m_expiry, &QTimer::timeout, this, &RunPage::showHead);
    m_review->setToolTip(tr("Shows what waits for a decision (F8)."));
    connect(m_review, &QPushButton::clicked, this, [this] {
        if (const ApprovalPtr item = waitingApproval())
            Q_EMIT reviewRequested(QString::fromStdString(item->status.request.id.text()));
    });
    m_resume->setToolTip(tr("Nobody works on the run; it goes on from its journal (Ctrl+F5)."));
    setLook(m_resume, Look::Primary);
    connect(m_resume, &QPushButton::clicked, this, &RunPage::resumeRequested);
    return head;
}

QWidget* RunPage::makeBody()
{
    auto* lower = new QSplitter(Qt::Horizontal);
    lower->setChildrenCollapsible(false);
    lower->addWidget(m_table);
    lower->addWidget(m_detail);
    lower->setStretchFactor(0, 3);
    lower->setStretchFactor(1, 2);
    lower->setSizes({px(600), px(400)});
    auto* body = new QSplitter(Qt::Vertical);
    body->addWidget(m_timeline);
    body->addWidget(lower);
    body->setCollapsible(1, false);
    body->setStretchFactor(0, 0);
    body->setStretchFactor(1, 1);
    if (!body->restoreState(QSettings().value(QLatin1StringView(splitKey)).toByteArray()))
        body->setSizes({px(170), px(500)});
    connect(body, &QSplitter::splitterMoved, this, [body] { QSettings().setValue(QLatin1StringView(splitKey), body->saveState()); });
    return body;
}

void RunPage::connectFeed()
{
    connect(m_feed, &RunFeed::batchReady, this, &RunPage::takeBatch);
    connect(m_feed, &RunFeed::caughtUp, this, &RunPage::reachEnd);
    connect(m_feed, &RunFeed::detailReady, this, [this](const RowDetailPtr& detail) {
        if (detail->ticket != m_wantedDetail)
            return;
        m_shownDetail = detail->ticket;
        m_detail->setDetail(*detail);
        for (const ApprovalPtr& item : m_approvals)
            if (item->status.request.id.text() == detail->row->approval)
                m_detail->setApproval(item);
        if (isDetailShown())
            Q_EMIT detailShown();
    });
    connect(m_feed, &RunFeed::outputReady, this, &RunPage::takeOutput);
    connect(m_detail, &DetailPane::outputTaken, this, &RunPage::askForOutput);
    connect(m_detail, &DetailPane::moreOutputRequested, this, [this] { m_feed->moreOutput(m_wantedOutput); });
}

// One row is chosen and one tail is followed, wherever the person said so.
void RunPage::connectViews()
{
    connect(m_table, &EventTable::rowChosen, this, [this](int row) {
        if (m_choosing)
            return choose(row);
        m_chosenByPerson = true;
        m_timeline->setCurrentRow(row, TimelineView::Reveal::Yes);
        choose(row);
    });
    connect(m_timeline, &TimelineView::rowChosen, this, [this](int row) {
        m_chosenByPerson = true;
        selectRow(row);
    });
    connect(m_table, &EventTable::followed, m_timeline, &TimelineView::followTail);
    connect(m_timeline, &TimelineView::followed, m_table, [this] {
        if (!m_table->isFollowing())
            m_table->followTail();
    });
}

} // namespace gatehouse::widgets
