#include "core/execution/isolation.h"

#include <algorithm>

namespace gatehouse::execution {

namespace {

struct NamedLayer {
    Layer layer;
    std::string_view name;
};

constexpr std::array<NamedLayer, layerCount> namedLayers = {{
    {Layer::UserNamespace, "user-ns"},
    {Layer::Mount, "mount"},
    {Layer::Pid, "pid"},
    {Layer::Net, "net"},
    {Layer::Ipc, "ipc"},
    {Layer::Uts, "uts"},
    {Layer::CgroupNamespace, "cgroup-ns"},
    {Layer::TimeNamespace, "time-ns"},
    {Layer::NoNewPrivileges, "no-new-privs"},
    {Layer::Seccomp, "seccomp"},
    {Layer::Landlock, "landlock"},
    {Layer::Descriptors, "fds"},
    {Layer::UidDrop, "uid-drop"},
    {Layer::Cgroup, "cgroup"},
    {Layer::Overlay, "overlay"},
    {Layer::DiskQuota, "disk-quota"},
    {Layer::CallKill, "call-kill"},
}};

} // namespace

std::string_view layerName(Layer layer)
{
    return namedLayers[static_cast<std::size_t>(layer)].name;
}

std::optional<Layer> layerFromName(std::string_view name)
{
    const auto found = std::ranges::find(namedLayers, name, &NamedLayer::name);
    return found == namedLayers.end() ? std::nullopt : std::optional(found->layer);
}

const std::array<Layer, layerCount>& allLayers()
{
    static const std::array<Layer, layerCount> layers = [] {
        std::array<Layer, layerCount> out{};
        std::ranges::transform(namedLayers, out.begin(), &NamedLayer::layer);
        return out;
    }();
    return layers;
}

std::string_view layerStateName(LayerState state)
{
    switch (state) {
    case LayerState::Enforced:
        return "enforced";
    case LayerState::Degraded:
        return "degraded";
    case LayerState::Absent:
        break;
    }
    return "absent";
}

LayerState IsolationReport::state(Layer layer) const
{
    const auto found = std::ranges::find(layers, layer, &LayerReport::layer);
    return found == layers.end() ? LayerState::Absent : found->state;
}

} // namespace gatehouse::execution
