// blobs.pack: payloads that don't stand in records, one entry behind the other. FORMAT.md is the reference.
//
// An entry's name is its commitment SHA-256(salt ‖ bytes): it says nothing about the bytes once the salt is erased. There is no index
// file: a reader makes its own by walking the headers, so there is nothing that could disagree.
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/sha256.h"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::journal {

inline constexpr std::size_t blobHeaderBytes = 80;

struct BlobHeader {
    std::uint64_t size = 0;
    std::array<unsigned char, 32> salt{};
    Sha256Digest commit{};
};

[[nodiscard]] std::string formatBlobHeader(const BlobHeader& header);
// Null when the first bytes are not an entry's.
[[nodiscard]] std::optional<BlobHeader> parseBlobHeader(std::string_view bytes);
[[nodiscard]] Sha256Digest blobCommitment(std::span<const unsigned char> salt, std::string_view bytes);

struct BlobReference {
    std::string commit; // hex
    std::uint64_t size = 0;
};
// {"commit": hex, "size": n} and nothing else.
[[nodiscard]] std::optional<BlobReference> blobReference(const nlohmann::json& value);
// Every reference within the value, at any depth.
void forEachBlobReference(const nlohmann::json& value, const std::function<void(const BlobReference&)>& visit);

// What a complete walk found.
struct BlobScan {
    struct Damage {
        std::uint64_t offset = 0;
        std::string commit;   // as its header says, hex; empty when there is no whole header
        std::string computed; // of salt and bytes as they stand; empty when they are not all there
    };
    std::map<std::string, std::uint64_t> sizes; // of good entries, by commit
    std::vector<Damage> damaged;
    std::uint64_t end = 0;          // behind the last good entry
    std::optional<Damage> tornTail; // an entry that is not all there, at the very end
    std::uint64_t fileSize = 0;
};
// Hashes every entry; goes on behind a damaged one where the next entry can be found.
[[nodiscard]] Result<BlobScan> scanBlobs(int fd);

// Finds and reads entries of a pack that may be growing.
class BlobReader {
public:
    explicit BlobReader(int fd) : m_fd(fd) { } // borrowed
    // Checks the commitment.
    [[nodiscard]] Result<std::string> read(const BlobReference& reference);
    // At most so many bytes from an offset on, without holding the whole. Checked each time: the first part of a payload against the
    // commitment of the whole, which costs reading it; further ones against what was read then. Fewer than are there is an error.
    [[nodiscard]] Result<std::string> readPart(const BlobReference& reference, std::uint64_t offset, std::uint64_t most);

private:
    struct Place {
        std::uint64_t offset = 0;
        std::uint64_t size = 0;
        bool operator==(const Place&) const = default;
    };
    // The payload whose parts are being read, as it was when the commitment of the whole held.
    struct Checked {
        std::string commit;
        Place place;
        std::vector<Sha256Digest> chunks;
    };
    [[nodiscard]] Result<void> extend();
    [[nodiscard]] Result<Place> find(const BlobReference& reference);
    [[nodiscard]] Result<std::string> readFirstPart(const BlobReference& reference, const Place& place, std::uint64_t from,
                                                    std::uint64_t to);
    [[nodiscard]] Result<std::string> readNextPart(const Place& place, std::uint64_t from, std::uint64_t to) const;
    int m_fd;
    std::uint64_t m_walked = 0;
    std::map<std::string, Place> m_places;
    Checked m_checked;
};

} // namespace gatehouse::journal
