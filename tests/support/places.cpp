#include "tests/support/places.h"

#include <unistd.h>

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

std::string pythonProgram()
{
    return ::access("/usr/bin/python3", X_OK) == 0 ? "/usr/bin/python3" : "python3";
}

} // namespace gatehouse::test
