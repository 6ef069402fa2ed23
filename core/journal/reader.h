// Reading a run's journal: live, while its writer goes on, or of a run that is over. Never writes. One thread at a time; any number of
// readers.
#pragma once

#include "core/foundation/result.h"
#include "core/journal/record.h"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gatehouse::journal {

// Whether a record was ever written there, whatever has become of the files since.
[[nodiscard]] bool hasBegun(const std::string& runDirectory);

class Reader {
public:
    // Looks at nothing but whether the files are there; each record read is checked alone and against its predecessor.
    [[nodiscard]] static Result<Reader> open(const std::string& runDirectory);
    // verify() first: ErrorCode::Corrupt with the first finding, naming the record or file. For showing and for resuming.
    [[nodiscard]] static Result<Reader> openVerified(const std::string& runDirectory);
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;
    ~Reader();

    // The complete records from seq on, at most limit; empty when there is none yet. ErrorCode::Corrupt names the record.
    [[nodiscard]] Result<std::vector<Record>> readFrom(std::uint64_t seq, std::size_t limit);
    // The bytes behind either form of Writer::payload's references; the commitment is checked. Erased or missing: ErrorCode::NotFound.
    [[nodiscard]] Result<std::string> payload(const nlohmann::json& reference);
    // At most so many of those bytes, from an offset on; behind the end there are none. Never holds the whole of a stored payload.
    [[nodiscard]] Result<std::string> payloadPart(const nlohmann::json& reference, std::uint64_t offset, std::uint64_t most);
    [[nodiscard]] const std::string& runDirectory() const;

private:
    struct State;
    explicit Reader(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

// Who reads along stops at the first record that does not fit, which may be the one after; verify() names the altered one. Gives its
// finding for ErrorCode::Corrupt, else the error as it is. Reads the whole run.
[[nodiscard]] Error namedByVerify(const std::string& runDirectory, Error error);

} // namespace gatehouse::journal
