// Folders and files of a sandbox's upper layer, opened although their modes forbid it.
//
// A plain user owns that layer but can't look into what the sandbox closed with chmod; a change or a gigabyte hidden there would be
// seen by nobody. Whatever is ours and closed is opened for the moment of looking and closed again. Root needs none of it.
// Only for the upper layer: what lies below belongs to the person and is never touched. Any thread.
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"

#include <string>
#include <sys/types.h>
#include <vector>

namespace gatehouse::host {

// Lists and looks up while it lives; no link is followed.
class UpperFolder {
public:
    UpperFolder() = default;
    // errno tells why it is empty. name may be ".".
    [[nodiscard]] static UpperFolder open(int parent, const char* name);
    // The folder beneath another one by a plain path, "" being that one; each step as open().
    [[nodiscard]] static UpperFolder openPath(int folder, const std::string& path);
    ~UpperFolder() { close(); }
    UpperFolder(UpperFolder&& other) noexcept;
    UpperFolder& operator=(UpperFolder&& other) noexcept;

    [[nodiscard]] int get() const { return m_folder.get(); }
    explicit operator bool() const { return static_cast<bool>(m_folder); }

private:
    void close();

    UniqueFd m_folder;
    mode_t m_closed = 0; // the mode to give back; only with m_unlocked
    bool m_unlocked = false;
};

// A regular file for reading; as openat() with O_NOFOLLOW, O_NONBLOCK and O_NOCTTY.
[[nodiscard]] UniqueFd openUpperFile(int parent, const char* name);
// Names in the folder without "." and "..".
[[nodiscard]] Result<std::vector<std::string>> namesIn(int folder, const std::string& nameForErrors);

} // namespace gatehouse::host
