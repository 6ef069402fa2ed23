#include "sandbox/worker/commandline.h"

#include <algorithm>

#include "sandbox/isolation/view.h"

namespace gatehouse::worker {

// argv[0] without a slash is looked up on the environment's PATH.
static std::vector<std::string> candidatesFor(const protocol::Exec& exec)
{
    const std::string& name = exec.argv[0];
    if (name.find('/') != std::string::npos)
        return {name};
    std::vector<std::string> candidates;
    for (const std::string& variable : exec.environment) {
        if (!variable.starts_with("PATH="))
            continue;
        std::size_t from = 5;
        while (from <= variable.size()) {
            const std::size_t colon = std::min(variable.find(':', from), variable.size());
            if (colon > from && !name.empty())
                candidates.push_back(variable.substr(from, colon - from) + '/' + name);
            from = colon + 1;
        }
    }
    return candidates;
}

static std::vector<char*> pointersTo(const std::vector<std::string>& strings)
{
    std::vector<char*> pointers;
    for (const std::string& text : strings)
        pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

CommandLine::CommandLine(const CallRequest& request, void (*inPlace)())
    : m_request(request), m_inPlace(inPlace), m_environment(request.exec.environment)
{
    for (std::size_t i = 0; i < request.exec.files.size(); ++i)
        m_environment.push_back(request.exec.files[i].first + '=' + isolation::inputFolder + '/' + std::to_string(i + 1));
}

SessionPlan CommandLine::plan(const WorkerState& state) const
{
    SessionPlan plan;
    plan.state = &state;
    plan.inPlace = m_inPlace;
    if (m_inPlace == nullptr)
        plan.candidates = candidatesFor(m_request.exec);
    plan.argv = pointersTo(m_request.exec.argv);
    plan.environment = pointersTo(m_environment);
    plan.workdir = m_request.exec.workdir;
    plan.files.assign(m_request.parts.begin() + 1, m_request.parts.end());
    return plan;
}

} // namespace gatehouse::worker
