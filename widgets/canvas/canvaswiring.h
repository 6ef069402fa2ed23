// CanvasWiring: a wire that is being made, by the mouse or by the keyboard: where from, what it may end at, what is chosen, and
// all of it as a sentence. Owner: the canvas. GUI thread. Makes nothing itself.
#pragma once

#include "widgets/canvas/canvasscene.h"

namespace gatehouse::widgets {

class CanvasWiring final {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::widgets::CanvasWiring)
public:
    [[nodiscard]] bool isActive() const { return m_from.has_value(); }
    void start(const authoring::NodeId& from);
    void stop();

    [[nodiscard]] const std::optional<authoring::NodeId>& from() const { return m_from; }
    // What it would end at; it may be one that refuses.
    [[nodiscard]] const std::optional<authoring::NodeId>& target() const { return m_target; }
    void setTarget(std::optional<authoring::NodeId> target) { m_target = std::move(target); }
    [[nodiscard]] bool allows(const authoring::Graph& graph, const authoring::NodeId& to) const;

    // The next target in this direction among the allowed; the first of them when none is chosen.
    void step(const CanvasScene& scene, const authoring::Graph& graph, CanvasSide direction);
    void cycle(const CanvasScene& scene, const authoring::Graph& graph, int by);
    // Letters choose the target whose name begins with them, an allowed one if there is one.
    void type(const CanvasScene& scene, const authoring::Graph& graph, const QString& letters);
    void eraseLetter(const CanvasScene& scene, const authoring::Graph& graph);

    [[nodiscard]] QString sentence(const CanvasScene& scene, const authoring::Graph& graph) const;

private:
    [[nodiscard]] std::vector<std::size_t> allowed(const CanvasScene& scene, const authoring::Graph& graph) const;
    void choose(const CanvasScene& scene, const authoring::Graph& graph);

    std::optional<authoring::NodeId> m_from;
    std::optional<authoring::NodeId> m_target;
    QString m_typed;
};

} // namespace gatehouse::widgets
