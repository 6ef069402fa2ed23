#include "core/policy/conditionreader.h"

#include "core/base/canonicaljson.h"
#include "core/policy/pathpattern.h"
#include "core/policy/policy.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>

namespace gatehouse::policy {

namespace {

using nlohmann::json;

constexpr int maximumProgramSize = 20000; // instructions: counted repetitions explode
constexpr std::size_t maximumOperands = 10000;

// What a test's operand must be.
enum class Shape { Scalars, Texts, Pattern, Globs, Hosts, Networks, Number, Boolean };

struct OperatorSpec {
    std::string_view name;
    Operator operation;
    Shape shape;
};

constexpr OperatorSpec operators[] = {
    {"in", Operator::In, Shape::Scalars},
    {"prefix", Operator::Prefix, Shape::Texts},
    {"glob", Operator::Glob, Shape::Globs},
    {"base", Operator::Base, Shape::Texts},
    {"re2", Operator::Re2, Shape::Pattern},
    {"host", Operator::Host, Shape::Hosts},
    {"cidr", Operator::Cidr, Shape::Networks},
    {"gt", Operator::Greater, Shape::Number},
    {"ge", Operator::GreaterEqual, Shape::Number},
    {"lt", Operator::Less, Shape::Number},
    {"le", Operator::LessEqual, Shape::Number},
    {"exists", Operator::Exists, Shape::Boolean},
    {"contains", Operator::Contains, Shape::Scalars},
    {"label", Operator::Label, Shape::Texts},
};

bool isScalar(const json& value)
{
    return value.is_string() || value.is_number_integer() || value.is_boolean();
}

// Every operand, or the bare one, passes.
template <typename Test> bool everyOperand(const json& operand, Test test)
{
    if (!operand.is_array())
        return test(operand);
    return !operand.empty() && operand.size() <= maximumOperands && std::ranges::all_of(operand, test);
}

bool everyText(const json& operand, bool (*test)(const std::string&))
{
    return everyOperand(operand, [test](const json& o) { return o.is_string() && test(o.get_ref<const std::string&>()); });
}

const char* complaint(Shape shape, const json& operand)
{
    switch (shape) {
    case Shape::Scalars:
        return everyOperand(operand, isScalar) ? nullptr : "It needs a string, an integer or a boolean, or an array of them";
    case Shape::Texts:
        return everyText(operand, [](const std::string& s) { return !s.empty(); })
            ? nullptr
            : "It needs a string that is not empty, or an array of them";
    case Shape::Pattern:
        return operand.is_string() ? nullptr : "It needs a regular expression as a string";
    case Shape::Globs:
        return everyText(operand, [](const std::string& s) { return isGlob(s); })
            ? nullptr
            : "It needs a path pattern, or an array of them; ** stands alone between slashes";
    case Shape::Hosts:
        return everyText(operand, [](const std::string& s) { return isHostPattern(s); })
            ? nullptr
            : "It needs a host name or *.name, or an array of them";
    case Shape::Networks:
        return everyText(operand, [](const std::string& s) { return parseNetwork(s).has_value(); })
            ? nullptr
            : "It needs a network such as 10.0.0.0/8 with zero host bits, or an array of them";
    case Shape::Number:
        return operand.is_number_integer() ? nullptr : "It needs an integer";
    case Shape::Boolean:
        return operand.is_boolean() ? nullptr : "It needs true or false";
    }
    return nullptr;
}

// Whether a test can ever apply to values of the type.
bool applies(Operator operation, FieldType type)
{
    if (type == FieldType::Any)
        return true;
    switch (operation) {
    case Operator::Equal:
    case Operator::In:
    case Operator::Exists:
    case Operator::Label:
        return true;
    case Operator::Greater:
    case Operator::GreaterEqual:
    case Operator::Less:
    case Operator::LessEqual:
        return type == FieldType::Number;
    case Operator::Contains:
        return type == FieldType::Texts;
    default:
        return type == FieldType::Text || type == FieldType::Texts;
    }
}

bool scalarFits(const json& value, FieldType type)
{
    switch (type) {
    case FieldType::Text:
    case FieldType::Texts:
        return value.is_string();
    case FieldType::Number:
        return value.is_number_integer();
    case FieldType::Boolean:
        return value.is_boolean();
    case FieldType::Any:
        return true;
    }
    return false;
}

} // namespace

void ProblemList::error(const std::string& pointer, const char* rule, Message message)
{
    m_problems.push_back({Severity::Error, m_document.name(), m_document.position(pointer), pointer, std::move(message), rule});
}

void ProblemList::keyError(const std::string& pointer, const char* rule, Message message)
{
    m_problems.push_back({Severity::Error, m_document.name(), m_document.keyPosition(pointer), pointer, std::move(message), rule});
}

void ProblemList::keyWarning(const std::string& pointer, const char* rule, Message message)
{
    m_problems.push_back({Severity::Warning, m_document.name(), m_document.keyPosition(pointer), pointer, std::move(message), rule});
}

Condition ConditionReader::read(const std::string& pointer, const json& value, const std::vector<Point>& points, unsigned depth)
{
    Condition result;
    result.pointer = pointer;
    if (!value.is_object()) {
        m_problems.error(pointer, "policy/when", "A condition must be an object of field and test; {} always holds");
        return result;
    }
    if (depth > maximumConditionDepth) {
        m_problems.error(pointer, "policy/depth", Message("Conditions are nested deeper than %1", {std::to_string(maximumConditionDepth)}));
        return result;
    }
    for (const std::string& key : m_document.keys(pointer))
        result.children.push_back(readMember(childPointer(pointer, key), key, value.at(key), points, depth));
    return result;
}

Condition ConditionReader::readMember(const std::string& pointer, const std::string& key, const json& value,
                                      const std::vector<Point>& points, unsigned depth)
{
    if (key == "all" || key == "any")
        return readList(pointer, value, key == "all" ? Condition::Kind::All : Condition::Kind::Any, points, depth);
    Condition result;
    result.pointer = pointer;
    if (key == "not") {
        result.kind = Condition::Kind::Not;
        result.children.push_back(read(pointer, value, points, depth + 1));
        return result;
    }
    result.kind = Condition::Kind::Test;
    std::optional<FieldType> type;
    for (const Point point : points)
        if (!type)
            type = fieldType(point, key);
    if (!type)
        unknownField(pointer, key, points);
    result.test = readTest(pointer, key, value, type.value_or(FieldType::Any));
    return result;
}

Condition ConditionReader::readList(const std::string& pointer, const json& value, Condition::Kind kind, const std::vector<Point>& points,
                                    unsigned depth)
{
    Condition result;
    result.kind = kind;
    result.pointer = pointer;
    if (!value.is_array() || value.empty() || value.size() > maximumOperands) {
        m_problems.error(pointer, "policy/when", "It must be an array of at least one condition");
        return result;
    }
    for (std::size_t i = 0; i < value.size(); ++i)
        result.children.push_back(read(childPointer(pointer, i), value[i], points, depth + 1));
    return result;
}

void ConditionReader::unknownField(const std::string& pointer, const std::string& field, const std::vector<Point>& points)
{
    if (points.empty())
        return; // reported already
    std::string known;
    for (const Point point : points)
        for (const std::string_view name : fieldNames(point))
            if ((" " + known).find(" " + std::string(name) + ",") == std::string::npos)
                known += std::string(name) + ", ";
    known.resize(known.size() - 2);
    m_problems.keyError(pointer, "policy/field", Message("No point of this rule has a field %1; there are: %2", {field, known}));
}

FieldTest ConditionReader::readTest(const std::string& pointer, const std::string& field, const json& value, FieldType type)
{
    FieldTest result;
    result.field = field;
    if (isScalar(value)) {
        if (!scalarFits(value, type))
            m_problems.error(pointer, "policy/type", Message("The field %1 never has a value of this type", {field}));
        result.matchers.push_back({Operator::Equal, value, nullptr});
        return result;
    }
    if (!value.is_object() || value.empty()) {
        m_problems.error(pointer, "policy/test",
                         "A test is a string, an integer, a boolean, or an object such as {\"in\": [\"a\", \"b\"]}");
        return result;
    }
    for (const std::string& name : m_document.keys(pointer))
        readMatcher(childPointer(pointer, name), name, value.at(name), type, result);
    return result;
}

void ConditionReader::readMatcher(const std::string& pointer, const std::string& name, const json& operand, FieldType type, FieldTest& test)
{
    const auto spec = std::ranges::find(operators, name, &OperatorSpec::name);
    if (spec == std::end(operators)) {
        std::string known;
        for (const OperatorSpec& one : operators)
            known += (known.empty() ? "" : ", ") + std::string(one.name);
        return m_problems.keyError(pointer, "policy/test", Message("There is no test %1; there are: %2", {name, known}));
    }
    if (const char* why = complaint(spec->shape, operand))
        return m_problems.error(pointer, "policy/test", why);
    if (spec->operation == Operator::In && !operand.is_array())
        return m_problems.error(pointer, "policy/test", "It needs an array");
    test.matchers.push_back({spec->operation, operand, nullptr});
    checkFits(pointer, test, spec->operation, type);
    if (spec->operation == Operator::Re2)
        compile(pointer, test.matchers.back());
}

void ConditionReader::checkFits(const std::string& pointer, const FieldTest& test, Operator operation, FieldType type)
{
    const json& operand = test.matchers.back().operand;
    const bool wrongOperand = operation == Operator::In && !everyOperand(operand, [type](const json& o) { return scalarFits(o, type); });
    if (!applies(operation, type) || wrongOperand)
        m_problems.error(pointer, "policy/type",
                         Message("The test %1 never applies to the field %2", {std::string(operatorName(operation)), test.field}));
}

void ConditionReader::compile(const std::string& pointer, Matcher& matcher)
{
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto expression = std::make_shared<re2::RE2>(matcher.operand.get<std::string>(), options);
    if (!expression->ok())
        return m_problems.error(pointer, "policy/re2", Message("RE2 refuses the regular expression: %1", {expression->error()}));
    if (expression->ProgramSize() > maximumProgramSize)
        return m_problems.error(pointer, "policy/re2", "The regular expression is too large; use fewer or shorter repetitions");
    matcher.expression = std::move(expression);
}

} // namespace gatehouse::policy
