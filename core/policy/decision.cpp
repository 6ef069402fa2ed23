#include "core/policy/decision.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace gatehouse::policy {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 4> causeNames = {"rule", "policy.layer", "policy.default", "policy.error"};

json toJson(const Match& match)
{
    json result = {{"policy", match.policy},
                   {"rule", match.rule},
                   {"layer", layerName(match.layer)},
                   {"effect", effectName(match.effect)},
                   {"reason", match.reason},
                   {"file", match.file},
                   {"line", match.line},
                   {"clauses", match.clauses}};
    if (match.unknown)
        result["unknown"] = true;
    return result;
}

json toJson(const NearMiss& miss)
{
    json failing = json::array();
    for (const FailedClause& clause : miss.failing) {
        json entry = {{"pointer", clause.pointer}, {"test", clause.test}};
        if (clause.unknown)
            entry["unknown"] = true;
        failing.push_back(std::move(entry));
    }
    return {{"policy", miss.policy}, {"rule", miss.rule}, {"layer", layerName(miss.layer)},
            {"file", miss.file},     {"line", miss.line}, {"failing", std::move(failing)}};
}

template <typename T> T require(std::optional<T> value, const char* what)
{
    if (!value)
        throw json::other_error::create(600, what, nullptr);
    return *value;
}

Match matchFromJson(const json& value)
{
    Match result;
    result.policy = value.at("policy").get<std::string>();
    result.rule = value.at("rule").get<std::string>();
    result.layer = require(layerFromName(value.at("layer").get<std::string>()), "no such layer");
    result.effect = require(effectFromName(value.at("effect").get<std::string>()), "no such effect");
    result.reason = value.at("reason").get<std::string>();
    result.file = value.at("file").get<std::string>();
    result.line = value.at("line").get<unsigned>();
    result.clauses = value.at("clauses").get<std::vector<std::string>>();
    result.unknown = value.value("unknown", false);
    return result;
}

NearMiss nearMissFromJson(const json& value)
{
    NearMiss result;
    result.policy = value.at("policy").get<std::string>();
    result.rule = value.at("rule").get<std::string>();
    result.layer = require(layerFromName(value.at("layer").get<std::string>()), "no such layer");
    result.file = value.at("file").get<std::string>();
    result.line = value.at("line").get<unsigned>();
    for (const json& clause : value.at("failing"))
        result.failing.push_back(
            {clause.at("pointer").get<std::string>(), clause.at("test").get<std::string>(), clause.value("unknown", false)});
    return result;
}

Cause causeFromName(const std::string& name)
{
    const auto found = std::ranges::find(causeNames, name);
    return static_cast<Cause>(
        require(found == causeNames.end() ? std::nullopt : std::optional(found - causeNames.begin()), "no such cause"));
}

// The sentence comes back as text of a record: it is an argument, never a sentence of ours.
Decision decisionFrom(const json& data)
{
    Decision result;
    result.point = require(pointFromName(data.at("point").get<std::string>()), "no such point");
    result.effect = require(effectFromName(data.at("effect").get<std::string>()), "no such effect");
    result.cause = causeFromName(data.at("cause").get<std::string>());
    result.why = Message("%1", {data.at("why").get<std::string>()});
    for (const json& match : data.at("matched"))
        result.matched.push_back(matchFromJson(match));
    for (const json& miss : data.at("nearMisses"))
        result.nearMisses.push_back(nearMissFromJson(miss));
    auto obligations = obligationsFromJson(data.at("obligations"));
    result.obligations = require(obligations ? std::optional(*std::move(obligations)) : std::nullopt, "obligations");
    result.inputDigest = data.at("inputDigest").get<std::string>();
    result.policyDigest = data.at("policyDigest").get<std::string>();
    return result;
}

} // namespace

std::string_view causeName(Cause cause)
{
    return causeNames[static_cast<std::size_t>(cause)];
}

const Match* Decision::decisive() const
{
    const bool decided = cause == Cause::Rule && !matched.empty() && matched.front().effect == effect;
    return decided ? &matched.front() : nullptr;
}

json toJson(const Decision& decision)
{
    json matched = json::array(), nearMisses = json::array();
    for (const Match& match : decision.matched)
        matched.push_back(toJson(match));
    for (const NearMiss& miss : decision.nearMisses)
        nearMisses.push_back(toJson(miss));
    return {{"point", pointName(decision.point)},
            {"effect", effectName(decision.effect)},
            {"cause", causeName(decision.cause)},
            {"why", decision.why.format()},
            {"matched", std::move(matched)},
            {"nearMisses", std::move(nearMisses)},
            {"obligations", toJson(decision.obligations)},
            {"inputDigest", decision.inputDigest},
            {"policyDigest", decision.policyDigest}};
}

Result<Decision> decisionFromJson(const json& data)
{
    try {
        return decisionFrom(data);
    } catch (const json::exception& error) {
        return fail(ErrorCode::Corrupt, "policy.decided", Message("It is not a decision: %1", {error.what()}));
    }
}

} // namespace gatehouse::policy
