#include "core/engine/runpaths.h"

#include "core/base/canonicaljson.h"
#include "core/base/savefile.h"
#include "core/engine/events.h"
#include "core/foundation/sha256.h"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <filesystem>
#include <sys/stat.h>

namespace gatehouse::engine {

using nlohmann::json;

namespace {

Result<void> makeFolder(const std::string& path, mode_t mode)
{
    if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST)
        return failErrno(path, "Could not make the folder", errno);
    return {};
}

json limitsOf(const RunPlan& plan)
{
    json limits = toJson(resourceLimits(plan.profile.limits));
    if (plan.agent.limits.turns)
        limits["turns"] = *plan.agent.limits.turns;
    if (plan.agent.limits.tokens)
        limits["tokens"] = *plan.agent.limits.tokens;
    return limits;
}

} // namespace

std::string runsDirectory(const std::string& project)
{
    return project + "/.gatehouse/runs";
}

std::string projectOf(const std::string& runDirectory)
{
    return std::filesystem::path(runDirectory).parent_path().parent_path().parent_path().string();
}

Result<std::string> makeRunParent(const workflow::Project& project, const RunId& run)
{
    GH_TRY(makeFolder(project.stateDirectory(), 0700));
    std::error_code ignored;
    const std::string ignore = project.stateDirectory() + "/.gitignore";
    if (!std::filesystem::exists(ignore, ignored))
        GH_TRY(saveFile(ignore, "*\n"));
    GH_TRY(makeFolder(runsDirectory(project.directory), 0700));
    return runsDirectory(project.directory) + '/' + run.text();
}

json openingData(const RunPlan& plan)
{
    // Relative, so that a project can be moved, and so that no home folder's name is in the record.
    const std::string workflow = std::filesystem::path(plan.workflow.source.path).lexically_relative(plan.project.directory).string();
    json out = {{"name", plan.name},
                {"workflow", workflow},
                {"workflowName", plan.workflow.name},
                {"workflowDigest", plan.workflow.digest},
                {"projectDigest", plan.project.source.sha256},
                {"class", className(plan.executionClass)},
                {"requester", plan.requester},
                {"agent", plan.agent.name},
                {"model", plan.model.name},
                {"instructionsDigest", sha256Hex(plan.agent.instructions)},
                {"policyDigest", plan.policies.digest()},
                {"profile", plan.profile.name},
                {"profileDigest", plan.profile.digest()},
                {"limits", limitsOf(plan)},
                {"build", plan.build},
                {"solo", true}};
    // Journal numbers are whole.
    if (plan.tokensPerSecond)
        out["tokensPerKilosecond"] = static_cast<std::int64_t>(*plan.tokensPerSecond * 1000);
    return out;
}

void pinSources(workflow::Manifest& manifest, const json& receipts)
{
    for (const json& receipt : receipts.is_array() ? receipts : json::array()) {
        for (workflow::ManifestEntry& entry : manifest.entries) {
            auto* repository = std::get_if<workflow::GitRepoEntry>(&entry.content);
            if (repository && entry.path == receipt.value("entry", "") && receipt.contains("commit"))
                repository->ref = receipt.value("commit", "");
        }
    }
}

Result<std::string> sourcesDigest(const json& receipts)
{
    GH_ASSIGN(const std::string text, canonicalJson(receipts));
    return sha256Hex(text);
}

Result<RunRequest> requestOf(const json& opening, journal::Reader& reader, const std::string& project)
{
    const auto text = [&](const char* field) {
        return opening.is_object() && opening.contains(field) && opening[field].is_string() ? opening[field].get<std::string>() : "";
    };
    if (text("workflow").empty() || !opening.contains("task"))
        return fail(ErrorCode::Corrupt, reader.runDirectory(), "The run's first record does not say what was asked for");
    RunRequest request;
    request.project = project;
    request.workflow = project + '/' + text("workflow");
    GH_ASSIGN(request.task, reader.payload(opening["task"]));
    request.executionClass = workflow::classFromName(text("class"));
    request.model = text("model");
    request.name = text("name");
    request.requester = text("requester");
    request.build = text("build");
    if (opening.contains("tokensPerKilosecond") && opening["tokensPerKilosecond"].is_number_integer())
        request.tokensPerSecond = static_cast<double>(opening["tokensPerKilosecond"].get<std::int64_t>()) / 1000;
    return request;
}

workspace::BytesSource blobSource(journal::Reader& reader)
{
    return [&reader](const std::string& path, const workspace::PathVersion& version) -> Result<std::string> {
        const json reference = json::parse(version.blob, nullptr, false);
        if (version.blob.empty() || reference.is_discarded())
            return fail(ErrorCode::NotFound, path, "These bytes were not kept");
        return reader.payload(reference);
    };
}

} // namespace gatehouse::engine
