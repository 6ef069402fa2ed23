#include "core/engine/rundiff.h"

#include "core/engine/progress.h"
#include "core/engine/runpaths.h"
#include "core/journal/reader.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gatehouse::engine {

using nlohmann::json;

namespace {

constexpr std::size_t readBatch = 1024;
// Larger files appear in a patch as excluded, never cut.
constexpr std::uint64_t largestDiffedFile = 32u << 20;

struct Steps {
    workspace::KnownState whole;
    workspace::KnownState one;
    std::vector<std::string> gitEntries;
    bool found = false;
};

Result<void> applyStep(const json& data, const DiffRequest& request, Steps& steps)
{
    std::vector<workspace::PathStep> changes;
    for (const json& entry : data.value("changes", json::array())) {
        GH_ASSIGN(std::string path, pathFromJson(entry.value("path", json())));
        GH_ASSIGN(workspace::PathVersion before, versionFromJson(entry.value("before", json())));
        GH_ASSIGN(workspace::PathVersion after, versionFromJson(entry.value("after", json())));
        changes.push_back({std::move(path), std::move(before), std::move(after)});
    }
    GH_TRY(steps.whole.apply(changes));
    if (request.step && data.value("step", std::uint64_t{0}) == *request.step) {
        steps.found = true;
        GH_TRY(steps.one.apply(changes));
    }
    return {};
}

Result<Steps> foldSteps(journal::Reader& reader, const DiffRequest& request)
{
    Steps steps;
    for (std::uint64_t seq = 0;;) {
        GH_ASSIGN(const auto records, reader.readFrom(seq, readBatch));
        if (records.empty())
            return steps;
        seq += records.size();
        for (const journal::Record& record : records) {
            if (record.type == journal::EventType::SandboxCreated && steps.gitEntries.empty()) {
                for (const json& receipt : record.data.value("receipts", json::array())) {
                    if (receipt.value("kind", "") == "git_repo")
                        steps.gitEntries.push_back(receipt.value("entry", ""));
                }
            }
            if (record.type == journal::EventType::StepChanged)
                GH_TRY(applyStep(record.data, request, steps));
        }
    }
}

Result<std::string> chooseEntry(const DiffRequest& request, const std::vector<std::string>& entries)
{
    std::string names;
    for (const std::string& entry : entries)
        names += (names.empty() ? "" : ", ") + entry;
    if (request.entry) {
        std::string wanted = *request.entry == "." ? std::string() : *request.entry;
        if (!wanted.empty() && std::ranges::find(entries, wanted) == entries.end())
            return fail(ErrorCode::NotFound, "--entry " + wanted, "The run has no such git entry",
                        names.empty() ? Message("It has none; '.' is the whole workspace")
                                      : Message("There are: %1; '.' is the whole workspace", {names}));
        return wanted;
    }
    if (entries.size() > 1) {
        return fail(ErrorCode::InvalidInput, "--entry", Message("The run has several git entries: %1", {names}), "Name one with --entry");
    }
    return entries.empty() ? std::string() : entries.front();
}

} // namespace

Result<workspace::Patch> runPatch(const std::string& runDirectory, const DiffRequest& request)
{
    GH_ASSIGN(journal::Reader reader, journal::Reader::openVerified(runDirectory));
    GH_ASSIGN(const Steps steps, foldSteps(reader, request));
    if (request.step && !steps.found)
        return fail(ErrorCode::NotFound, "--step", Message("No step %1 changed anything in this run", {std::to_string(*request.step)}));
    GH_ASSIGN(const std::string prefix, chooseEntry(request, steps.gitEntries));
    const workspace::KnownState& state = request.step ? steps.one : steps.whole;
    GH_ASSIGN(const auto edits, state.runEdits(blobSource(reader), largestDiffedFile));
    workspace::PatchOptions options;
    options.prefix = prefix;
    return workspace::makePatch(edits, options);
}

} // namespace gatehouse::engine
