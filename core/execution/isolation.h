// The layers of isolation, one enum everywhere, and what a backend says about each. Values; any thread.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::execution {

enum class Layer {
    UserNamespace,
    Mount,
    Pid,
    Net,
    Ipc,
    Uts,
    CgroupNamespace,
    TimeNamespace,
    NoNewPrivileges,
    Seccomp,
    Landlock,
    Descriptors,
    UidDrop,
    Cgroup,
    Overlay,
    DiskQuota,
    CallKill,
};

inline constexpr std::size_t layerCount = 17;

// The names of documents and of the command line: "user-ns", "mount", … "call-kill".
[[nodiscard]] std::string_view layerName(Layer layer);
[[nodiscard]] std::optional<Layer> layerFromName(std::string_view name);
[[nodiscard]] const std::array<Layer, layerCount>& allLayers();

// Degraded: something weaker stands in its place; why says what.
enum class LayerState { Enforced, Degraded, Absent };
[[nodiscard]] std::string_view layerStateName(LayerState state);

struct LayerReport {
    Layer layer = Layer::UserNamespace;
    LayerState state = LayerState::Absent;
    std::string why; // how it was measured, or why it is missing
    std::string fix; // what to do about it; empty when enforced
};

struct IsolationReport {
    std::string backend; // "local", …
    std::vector<LayerReport> layers;

    // Absent when the backend said nothing about it.
    [[nodiscard]] LayerState state(Layer layer) const;
};

} // namespace gatehouse::execution
