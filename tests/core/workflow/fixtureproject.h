// A small good project that test documents are put into. Uses a folder of its own; gone with the object.
#pragma once

#include "tests/support/temporaryfolder.h"

#include <string>
#include <string_view>

namespace gatehouse::test {

class FixtureProject {
public:
    FixtureProject();

    [[nodiscard]] std::string path(const std::string& relative = {}) const
    {
        return m_folder.path(relative.empty() ? "project" : "project/" + relative);
    }
    std::string write(const std::string& relative, std::string_view bytes) const { return m_folder.write("project/" + relative, bytes); }

private:
    TemporaryFolder m_folder;
    TemporaryFolder m_outside;
};

} // namespace gatehouse::test
