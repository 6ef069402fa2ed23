// Policies and snapshots for tests, in few words.
#pragma once

#include "core/policy/policyset.h"

#include <QTest>

#include <string>

namespace gatehouse::test {

inline const policy::Subject subject{"delivery", "credit-note", "planner", "ann"};

// A whole policy around rules; aborts when it is not valid.
inline policy::Policy makePolicy(const std::string& rules, const std::string& layer = "project", const std::string& id = "p",
                                 const std::string& more = "")
{
    policy::PolicyLoad load = policy::readPolicy(R"({"schema":"gatehouse:policy/1","id":")" + id + R"(","layer":")" + layer +
                                                     R"(","rules":[)" + rules + "]" + more + "}",
                                                 "test.policy.json");
    if (!load.policy)
        qFatal("%s in %s", load.problems.at(0).line().c_str(), rules.c_str());
    return *std::move(load.policy);
}

inline policy::PolicySet makeSet(const std::string& rules)
{
    policy::PolicySet set;
    if (!set.add(makePolicy(rules)))
        qFatal("not added");
    return set;
}

inline std::string rule(const std::string& id, const std::string& effect, const std::string& when, const std::string& more = "")
{
    return R"({"id":")" + id + R"(","effect":")" + effect + R"(","points":["tool"],"when":)" + when + more + "}";
}

inline policy::Snapshot toolCall(const std::string& tool, const std::string& arguments = "{}")
{
    policy::ToolFacts facts;
    facts.tool = tool;
    facts.arguments = arguments;
    auto snapshot = policy::toolSnapshot(subject, facts);
    if (!snapshot)
        qFatal("%s", snapshot.error().toString().c_str());
    return *std::move(snapshot);
}

inline policy::Snapshot shellCall(const std::string& command)
{
    policy::ToolFacts facts;
    facts.tool = "exec_command";
    facts.arguments = nlohmann::json{{"cmd", command}}.dump();
    facts.argv = std::vector<std::string>{"/bin/sh", "-c", command};
    auto snapshot = policy::toolSnapshot(subject, facts);
    if (!snapshot)
        qFatal("%s", snapshot.error().toString().c_str());
    return *std::move(snapshot);
}

} // namespace gatehouse::test
