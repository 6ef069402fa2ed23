#include "core/engine/turntrees.h"

#include "core/engine/events.h"

#include <nlohmann/json.hpp>

#include <system_error>
#include <utility>

namespace gatehouse::engine {

using journal::EventType;
using nlohmann::json;

TurnTrees::TurnTrees(const RunPlan& plan, Recorder& recorder, CancelToken cancel, QObject* parent)
    : QObject(parent), m_recorder(recorder), m_writer(plan, recorder.directory(), std::move(cancel))
{
}

TurnTrees::~TurnTrees()
{
    if (m_running.valid())
        m_running.wait();
}

void TurnTrees::turnEnded()
{
    if (m_running.valid() || m_recorder.trees().upToDate())
        return;
    m_step = m_recorder.trees().lastStep();
    auto work = [this, lot = orders()] {
        Written written = m_writer.write(lot);
        QMetaObject::invokeMethod(this, &TurnTrees::collect, Qt::QueuedConnection);
        return written;
    };
    try {
        m_running = std::async(std::launch::async, std::move(work));
    } catch (const std::system_error&) {
        // No thread to be had now: the trees are information, and the next turn's end tries again.
    }
}

std::vector<TreeOrder> TurnTrees::orders() const
{
    const TreeState& state = m_recorder.trees();
    std::vector<TreeOrder> out;
    for (const GitEntry& entry : state.entries())
        out.push_back({entry.path, entry.commit, m_fromTheStart ? std::string() : entry.tree, {}});
    const auto add = [&](workspace::PathEdit edit) {
        if (const GitEntry* entry = state.entryOf(edit.path))
            out[static_cast<std::size_t>(entry - state.entries().data())].changes.push_back(std::move(edit));
    };
    if (m_fromTheStart) {
        for (const auto& [path, known] : m_recorder.progress().files().entries())
            add({path, known.base, known.now, {}, {}});
    } else {
        for (workspace::PathEdit& edit : state.unsaved())
            add(std::move(edit));
    }
    // An entry without changes keeps the tree that it has.
    std::erase_if(out, [](const TreeOrder& order) { return order.changes.empty(); });
    return out;
}

void TurnTrees::collect()
{
    if (!m_running.valid())
        return; // finish() took it
    const Written written = m_running.get();
    m_fromTheStart = !written && !m_fromTheStart;
    if (const auto noted = note(written); !noted)
        Q_EMIT recordFailed(noted.error());
}

void TurnTrees::finish(Rest rest)
{
    collect();
    if (rest == Rest::Leave)
        return;
    turnEnded();
    collect();
}

Result<void> TurnTrees::note(const Written& written)
{
    json data = {{"turn", m_recorder.progress().turns()}, {"step", m_step}, {"trees", json::array()}};
    if (!written)
        data["error"] = errorText(written.error());
    else
        for (const WrittenTree& tree : *written)
            data["trees"].push_back({{"entry", tree.entry}, {"tree", tree.tree}, {"excluded", tree.excluded.size()}});
    return m_recorder.note(systemEvent(EventType::WorkspaceSaved, std::move(data)));
}

} // namespace gatehouse::engine
