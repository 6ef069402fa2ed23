#include "core/journal/inbox.h"

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/jsondocument.h"
#include "core/foundation/beneath.h"
#include "core/foundation/listing.h"
#include "core/foundation/uniquefd.h"
#include "core/journal/rundirectory.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::journal {

namespace {

// Sorts by time; what is being written has another ending and is not looked at.
constexpr const char* ending = ".json";
constexpr const char* beginning = ".new-";

bool isPlainName(const std::string& name)
{
    return isPlainRelativePath(name) && name.find('/') == std::string::npos;
}

Result<void> writeSynced(int directory, const std::string& name, std::string_view bytes)
{
    const UniqueFd fd(::openat(directory, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd)
        return failErrno(name, "Could not make a file", errno);
    GH_TRY(writeAll(fd.get(), name, bytes));
    if (::fsync(fd.get()) != 0)
        return failErrno(name, "Could not sync", errno);
    return {};
}

Result<std::vector<std::string>> listNames(const std::string& path)
{
    Listing listing(path.c_str());
    if (!listing)
        return failErrno(path, "Could not open the folder", errno);
    std::vector<std::string> names;
    while (const dirent* entry = listing.next())
        if (std::string name = entry->d_name; !name.starts_with(beginning))
            names.push_back(std::move(name));
    if (errno != 0)
        return failErrno(path, "Could not list the folder", errno);
    std::ranges::sort(names);
    return names;
}

Result<nlohmann::json> readMessage(int directory, const std::string& name)
{
    if (!name.ends_with(ending))
        return fail(ErrorCode::InvalidInput, name, "This is no message: its name does not end in .json");
    GH_ASSIGN(std::string text, readBeneath(directory, name, Inbox::maximumMessageBytes));
    GH_ASSIGN(const JsonDocument document, JsonDocument::parse(std::move(text), name));
    if (!document.value().is_object())
        return fail(ErrorCode::InvalidInput, name, "A message is a JSON object");
    return document.value();
}

} // namespace

Result<std::string> Inbox::post(const std::string& runDirectory, const nlohmann::json& message)
{
    std::string bytes;
    try {
        bytes = message.dump() + '\n';
    } catch (const nlohmann::json::exception&) {
        return fail(ErrorCode::InvalidInput, runDirectory, "The message is not valid UTF-8");
    }
    if (!message.is_object() || bytes.size() > maximumMessageBytes)
        return fail(ErrorCode::InvalidInput, runDirectory, "A message is a JSON object of at most 64 KiB");
    GH_ASSIGN(const UniqueFd directory, openDirectory(runDirectory));
    // The run may be older than its inbox.
    GH_TRY(makeDirectoriesBeneath(directory.get(), files::inbox, 0700));
    GH_ASSIGN(const UniqueFd inbox, openBeneath(directory.get(), files::inbox, O_RDONLY | O_DIRECTORY));
    const SystemClock clock;
    char stamp[32];
    std::snprintf(stamp, sizeof stamp, "%020lld", static_cast<long long>(clock.now().time_since_epoch().count()));
    const std::string unique = randomHex(8);
    std::string name = std::string(stamp) + '-' + unique + ending;
    const std::string temporary = beginning + unique;
    Result<void> done = writeSynced(inbox.get(), temporary, bytes);
    // link would fail on an existing name too, but leaves two names for a moment; the random part makes names unique.
    if (done && ::renameat(inbox.get(), temporary.c_str(), inbox.get(), name.c_str()) != 0)
        done = failErrno(name, "Could not rename", errno);
    if (done && ::fsync(inbox.get()) != 0)
        done = failErrno(name, "Could not sync the folder", errno);
    if (!done) {
        ::unlinkat(inbox.get(), temporary.c_str(), 0);
        return std::unexpected(std::move(done).error());
    }
    return name;
}

Result<Inbox> Inbox::open(const std::string& runDirectory)
{
    GH_ASSIGN(const UniqueFd directory, openDirectory(runDirectory));
    GH_TRY(makeDirectoriesBeneath(directory.get(), files::inbox, 0700));
    return Inbox(runDirectory + '/' + files::inbox);
}

Result<InboxContents> Inbox::take() const
{
    GH_ASSIGN(const UniqueFd directory, openDirectory(m_path));
    GH_ASSIGN(const std::vector<std::string> names, listNames(m_path));
    InboxContents contents;
    for (const std::string& name : names) {
        if (contents.messages.size() + contents.rejects.size() == maximumMessagesPerTake)
            break;
        auto message = readMessage(directory.get(), name);
        if (message)
            contents.messages.push_back({name, std::move(*message)});
        else if (message.error().code != ErrorCode::NotFound) // taken away meanwhile
            contents.rejects.push_back({name, Message("%1", {message.error().toString()})});
    }
    return contents;
}

Result<void> Inbox::remove(const std::string& name) const
{
    if (!isPlainName(name))
        return fail(ErrorCode::InvalidInput, name, "This is not the name of a message");
    GH_ASSIGN(const UniqueFd directory, openDirectory(m_path));
    if (::unlinkat(directory.get(), name.c_str(), 0) == 0 || errno == ENOENT)
        return {};
    // Somebody put a folder there: it goes when it is empty, and out of sight when it is not.
    if (::unlinkat(directory.get(), name.c_str(), AT_REMOVEDIR) == 0)
        return {};
    const std::string aside = beginning + randomHex(8);
    if (::renameat(directory.get(), name.c_str(), directory.get(), aside.c_str()) != 0)
        return failErrno(name, "Could not remove", errno);
    return {};
}

} // namespace gatehouse::journal
