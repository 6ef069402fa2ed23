// What a person asks the engine for. Values; any thread.
#pragma once

#include "core/workflow/executionclass.h"

#include <optional>
#include <string>

namespace gatehouse::engine {

struct RunRequest {
    std::string project;                                    // its folder
    std::string workflow;                                   // path of the document
    std::optional<std::string> task;                        // absent: the workflow's
    std::optional<workflow::ExecutionClass> executionClass; // absent: the workflow's
    std::optional<std::string> model;                       // absent: each agent's
    std::optional<double> tokensPerSecond;                  // of a scripted model; absent: the script's
    std::string name;                                       // absent: the workflow's
    std::string requester;                                  // the person who starts it
    std::string build;                                      // of this program, for the record
};

// What happens when policy asks.
enum class ApprovalMode {
    Wait,  // for a vote, from wherever it comes
    Pause, // the run pauses, to be resumed
    Deny,  // nobody is there: the answer is no
};

} // namespace gatehouse::engine
