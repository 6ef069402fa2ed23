// One line of the journal, both ways. FORMAT.md is the reference. Pure functions; any thread.
#pragma once

#include "core/base/ids.h"
#include "core/foundation/result.h"
#include "core/foundation/sha256.h"
#include "core/journal/event.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gatehouse::journal {

inline constexpr int recordVersion = 1;
// Of a line with its newline: a record must fit the 16-bit lengths of tlog entry bundles.
inline constexpr std::size_t maximumRecordBytes = 65535;

struct Record {
    std::uint64_t seq = 0;
    RunId run;
    std::string prev;   // SHA-256 of the previous line without its newline, hex
    std::string wall;   // "2026-01-31T23:59:59.123Z"
    std::string boot;   // the kernel's boot id
    std::string monoNs; // nanoseconds since boot, decimal
    std::string cls;    // "draft", "delivery", "privileged"
    Actor actor;
    EventType type = EventType::RunOpened;
    SpanId span;
    nlohmann::json data;
    std::string line; // the exact bytes, without the newline
};

// "record 12": how errors and findings name a record.
[[nodiscard]] std::string recordName(std::uint64_t seq);
// The canonical line without its newline; record.line is not looked at. Too long: ErrorCode::Limit.
[[nodiscard]] Result<std::string> formatRecord(const Record& record);
// Refuses whatever is not exactly a record of this version: ErrorCode::Corrupt, without a place (the caller knows which line it is).
[[nodiscard]] Result<Record> parseRecord(std::string_view line);

// SHA-256(0x00 ‖ line): a leaf of RFC 6962.
[[nodiscard]] Sha256Digest leafHash(std::string_view line);
// Of the first record: 64 zeros.
[[nodiscard]] const std::string& zeroDigest();

} // namespace gatehouse::journal
