#include "core/approval/action.h"

#include "core/approval/payload.h"
#include "core/base/canonicaljson.h"
#include "core/base/utf8.h"
#include "core/foundation/hex.h"
#include "core/foundation/sha256.h"

#include <nlohmann/json.hpp>

#include <set>
#include <span>

namespace gatehouse::approval {

namespace {

using nlohmann::json;

constexpr const char* schemaName = "gatehouse:action/1";

struct OptionalField {
    const char* name;
    OptionalText Action::* member;
};
constexpr OptionalField optionalFields[] = {
    {"op", &Action::op},
    {"agent", &Action::agent},
    {"subject", &Action::subject},
    {"call", &Action::call},
    {"args", &Action::args},
    {"payloadDigest", &Action::payloadDigest},
    {"patchSha256", &Action::patchSha256},
    {"baseTree", &Action::baseTree},
    {"resultTree", &Action::resultTree},
    {"cwd", &Action::cwd},
    {"envDigest", &Action::envDigest},
    {"profileDigest", &Action::profileDigest},
    {"imageDigest", &Action::imageDigest},
    {"policyDigest", &Action::policyDigest},
    {"templateDigest", &Action::templateDigest},
    {"quorumDigest", &Action::quorumDigest},
    {"window", &Action::window},
};

struct TargetField {
    const char* name;
    OptionalText Target::* member;
};
constexpr TargetField targetFields[] = {
    {"tool", &Target::tool},
    {"toolSchemaDigest", &Target::toolSchemaDigest},
    {"resource", &Target::resource},
};

json optionalJson(const OptionalText& text)
{
    return text ? json(*text) : json(nullptr);
}

// Bytes have one form each: text as text, anything else as an object, so that no text can pass for other bytes.
json bytesForm(const std::string& bytes)
{
    if (isValidUtf8(bytes))
        return bytes;
    return {{"hex", toHex(std::span(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()))}};
}

json contentForm(const std::string& bytes)
{
    return {{"sha256", sha256Hex(bytes)}, {"size", bytes.size()}};
}

json environmentForm(const execution::Environment& environment)
{
    json result = json::array();
    for (const auto& [name, value] : environment)
        result.push_back({bytesForm(name), bytesForm(value)});
    return result;
}

json commandForm(const execution::ExecRequest& request)
{
    json argv = json::array(), files = json::array();
    for (const std::string& argument : request.argv)
        argv.push_back(bytesForm(argument));
    for (const execution::InputFile& file : request.files) {
        json form = contentForm(file.bytes);
        form["variable"] = bytesForm(file.variable);
        files.push_back(std::move(form));
    }
    return {{"kind", "command"},
            {"argv", std::move(argv)},
            {"workdir", bytesForm(request.workdir)},
            {"environment", environmentForm(request.environment)},
            {"stdin", contentForm(request.standardInput)},
            {"files", std::move(files)},
            {"timeoutMs", request.timeout ? json(request.timeout->count()) : json(nullptr)}};
}

json commitForm(const execution::CommitEffect& commit)
{
    json files = json::array();
    for (const execution::FileCommit& file : commit.files)
        files.push_back({{"path", bytesForm(file.path)},
                         {"kind", fileKindName(file.kind)},
                         {"mode", modeText(file.mode)},
                         {"expected", optionalJson(file.expectedSha256)},
                         {"content", file.bytes ? contentForm(*file.bytes) : json(nullptr)}});
    return {{"kind", "commit"}, {"files", std::move(files)}};
}

Result<std::string> digestOf(const json& form)
{
    GH_ASSIGN(const std::string canonical, canonicalJson(form));
    return sha256Hex(canonical);
}

// The path of the first difference, in the order of the canonical form.
std::optional<std::string> firstDifference(const json& a, const json& b, const std::string& path)
{
    if (a.is_object() && b.is_object()) {
        std::set<std::string> keys;
        for (const json* object : {&a, &b})
            for (auto member = object->begin(); member != object->end(); ++member)
                keys.insert(member.key());
        for (const std::string& key : keys) {
            std::string name = path.empty() ? key : path + '.' + key;
            if (!a.contains(key) || !b.contains(key))
                return name;
            if (const auto found = firstDifference(a[key], b[key], name))
                return found;
        }
        return std::nullopt;
    }
    if (a.is_array() && b.is_array()) {
        for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
            std::string name = path + '[' + std::to_string(i) + ']';
            if (i >= a.size() || i >= b.size())
                return name;
            if (const auto found = firstDifference(a[i], b[i], name))
                return found;
        }
        return std::nullopt;
    }
    return a == b ? std::nullopt : std::optional(path);
}

bool readOptional(const json& object, const char* name, OptionalText& out)
{
    const auto found = object.find(name);
    if (found == object.end() || !(found->is_null() || found->is_string()))
        return false;
    if (found->is_string())
        out = found->get<std::string>();
    return true;
}

bool readText(const json& object, const char* name, std::string& out)
{
    OptionalText text;
    if (!readOptional(object, name, text) || !text)
        return false;
    out = *text;
    return true;
}

} // namespace

