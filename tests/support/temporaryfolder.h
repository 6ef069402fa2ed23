// A folder that is gone after the test, whatever stands in it; paths as std::string.
#pragma once

#include <QTemporaryDir>

#include <string>
#include <string_view>

namespace gatehouse::test {

class TemporaryFolder {
public:
    TemporaryFolder();
    [[nodiscard]] std::string path(const std::string& relative = {}) const;
    // Makes parent folders as needed; returns the full path.
    std::string write(const std::string& relative, std::string_view bytes) const;
    [[nodiscard]] std::string read(const std::string& relative) const;

private:
    QTemporaryDir m_folder;
};

// Any file, whole; aborts when it can't be read: for fixtures, not for code under test.
[[nodiscard]] std::string readFile(const std::string& path);
void writeFile(const std::string& path, std::string_view bytes);

} // namespace gatehouse::test
