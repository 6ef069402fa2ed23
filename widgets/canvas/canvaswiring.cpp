#include "widgets/canvas/canvaswiring.h"

#include "widgets/text/markedtext.h"

#include <algorithm>

namespace gatehouse::widgets {

using namespace authoring;

void CanvasWiring::start(const NodeId& from)
{
    stop();
    m_from = from;
}

void CanvasWiring::stop()
{
    m_from.reset();
    m_target.reset();
    m_typed.clear();
}

bool CanvasWiring::allows(const Graph& graph, const NodeId& to) const
{
    return m_from && wireFault(graph, *m_from, to) == WireFault::None;
}

std::vector<std::size_t> CanvasWiring::allowed(const CanvasScene& scene, const Graph& graph) const
{
    std::vector<std::size_t> out;
    for (const std::size_t node : scene.readingOrder())
        if (allows(graph, scene.nodes()[node].id()))
            out.push_back(node);
    return out;
}

void CanvasWiring::step(const CanvasScene& scene, const Graph& graph, CanvasSide direction)
{
    m_typed.clear();
    const auto start = m_target ? scene.indexOf(*m_target) : m_from ? scene.indexOf(*m_from) : std::nullopt;
    if (!start)
        return;
    const auto passes = [&](const CanvasNode& node) { return allows(graph, node.id()); };
    const auto next = scene.neighbour(*start, direction, passes);
    if (next)
        m_target = scene.nodes()[*next].id();
    else if (!m_target)
        cycle(scene, graph, 1);
}

void CanvasWiring::cycle(const CanvasScene& scene, const Graph& graph, int by)
{
    m_typed.clear();
    const std::vector<std::size_t> all = allowed(scene, graph);
    if (all.empty())
        return;
    const auto now = m_target ? std::ranges::find(all, scene.indexOf(*m_target).value_or(scene.nodes().size())) : all.end();
    const int count = int(all.size());
    const int next = now == all.end() ? (by > 0 ? 0 : count - 1) : (int(now - all.begin()) + by + count) % count;
    m_target = scene.nodes()[all[std::size_t(next)]].id();
}

void CanvasWiring::type(const CanvasScene& scene, const Graph& graph, const QString& letters)
{
    if (m_typed.size() < 64)
        m_typed += letters;
    choose(scene, graph);
}

void CanvasWiring::eraseLetter(const CanvasScene& scene, const Graph& graph)
{
    m_typed.chop(1);
    choose(scene, graph);
}

void CanvasWiring::choose(const CanvasScene& scene, const Graph& graph)
{
    m_target.reset();
    if (m_typed.isEmpty())
        return;
    for (const std::size_t i : scene.readingOrder()) {
        const CanvasNode& node = scene.nodes()[i];
        if (!node.wholeName.startsWith(m_typed, Qt::CaseInsensitive))
            continue;
        if (allows(graph, node.id())) {
            m_target = node.id();
            return;
        }
        if (!m_target)
            m_target = node.id();
    }
}

QString CanvasWiring::sentence(const CanvasScene& scene, const Graph& graph) const
{
    if (!m_from)
        return {};
    const QString from = shown(m_from->name);
    if (m_target) {
        const QString refusal = wireRefusal(graph, *m_from, *m_target);
        return refusal.isEmpty() ? tr("Wire from %1 to %2: Enter connects, Esc cancels").arg(from, shown(m_target->name)) : refusal;
    }
    if (!m_typed.isEmpty())
        return tr("Nothing that %1 can be joined to begins with “%2”").arg(from, m_typed);
    const int count = int(allowed(scene, graph).size());
    if (count == 0)
        return tr("There is nothing that %1 could be joined to: Esc cancels").arg(from);
    return tr("Wire from %1: arrows or letters choose one of %n target(s), Esc cancels", nullptr, count).arg(from);
}

} // namespace gatehouse::widgets
