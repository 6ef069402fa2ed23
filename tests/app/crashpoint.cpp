// Preloaded into a program under test: kills it, as `kill -9` would, at the write that GATEHOUSE_CRASH_AT is found in.
// GATEHOUSE_CRASH_WHEN: "before" (nothing of it is written), "half", or "after" (the default; written, not synced). Or "full": it
// lives, half of the write is done, and from then on that file takes nothing, as on a full disk.
// GATEHOUSE_CRASH_FILE: only writes to a file whose path ends so. A real process dies at an exact place; no timing.
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <dlfcn.h>
#include <unistd.h>

namespace {

std::string_view variable(const char* name)
{
    const char* value = std::getenv(name);
    return value ? std::string_view(value) : std::string_view();
}

bool isTheFile(int fd, std::string_view ending)
{
    if (ending.empty())
        return true;
    char link[64];
    char path[4096];
    std::strcpy(link, "/proc/self/fd/");
    char digits[16];
    int count = 0;
    for (int rest = fd; rest > 0 || count == 0; rest /= 10)
        digits[count++] = static_cast<char>('0' + rest % 10);
    char* end = link + std::strlen(link);
    while (count > 0)
        *end++ = digits[--count];
    *end = '\0';
    const ssize_t length = ::readlink(link, path, sizeof path);
    return length > 0 && std::string_view(path, static_cast<std::size_t>(length)).ends_with(ending);
}

[[noreturn]] void die()
{
    ::kill(::getpid(), SIGKILL);
    for (;;)
        ::pause();
}

} // namespace

extern "C" __attribute__((visibility("default"))) ssize_t write(int fd, const void* bytes, size_t count)
{
    using Write = ssize_t (*)(int, const void*, size_t);
    static const auto real = reinterpret_cast<Write>(::dlsym(RTLD_NEXT, "write"));
    static bool full = false;
    const std::string_view mark = variable("GATEHOUSE_CRASH_AT");
    const bool here = !mark.empty() &&
        (full || std::string_view(static_cast<const char*>(bytes), count).find(mark) != std::string_view::npos) &&
        isTheFile(fd, variable("GATEHOUSE_CRASH_FILE"));
    if (!here)
        return real(fd, bytes, count);
    const std::string_view when = variable("GATEHOUSE_CRASH_WHEN");
    if (when == "full") {
        if (!full) {
            full = true;
            return real(fd, bytes, count / 2);
        }
        errno = ENOSPC;
        return -1;
    }
    if (when != "before")
        (void)real(fd, bytes, when == "half" ? count / 2 : count);
    die();
}
