#include "core/engine/runopening.h"

#include "core/engine/events.h"
#include "core/engine/runpaths.h"
#include "core/journal/runstate.h"

#include <nlohmann/json.hpp>

namespace gatehouse::engine {

using journal::EventType;
using nlohmann::json;

namespace {

journal::Event policyLoaded(const RunPlan& plan)
{
    return systemEvent(EventType::PolicyLoaded, {{"digest", plan.policies.digest()}, {"layers", plan.policies.layers()}});
}

Result<void> noteOpening(const RunPlan& plan, Recorder& recorder)
{
    GH_ASSIGN(json task, recorder.payload(plan.task));
    json models = json::array();
    models.push_back({{"agent", plan.agent.name},
                      {"model", plan.model.name},
                      {"api", modelApiName(plan.model.api)},
                      {"providerModel", plan.model.model}});
    json opened = openingData(plan);
    opened["task"] = std::move(task);
    opened["agents"] = std::move(models);
    std::vector<journal::Event> events;
    events.push_back(humanEvent(EventType::RunOpened, plan.requester, std::move(opened)));
    events.push_back(policyLoaded(plan));
    return recorder.commit(std::move(events));
}

Result<void> noteResumption(const RunPlan& plan, Recorder& recorder)
{
    std::vector<journal::Event> events;
    events.push_back(humanEvent(EventType::RunResumed, plan.requester, {{"fromSeq", recorder.size()}}));
    if (recorder.policyDigest() != plan.policies.digest())
        events.push_back(policyLoaded(plan));
    // What was claimed and not finished by a writer that is gone: nobody knows.
    for (const CallProgress& call : recorder.progress().openCalls()) {
        if (call.stage == CallStage::Started)
            events.push_back(systemEvent(EventType::EffectUnknown, {{"effect", call.effect}, {"why", "the run was interrupted"}}));
        else if (call.stage == CallStage::Finished)
            events.push_back(systemEvent(EventType::EffectUnknown, {{"effect", call.effect}, {"why", "its result was not recorded"}}));
    }
    return recorder.commit(std::move(events));
}

Result<void> checkDocuments(const journal::RunState& state, const RunPlan& plan)
{
    if (state.workflowDigest != plan.workflow.digest)
        return fail(ErrorCode::InvalidInput, plan.workflow.source.path, "The workflow was changed since the run began",
                    "Restore it, or start a new run");
    if (state.opened.value("projectDigest", "") != plan.project.source.sha256)
        return fail(ErrorCode::InvalidInput, plan.project.source.path, "The project's document was changed since the run began",
                    "Restore it, or start a new run");
    return {};
}

} // namespace

Result<OpenedRun> openNewRun(const RunRequest& request, const RunServices& services)
{
    OpenedRun opened;
    GH_ASSIGN(opened.plan, makePlan(request));
    GH_ASSIGN(opened.client, services.makeClient(*opened.plan));
    const RunId id(makeUuidV7());
    GH_ASSIGN(const std::string directory, makeRunParent(opened.plan->project, id));
    GH_ASSIGN(opened.recorder, Recorder::create(directory, id, std::string(className(opened.plan->executionClass)), services.clock));
    GH_TRY(noteOpening(*opened.plan, *opened.recorder));
    return opened;
}

Result<OpenedRun> takeRunOver(const std::string& project, const std::string& runDirectory, const RunServices& services)
{
    // Everything that can refuse comes before the writer, whose opening is a record.
    GH_ASSIGN(journal::Reader reader, journal::Reader::openVerified(runDirectory));
    GH_ASSIGN(const journal::RunState state, journal::foldRun(reader));
    if (state.phase == journal::RunPhase::Finished || state.phase == journal::RunPhase::Closed)
        return fail(ErrorCode::InvalidInput, state.run.text(), "The run is finished; there is nothing to resume");
    GH_ASSIGN(const RunRequest request, requestOf(state.opened, reader, project));
    OpenedRun opened;
    GH_ASSIGN(opened.plan, makePlan(request));
    GH_TRY(checkDocuments(state, *opened.plan));
    GH_ASSIGN(opened.client, services.makeClient(*opened.plan));
    GH_ASSIGN(opened.recorder, Recorder::open(runDirectory, services.clock));
    // Another process finished it while we looked: our opening is a record, and the run stays sealed.
    if (opened.recorder->progress().finished()) {
        GH_TRY(opened.recorder->seal());
        return fail(ErrorCode::InvalidInput, opened.recorder->run().text(), "The run is finished; there is nothing to resume");
    }
    pinSources(opened.plan->workflow.manifest, opened.recorder->receipts());
    GH_TRY(noteResumption(*opened.plan, *opened.recorder));
    return opened;
}

} // namespace gatehouse::engine
