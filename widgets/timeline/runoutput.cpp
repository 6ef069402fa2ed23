#include "widgets/timeline/runoutput.h"

#include <QTimer>
#include <QVBoxLayout>

namespace gatehouse::widgets {

static constexpr int frameMilliseconds = 16;

RunOutput::RunOutput(RunFeed& feed) : m_feed(feed), m_pane(new LogPane)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_pane);
    setFocusProxy(m_pane);
    m_pane->setAccessibleName(tr("Output of the run"));
    m_pane->view().setEmptyText(tr("Nothing has been written or said yet."));
    connect(&feed, &RunFeed::outputReady, this, &RunOutput::take);
    // The next part not before this one has been painted.
    connect(&m_pane->view(), &LogView::taken, this,
            [this] { QTimer::singleShot(frameMilliseconds, this, [this] { m_feed.acknowledgeOutput(m_wanted); }); });
}

void RunOutput::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_wanted == 0)
        m_wanted = m_feed.followRun();
}

void RunOutput::take(const OutputBatchPtr& batch)
{
    if (batch->ticket != m_wanted)
        return;
    if (batch->first)
        m_pane->clear();
    m_pane->setBehind(batch->behind);
    m_pane->take(batch->pieces);
}

} // namespace gatehouse::widgets
