// Listing: the entries of a folder, one by one, without "." and "..". Owns its stream; one thread.
//
// A folder that can't be opened has no entries and is false, with the reason in errno.
#pragma once

#include <dirent.h>
#include <memory>

namespace gatehouse {

class Listing {
public:
    // The folder at a path; with `at`, beneath that folder ("." for itself).
    explicit Listing(const char* path);
    Listing(int at, const char* name);

    [[nodiscard]] explicit operator bool() const { return m_stream != nullptr; }
    // The next entry, valid until the one after it; null at the end, with errno 0, or when reading failed.
    const dirent* next();

private:
    struct Close {
        void operator()(DIR* stream) const { ::closedir(stream); }
    };
    std::unique_ptr<DIR, Close> m_stream;
};

} // namespace gatehouse