Result<Action> makeAction(const ActionContext& context, const execution::PreparedCall& prepared)
{
    Action action;
    action.run = context.run;
    action.executionClass = context.executionClass;
    action.agent = context.agent;
    action.subject = context.subject;
    action.target = {prepared.call.name, context.toolSchemaDigest, std::nullopt};
    action.call = prepared.call.id;
    action.args = prepared.call.arguments;
    action.patchSha256 = context.patchSha256;
    action.profileDigest = context.profileDigest;
    action.imageDigest = context.imageDigest;
    action.policyDigest = context.policyDigest;
    action.templateDigest = context.templateDigest;
    action.quorumDigest = context.quorumDigest;
    action.window = context.window;
    action.nonce = context.nonce;
    GH_ASSIGN(action.payloadDigest, payloadDigest(prepared));
    const auto* command = std::get_if<execution::CommandEffect>(&prepared.effect);
    action.op = command != nullptr ? "command" : "commit";
    if (command != nullptr) {
        action.cwd = toValidUtf8(command->request.workdir);
        GH_ASSIGN(action.envDigest, digestOf(environmentForm(command->request.environment)));
    }
    return action;
}

json toJson(const Action& action)
{
    json target = json::object();
    for (const TargetField& field : targetFields)
        target[field.name] = optionalJson(action.target.*field.member);
    json result = {{"schema", schemaName},
                   {"run", action.run},
                   {"class", action.executionClass},
                   {"target", std::move(target)},
                   {"nonce", action.nonce}};
    for (const OptionalField& field : optionalFields)
        result[field.name] = optionalJson(action.*field.member);
    return result;
}

Result<Action> actionFromJson(const json& value)
{
    Action action;
    std::string schema;
    bool good = value.is_object() && value.size() == std::size(optionalFields) + 5 && readText(value, "schema", schema) &&
        schema == schemaName && readText(value, "run", action.run) && readText(value, "class", action.executionClass) &&
        readText(value, "nonce", action.nonce) && value.contains("target") && value["target"].is_object() &&
        value["target"].size() == std::size(targetFields);
    for (const OptionalField& field : optionalFields)
        good = good && readOptional(value, field.name, action.*field.member);
    for (const TargetField& field : targetFields)
        good = good && readOptional(value["target"], field.name, action.target.*field.member);
    if (!good)
        return fail(ErrorCode::Corrupt, "action", Message("It is not an action of %1", {schemaName}));
    return action;
}

Result<std::string> canonicalAction(const Action& action)
{
    return canonicalJson(toJson(action));
}

Result<std::string> bindingDigest(const Action& action)
{
    GH_ASSIGN(const std::string canonical, canonicalAction(action));
    return sha256Hex(canonical);
}

json payloadForm(const execution::PreparedCall& prepared)
{
    if (const auto* command = std::get_if<execution::CommandEffect>(&prepared.effect))
        return commandForm(command->request);
    return commitForm(std::get<execution::CommitEffect>(prepared.effect));
}

Result<std::string> payloadDigest(const execution::PreparedCall& prepared)
{
    return digestOf(payloadForm(prepared));
}

std::optional<std::string> changedField(const Action& before, const Action& after)
{
    return firstDifference(toJson(before), toJson(after), {});
}

std::optional<std::string> changedField(const execution::PreparedCall& before, const execution::PreparedCall& after)
{
    return firstDifference(payloadForm(before), payloadForm(after), {});
}

} // namespace gatehouse::approval
