#include "core/model/scriptedclient.h"

#include "core/model/excerpt.h"

#include <re2/re2.h>

#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace gatehouse::model {
namespace {

using Script = std::vector<ScriptedTurn>;

constexpr std::size_t shownBytes = 2000; // of a tool result in an error

bool isModelItem(const Item& item)
{
    return std::holds_alternative<AssistantMessage>(item) || std::holds_alternative<ToolCallItem>(item);
}

// How many turns the model has had: each is one unbroken row of its own items.
std::size_t turnsTaken(const std::vector<Item>& items)
{
    std::size_t turns = 0;
    for (std::size_t i = 0; i < items.size(); ++i)
        turns += isModelItem(items[i]) && (i == 0 || !isModelItem(items[i - 1])) ? 1 : 0;
    return turns;
}

std::string taskOf(const std::vector<Item>& items)
{
    for (const Item& item : items) {
        if (const auto* message = std::get_if<UserMessage>(&item))
            return message->text;
    }
    return {};
}

const std::string* resultOf(const std::string& call, const std::vector<Item>& items)
{
    for (auto item = items.rbegin(); item != items.rend(); ++item) {
        if (const auto* result = std::get_if<ToolResultItem>(&*item); result != nullptr && result->callId == call)
            return &result->text;
    }
    return nullptr;
}

Result<bool> matches(const std::string& pattern, const std::string& text, const std::string& where)
{
    RE2::Options options;
    options.set_log_errors(false);
    const RE2 expression(pattern, options);
    if (!expression.ok())
        return fail(ErrorCode::InvalidInput, where, Message("%1 is not a regular expression: %2", {pattern, expression.error()}));
    return RE2::PartialMatch(text, expression);
}

Result<void> checkExpectation(const ScriptedExpectation& expected, const ScriptedTurn& turn, const std::vector<Item>& items)
{
    const std::string* text = resultOf(expected.call, items);
    if (text == nullptr)
        return fail(ErrorCode::Model, turn.where,
                    Message("The script expects a result of call %1 that matches “%2”, but that call has no result",
                            {expected.call, expected.matches}));
    GH_ASSIGN(const bool matched, matches(expected.matches, *text, turn.where));
    if (matched)
        return {};
    return fail(ErrorCode::Model, turn.where,
                Message("The script expects the result of call %1 to match “%2”, but it is: %3",
                        {expected.call, expected.matches, excerpt(*text, shownBytes)}),
                "What the tools did differs from what the script was written for: look at that call's output");
}

Result<const Script*> chooseScript(const std::vector<Script>& scripts, const Request& request, const std::string& name)
{
    const std::string task = taskOf(request.items);
    for (const Script& script : scripts) {
        if (script.empty() || !script.front().task)
            return &script;
        GH_ASSIGN(const bool matched, matches(*script.front().task, task, script.front().where));
        if (matched)
            return &script;
    }
    return fail(ErrorCode::Model, name, Message("No script of agent %1 is for this task: %2", {request.agent, excerpt(task, 200)}),
                "Change the task, add a script for it, or choose a real model");
}

// Words with the white space after them: what a reader sees arrive.
std::vector<std::string> wordsOf(const std::string& text)
{
    std::vector<std::string> words(1);
    bool inSpace = false;
    for (const char c : text) {
        const bool space = c == ' ' || c == '\n';
        if (inSpace && !space)
            words.emplace_back();
        words.back() += c;
        inSpace = space;
    }
    return words;
}

class ScriptedExchange final : public ModelExchange {
    Q_DISABLE_COPY_MOVE(ScriptedExchange)

public:
    ScriptedExchange(Result<Response> answer, double tokensPerSecond) : m_answer(std::move(answer)), m_pace(tokensPerSecond)
    {
        if (m_answer)
            m_words = m_pace > 0 ? wordsOf(m_answer->text) : std::vector<std::string>{m_answer->text};
        connect(&m_timer, &QTimer::timeout, this, &ScriptedExchange::play);
        m_clock.start();
        m_timer.start(m_pace > 0 ? std::clamp(static_cast<int>(1000 / m_pace), 1, 1000) : 0);
    }

private:
    void release() override { m_timer.stop(); }

    void play()
    {
        const double due = m_pace > 0 ? std::floor(static_cast<double>(m_clock.elapsed()) * m_pace / 1000) : HUGE_VAL;
        std::string piece;
        while (m_next < m_words.size() && static_cast<double>(m_next) < due)
            piece += m_words[m_next++];
        if (m_next == m_words.size())
            finish(piece);
        else
            giveText(piece); // the receiver may destroy this object: nothing after it
    }

    void finish(const std::string& lastPiece)
    {
        m_timer.stop();
        const QPointer<ScriptedExchange> alive(this);
        giveText(lastPiece);
        if (!alive)
            return;
        if (m_answer)
            end(*m_answer);
        else
            endWith(m_answer.error());
    }

    Result<Response> m_answer;
    double m_pace;
    std::vector<std::string> m_words;
    std::size_t m_next = 0;
    QElapsedTimer m_clock;
    QTimer m_timer;
};

} // namespace

ScriptedClient::ScriptedClient(ScriptedOptions options) : m_options(std::move(options)) { }
ScriptedClient::~ScriptedClient() = default;

std::unique_ptr<ModelExchange> ScriptedClient::start(const Request& request)
{
    return std::make_unique<ScriptedExchange>(answer(request), m_options.tokensPerSecond);
}

Result<Response> ScriptedClient::answer(const Request& request) const
{
    const auto scripts = m_options.agents.find(request.agent);
    if (scripts == m_options.agents.end())
        return fail(ErrorCode::Model, m_options.name, Message("The script has no turns for agent %1", {request.agent}));
    GH_ASSIGN(const Script* script, chooseScript(scripts->second, request, m_options.name));
    const std::size_t turn = turnsTaken(request.items);
    if (turn >= script->size())
        return fail(ErrorCode::Model, m_options.name,
                    Message("The script of agent %1 ends after %2 turns, but the model was called once more",
                            {request.agent, std::to_string(script->size())}));
    const ScriptedTurn& played = (*script)[turn];
    for (const ScriptedExpectation& expected : played.expect)
        GH_TRY(checkExpectation(expected, played, request.items));
    return Response{played.text, played.calls, played.usage, played.calls.empty() ? "stop" : "tool_calls", "scripted"};
}

} // namespace gatehouse::model
