#include "core/journal/reader.h"

#include "core/foundation/beneath.h"
#include "core/foundation/uniquefd.h"
#include "core/journal/blobpack.h"
#include "core/journal/linereader.h"
#include "core/journal/rundirectory.h"
#include "core/journal/verify.h"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

namespace gatehouse::journal {

using nlohmann::json;

struct Reader::State {
    std::string path;
    UniqueFd journal;
    UniqueFd blobs;
    BlobReader payloads{-1};
    std::vector<std::uint64_t> offsets; // where each known record begins
    std::uint64_t end = 0;              // behind the last known record
    std::string lastDigest;             // of the last known record's line, hex; empty: none yet

    [[nodiscard]] Result<Record> record(const LineReader::Line& line, std::uint64_t seq, const std::string& prev) const;
    // Takes one more complete line; false when there is none yet.
    [[nodiscard]] Result<bool> extend(LineReader& lines, std::vector<Record>* out);
    [[nodiscard]] std::string where(std::uint64_t seq) const { return path + ": " + recordName(seq); }
};

Result<Record> Reader::State::record(const LineReader::Line& line, std::uint64_t seq, const std::string& prev) const
{
    if (line.oversized)
        return fail(ErrorCode::Corrupt, where(seq), "The line is longer than a record can be");
    auto parsed = parseRecord(line.text);
    if (!parsed) {
        parsed.error().where = where(seq);
        return parsed;
    }
    if (parsed->seq != seq)
        return fail(ErrorCode::Corrupt, where(seq), Message("Record %1 stands here", {std::to_string(parsed->seq)}));
    if (!prev.empty() && parsed->prev != prev)
        return fail(ErrorCode::Corrupt, where(seq), "The record does not follow the one before it");
    return parsed;
}

Result<bool> Reader::State::extend(LineReader& lines, std::vector<Record>* out)
{
    GH_ASSIGN(const auto line, lines.next());
    if (!line || !line->terminated)
        return false;
    if (out != nullptr) {
        GH_ASSIGN(Record one, record(*line, offsets.size(), lastDigest));
        out->push_back(std::move(one));
    }
    offsets.push_back(line->offset);
    end = line->end();
    lastDigest = sha256Hex(line->text);
    return true;
}

bool hasBegun(const std::string& runDirectory)
{
    for (const char* name : {files::journal, files::leaves, files::checkpoint}) {
        struct stat status = {};
        if (::lstat((runDirectory + '/' + name).c_str(), &status) == 0 && status.st_size > 0)
            return true;
    }
    return false;
}

Reader::Reader(std::unique_ptr<State> state) : m_state(std::move(state)) { }
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Reader> Reader::open(const std::string& runDirectory)
{
    auto state = std::make_unique<State>();
    state->path = runDirectory;
    GH_ASSIGN(const UniqueFd directory, openDirectory(runDirectory));
    GH_ASSIGN(state->journal, openBeneath(directory.get(), files::journal, O_RDONLY | O_NONBLOCK));
    GH_ASSIGN(state->blobs, openBeneath(directory.get(), files::blobs, O_RDONLY | O_NONBLOCK));
    state->payloads = BlobReader(state->blobs.get());
    return Reader(std::move(state));
}

Result<Reader> Reader::openVerified(const std::string& runDirectory)
{
    GH_ASSIGN(const Verification verification, verify(runDirectory));
    if (!verification.ok) {
        Error error = verification.error();
        error.where = runDirectory + ": " + error.where;
        return std::unexpected(std::move(error));
    }
    return open(runDirectory);
}

Error namedByVerify(const std::string& runDirectory, Error error)
{
    if (error.code != ErrorCode::Corrupt)
        return error;
    const auto whole = Reader::openVerified(runDirectory);
    return whole ? error : whole.error();
}

Result<std::vector<Record>> Reader::readFrom(std::uint64_t seq, std::size_t limit)
{
    State& state = *m_state;
    std::vector<Record> out;
    struct stat status = {};
    if (::fstat(state.journal.get(), &status) != 0 || static_cast<std::uint64_t>(status.st_size) < state.end)
        return fail(ErrorCode::Corrupt, state.path, "The journal became shorter while it was read");
    if (seq < state.offsets.size() && limit > 0) {
        LineReader lines(state.journal.get(), state.offsets[seq], state.path);
        std::string prev;
        for (std::uint64_t at = seq; at < state.offsets.size() && out.size() < limit; ++at) {
            GH_ASSIGN(const auto line, lines.next());
            if (!line || !line->terminated)
                return fail(ErrorCode::Corrupt, state.where(at), "The record is no longer there");
            GH_ASSIGN(Record record, state.record(*line, at, prev));
            prev = sha256Hex(line->text);
            out.push_back(std::move(record));
        }
    }
    if (out.size() >= limit)
        return out;
    LineReader lines(state.journal.get(), state.end, state.path);
    while (out.size() < limit) {
        GH_ASSIGN(const bool more, state.extend(lines, state.offsets.size() >= seq ? &out : nullptr));
        if (!more)
            break;
    }
    return out;
}

Result<std::string> Reader::payload(const json& reference)
{
    if (reference.is_object() && reference.size() == 1 && reference.contains("text") && reference["text"].is_string())
        return reference["text"].get<std::string>();
    const auto stored = blobReference(reference);
    if (!stored)
        return fail(ErrorCode::InvalidInput, m_state->path, "This is not a reference to a payload");
    return m_state->payloads.read(*stored);
}

Result<std::string> Reader::payloadPart(const json& reference, std::uint64_t offset, std::uint64_t most)
{
    if (const auto stored = blobReference(reference))
        return m_state->payloads.readPart(*stored, offset, most);
    GH_ASSIGN(const std::string bytes, payload(reference));
    return bytes.substr(std::min<std::uint64_t>(offset, bytes.size()), most);
}

const std::string& Reader::runDirectory() const
{
    return m_state->path;
}

} // namespace gatehouse::journal
