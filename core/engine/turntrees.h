// TurnTrees: the git trees of a run's git entries at the ends of its turns, in a store of the run's own (<run>/trees).
//
// Information beside the change lists, which are the truth: no call waits for a tree, nothing is decided by one. They
// are written on a thread of their own, one lot at a time; what changed meanwhile comes with the next. A tree that
// could not be written is said in the journal, and the next attempt begins again from the commit. The run's thread.
#pragma once

#include <QObject>

#include "core/engine/recorder.h"
#include "core/engine/treewriter.h"
#include "core/foundation/cancel.h"

#include <future>

namespace gatehouse::engine {

class TurnTrees final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TurnTrees)

public:
    // cancel ends what is being written, as a failure of that lot.
    TurnTrees(const RunPlan& plan, Recorder& recorder, CancelToken cancel, QObject* parent = nullptr);
    ~TurnTrees() override;
    // All calls of a turn have their results.
    void turnEnded();
    enum class Rest { Write, Leave };
    // At a pause and at the end, when nothing acts any more: waits for what is being written.
    void finish(Rest rest);

Q_SIGNALS:
    void recordFailed(const gatehouse::Error& error);

private:
    using Written = Result<std::vector<WrittenTree>>;

    [[nodiscard]] std::vector<TreeOrder> orders() const;
    void collect();
    [[nodiscard]] Result<void> note(const Written& written);

    Recorder& m_recorder;
    TreeWriter m_writer; // the background thread's while m_running is valid
    std::future<Written> m_running;
    std::uint64_t m_step = 0; // that the running lot reaches
    bool m_fromTheStart = false;
};

} // namespace gatehouse::engine
