// A sandbox profile: what a worker may see and use up (docs/formats.md, schema gatehouse:profile/1). Values; any thread.
//
// The class names the outer bound: built-in profile → the project's profile of that name, if any → the workflow's profile.
// Each step may only narrow; what would widen is a problem that names the field.
#pragma once

#include "core/workflow/loaded.h"
#include "core/workflow/workflow.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::workflow {

// Absent in a document: as the wider profile says. An effective profile has all of the first group.
struct ProfileLimits {
    std::optional<double> cpu; // cores
    std::optional<std::uint64_t> memory;
    std::optional<std::uint64_t> processes;
    std::optional<std::uint64_t> files;
    std::optional<std::uint64_t> fileSize;
    std::optional<std::uint64_t> disk;
    std::optional<std::uint64_t> inodes;
    std::optional<std::uint64_t> output;
    std::optional<std::chrono::milliseconds> call;
    std::optional<std::chrono::milliseconds> session;
    std::optional<std::chrono::milliseconds> run;
    std::optional<std::uint64_t> swap;

    std::optional<std::uint64_t> diskBandwidth; // bytes a second
    std::optional<std::uint64_t> networkBytes;
    std::optional<std::uint64_t> networkBandwidth;
};

// From strictest to weakest: comparing them is meaningful.
enum class WorkspaceMode { None, ReadOnly, Overlay };
[[nodiscard]] std::string_view workspaceModeName(WorkspaceMode mode);

struct Profile {
    Source source;
    std::string name;
    std::optional<std::vector<std::string>> tools; // names the model may be given; absent: any
    std::optional<WorkspaceMode> workspace;
    std::optional<std::vector<std::string>> read; // host paths presented read-only
    std::optional<std::vector<std::string>> write;
    std::vector<std::string> hide;
    nlohmann::json networkRules = nlohmann::json::array(); // as written; the default is always "deny"
    ProfileLimits limits;
    std::optional<bool> background;
    std::vector<std::string> require;           // layers, in the order of isolationLayerNames()
    std::string backend;                        // "": as the project says
    std::map<std::string, TextPosition> places; // where each field stands in its document, by pointer
    // SHA-256 of its canonical JSON: of what holds, not of a file.
    [[nodiscard]] std::string digest() const;
    // Everything that holds, as a profile document.
    [[nodiscard]] nlohmann::json toJson() const;
    [[nodiscard]] bool allowsTool(const std::string& toolName) const;
};

// The names of layers, the same as execution::layerName() gives.
[[nodiscard]] const std::vector<std::string>& isolationLayerNames();

// "read-only", "draft", "delivery", "privileged".
[[nodiscard]] const std::vector<std::string>& builtinProfileNames();
[[nodiscard]] std::optional<Profile> builtinProfile(const std::string& name);

// ErrorCode::Unsupported when the profile demands what this version would not enforce: it is never silently weaker.
[[nodiscard]] Result<void> checkRunnable(const Profile& profile);

[[nodiscard]] Loaded<Profile> loadProfile(const std::string& path);
// profiles/NAME.profile.json in the project, narrowed by the built-in one of that name when there is one; else the built-in.
// An unknown name is a problem (rule "unknown-profile").
[[nodiscard]] Loaded<Profile> resolveProfile(const Project& project, const std::string& name);

// What holds when narrower stands within wider: limits min, tools intersect, access the stricter, require unites.
// What narrower asks beyond wider is an error (rule "profile-widens") and the wider's value holds.
[[nodiscard]] Loaded<Profile> narrowProfile(const Profile& wider, const Profile& narrower);
// The whole chain for a run; executionClass overrides the workflow's (the command line's --class).
[[nodiscard]] Loaded<Profile> effectiveProfile(const Project& project, const Workflow& workflow,
                                               std::optional<ExecutionClass> executionClass = {});

} // namespace gatehouse::workflow
