#include "core/approval/presentation.h"

#include "core/approval/judge.h"
#include "core/approval/payload.h"
#include "core/base/canonicaljson.h"
#include "core/base/utf8.h"
#include "core/foundation/sha256.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace gatehouse::approval {

namespace {

using execution::CommitEffect;
using execution::FileCommit;
using execution::FileEdit;

void addRow(std::vector<Row>& rows, RowKind kind, std::string_view value)
{
    rows.push_back({kind, escape(value), {}});
}

void addNote(std::vector<Row>& rows, RowKind kind, Message note)
{
    rows.push_back({kind, {}, std::move(note)});
}

std::string chain(const std::vector<std::string>& agents)
{
    std::string result;
    for (auto agent = agents.rbegin(); agent != agents.rend(); ++agent)
        result += (result.empty() ? "" : " ◂ ") + *agent;
    return result;
}

void addRules(std::vector<Row>& rows, const policy::Decision& decision)
{
    for (const policy::Match& match : decision.matched) {
        if (match.effect != decision.effect)
            continue;
        addRow(rows, RowKind::Rule, match.rule + "  " + match.file + ':' + std::to_string(match.line));
        if (!match.reason.empty())
            addRow(rows, RowKind::Reason, match.reason);
        if (match.unknown)
            addNote(rows, RowKind::Reason, "It asks because not everything that it looks at is known");
    }
}

// It asks although no rule of the policy does: nobody knows whether the call has happened already. Without that word a person would
// take it for an ordinary question.
bool asksByItself(const policy::Decision& decision)
{
    return decision.effect == policy::Effect::Ask && !decision.why.empty() &&
        std::ranges::none_of(decision.matched, [](const policy::Match& match) { return match.effect == policy::Effect::Ask; });
}

std::set<std::string> touchedPaths(const execution::PreparedCall& prepared)
{
    std::set<std::string> paths(prepared.paths.begin(), prepared.paths.end());
    if (const auto* commit = std::get_if<CommitEffect>(&prepared.effect))
        for (const FileCommit& file : commit->files)
            paths.insert(file.path);
    return paths;
}

void addQuorum(std::vector<Row>& rows, const policy::Obligations& obligations)
{
    if (obligations.quorum.empty())
        addNote(rows, RowKind::Quorum, "One person");
    for (const policy::RoleCount& count : obligations.quorum)
        addRow(rows, RowKind::Quorum, std::to_string(count.n) + " × " + (count.role.empty() ? "anybody" : count.role));
}

std::vector<Row> makeRows(const Action& action, const execution::PreparedCall& prepared, const policy::Decision& decision,
                          const Request& request, const PresentationContext& context)
{
    std::vector<Row> rows;
    addRow(rows, RowKind::Agent, context.agents.empty() ? action.agent.value_or("") : chain(context.agents));
    addRow(rows, RowKind::Requester, request.requester);
    addRow(rows, RowKind::Run, context.runName.empty() ? action.run : context.runName + "  " + action.run);
    addRow(rows, RowKind::Class, action.executionClass);
    addRow(rows, RowKind::Sandbox, context.sandbox);
    addRow(rows, RowKind::Network, context.network);
    addRules(rows, decision);
    if (asksByItself(decision))
        addNote(rows, RowKind::Reason, decision.why);
    const auto paths = touchedPaths(prepared);
    for (const std::string& path : paths)
        addRow(rows, RowKind::Effects, path);
    if (paths.empty())
        addNote(rows, RowKind::Effects, "Not known before it runs");
    if (context.reversible)
        addRow(rows, RowKind::Reversible, *context.reversible);
    else
        addNote(rows, RowKind::Reversible, "Not known");
    addQuorum(rows, request.obligations);
    if (const auto expires = request.expiresAt())
        addRow(rows, RowKind::Expires, formatWall(*expires));
    if (request.obligations.reasonRequired)
        addNote(rows, RowKind::ReasonRequired, "The policy demands a reason");
    return rows;
}

// "argv[3]", "files[0]": a technical name, the same as in payloadForm.
std::string placeOf(const Block& block)
{
    const std::string index = '[' + std::to_string(block.index) + ']';
    switch (block.kind) {
    case BlockKind::Argument:
        return "argv" + index;
    case BlockKind::Directory:
        return "workdir";
    case BlockKind::Variable:
        return "environment" + index;
    case BlockKind::Input:
        return "stdin";
    case BlockKind::File:
        return "files" + index + ' ' + plain(block.name);
    case BlockKind::Timeout:
        return "timeout";
    case BlockKind::Path:
        return "files" + index + ".path";
    case BlockKind::Mode:
        return "files" + index + ".mode";
    case BlockKind::Expected:
        return "files" + index + ".expected";
    case BlockKind::Content:
        return "files" + index + ".content";
    }
    return {};
}

// Tabs are ordinary in source text; every other control is worth a sentence.
bool isAlarming(const Span& span)
{
    if (span.kind == SpanKind::Text)
        return false;
    if (span.kind != SpanKind::Control)
        return true;
    const auto bytes = unescape({span});
    return !bytes || bytes->find_first_not_of('\t') != std::string::npos;
}

void warnAbout(const Block& block, std::vector<Message>& warnings)
{
    std::map<SpanKind, std::uint64_t> counts;
    for (const Spans& line : block.lines)
        for (const Span& span : line)
            counts[span.kind] += isAlarming(span);
    static constexpr std::pair<SpanKind, const char*> sentences[] = {
        {SpanKind::Bidi, "%1 holds characters that turn the direction of text; they are part of the bytes that would run"},
        {SpanKind::Invisible, "%1 holds invisible characters; they are part of the bytes that would run"},
        {SpanKind::Control, "%1 holds control characters; they are part of the bytes that would run"},
        {SpanKind::Homoglyph, "%1 holds characters that look like others; they are marked"},
        {SpanKind::Invalid, "%1 holds bytes that are not text"},
    };
    for (const auto& [kind, sentence] : sentences)
        if (counts[kind] > 0)
            warnings.emplace_back(sentence, std::vector<std::string>{placeOf(block)});
}

bool sameBytes(const FileEdit& edit, const FileCommit& file)
{
    if (edit.after != file.bytes)
        return false;
    if (!edit.before || file.kind != execution::FileKind::Regular)
        return true;
    return file.expectedSha256 && sha256Hex(*edit.before) == *file.expectedSha256;
}

// The diff is of the very bytes of the payload, or it is not shown at all.
Result<void> checkEdits(const CommitEffect& commit, const std::vector<FileEdit>& edits)
{
    for (const FileEdit& edit : edits) {
        const auto file = std::ranges::find(commit.files, edit.path, &FileCommit::path);
        if (file == commit.files.end() || !sameBytes(edit, *file))
            return fail(ErrorCode::Internal, toValidUtf8(edit.path),
                        "The change that would be shown is not of the bytes that would be written");
    }
    return {};
}

EditView editView(const std::string& path, const std::optional<std::string>& before, const std::optional<std::string>& after,
                  std::uint32_t modeBefore, std::uint32_t modeAfter)
{
    EditView view;
    view.path = escape(path);
    if (before)
        view.before = blockOf(BlockKind::Content, 0, *before);
    if (after)
        view.after = blockOf(BlockKind::Content, 0, *after);
    view.modeBefore = modeBefore;
    view.modeAfter = modeAfter;
    return view;
}

// Files without an edit are shown as written anew: nothing that is committed lacks its place.
Result<std::vector<EditView>> makeEdits(const execution::PreparedCall& prepared)
{
    std::vector<EditView> result;
    const auto* commit = std::get_if<CommitEffect>(&prepared.effect);
    if (commit == nullptr)
        return result;
    GH_TRY(checkEdits(*commit, prepared.edits));
    for (const FileEdit& edit : prepared.edits)
        result.push_back(editView(edit.path, edit.before, edit.after, edit.modeBefore, edit.modeAfter));
    for (const FileCommit& file : commit->files)
        if (std::ranges::find(prepared.edits, file.path, &FileEdit::path) == prepared.edits.end())
            result.push_back(editView(file.path, std::nullopt, file.bytes, 0, file.bytes ? file.mode : 0));
    return result;
}

Message titleOf(const execution::PreparedCall& prepared)
{
    const std::string tool = plain(prepared.call.name);
    const auto* commit = std::get_if<CommitEffect>(&prepared.effect);
    if (commit == nullptr)
        return Message("%1: run a command", {tool});
    if (commit->files.size() == 1)
        return Message("%1: change %2", {tool, plain(commit->files[0].path)});
    return Message("%1: change %2 files", {tool, std::to_string(commit->files.size())});
}

} // namespace

