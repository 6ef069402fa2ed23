// A model that follows a script: offline, repeatable, and honest, because it checks what its tools really answered.
//
// It keeps no state of a run: the turn it plays follows from the items of the request, so a run resumed by another
// process goes on where it was. Tool results are matched as the model would see them.
#pragma once

#include "core/model/modelclient.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gatehouse::model {

struct ScriptedExpectation {
    std::string call;    // id of an earlier call
    std::string matches; // RE2, searched for anywhere in the result's text
};

struct ScriptedTurn {
    std::optional<std::string> task; // RE2; on the first turn only: this script is for tasks that it matches
    std::vector<ScriptedExpectation> expect;
    std::string text; // "say" or "final"
    std::vector<ToolCall> calls;
    Usage usage;
    std::string where; // file:line:column, for errors
};

struct ScriptedOptions {
    // Scripts of each agent, tried in order: the first whose task matches, or which names none.
    std::map<std::string, std::vector<std::vector<ScriptedTurn>>> agents;
    double tokensPerSecond = 0; // a token is a word here; 0: all at once
    std::string name;           // of the script, for errors
};

class ScriptedClient final : public ModelClient {
public:
    explicit ScriptedClient(ScriptedOptions options);
    ~ScriptedClient() override;
    [[nodiscard]] std::unique_ptr<ModelExchange> start(const Request& request) override;
    // What start() will answer, at once: for tests and for showing a script's course.
    [[nodiscard]] Result<Response> answer(const Request& request) const;

private:
    ScriptedOptions m_options;
};

} // namespace gatehouse::model
