// What the processes of a sandbox use, read from /proc of the outer pid namespace by the worker, whose right to look
// (CAP_SYS_PTRACE of its own user namespace) no process in there can take away by making itself undumpable.
//
// A process's own memory is its anonymous pages, resident or swapped out, and its page tables. Pages of files are not: a tmpfs
// or a shared memory segment is counted whole as that object (watcher.h), everything else of the kind can be reclaimed.
#pragma once

#include <cstdint>
#include <string>

namespace gatehouse::worker {

struct ProcessUsage {
    std::uint64_t memory = 0; // bytes
    std::uint64_t tasks = 0;  // threads of all processes but the worker
};

// proc: a directory descriptor. Above enough, memory is made exact: pages that processes share since a fork count once.
[[nodiscard]] ProcessUsage measureProcesses(int proc, std::uint64_t enough);
// Threads of all processes but PID 1 of that proc; async-signal-safe but for the directory stream.
[[nodiscard]] std::uint64_t countTasks(int proc);

// A small file of proc, whole; empty when it can't be read.
[[nodiscard]] std::string readProc(int proc, const std::string& name);
// The number behind a key such as "\nPss:", given there in KiB, in bytes.
[[nodiscard]] std::uint64_t kilobytes(const std::string& text, const char* key);

} // namespace gatehouse::worker
