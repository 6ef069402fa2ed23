// Prepared calls, requests and records for tests, in few words.
#pragma once

#include "core/approval/action.h"
#include "core/approval/request.h"
#include "core/execution/tool.h"
#include "core/foundation/sha256.h"
#include "core/journal/record.h"

#include <string>
#include <vector>

namespace gatehouse::test {

inline execution::PreparedCall commandCall(std::vector<std::string> argv)
{
    execution::PreparedCall call;
    call.call = {"call-1", "exec_command", R"({"cmd":"x"})"};
    execution::ExecRequest request;
    request.argv = std::move(argv);
    request.workdir = "repo";
    request.environment = {{"LANG", "C"}, {"MODE", "a=b"}};
    request.standardInput = "in";
    request.files = {{"TOOL_INPUT", "{}"}};
    request.timeout = std::chrono::milliseconds(5000);
    call.effect = execution::CommandEffect{request};
    call.argv = request.argv;
    return call;
}

inline execution::PreparedCall commitCall(const std::string& before, const std::string& after)
{
    execution::PreparedCall call;
    call.call = {"call-2", "apply_patch", R"({"patch":"x"})"};
    call.effect = execution::CommitEffect{{{"src/a.txt", sha256Hex(before), after, 0644, execution::FileKind::Regular},
                                           {"old.txt", sha256Hex("gone"), std::nullopt, 0644, execution::FileKind::Regular}}};
    call.edits = {{"src/a.txt", before, after, 0644, 0644}, {"old.txt", "gone", std::nullopt, 0644, 0}};
    call.paths = {"src/a.txt", "old.txt"};
    return call;
}

inline approval::ActionContext actionContext()
{
    approval::ActionContext context;
    context.run = "0190-run";
    context.executionClass = "delivery";
    context.agent = "planner";
    context.subject = "ann";
    context.profileDigest = sha256Hex("profile");
    context.policyDigest = sha256Hex("policy");
    context.nonce = "00112233445566778899aabbccddeeff";
    return context;
}

inline approval::Request makeRequest(const std::string& binding)
{
    approval::Request request;
    request.id = ApprovalId("ap-0123456789ab");
    request.run = RunId("0190-run");
    request.executionClass = "delivery";
    request.tool = "exec_command";
    request.requester = "ann";
    request.binding = binding;
    request.rule = "P-3";
    request.requestedAt = {1'000'000, "boot-1", 5'000'000'000};
    return request;
}

inline approval::Vote makeVote(const approval::Request& request, approval::VoteDecision decision, const std::string& principal = "ann")
{
    return {request.id, principal, decision, "", "command-line", request.binding};
}

// Records as the journal gives them, numbered in order.
class RecordMaker {
public:
    journal::Record operator()(journal::EventType type, nlohmann::json data)
    {
        journal::Record record;
        record.seq = m_next++;
        record.run = RunId("0190-run");
        record.wall = approval::formatWall(1'000'000 + static_cast<std::int64_t>(record.seq));
        record.boot = "boot-1";
        record.monoNs = std::to_string(5'000'000'000 + static_cast<std::int64_t>(record.seq) * 1'000'000);
        record.cls = "delivery";
        record.type = type;
        record.data = std::move(data);
        return record;
    }

private:
    std::uint64_t m_next = 0;
};

} // namespace gatehouse::test
