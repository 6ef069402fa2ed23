// The one writer of a run's journal. Holds run.lock for its lifetime; one thread at a time.
//
// Nothing counts before it is on disk: append() hands bytes to the kernel, appendDurable() and sync() return when they are synced.
// After a failed write or sync (ErrorCode::Record) the writer is spent: it undoes the half record and refuses every further call, because
// what the kernel kept is unknown. An event that is refused for its content (InvalidInput, Limit) changes nothing.
#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/foundation/result.h"
#include "core/journal/event.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace gatehouse::journal {

// What every record of the run repeats.
struct RunHeader {
    RunId run;
    std::string cls; // "draft", "delivery", "privileged"
    std::string origin =
        {}; // what the run continues, such as another run's checkpoint; its SHA-256 is then the first record's prev. Empty: 64 zeros
};

class Writer {
public:
    // Makes the run's folder (0700; its parent must exist) and its empty files. The first event appended must be run.opened; the writer
    // adds "events" (and "origin") to its data and a writer.opened record right behind it, in the same write.
    [[nodiscard]] static Result<std::unique_ptr<Writer>> create(const std::string& runDirectory, const RunHeader& header, Clock& clock);
    // Verifies everything first. Busy: "in use by process N". Corrupt: something was altered; where names the record or file, nothing was
    // written. A torn tail of a crashed run is recovered and journaled (journal.recovered); then writer.opened with the next epoch is
    // written.
    [[nodiscard]] static Result<std::unique_ptr<Writer>> open(const std::string& runDirectory, Clock& clock);
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // One write, not durable yet. The record's seq.
    [[nodiscard]] Result<std::uint64_t> append(const Event& event);
    // One write and one fdatasync for all of them: the seq of the last.
    [[nodiscard]] Result<std::uint64_t> appendDurable(std::span<const Event> events);
    [[nodiscard]] Result<std::uint64_t> appendDurable(const Event& event) { return appendDurable(std::span(&event, 1)); }
    // All that was appended is durable, the payloads it refers to included.
    [[nodiscard]] Result<void> sync();
    // {"text": …} for valid UTF-8 of at most 16 KiB escaped, else {"commit": hex, "size": n}, stored in the pack.
    [[nodiscard]] Result<nlohmann::json> payload(std::string_view bytes);
    // Always in the pack, whatever its size: for records that hold many references.
    [[nodiscard]] Result<nlohmann::json> blob(std::string_view bytes);
    // At a pause or the end: everything synced, and the checkpoint covers every record so far. Appending afterwards is allowed and unseals.
    [[nodiscard]] Result<void> seal();

    // Records so far.
    [[nodiscard]] std::uint64_t size() const;
    [[nodiscard]] const RunHeader& header() const;
    [[nodiscard]] const std::string& runDirectory() const;

private:
    struct State;
    explicit Writer(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state; // descriptors, hashes and sizes; see writerstate.h
};

} // namespace gatehouse::journal