std::string Presentation::shortBinding() const
{
    if (binding.size() < 16)
        return binding;
    std::string text = binding.substr(0, 8);
    text += " … ";
    return text.append(binding, binding.size() - 8);
}

Result<Presentation> present(const Action& action, const execution::PreparedCall& prepared, const policy::Decision& decision,
                             const Request& request, const PresentationContext& context)
{
    Presentation result;
    GH_ASSIGN(result.binding, bindingDigest(action));
    GH_ASSIGN(result.payloadDigest, payloadDigest(prepared));
    if (action.payloadDigest != result.payloadDigest || request.binding != result.binding)
        return fail(ErrorCode::Internal, request.id.text(), "What would be shown is not what was asked for");
    result.title = titleOf(prepared);
    result.rows = makeRows(action, prepared, decision, request, context);
    if (asksByItself(decision))
        result.warnings.push_back(decision.why);
    result.payload = blocksOf(prepared.effect);
    GH_ASSIGN(result.edits, makeEdits(prepared));
    for (const Block& block : result.payload) {
        result.payloadSize += block.size;
        warnAbout(block, result.warnings);
    }
    for (const std::string& warning : prepared.warnings)
        result.warnings.emplace_back("%1", std::vector<std::string>{plain(warning)});
    if (const auto why = cannotBeApproved(request, Trust::Solo))
        result.warnings.push_back(*why);
    if (!payloadCovers(result, prepared))
        return fail(ErrorCode::InvalidInput, request.id.text(), "What would run can't be shown completely, so it can't be asked for",
                    "Names of variables must be text without an equals sign");
    return result;
}

bool payloadCovers(const Presentation& presentation, const execution::PreparedCall& prepared)
{
    execution::PreparedCall shown;
    auto effect = effectOf(presentation.payload);
    if (!effect)
        return false;
    shown.effect = *std::move(effect);
    return !changedField(shown, prepared);
}

Result<std::string> presentationDigest(const Presentation& presentation)
{
    GH_ASSIGN(const std::string canonical, canonicalJson(toJson(presentation)));
    return sha256Hex(canonical);
}

} // namespace gatehouse::approval
