#include "core/policy/condition.h"

#include <algorithm>
#include <array>

namespace gatehouse::policy {

Truth negated(Truth truth)
{
    switch (truth) {
    case Truth::False:
        return Truth::True;
    case Truth::Unknown:
        return Truth::Unknown;
    case Truth::True:
        return Truth::False;
    }
    return Truth::Unknown;
}

Truth both(Truth a, Truth b)
{
    return std::min(a, b);
}

Truth either(Truth a, Truth b)
{
    return std::max(a, b);
}

std::string_view operatorName(Operator operation)
{
    static constexpr std::array<std::string_view, 15> names = {
        "equals", "in", "prefix", "glob", "base", "re2", "host", "cidr", "gt", "ge", "lt", "le", "exists", "contains", "label",
    };
    return names[static_cast<std::size_t>(operation)];
}

bool Condition::names(std::string_view field) const
{
    if (kind != Kind::Test)
        return std::ranges::any_of(children, [field](const Condition& child) { return child.names(field); });
    const std::string_view own = test.field;
    return own == field || (own.starts_with(field) && own[field.size()] == '.');
}

std::string describe(const FieldTest& test)
{
    std::string result = test.field;
    for (std::size_t i = 0; i < test.matchers.size(); ++i) {
        result += i == 0 ? " " : " and ";
        result += std::string(operatorName(test.matchers[i].operation)) + ' ' +
            test.matchers[i].operand.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }
    return result;
}

} // namespace gatehouse::policy
