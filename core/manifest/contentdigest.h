// One digest for a folder's contents: SHA-256 over a record per file and link, sorted by path,
// "<git mode, six octal digits> <SHA-256 of its bytes, hex> <path>" and a NUL. Folders without files leave no trace.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace gatehouse::manifest {

enum class ContentKind { File, Executable, Link };

class ContentDigest {
public:
    void add(const std::string& path, ContentKind kind, const std::string& sha256, std::uint64_t bytes);
    [[nodiscard]] std::string finish() const;
    [[nodiscard]] std::uint64_t files() const { return m_records.size(); }
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }

private:
    std::map<std::string, std::string> m_records; // path → mode and digest
    std::uint64_t m_bytes = 0;
};

} // namespace gatehouse::manifest
