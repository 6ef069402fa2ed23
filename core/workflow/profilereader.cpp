#include "core/workflow/documentfile.h"
#include "core/workflow/limitfields.h"
#include "core/workflow/node.h"
#include "core/workflow/profile.h"

#include <re2/re2.h>

#include <algorithm>
#include <filesystem>

namespace gatehouse::workflow {

namespace fs = std::filesystem;

namespace {

std::optional<WorkspaceMode> modeOf(const Node& node)
{
    for (const WorkspaceMode mode : {WorkspaceMode::None, WorkspaceMode::ReadOnly, WorkspaceMode::Overlay}) {
        if (node.text() == workspaceModeName(mode))
            return mode;
    }
    return std::nullopt;
}

// Absolute, in the plain form, and nothing that a sandbox must never see.
std::optional<std::vector<std::string>> readHostPaths(const Node& node)
{
    if (!node.isArray())
        return std::nullopt;
    std::vector<std::string> out;
    for (const Node& item : node.items()) {
        const std::string path = item.text();
        const std::string plain = fs::path(path).lexically_normal().string();
        if (path.find('\0') != std::string::npos || path != plain || (path.size() > 1 && path.ends_with('/')))
            item.error(Message("\"%1\" is no plain absolute path", {path}), "host-path");
        else if (path == "/" || path == "/proc" || path == "/sys" || path == "/dev" || path == "/run")
            item.error(Message("\"%1\" can't be presented to a sandbox", {path}), "host-path");
        else
            out.push_back(path);
    }
    return out;
}

std::optional<std::uint64_t> readCountLimit(const Node& node, LimitUnit unit)
{
    if (unit == LimitUnit::Rate)
        return node.parsed(parseRate, "size");
    const auto out = unit == LimitUnit::Size ? node.size() : node.count();
    if (out && *out == 0 && !node.pointer().ends_with("/swap") && !node.pointer().ends_with("/networkBytes"))
        node.error("A limit of 0 lets nothing run", "limit");
    return out;
}

ProfileLimits readLimits(const Node& node)
{
    ProfileLimits out;
    out.cpu = node.at("cpu").number();
    for (const CountLimit& limit : countLimits)
        out.*limit.field = readCountLimit(node.at(limit.name), limit.unit);
    for (const DurationLimit& limit : durationLimits) {
        out.*limit.field = node.at(limit.name).parsed(parseDuration, "duration");
        if (out.*limit.field && (out.*limit.field)->count() == 0)
            node.at(limit.name).error("A limit of 0 lets nothing run", "limit");
    }
    // Bounds of what there is none of yet: there is no network, and disk is bounded by size alone.
    if (out.diskBandwidth)
        node.at("diskBandwidth").keyWarning("diskBandwidth is not enforced yet", "unsupported");
    return out;
}

// What a tunnel can't see is no rule for it; what a route needs must be there.
void checkRule(const Node& rule)
{
    const bool tunnel = rule.at("via").text() == "tunnel";
    if (!rule.at("via").isString())
        return;
    for (const char* key : {"name", "url", "methods", "path", "credential", "perMinute"}) {
        if (tunnel && rule.at(key))
            rule.at(key).keyError(Message("A tunnel can't see %1; use \"via\": \"route\"", {key}), "egress-rule");
    }
    for (const char* key : {"scheme", "host", "port"}) {
        if (!tunnel && rule.at(key))
            rule.at(key).keyError(Message("A route has url in place of %1", {key}), "egress-rule");
        else if (tunnel && !rule.at(key))
            rule.error(Message("A tunnel needs %1", {key}), "egress-rule");
    }
    for (const char* key : {"name", "url"}) {
        if (!tunnel && !rule.at(key))
            rule.error(Message("A route needs %1", {key}), "egress-rule");
    }
}

void readNetwork(const Node& node, Profile& out)
{
    const Node rules = node.at("rules");
    if (!rules.isArray() || rules.value().empty())
        return;
    out.networkRules = rules.value();
    for (const Node& rule : rules.items())
        checkRule(rule);
    rules.keyWarning("Network rules are not supported yet: sandboxes have no network at all", "unsupported");
}

void keepPlaces(const Node& node, const JsonDocument& document, Profile& out)
{
    out.places[node.pointer()] = document.position(node.pointer());
    for (const auto& [key, child] : node.members())
        keepPlaces(child, document, out);
}

Profile readProfile(const Node& root, const DocumentFile& file)
{
    Profile out;
    out.source = file.source;
    out.name = root.at("name").text();
    if (root.at("tools").isArray())
        out.tools = root.at("tools").texts();
    const Node filesystem = root.at("filesystem");
    out.workspace = modeOf(filesystem.at("workspace"));
    out.read = readHostPaths(filesystem.at("read"));
    out.write = readHostPaths(filesystem.at("write"));
    out.hide = filesystem.at("hide").texts();
    for (const char* key : {"write", "hide"}) {
        if (!filesystem.at(key).texts().empty())
            filesystem.at(key).keyWarning(Message("%1 is not supported yet; a run with this profile is refused", {key}), "unsupported");
    }
    readNetwork(root.at("network"), out);
    out.limits = readLimits(root.at("limits"));
    out.background = root.at("background").boolean();
    const auto required = root.at("require").texts();
    std::ranges::copy_if(isolationLayerNames(), std::back_inserter(out.require),
                         [&](const std::string& layer) { return std::ranges::find(required, layer) != required.end(); });
    out.backend = root.at("backend").text();
    keepPlaces(root, *file.document, out);
    return out;
}

} // namespace

Loaded<Profile> loadProfile(const std::string& path)
{
    DocumentFile file = openDocument(path, "profile");
    if (!file.document)
        return {std::nullopt, std::move(file.problems)};
    const Node root(*file.document, file.problems);
    Profile profile = readProfile(root, file);
    const std::string expected = profile.name + ".profile.json";
    if (root.at("name").isString() && fs::path(path).filename() != expected)
        root.at("name").error(Message("A profile is found by its file: \"%1\" belongs into %2", {profile.name, expected}), "profile-name");
    return finished(std::move(profile), std::move(file.problems));
}

} // namespace gatehouse::workflow
