#include "core/journal/blobpack.h"

#include "core/foundation/hex.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::journal {

using nlohmann::json;

namespace {

constexpr std::string_view magic("GHBLOB1\n", 8);
constexpr std::size_t saltAt = 16;
constexpr std::size_t commitAt = 48;
constexpr const char* packName = "blobs.pack";
// Of a payload whose parts are read one by one: each part is hashed with what shares its chunks.
constexpr std::uint64_t checkedChunk = 256 * 1024;

// The bytes at offset; fewer at the end of the file.
Result<std::string> readAt(int fd, std::uint64_t offset, std::size_t count)
{
    std::string out(count, '\0');
    std::size_t done = 0;
    while (done < count) {
        const ssize_t got = ::pread(fd, out.data() + done, count - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failErrno(packName, "Could not read", errno);
        if (got == 0)
            break;
        done += static_cast<std::size_t>(got);
    }
    out.resize(done);
    return out;
}

Result<std::uint64_t> fileSize(int fd)
{
    struct stat status = {};
    if (::fstat(fd, &status) != 0)
        return failErrno(packName, "Could not inspect", errno);
    return static_cast<std::uint64_t>(status.st_size);
}

Result<std::string> commitmentAt(int fd, const BlobHeader& header, std::uint64_t offset)
{
    Sha256 hash;
    hash.update(header.salt);
    constexpr std::uint64_t chunk = 1 << 20;
    for (std::uint64_t done = 0; done < header.size; done += chunk) {
        const auto want = static_cast<std::size_t>(std::min(chunk, header.size - done));
        GH_ASSIGN(const std::string bytes, readAt(fd, offset + blobHeaderBytes + done, want));
        hash.update(bytes);
    }
    return toHex(hash.finish());
}

std::unexpected<Error> notWhatWasStored(const std::string& commit)
{
    return fail(ErrorCode::Corrupt, packName, Message("The payload %1 is not what was stored", {commit}));
}

// Of bytes that stand at an offset, those between from and to.
void appendBetween(std::string& out, std::string_view bytes, std::uint64_t offset, std::uint64_t from, std::uint64_t to)
{
    const std::uint64_t first = std::max(from, offset) - offset;
    const std::uint64_t end = std::min<std::uint64_t>(std::max(to, offset) - offset, bytes.size());
    if (first < end)
        out += bytes.substr(static_cast<std::size_t>(first), static_cast<std::size_t>(end - first));
}

class Scanner {
public:
    Scanner(int fd, std::uint64_t size) : m_fd(fd) { m_scan.fileSize = size; }

    [[nodiscard]] Result<BlobScan> run()
    {
        for (std::uint64_t offset = 0; offset < m_scan.fileSize;) {
            GH_ASSIGN(const auto next, entry(offset));
            offset = next;
        }
        return std::move(m_scan);
    }

private:
    // Takes the entry at offset; where to go on.
    [[nodiscard]] Result<std::uint64_t> entry(std::uint64_t offset)
    {
        GH_ASSIGN(const std::string bytes, readAt(m_fd, offset, blobHeaderBytes));
        const auto header = parseBlobHeader(bytes);
        const std::uint64_t room = m_scan.fileSize - offset - std::min(m_scan.fileSize - offset, std::uint64_t{blobHeaderBytes});
        BlobScan::Damage damage{offset, {}, {}};
        if (bytes.size() == blobHeaderBytes)
            damage.commit = toHex(std::span(reinterpret_cast<const unsigned char*>(bytes.data()) + commitAt, 32));
        if (header && header->size <= room) {
            GH_ASSIGN(damage.computed, commitmentAt(m_fd, *header, offset));
            if (damage.computed == damage.commit) {
                m_scan.sizes.emplace(damage.commit, header->size);
                m_scan.end = offset + blobHeaderBytes + header->size;
                return m_scan.end;
            }
        }
        GH_ASSIGN(const auto next, resynchronise(offset + 1));
        // Only a beginning of an entry, with nothing behind it, can be what a crash left.
        const bool beginning = magic.starts_with(std::string_view(bytes).substr(0, magic.size())) && (!header || header->size > room);
        if (next == m_scan.fileSize && beginning)
            m_scan.tornTail = std::move(damage);
        else
            m_scan.damaged.push_back(std::move(damage));
        return next;
    }

    // The next offset where a good entry begins; the end of the file if there is none.
    [[nodiscard]] Result<std::uint64_t> resynchronise(std::uint64_t from)
    {
        constexpr std::size_t chunk = 1 << 20;
        for (std::uint64_t base = from; base < m_scan.fileSize; base += chunk) {
            GH_ASSIGN(const std::string bytes, readAt(m_fd, base, chunk + magic.size() - 1));
            for (std::size_t at = bytes.find(magic); at != std::string::npos; at = bytes.find(magic, at + 1)) {
                GH_ASSIGN(const bool good, isGood(base + at));
                if (good)
                    return base + at;
            }
        }
        return m_scan.fileSize;
    }

    [[nodiscard]] Result<bool> isGood(std::uint64_t offset)
    {
        GH_ASSIGN(const std::string bytes, readAt(m_fd, offset, blobHeaderBytes));
        const auto header = parseBlobHeader(bytes);
        if (!header || header->size > m_scan.fileSize - offset - blobHeaderBytes)
            return false;
        GH_ASSIGN(const std::string computed, commitmentAt(m_fd, *header, offset));
        return computed == toHex(header->commit);
    }

    int m_fd;
    BlobScan m_scan;
};

} // namespace

std::string formatBlobHeader(const BlobHeader& header)
{
    std::string out(magic);
    for (unsigned i = 0; i < 8; ++i)
        out += static_cast<char>(header.size >> (8 * i) & 0xFF);
    out.append(reinterpret_cast<const char*>(header.salt.data()), header.salt.size());
    out.append(reinterpret_cast<const char*>(header.commit.data()), header.commit.size());
    return out;
}

std::optional<BlobHeader> parseBlobHeader(std::string_view bytes)
{
    if (bytes.size() < blobHeaderBytes || !bytes.starts_with(magic))
        return std::nullopt;
    BlobHeader header;
    for (unsigned i = 8; i-- > 0;)
        header.size = header.size << 8 | static_cast<unsigned char>(bytes[magic.size() + i]);
    std::memcpy(header.salt.data(), bytes.data() + saltAt, header.salt.size());
    std::memcpy(header.commit.data(), bytes.data() + commitAt, header.commit.size());
    return header;
}

Sha256Digest blobCommitment(std::span<const unsigned char> salt, std::string_view bytes)
{
    Sha256 hash;
    hash.update(salt);
    hash.update(bytes);
    return hash.finish();
}

std::optional<BlobReference> blobReference(const json& value)
{
    if (!value.is_object() || value.size() != 2)
        return std::nullopt;
    const auto commit = value.find("commit");
    const auto size = value.find("size");
    if (commit == value.end() || size == value.end() || !commit->is_string() || !size->is_number_integer() || *size < 0)
        return std::nullopt;
    const auto& hex = commit->get_ref<const std::string&>();
    if (hex.size() != 64 || !fromHex(hex))
        return std::nullopt;
    return BlobReference{hex, size->get<std::uint64_t>()};
}

void forEachBlobReference(const json& value, const std::function<void(const BlobReference&)>& visit)
{
    if (!value.is_structured())
        return;
    if (const auto reference = blobReference(value)) {
        visit(*reference);
        return;
    }
    for (const json& inner : value)
        forEachBlobReference(inner, visit);
}

Result<BlobScan> scanBlobs(int fd)
{
    GH_ASSIGN(const std::uint64_t size, fileSize(fd));
    return Scanner(fd, size).run();
}

Result<void> BlobReader::extend()
{
    GH_ASSIGN(const std::uint64_t size, fileSize(m_fd));
    while (m_walked + blobHeaderBytes <= size) {
        GH_ASSIGN(const std::string bytes, readAt(m_fd, m_walked, blobHeaderBytes));
        const auto header = parseBlobHeader(bytes);
        if (!header)
            return fail(ErrorCode::Corrupt, packName, Message("No entry begins at byte %1", {std::to_string(m_walked)}));
        if (header->size > size - m_walked - blobHeaderBytes)
            return {}; // still being written, or torn
        m_places[toHex(header->commit)] = {m_walked, header->size};
        m_walked += blobHeaderBytes + header->size;
    }
    return {};
}

Result<BlobReader::Place> BlobReader::find(const BlobReference& reference)
{
    if (!m_places.contains(reference.commit))
        GH_TRY(extend());
    const auto place = m_places.find(reference.commit);
    if (place == m_places.end())
        return fail(ErrorCode::NotFound, packName, Message("There is no payload %1", {reference.commit}));
    return place->second;
}

Result<std::string> BlobReader::readPart(const BlobReference& reference, std::uint64_t offset, std::uint64_t most)
{
    GH_ASSIGN(const Place place, find(reference));
    if (place.size != reference.size)
        return notWhatWasStored(reference.commit);
    const std::uint64_t from = std::min(offset, place.size);
    const std::uint64_t to = from + std::min(most, place.size - from);
    const bool isChecked = m_checked.commit == reference.commit && m_checked.place == place;
    return isChecked ? readNextPart(place, from, to) : readFirstPart(reference, place, from, to);
}

// What is given out is what was hashed: the file may change between two reads.
Result<std::string> BlobReader::readFirstPart(const BlobReference& reference, const Place& place, std::uint64_t from, std::uint64_t to)
{
    GH_ASSIGN(const std::string head, readAt(m_fd, place.offset, blobHeaderBytes));
    const auto header = parseBlobHeader(head);
    if (!header || header->size != reference.size)
        return notWhatWasStored(reference.commit);
    Sha256 whole;
    whole.update(header->salt);
    Checked checked{reference.commit, place, {}};
    std::string part;
    for (std::uint64_t at = 0; at < place.size; at += checkedChunk) {
        const std::uint64_t end = std::min(at + checkedChunk, place.size);
        GH_ASSIGN(const std::string bytes, readAt(m_fd, place.offset + blobHeaderBytes + at, static_cast<std::size_t>(end - at)));
        whole.update(bytes);
        checked.chunks.push_back(sha256(bytes));
        appendBetween(part, bytes, at, from, to);
    }
    if (toHex(whole.finish()) != reference.commit)
        return notWhatWasStored(reference.commit);
    m_checked = std::move(checked);
    return part;
}

Result<std::string> BlobReader::readNextPart(const Place& place, std::uint64_t from, std::uint64_t to) const
{
    std::string part;
    for (std::uint64_t at = from / checkedChunk * checkedChunk; at < to; at += checkedChunk) {
        const std::uint64_t end = std::min(at + checkedChunk, place.size);
        GH_ASSIGN(const std::string bytes, readAt(m_fd, place.offset + blobHeaderBytes + at, static_cast<std::size_t>(end - at)));
        if (sha256(bytes) != m_checked.chunks[static_cast<std::size_t>(at / checkedChunk)])
            return notWhatWasStored(m_checked.commit);
        appendBetween(part, bytes, at, from, to);
    }
    return part;
}

Result<std::string> BlobReader::read(const BlobReference& reference)
{
    GH_ASSIGN(const Place place, find(reference));
    GH_ASSIGN(const std::string header, readAt(m_fd, place.offset, blobHeaderBytes));
    GH_ASSIGN(std::string bytes, readAt(m_fd, place.offset + blobHeaderBytes, static_cast<std::size_t>(place.size)));
    const auto parsed = parseBlobHeader(header);
    if (!parsed || bytes.size() != reference.size || toHex(blobCommitment(parsed->salt, bytes)) != reference.commit)
        return notWhatWasStored(reference.commit);
    return bytes;
}

} // namespace gatehouse::journal
