// Where the build and the sources are. In functions, so that no compiled test holds a path but one: two checkouts share their objects.
#pragma once

#include <string>

namespace gatehouse::test {

// A file of the sources: "tests/data/policy/strict.policy.json".
[[nodiscard]] std::string sourcePath(const std::string& relative);
// A built program of ours: "gatehouse-worker".
[[nodiscard]] std::string programPath(const std::string& name);
// A built program of the tests.
[[nodiscard]] std::string testProgramPath(const std::string& name);

// The system's where there is one: what comes first in a developer's path can be a wrapper that takes a second to start.
[[nodiscard]] std::string pythonProgram();

} // namespace gatehouse::test
