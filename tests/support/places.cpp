#include "tests/support/places.h"

namespace gatehouse::test {

std::string sourcePath(const std::string& relative)
{
    return GATEHOUSE_SOURCE_DIR "/" + relative;
}

std::string programPath(const std::string& name)
{
    return GATEHOUSE_BIN_DIR "/" + name;
}

std::string testProgramPath(const std::string& name)
{
    return GATEHOUSE_TEST_DIR "/" + name;
}

} // namespace gatehouse::test
