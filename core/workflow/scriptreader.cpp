#include "core/workflow/documentfile.h"
#include "core/workflow/node.h"
#include "core/workflow/script.h"

#include <re2/re2.h>

#include <set>

namespace gatehouse::workflow {

namespace {

// As the scripted model compiles it: bad expressions are found here, with their place.
std::string readExpression(const Node& node)
{
    std::string out = node.text();
    const RE2 expression(out, RE2::Quiet);
    if (node.isString() && !expression.ok())
        node.error(Message("This is no regular expression (RE2): %1", {expression.error()}), "regular-expression");
    return out;
}

ScriptUsage readUsage(const Node& node, ScriptUsage fallback)
{
    return {node.at("input").integer().value_or(fallback.input), node.at("output").integer().value_or(fallback.output)};
}

// One agent's turns; ids count within each of its scripts.
class AgentScriptReader {
public:
    explicit AgentScriptReader(ScriptUsage usage) : m_usage(usage) { }

    std::vector<AgentScript> read(const Node& node)
    {
        for (const Node& item : node.items()) {
            if (item.isArray())
                readList(item);
            else if (item.isObject())
                readFlat(item);
        }
        checkEnd();
        return std::move(m_scripts);
    }

private:
    void begin(const Node& node)
    {
        checkEnd();
        m_calls.clear();
        m_scripts.push_back({readExpression(node.at("task")), {}, node.where()});
    }

    void readList(const Node& list)
    {
        bool first = true;
        for (const Node& turn : list.items()) {
            if (first)
                begin(turn);
            else if (turn.at("task"))
                turn.at("task").keyError("Only a script's first turn has a task", "script-task");
            first = false;
            addTurn(turn);
        }
        m_inList = true;
    }

    void readFlat(const Node& turn)
    {
        if (m_scripts.empty() || m_inList || turn.at("task"))
            begin(turn);
        m_inList = false;
        addTurn(turn);
    }

    void addTurn(const Node& node)
    {
        AgentScript& script = m_scripts.back();
        if (!script.turns.empty() && script.turns.back().final)
            node.error("The script ended with the final answer of the turn before", "script-turn");
        ScriptTurn turn;
        turn.where = node.where();
        turn.say = node.at("say").text();
        turn.final = node.at("final").optionalText();
        turn.usage = readUsage(node.at("usage"), m_usage);
        for (const Node& expectation : node.at("expect").items())
            turn.expect.push_back(readExpectation(expectation));
        for (const Node& call : node.at("calls").items())
            turn.calls.push_back(readCall(call));
        if (node.isObject() && node.at("calls").isNull() == node.at("final").isNull())
            node.error("A turn either calls tools or gives the final answer", "script-turn");
        script.turns.push_back(std::move(turn));
        m_last = node;
    }

    ScriptExpectation readExpectation(const Node& node)
    {
        ScriptExpectation out{node.at("call").text(), readExpression(node.at("matches")), node.where()};
        if (node.at("call").isString() && !m_calls.contains(out.call))
            node.at("call").error(Message("No earlier call of this script has the id \"%1\"", {out.call}), "script-call");
        return out;
    }

    ScriptCall readCall(const Node& node)
    {
        ScriptCall out{node.at("id").text(), node.at("tool").text(), {}, node.where()};
        const Node arguments = node.at("arguments");
        if (arguments.isObject())
            out.arguments = arguments.value().dump();
        else if (arguments.isString())
            out.arguments = out.tool == "apply_patch" ? nlohmann::json{{"patch", arguments.text()}}.dump() : arguments.text();
        if (node.at("id").isString() && !m_calls.insert(out.id).second)
            node.at("id").error(Message("An earlier call of this script has the id \"%1\"", {out.id}), "script-call");
        return out;
    }

    void checkEnd() const
    {
        if (!m_scripts.empty() && !m_scripts.back().turns.empty() && !m_scripts.back().turns.back().final && m_last)
            m_last->warning("The script ends without a final answer: a run that comes here fails", "script-turn");
    }

    ScriptUsage m_usage;
    std::vector<AgentScript> m_scripts;
    std::set<std::string> m_calls;
    std::optional<Node> m_last;
    bool m_inList = false;
};

Script readScript(const Node& root, const DocumentFile& file)
{
    Script out;
    out.source = file.source;
    out.usage = readUsage(root.at("usage"), {});
    out.tokensPerSecond = root.at("tokensPerSecond").number().value_or(0);
    for (const auto& [name, node] : root.at("agents").members())
        out.agents.emplace(name, AgentScriptReader(out.usage).read(node));
    return out;
}

} // namespace

Loaded<Script> loadScript(const std::string& path)
{
    DocumentFile file = openDocument(path, "script");
    if (!file.document)
        return {std::nullopt, std::move(file.problems)};
    Script script = readScript(Node(*file.document, file.problems), file);
    return finished(std::move(script), std::move(file.problems));
}

} // namespace gatehouse::workflow
