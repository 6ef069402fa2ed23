// Reads a `when` out of a document, reporting every mistake with its place. One thread; lives for one document.
#pragma once

#include "core/base/jsondocument.h"
#include "core/base/problem.h"
#include "core/policy/condition.h"
#include "core/policy/point.h"

#include <initializer_list>
#include <string>
#include <vector>

namespace gatehouse::policy {

// Collects problems at pointers of one document.
class ProblemList {
public:
    explicit ProblemList(const JsonDocument& document) : m_document(document) { }
    void error(const std::string& pointer, const char* rule, Message message);
    // At the member's key instead of its value.
    void keyError(const std::string& pointer, const char* rule, Message message);
    void keyWarning(const std::string& pointer, const char* rule, Message message);
    [[nodiscard]] std::vector<Problem> take() { return std::move(m_problems); }

private:
    const JsonDocument& m_document;
    std::vector<Problem> m_problems;
};

class ConditionReader {
public:
    ConditionReader(const JsonDocument& document, ProblemList& problems) : m_document(document), m_problems(problems) { }
    // points: those of the rule, for the fields that it may name.
    [[nodiscard]] Condition read(const std::string& pointer, const nlohmann::json& value, const std::vector<Point>& points,
                                 unsigned depth = 0);

private:
    [[nodiscard]] Condition readMember(const std::string& pointer, const std::string& key, const nlohmann::json& value,
                                       const std::vector<Point>& points, unsigned depth);
    [[nodiscard]] Condition readList(const std::string& pointer, const nlohmann::json& value, Condition::Kind kind,
                                     const std::vector<Point>& points, unsigned depth);
    [[nodiscard]] FieldTest readTest(const std::string& pointer, const std::string& field, const nlohmann::json& value, FieldType type);
    void readMatcher(const std::string& pointer, const std::string& name, const nlohmann::json& operand, FieldType type, FieldTest& test);
    void checkFits(const std::string& pointer, const FieldTest& test, Operator operation, FieldType type);
    void compile(const std::string& pointer, Matcher& matcher);
    void unknownField(const std::string& pointer, const std::string& field, const std::vector<Point>& points);

    const JsonDocument& m_document;
    ProblemList& m_problems;
};

} // namespace gatehouse::policy
