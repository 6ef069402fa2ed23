#include "core/foundation/listing.h"

#include "core/foundation/uniquefd.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>

namespace gatehouse {

Listing::Listing(const char* path) : Listing(AT_FDCWD, path) { }

Listing::Listing(int at, const char* name)
{
    UniqueFd folder(::openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder)
        return;
    m_stream.reset(::fdopendir(folder.get()));
    if (m_stream)
        (void)folder.release();
}

const dirent* Listing::next()
{
    errno = 0;
    while (const dirent* entry = m_stream ? ::readdir(m_stream.get()) : nullptr)
        if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
            return entry;
    return nullptr;
}

} // namespace gatehouse
