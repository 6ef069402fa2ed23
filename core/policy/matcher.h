// One test against one value. Pure functions; any thread.
#pragma once

#include "core/policy/condition.h"

#include <nlohmann/json_fwd.hpp>

#include <span>
#include <string>

namespace gatehouse::policy {

// How far a test looks, by what a mistake would cost. A deny or ask rule reaches for Any reading of a text and any element of
// an array; an allow rule must hold for Plain text and every element. Under `not` the two change places.
enum class Reach { Any, Plain };

[[nodiscard]] constexpr Reach opposite(Reach reach)
{
    return reach == Reach::Any ? Reach::Plain : Reach::Any;
}

// readings: those of the value, when it is a text that has several; the first is the plain one. Unknown: the test does not
// apply to such a value. Operator::Exists and Operator::Label are the caller's.
[[nodiscard]] Truth holds(const Matcher& matcher, const nlohmann::json& value, Reach reach, std::span<const std::string> readings = {});

} // namespace gatehouse::policy
