// A rule's `when` as data: tests on fields under all, any and not. Made by the reader, evaluated in evaluation.h.
// Immutable once read; shared between copies of a policy; const use from any thread.
#pragma once

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace gatehouse::policy {

// Kleene's three values. Unknown: the field is missing or opaque, or the test does not apply to what stands there.
enum class Truth { False, Unknown, True };

[[nodiscard]] Truth negated(Truth truth);
[[nodiscard]] Truth both(Truth a, Truth b);
[[nodiscard]] Truth either(Truth a, Truth b);

enum class Operator { Equal, In, Prefix, Glob, Base, Re2, Host, Cidr, Greater, GreaterEqual, Less, LessEqual, Exists, Contains, Label };

[[nodiscard]] std::string_view operatorName(Operator operation);

struct Matcher {
    Operator operation = Operator::Equal;
    nlohmann::json operand;                     // as written
    std::shared_ptr<const re2::RE2> expression; // of Re2; shared: policies are copied into sets, programs are large
};

struct FieldTest {
    std::string field;
    std::vector<Matcher> matchers; // all of which must hold
};

struct Condition {
    enum class Kind { All, Any, Not, Test };
    Kind kind = Kind::All;
    std::vector<Condition> children; // of All, Any; one of Not
    FieldTest test;                  // of Test
    std::string pointer;             // where it stands in the document (RFC 6901)

    // Whether any test names this field or one beneath it ("command" is named by "command.argv.0").
    [[nodiscard]] bool names(std::string_view field) const;
};

// "tool equals \"exec_command\"": for explanations.
[[nodiscard]] std::string describe(const FieldTest& test);

} // namespace gatehouse::policy
