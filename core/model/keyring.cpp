#include "core/model/keyring.h"

#include <QtGlobal>

#include "core/foundation/beneath.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::model {
namespace {

constexpr std::size_t maximumKeyBytes = 16384;

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// A key is one header value: white space around it is an editor's, anything else that is not visible ASCII is a mistake.
Result<Secret> checkedKey(std::string text, const std::string& reference)
{
    while (!text.empty() && isBlank(text.back()))
        text.pop_back();
    const bool visible = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (!text.empty() && visible)
        return Secret(std::move(text));
    const bool empty = text.empty();
    wipe(text);
    if (empty)
        return fail(ErrorCode::InvalidInput, reference, "The key is empty", "Put the key there, and nothing else");
    return fail(ErrorCode::InvalidInput, reference, "The key holds spaces, line breaks or characters that no key has",
                "Put the key there, and nothing else");
}

Result<std::string> takeEnvironment(const std::string& name, const std::string& reference)
{
    // Our own pointer, to wipe what it points to; nothing of ours sets variables meanwhile.
    char* value = std::getenv(name.c_str());
    if (value == nullptr)
        return fail(ErrorCode::NotFound, reference, Message("The environment has no variable %1", {name}),
                    "Set it before the program starts, or name another key");
    std::string text = value;
    // The bytes that /proc/…/environ shows are these, and unsetenv() leaves them.
    ::explicit_bzero(value, text.size());
    ::qunsetenv(name.c_str()); // takes turns with qgetenv() on other threads
    return text;
}

Result<std::string> readKeyFile(const std::string& path, const std::string& reference)
{
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!fd)
        return failErrno(reference, "Could not open the key file", errno);
    struct stat status = {};
    if (::fstat(fd.get(), &status) != 0)
        return failErrno(reference, "Could not inspect the key file", errno);
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::InvalidInput, reference, "The key file is not a regular file");
    if (status.st_uid != ::geteuid())
        return fail(ErrorCode::PermissionDenied, reference, "The key file belongs to another user", "Make it your own, with mode 0600");
    if ((status.st_mode & 07177) != 0)
        return fail(ErrorCode::PermissionDenied, reference, "Others than its owner may use the key file", "Give it mode 0600: chmod 600");
    return readAll(fd.get(), reference, maximumKeyBytes);
}

} // namespace

Result<Secret> KeyRing::read(const std::string& reference, const std::string& baseDirectory)
{
    if (reference.starts_with("env:")) {
        const std::string name = reference.substr(4);
        if (const auto known = m_fromEnvironment.find(name); known != m_fromEnvironment.end())
            return known->second;
        GH_ASSIGN(std::string text, takeEnvironment(name, reference));
        GH_ASSIGN(Secret key, checkedKey(std::move(text), reference));
        m_fromEnvironment.emplace(name, key);
        return key;
    }
    if (reference.starts_with("file:")) {
        const std::string path = reference.substr(5);
        const bool relative = !path.starts_with('/') && !baseDirectory.empty();
        GH_ASSIGN(std::string text, readKeyFile(relative ? baseDirectory + '/' + path : path, reference));
        return checkedKey(std::move(text), reference);
    }
    if (reference.starts_with("keychain:"))
        return fail(ErrorCode::Unsupported, reference, "This version can't read keys from the keychain yet",
                    "Use env:NAME, or file:PATH with mode 0600");
    // The text is not repeated: somebody may have put the key itself here.
    return fail(ErrorCode::InvalidInput, {}, "A key is a reference: env:NAME or file:PATH");
}

} // namespace gatehouse::model
