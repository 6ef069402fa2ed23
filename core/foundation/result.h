// Result<T>: a value or an Error. No exception crosses a function of ours.
#pragma once

#include "core/foundation/error.h"

#include <expected>
#include <utility>

namespace gatehouse {

template <typename T> using Result = std::expected<T, Error>;

} // namespace gatehouse

#define GH_CONCAT_INNER(a, b) a##b
#define GH_CONCAT(a, b) GH_CONCAT_INNER(a, b)

// GH_TRY(expression): return its error, if it is one. For Result<void>, or where the value is not wanted.
#define GH_TRY(expression)                                                                                                                 \
    do {                                                                                                                                   \
        if (auto gh_result = (expression); !gh_result)                                                                                     \
            return std::unexpected(std::move(gh_result).error());                                                                          \
    } while (false)

// GH_ASSIGN(auto value, expression): return its error, or take its value. (GCC 12 has no monadic members.)
#define GH_ASSIGN(declaration, expression) GH_ASSIGN_INNER(GH_CONCAT(gh_result_, __COUNTER__), declaration, expression)
#define GH_ASSIGN_INNER(name, declaration, expression)                                                                                     \
    auto name = (expression);                                                                                                              \
    if (!name)                                                                                                                             \
        return std::unexpected(std::move(name).error());                                                                                   \
    declaration = *std::move(name)
