// QVERIFY for Result: prints the error when it fails. GH_VERIFY(expr), GH_VALUE(auto name, expr).
#pragma once

#include "core/foundation/result.h"

#include <QTest>

#define GH_VERIFY(expression)                                                                                                              \
    do {                                                                                                                                   \
        const auto& gh_checked = (expression);                                                                                             \
        QVERIFY2(gh_checked.has_value(), gh_checked ? "" : gh_checked.error().toString().c_str());                                         \
    } while (false)

#define GH_VALUE(declaration, expression) GH_VALUE_INNER(GH_CONCAT(gh_value_, __COUNTER__), declaration, expression)
#define GH_VALUE_INNER(name, declaration, expression)                                                                                      \
    auto name = (expression);                                                                                                              \
    QVERIFY2(name.has_value(), name ? "" : name.error().toString().c_str());                                                               \
    declaration = *std::move(name)
