#include "core/workflow/script.h"

#include <re2/re2.h>

namespace gatehouse::workflow {

const AgentScript* scriptFor(const Script& script, const std::string& agent, const std::string& task)
{
    const auto scripts = script.agents.find(agent);
    if (scripts == script.agents.end())
        return nullptr;
    for (const AgentScript& each : scripts->second) {
        if (each.task.empty() || RE2::PartialMatch(task, RE2(each.task, RE2::Quiet)))
            return &each;
    }
    return nullptr;
}

} // namespace gatehouse::workflow
