// {{entry}} in instructions: the one kind of variable that they have. Internal to core/workflow.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::workflow {

// Calls value for each {{name}} (blanks around the name don't count) and puts its answer there, once: an answer is never
// scanned again. Absent: the text stays. A name has no brace and no line end; other braces are text.
[[nodiscard]] std::string fillVariables(std::string_view text, const std::function<std::optional<std::string>(std::string_view)>& value);

} // namespace gatehouse::workflow
