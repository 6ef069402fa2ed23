// Records and pack entries as a damaged disk or a stranger gives them.
#include "core/foundation/uniquefd.h"
#include "core/journal/blobpack.h"
#include "core/journal/checkpoint.h"
#include "core/journal/inspection.h"
#include "core/journal/record.h"

#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::journal;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (const auto record = parseRecord(text); record && formatRecord(*record) != text)
        std::abort();
    if (const auto checkpoint = parseCheckpoint(text); checkpoint && formatCheckpoint(*checkpoint) != text)
        std::abort();
    const UniqueFd file(::memfd_create("fuzz", MFD_CLOEXEC));
    if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        std::abort();
    const auto blobs = scanBlobs(file.get());
    if (!blobs || blobs->end > text.size())
        std::abort();
    BlobReader reader(file.get());
    for (const auto& [commit, bytes] : blobs->sizes)
        (void)reader.read({commit, bytes});
    if (!scanJournal(file.get()))
        std::abort();
    return 0;
}
