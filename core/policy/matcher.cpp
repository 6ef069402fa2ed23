#include "core/policy/matcher.h"

#include "core/policy/pathpattern.h"

#include <nlohmann/json.hpp>
#include <re2/re2.h>

#include <algorithm>
#include <optional>

namespace gatehouse::policy {

namespace {

using nlohmann::json;

Truth truth(bool value)
{
    return value ? Truth::True : Truth::False;
}

// The operand as a list: a bare value is a list of one.
template <typename Test> Truth anyOperand(const json& operand, Test test)
{
    if (!operand.is_array())
        return test(operand);
    Truth result = Truth::False;
    for (const json& one : operand)
        result = either(result, test(one));
    return result;
}

std::string_view baseName(std::string_view path)
{
    while (path.size() > 1 && path.ends_with('/'))
        path.remove_suffix(1);
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos || path == "/" ? path : path.substr(slash + 1);
}

std::optional<int> compareNumbers(const json& a, const json& b)
{
    if (!a.is_number() || !b.is_number())
        return std::nullopt;
    return a < b ? -1 : b < a ? 1 : 0;
}

Truth comparison(Operator operation, const json& value, const json& operand)
{
    const auto order = compareNumbers(value, operand);
    if (!order)
        return Truth::Unknown;
    switch (operation) {
    case Operator::Greater:
        return truth(*order > 0);
    case Operator::GreaterEqual:
        return truth(*order >= 0);
    case Operator::Less:
        return truth(*order < 0);
    default:
        return truth(*order <= 0);
    }
}

Truth globHolds(const std::string& value, const std::string& pattern)
{
    const auto path = normalPath(value);
    return path ? truth(globMatches(pattern, *path)) : Truth::Unknown;
}

// What is no host is not known to be another one.
Truth hostHolds(const std::string& value, const std::string& pattern)
{
    return normalHost(value) ? truth(hostMatches(pattern, value)) : Truth::Unknown;
}

Truth cidrHolds(const std::string& value, const std::string& text)
{
    const auto network = parseNetwork(text);
    const auto held = network ? networkHolds(*network, value) : std::nullopt;
    return held ? truth(*held) : Truth::Unknown;
}

Truth textHolds(const Matcher& matcher, const std::string& value)
{
    switch (matcher.operation) {
    case Operator::Prefix:
        return anyOperand(matcher.operand, [&](const json& o) { return truth(value.starts_with(o.get_ref<const std::string&>())); });
    case Operator::Glob:
        return anyOperand(matcher.operand, [&](const json& o) { return globHolds(value, o.get_ref<const std::string&>()); });
    case Operator::Base:
        return anyOperand(matcher.operand, [&](const json& o) { return truth(baseName(value) == o.get_ref<const std::string&>()); });
    case Operator::Host:
        return anyOperand(matcher.operand, [&](const json& o) { return hostHolds(value, o.get_ref<const std::string&>()); });
    case Operator::Cidr:
        return anyOperand(matcher.operand, [&](const json& o) { return cidrHolds(value, o.get_ref<const std::string&>()); });
    case Operator::Re2:
        return truth(re2::RE2::PartialMatch(value, *matcher.expression));
    default:
        return Truth::Unknown;
    }
}

Truth scalarHolds(const Matcher& matcher, const json& value)
{
    switch (matcher.operation) {
    case Operator::Equal:
        return truth(value == matcher.operand);
    case Operator::In:
        return anyOperand(matcher.operand, [&](const json& o) { return truth(value == o); });
    case Operator::Greater:
    case Operator::GreaterEqual:
    case Operator::Less:
    case Operator::LessEqual:
        return comparison(matcher.operation, value, matcher.operand);
    case Operator::Contains:
    case Operator::Exists:
    case Operator::Label:
        return Truth::Unknown;
    default:
        return value.is_string() ? textHolds(matcher, value.get_ref<const std::string&>()) : Truth::Unknown;
    }
}

Truth contains(const json& array, const json& operand)
{
    return anyOperand(operand, [&](const json& o) { return truth(std::ranges::find(array, o) != array.end()); });
}

Truth arrayHolds(const Matcher& matcher, const json& array, Reach reach)
{
    if (matcher.operation == Operator::Contains)
        return contains(array, matcher.operand);
    if (array.empty())
        return Truth::False;
    Truth result = reach == Reach::Any ? Truth::False : Truth::True;
    for (const json& element : array) {
        const Truth one = element.is_structured() ? Truth::Unknown : scalarHolds(matcher, element);
        result = reach == Reach::Any ? either(result, one) : both(result, one);
    }
    return result;
}

} // namespace

Truth holds(const Matcher& matcher, const json& value, Reach reach, std::span<const std::string> readings)
{
    if (value.is_array())
        return arrayHolds(matcher, value, reach);
    if (value.is_object())
        return Truth::Unknown;
    Truth result = scalarHolds(matcher, value);
    if (reach == Reach::Plain || readings.size() < 2)
        return result;
    for (std::size_t i = 1; i < readings.size() && result != Truth::True; ++i)
        result = either(result, scalarHolds(matcher, json(readings[i])));
    return result;
}

} // namespace gatehouse::policy
