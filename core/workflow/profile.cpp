#include "core/workflow/profile.h"

#include "core/base/canonicaljson.h"
#include "core/foundation/sha256.h"
#include "core/workflow/limitfields.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace gatehouse::workflow {

std::string_view workspaceModeName(WorkspaceMode mode)
{
    // In the order of the enum.
    static constexpr std::array<std::string_view, 3> names = {"none", "read-only", "overlay"};
    return names[static_cast<std::size_t>(mode)];
}

const std::vector<std::string>& isolationLayerNames()
{
    static const std::vector<std::string> names = {"user-ns",   "mount",   "pid",          "net",        "ipc",      "uts",
                                                   "cgroup-ns", "time-ns", "no-new-privs", "seccomp",    "landlock", "fds",
                                                   "uid-drop",  "cgroup",  "overlay",      "disk-quota", "call-kill"};
    return names;
}

static nlohmann::json limitsJson(const ProfileLimits& limits)
{
    nlohmann::json out = nlohmann::json::object();
    // In thousandths: the canonical form has no fractions.
    if (limits.cpu)
        out["cpuThousandths"] = static_cast<std::int64_t>(std::llround(*limits.cpu * 1000));
    for (const CountLimit& limit : countLimits) {
        if (limits.*limit.field)
            out[std::string(limit.name)] = *(limits.*limit.field);
    }
    for (const DurationLimit& limit : durationLimits) {
        if (limits.*limit.field)
            out[std::string(limit.name) + "Ms"] = (limits.*limit.field)->count();
    }
    return out;
}

nlohmann::json Profile::toJson() const
{
    nlohmann::json filesystem = {{"hide", hide}};
    if (workspace)
        filesystem["workspace"] = workspaceModeName(*workspace);
    if (read)
        filesystem["read"] = *read;
    if (write)
        filesystem["write"] = *write;
    nlohmann::json out = {{"name", name},
                          {"filesystem", filesystem},
                          {"network", {{"default", "deny"}, {"rules", networkRules}}},
                          {"limits", limitsJson(limits)},
                          {"require", require}};
    out["tools"] = tools ? nlohmann::json(*tools) : nlohmann::json();
    out["background"] = background.value_or(false);
    out["backend"] = backend;
    return out;
}

std::string Profile::digest() const
{
    const auto canonical = canonicalJson(toJson(), CanonicalNumbers::Any);
    return canonical ? sha256Hex(*canonical) : std::string();
}

bool Profile::allowsTool(const std::string& toolName) const
{
    return !tools || std::ranges::find(*tools, toolName) != tools->end();
}

Result<void> checkRunnable(const Profile& profile)
{
    const bool writes = profile.write && !profile.write->empty();
    if (profile.hide.empty() && !writes)
        return {};
    const char* field = writes ? "filesystem.write" : "filesystem.hide";
    const auto place = profile.places.find(writes ? "/filesystem/write" : "/filesystem/hide");
    return fail(ErrorCode::Unsupported, placeName(profile.source.path, place == profile.places.end() ? TextPosition() : place->second),
                Message("The profile \"%1\" uses %2, which is not supported yet", {profile.name, field}), "Take it out of the profile");
}

const std::vector<std::string>& builtinProfileNames()
{
    static const std::vector<std::string> names = {"read-only", "draft", "delivery", "privileged"};
    return names;
}

// What all built-in profiles share; the figures are delivery's.
static Profile base(const std::string& name)
{
    using namespace std::chrono_literals;
    Profile out;
    out.name = name;
    out.workspace = WorkspaceMode::Overlay;
    out.read = {"/usr"};
    out.write.emplace();
    out.background = false;
    out.require = {"user-ns", "mount", "pid", "net", "no-new-privs", "seccomp", "landlock", "fds", "uid-drop"};
    out.limits = {.cpu = 1.0,
                  .memory = 2ull << 30,
                  .processes = 256,
                  .files = 1024,
                  .fileSize = 1ull << 30,
                  .disk = 4ull << 30,
                  .inodes = 400000,
                  .output = 1ull << 20,
                  .call = 10min,
                  .session = 60min,
                  .run = 60min,
                  .swap = 0,
                  .diskBandwidth = {},
                  .networkBytes = {},
                  .networkBandwidth = {}};
    return out;
}

static Profile smaller(const std::string& name, std::uint64_t memory, std::chrono::seconds call)
{
    Profile out = base(name);
    out.limits.memory = memory;
    out.limits.processes = 128;
    out.limits.fileSize = 256ull << 20;
    out.limits.disk = 1ull << 30;
    out.limits.inodes = 100000;
    out.limits.call = call;
    out.limits.session = out.limits.run = std::chrono::minutes(30);
    return out;
}

std::optional<Profile> builtinProfile(const std::string& name)
{
    using namespace std::chrono_literals;
    if (name == "delivery")
        return base(name);
    if (name == "draft")
        return smaller(name, 512ull << 20, 60s);
    if (name == "read-only") {
        Profile out = smaller(name, 256ull << 20, 30s);
        out.workspace = WorkspaceMode::ReadOnly;
        return out;
    }
    if (name == "privileged") {
        Profile out = smaller(name, 256ull << 20, 60s);
        out.workspace = WorkspaceMode::None;
        // No shell and no tool of the model's choosing: named operations go through the broker.
        out.tools.emplace();
        return out;
    }
    return std::nullopt;
}

} // namespace gatehouse::workflow
