// The kernel's Landlock interface up to ABI 7 (Linux 6.15), from its documentation: Debian 12's header stops at ABI 2.
#pragma once

#include <cstdint>

namespace gatehouse::isolation {

struct LandlockRulesetAttr {
    std::uint64_t handledAccessFs;
    std::uint64_t handledAccessNet; // since ABI 4
    std::uint64_t scoped;           // since ABI 6
};

struct [[gnu::packed]] LandlockPathBeneathAttr {
    std::uint64_t allowedAccess;
    std::int32_t parentFd;
};

inline constexpr unsigned landlockCreateRulesetVersion = 1u << 0;
inline constexpr int landlockRulePathBeneath = 1;

inline constexpr std::uint64_t fsExecute = 1ull << 0;
inline constexpr std::uint64_t fsWriteFile = 1ull << 1;
inline constexpr std::uint64_t fsReadFile = 1ull << 2;
inline constexpr std::uint64_t fsReadDir = 1ull << 3;
inline constexpr std::uint64_t fsRemoveDir = 1ull << 4;
inline constexpr std::uint64_t fsRemoveFile = 1ull << 5;
inline constexpr std::uint64_t fsMakeChar = 1ull << 6;
inline constexpr std::uint64_t fsMakeDir = 1ull << 7;
inline constexpr std::uint64_t fsMakeReg = 1ull << 8;
inline constexpr std::uint64_t fsMakeSock = 1ull << 9;
inline constexpr std::uint64_t fsMakeFifo = 1ull << 10;
inline constexpr std::uint64_t fsMakeBlock = 1ull << 11;
inline constexpr std::uint64_t fsMakeSym = 1ull << 12;
inline constexpr std::uint64_t fsRefer = 1ull << 13;    // ABI 2
inline constexpr std::uint64_t fsTruncate = 1ull << 14; // ABI 3
inline constexpr std::uint64_t fsIoctlDev = 1ull << 15; // ABI 5

inline constexpr std::uint64_t scopeAbstractUnixSocket = 1ull << 0; // ABI 6
inline constexpr std::uint64_t scopeSignal = 1ull << 1;             // ABI 6

} // namespace gatehouse::isolation
