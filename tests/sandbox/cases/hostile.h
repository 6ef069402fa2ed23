// The parts of hostilecase.cpp.
#pragma once

#include <cstddef>

inline constexpr std::size_t mib = 1 << 20;

[[noreturn]] void hold();   // until the limit ends it
[[noreturn]] void closed(); // the way itself is closed

// Files of the workspace that don't show.
void deletedOnDisk();
void mappedOnDisk();
void deepOnDisk();
void closedOnDisk();
void deletedByThreads();
