// The names in a run's folder. FORMAT.md says what each file is.
#pragma once

namespace gatehouse::journal::files {

inline constexpr const char* journal = "journal.jsonl";
inline constexpr const char* leaves = "leaves";
inline constexpr const char* checkpoint = "checkpoint";
inline constexpr const char* unsealed = "unsealed";
inline constexpr const char* blobs = "blobs.pack";
inline constexpr const char* lock = "run.lock";
inline constexpr const char* inbox = "inbox";
inline constexpr const char* torn = "torn";

} // namespace gatehouse::journal::files
