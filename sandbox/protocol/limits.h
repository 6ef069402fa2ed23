// Every limit of the protocol, each with its reason. A peer that goes past one is ended, never accommodated.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gatehouse::protocol {

// A command line may be 128 KiB per argument (the kernel's MAX_ARG_STRLEN); argv and environment travel in one frame.
inline constexpr std::uint32_t maximumFrame = 1u << 20;
// One pipe's default capacity: what a worker can read at once and hand on without waiting.
inline constexpr std::size_t outputChunk = 64u << 10;
// Contents travel in pieces of this size, so that no frame of contents comes near the frame limit.
inline constexpr std::size_t bytesChunk = 256u << 10;
// The kernel takes about 2 MiB of argv and environment, but not this many pieces of any use.
inline constexpr std::uint32_t maximumArguments = 65536;
// A value of argv or environment: MAX_ARG_STRLEN.
inline constexpr std::size_t maximumString = 128u << 10;
// PATH_MAX with its NUL.
inline constexpr std::size_t maximumPath = 4096;
// Standard input, an input file or a committed file: held in the worker's memory, so bounded well below any memory limit in use.
inline constexpr std::uint64_t maximumContent = 64ull << 20;
// Input files of one call: one per argument that was too long for a command line, so few.
inline constexpr std::uint32_t maximumInputFiles = 64;
// Files of one commit: a patch that touches more was not made by a person or a model.
inline constexpr std::uint32_t maximumCommitFiles = 4096;
// One breach per member of the vocabulary.
inline constexpr std::uint32_t maximumBreaches = 10;
// Host folders presented to one sandbox beside the workspace.
inline constexpr std::uint32_t maximumSources = 64;
// Owners (and groups) of a workspace that get an id of their own in the sandbox; the kernel takes 340 lines, a person's tree has few.
inline constexpr std::uint32_t maximumOwners = 32;
// Kept per stream of a call: above it a profile asks for more than a person or a model can read.
inline constexpr std::uint64_t maximumOutput = 64ull << 20;
// A frame, once begun, must be complete by then: a peer that drips bytes is broken or hostile.
inline constexpr int frameCompletionMs = 10000;
// A cold start takes 3 ms on a quiet machine; this is for one that swaps.
inline constexpr int readyMs = 20000;
// How long past a call's own limit the worker may take to report its end before it is killed.
inline constexpr int graceMs = 5000;

} // namespace gatehouse::protocol
