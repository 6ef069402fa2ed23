// The execution class: chooses the sandbox profile, the approval model and the evidence that a run needs. Values; any thread.
#pragma once

#include <optional>
#include <string_view>

namespace gatehouse::workflow {

// In rising order of impact: comparing them is meaningful.
enum class ExecutionClass { Draft, Delivery, Privileged };

[[nodiscard]] std::string_view className(ExecutionClass executionClass);
[[nodiscard]] std::optional<ExecutionClass> classFromName(std::string_view name);

} // namespace gatehouse::workflow
