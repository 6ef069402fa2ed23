// Files beneath a directory descriptor, for trees that something hostile may write.
//
// Every path is relative to the descriptor and resolved by openat2 with RESOLVE_BENEATH, NO_SYMLINKS and
// NO_MAGICLINKS: no component may be a link, and nothing may leave the tree, whatever changes while we look.
// Any thread; nothing here keeps state.
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace gatehouse {

// flags and mode as open(2); O_CLOEXEC and O_NOFOLLOW are always added. "" and "." open the directory itself.
[[nodiscard]] Result<UniqueFd> openBeneath(int directory, const std::string& path, int flags, mode_t mode = 0);
// An absolute or working-directory-relative path of ours (never of a sandbox), opened O_DIRECTORY|O_PATH-less for use as a dirfd.
[[nodiscard]] Result<UniqueFd> openDirectory(const std::string& path);
// The whole of a regular file; more than maximum bytes is an error, never a cut.
[[nodiscard]] Result<std::string> readBeneath(int directory, const std::string& path, std::uint64_t maximum);
[[nodiscard]] Result<std::string> readAll(int fd, const std::string& nameForErrors, std::uint64_t maximum);
[[nodiscard]] Result<void> writeAll(int fd, const std::string& nameForErrors, std::string_view bytes);
// mkdir -p beneath the directory; existing directories are fine, anything else in the way is an error.
[[nodiscard]] Result<void> makeDirectoriesBeneath(int directory, const std::string& path, mode_t mode);

// A relative path in its one form: no empty, "." or ".." component, no NUL, not absolute.
[[nodiscard]] bool isPlainRelativePath(std::string_view path);

} // namespace gatehouse
