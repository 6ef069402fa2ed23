// RunOutput: what a run writes and says, all of it in one log, as it comes; a line says whose each part is. It is read from the
// moment that it is first shown. Stands in a dock; its page deletes it. GUI thread.
#pragma once

#include "widgets/models/runfeed.h"
#include "widgets/terminal/logpane.h"

#include <QWidget>

namespace gatehouse::widgets {

class RunOutput final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunOutput)
public:
    // feed outlives it.
    explicit RunOutput(RunFeed& feed);

    [[nodiscard]] LogPane& pane() const { return *m_pane; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    void take(const OutputBatchPtr& batch);

    RunFeed& m_feed;
    LogPane* m_pane;
    std::uint64_t m_wanted = 0;
};

} // namespace gatehouse::widgets
