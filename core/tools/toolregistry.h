// ToolRegistry: the tools of a run by name. Owns them. Filled once, then const from any thread.
#pragma once

#include "core/execution/tool.h"
#include "core/foundation/result.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::tools {

class ToolRegistry {
public:
    // A taken name is ErrorCode::AlreadyExists, a name that models can't be told is ErrorCode::InvalidInput.
    [[nodiscard]] Result<void> add(std::unique_ptr<execution::Tool> tool);
    // ErrorCode::NotFound names the tools that there are; the sentence can go back to the model.
    [[nodiscard]] Result<const execution::Tool*> find(const std::string& name) const;
    // Sorted by name.
    [[nodiscard]] std::vector<execution::ToolSchema> schemas() const;

private:
    std::map<std::string, std::unique_ptr<execution::Tool>> m_tools;
};

} // namespace gatehouse::tools
