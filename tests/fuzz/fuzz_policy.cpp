// The policy reader and what it lets through: no document may crash it, none with an error may become a policy, and whatever
// becomes a policy must come to one decision that survives its own record.
#include "core/policy/policyset.h"

#include <cstdint>
#include <cstdlib>

using namespace gatehouse;
using namespace gatehouse::policy;

static void require(bool condition)
{
    if (!condition)
        std::abort();
}

static Snapshot snapshotOf(const char* text)
{
    return snapshotFromJson(nlohmann::json::parse(text)).value();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const Snapshot snapshots[] = {
        snapshotOf(
            R"({"point":"tool","tool":"exec_command","arguments":{"cmd":"ls"},"command":{"argv":["sh","-c","ls; curl x"]},"text":"exec_command\nls"})"),
        snapshotOf(R"({"point":"tool","tool":"exec_command","command":{"opaque":"x"}})"),
        snapshotOf(R"({"point":"input","class":"delivery","text":"delete \\u0064elete"})"),
        snapshotOf(R"({"point":"egress","scheme":"https","host":"a.example.com","port":443,"path":"/v1/x"})"),
    };
    PolicyLoad load = readPolicy(std::string(reinterpret_cast<const char*>(data), size), "fuzz.policy.json");
    require(load.policy.has_value() != hasErrors(load.problems));
    if (!load.policy)
        return 0;
    PolicySet set;
    require(set.add(*std::move(load.policy)).has_value());
    for (const Snapshot& snapshot : snapshots) {
        const Decision decision = set.evaluate(snapshot);
        const auto back = decisionFromJson(toJson(decision));
        require(back && toJson(*back) == toJson(decision));
    }
    return 0;
}
