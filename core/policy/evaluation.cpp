#include "core/policy/evaluation.h"

#include "core/policy/text.h"

#include <algorithm>
#include <charconv>

namespace gatehouse::policy {

namespace {

using nlohmann::json;

void collectStrings(const json& value, std::string& out)
{
    if (value.is_string())
        out += '\n' + value.get_ref<const std::string&>();
    if (!value.is_structured())
        return;
    for (auto member = value.begin(); member != value.end(); ++member) {
        if (value.is_object())
            out += '\n' + member.key();
        collectStrings(*member, out);
    }
}

std::string commandWords(const Command& command)
{
    std::string result;
    for (const SimpleCommand& simple : command.commands) {
        for (const std::string& word : simple.argv)
            result += word + ' ';
        result += '\n';
    }
    return result;
}

// Everything that the text of the snapshot was made from, as far as the snapshot still has it.
std::vector<std::string> textSources(const json& fields, const std::optional<Command>& command)
{
    std::vector<std::string> result = {fields.at("text").get<std::string>()};
    std::string strings = fields.contains("tool") && fields["tool"].is_string() ? fields["tool"].get<std::string>() : std::string();
    if (fields.contains("arguments"))
        collectStrings(fields["arguments"], strings);
    result.push_back(std::move(strings));
    if (fields.contains("raw") && fields["raw"].is_string())
        result.push_back(fields["raw"].get<std::string>());
    if (command)
        result.push_back(commandWords(*command));
    return result;
}

Readings textReadings(const json& fields, const std::optional<Command>& command)
{
    Readings result;
    for (const std::string& source : textSources(fields, command)) {
        Readings one = readings(source);
        result.whole = result.whole && one.whole;
        for (std::string& reading : one.texts)
            if (std::ranges::find(result.texts, reading) == result.texts.end())
                result.texts.push_back(std::move(reading));
    }
    return result;
}

const json* descend(const json& root, std::string_view path)
{
    const json* at = &root;
    while (!path.empty()) {
        const std::size_t dot = path.find('.');
        const std::string segment(path.substr(0, dot));
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
        std::size_t index = 0;
        const auto parsed = std::from_chars(segment.data(), segment.data() + segment.size(), index);
        if (at->is_object() && at->contains(segment))
            at = &(*at)[segment];
        else if (at->is_array() && parsed.ptr == segment.data() + segment.size() && parsed.ec == std::errc() && index < at->size())
            at = &(*at)[index];
        else
            return nullptr;
    }
    return at;
}

void collect(const Outcome& outcome, bool holding, bool inverted, std::vector<const Outcome*>& out)
{
    const Truth effective = inverted ? negated(outcome.truth) : outcome.truth;
    if (holding ? effective == Truth::False : effective == Truth::True)
        return;
    if (outcome.condition->kind == Condition::Kind::Test) {
        out.push_back(&outcome);
        return;
    }
    const bool flips = outcome.condition->kind == Condition::Kind::Not;
    for (const Outcome& child : outcome.children)
        collect(child, holding, inverted != flips, out);
}

} // namespace

std::vector<const Outcome*> holdingTests(const Outcome& outcome)
{
    std::vector<const Outcome*> result;
    collect(outcome, true, false, result);
    return result;
}

std::vector<const Outcome*> failingTests(const Outcome& outcome)
{
    std::vector<const Outcome*> result;
    collect(outcome, false, false, result);
    return result;
}

Evaluation::Evaluation(const Snapshot& snapshot) : m_snapshot(snapshot)
{
    const auto command = snapshot.fields.find("command");
    if (command != snapshot.fields.end())
        m_command = commandFromJson(*command);
    if (snapshot.fields.contains("text") && snapshot.fields["text"].is_string())
        m_readings["text"] = textReadings(snapshot.fields, m_command);
}

std::size_t Evaluation::textSize() const
{
    std::size_t result = 0;
    for (const auto& [field, readings] : m_readings)
        for (const std::string& reading : readings.texts)
            result += reading.size();
    return result;
}

// An allow rule that looks inside the command did not look at what the shell does around it: files opened for writing,
// variables set. Unless it names them, they make the rule uncertain.
bool Evaluation::looksPastSideEffects(const Rule& rule) const
{
    if (!m_command || !rule.when.names("command.argv"))
        return false;
    return (!m_command->redirects.empty() && !rule.when.names("command.redirects")) ||
        (!m_command->environment.empty() && !rule.when.names("command.environment"));
}

Outcome Evaluation::evaluate(const Rule& rule)
{
    const bool allow = rule.effect == Effect::Allow;
    const Reach reach = allow ? Reach::Plain : Reach::Any;
    const bool everyCommand = m_command && m_command->kind != Command::Kind::Opaque && rule.when.names("command.argv");
    m_simple = nullptr;
    if (!everyCommand)
        return outcomeOf(rule.when, reach);
    std::optional<Outcome> result;
    for (const SimpleCommand& simple : m_command->commands) {
        if (allow && simple.wrapper)
            continue;
        m_simple = &simple;
        Outcome one = outcomeOf(rule.when, reach);
        if (!result || (allow ? one.truth < result->truth : one.truth > result->truth))
            result = std::move(one);
    }
    m_simple = nullptr;
    if (!result)
        return outcomeOf(rule.when, reach);
    if (allow && result->truth == Truth::True && looksPastSideEffects(rule))
        result->truth = Truth::Unknown;
    return *std::move(result);
}

Outcome Evaluation::outcomeOf(const Condition& condition, Reach reach)
{
    Outcome result{Truth::True, &condition, {}};
    switch (condition.kind) {
    case Condition::Kind::Test:
        result.truth = test(condition.test, reach);
        return result;
    case Condition::Kind::Not:
        result.children.push_back(outcomeOf(condition.children.at(0), opposite(reach)));
        result.truth = negated(result.children[0].truth);
        return result;
    case Condition::Kind::Any:
        result.truth = Truth::False;
        break;
    case Condition::Kind::All:
        break;
    }
    for (const Condition& child : condition.children) {
        result.children.push_back(outcomeOf(child, reach));
        const Truth one = result.children.back().truth;
        result.truth = condition.kind == Condition::Kind::All ? both(result.truth, one) : either(result.truth, one);
    }
    return result;
}

Truth Evaluation::test(const FieldTest& test, Reach reach)
{
    const FieldValue value = field(test.field);
    Truth result = Truth::True;
    for (const Matcher& matcher : test.matchers)
        result = both(result, matches(matcher, test.field, value, reach));
    return result;
}

Truth Evaluation::matches(const Matcher& matcher, const std::string& name, const FieldValue& value, Reach reach)
{
    if (matcher.operation == Operator::Exists) {
        if (!value.presenceKnown)
            return Truth::Unknown;
        return value.present == matcher.operand.get<bool>() ? Truth::True : Truth::False;
    }
    if (matcher.operation == Operator::Label)
        return labelled(name, matcher.operand);
    if (!value.value)
        return Truth::Unknown;
    const bool hasReadings = value.value->is_string() && (name == "text" || name.starts_with("arguments"));
    if (!hasReadings)
        return holds(matcher, *value.value, reach);
    const Readings& all = readingsOf(name, *value.value);
    const Truth truth = holds(matcher, *value.value, reach, all.texts);
    return truth == Truth::False && !all.whole && reach != Reach::Plain ? Truth::Unknown : truth;
}

const Readings& Evaluation::readingsOf(const std::string& field, const json& value)
{
    const auto found = m_readings.find(field);
    if (found != m_readings.end())
        return found->second;
    return m_readings[field] = readings(value.get_ref<const std::string&>());
}

// Labels stand beside the fields: {"labels": {"text": ["untrusted"]}}.
Truth Evaluation::labelled(const std::string& field, const json& operand) const
{
    const auto labels = m_snapshot.fields.find("labels");
    if (labels == m_snapshot.fields.end() || !labels->is_object() || !labels->contains(field) || !(*labels)[field].is_array())
        return Truth::Unknown;
    const json& own = (*labels)[field];
    const auto has = [&own](const json& label) { return std::ranges::find(own, label) != own.end(); };
    const bool found = operand.is_array() ? std::ranges::any_of(operand, has) : has(operand);
    return found ? Truth::True : Truth::False;
}

Evaluation::FieldValue Evaluation::field(const std::string& name) const
{
    if (name == "point")
        return {json(std::string(pointName(m_snapshot.point)))};
    if (name.starts_with("command"))
        return commandField(name);
    const json* found = name.starts_with("arguments.") && m_snapshot.fields.contains("arguments")
        ? descend(m_snapshot.fields["arguments"], std::string_view(name).substr(10))
        : m_snapshot.fields.contains(name) ? &m_snapshot.fields[name]
                                           : nullptr;
    if (found == nullptr || found->is_null())
        return {std::nullopt, found != nullptr, true};
    return {*found};
}

Evaluation::FieldValue Evaluation::commandField(std::string_view name) const
{
    if (!m_command)
        return {std::nullopt, false, true};
    static constexpr std::string_view kinds[] = {"argv", "tree", "opaque"};
    if (name == "command")
        return {std::nullopt, true, true};
    if (name == "command.kind")
        return {json(std::string(kinds[static_cast<std::size_t>(m_command->kind)]))};
    if (m_command->kind == Command::Kind::Opaque)
        return {std::nullopt, false, false};
    if (name == "command.redirects")
        return {json(m_command->redirects), !m_command->redirects.empty(), true};
    if (name == "command.environment")
        return {json(m_command->environment), !m_command->environment.empty(), true};
    if (m_simple == nullptr)
        return {std::nullopt, false, true};
    if (name == "command.argv")
        return m_simple->openEnded ? FieldValue{std::nullopt, true, true} : FieldValue{json(m_simple->argv)};
    return argument(name.substr(std::string_view("command.argv.").size()));
}

Evaluation::FieldValue Evaluation::argument(std::string_view index) const
{
    std::size_t at = 0;
    std::from_chars(index.data(), index.data() + index.size(), at);
    if (at < m_simple->argv.size())
        return {json(m_simple->argv[at])};
    return {std::nullopt, false, !m_simple->openEnded};
}

} // namespace gatehouse::policy
