#include "core/workflow/executionclass.h"

#include <algorithm>
#include <array>

namespace gatehouse::workflow {

// In the order of the enum.
static constexpr std::array<std::string_view, 3> names = {"draft", "delivery", "privileged"};

std::string_view className(ExecutionClass executionClass)
{
    return names[static_cast<std::size_t>(executionClass)];
}

std::optional<ExecutionClass> classFromName(std::string_view name)
{
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? std::nullopt : std::optional(static_cast<ExecutionClass>(found - names.begin()));
}

} // namespace gatehouse::workflow
