#include "core/journal/verify.h"

#include "core/foundation/beneath.h"
#include "core/foundation/uniquefd.h"
#include "core/journal/inspection.h"
#include "core/journal/lock.h"
#include "core/journal/record.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

namespace gatehouse::journal {

std::string_view findingKindName(FindingKind kind)
{
    static constexpr std::array<std::string_view, 15> names = {
        "altered",    "missing", "doubled",   "swapped",       "extra",        "unreadable",   "payload",       "leaves",
        "checkpoint", "files",   "torn tail", "leaves behind", "leaves ahead", "payload tail", "payload erased"};
    return names[static_cast<std::size_t>(kind)];
}

std::string Finding::where() const
{
    const std::string place = line > 0 ? file + ':' + std::to_string(line) : file;
    return seq ? recordName(*seq) + " (" + place + ')' : place;
}

Error Verification::error() const
{
    const auto found = std::ranges::find_if(findings, [](const Finding& finding) { return !finding.recoverable(); });
    if (found == findings.end())
        return {ErrorCode::Internal, {}, "An error was asked for where there is none", {}};
    return {ErrorCode::Corrupt, found->where(), found->message,
            "The run is not what was recorded: nothing was changed; restore it from a copy"};
}

Result<Verification> verify(const std::string& runDirectory)
{
    GH_ASSIGN(const UniqueFd directory, openDirectory(runDirectory));
    // A living writer moves under our eyes: what looks wrong while it seals or appends is looked at again, after a
    // growing pause, because a busy writer can be in the middle of something every time.
    constexpr int attempts = 16;
    for (int attempt = 1;; ++attempt) {
        GH_ASSIGN(Inspection inspection, inspect(directory.get()));
        if (inspection.verification.ok || attempt == attempts || !isWriterAlive(runDirectory))
            return std::move(inspection.verification);
        std::this_thread::sleep_for(std::chrono::milliseconds(attempt));
    }
}

} // namespace gatehouse::journal
