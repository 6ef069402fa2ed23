#include "tests/bench/display.h"

#include "core/foundation/uniquefd.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::bench {

namespace {

constexpr std::chrono::milliseconds longestStart{20'000};

// The header of an X window dump, as far as it is needed: words of 32 bits, most significant byte first.
enum HeaderWord { HeaderSize = 0, Width = 4, Height = 5, BitsPerPixel = 11, BytesPerLine = 12, Colours = 19, HeaderWords = 25 };
constexpr std::size_t colourSize = 12;

std::uint32_t word(const unsigned char* header, HeaderWord at)
{
    const unsigned char* byte = header + std::size_t(at) * 4;
    return std::uint32_t(byte[0]) << 24 | std::uint32_t(byte[1]) << 16 | std::uint32_t(byte[2]) << 8 | byte[3];
}

} // namespace

Result<std::unique_ptr<Display>> Display::start(const std::string& folder, const Environment& environment)
{
    for (const char* name : {"Xvfb", "openbox", "dbus-daemon", "xdotool"})
        GH_TRY(mustBeInstalled(name));
    std::unique_ptr<Display> display(new Display);
    display->m_given = environment;
    const std::string own = folder + "/display";
    std::error_code failed;
    std::filesystem::create_directories(own, failed);
    GH_TRY(display->startServer(own));
    GH_TRY(display->startBus());
    GH_TRY(display->startManager());
    return display;
}

Display::~Display()
{
    m_manager.reset();
    m_bus.reset();
    m_server.reset();
    if (m_memory != nullptr)
        ::munmap(m_memory, m_size);
}

// The server chooses a free display and says which.
Result<void> Display::startServer(const std::string& folder)
{
    GH_ASSIGN(
        m_server,
        Program::start({"Xvfb", "-displayfd", "1", "-screen", "0", "1600x1000x24", "-fbdir", folder, "-nolisten", "tcp", "-noreset"}, {}));
    GH_ASSIGN(const std::string number, m_server->readLine(longestStart));
    m_environment.emplace_back("DISPLAY", ":" + number);
    return mapScreen(folder + "/Xvfb_screen0");
}

Result<void> Display::mapScreen(const std::string& file)
{
    const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat about = {};
    if (!fd || ::fstat(fd.get(), &about) != 0)
        return failErrno(file, "Could not open the screen", errno);
    m_size = std::size_t(about.st_size);
    void* memory = ::mmap(nullptr, m_size, PROT_READ, MAP_SHARED, fd.get(), 0);
    if (memory == MAP_FAILED)
        return failErrno(file, "Could not map the screen", errno);
    m_memory = memory;
    const auto* header = static_cast<const unsigned char*>(memory);
    if (m_size < HeaderWords * 4)
        return fail(ErrorCode::Corrupt, file, "The screen has no header");
    m_width = word(header, Width);
    const std::size_t begin = word(header, HeaderSize) + std::size_t(word(header, Colours)) * colourSize;
    const std::size_t count = m_width * word(header, Height);
    if (word(header, BitsPerPixel) != 32 || word(header, BytesPerLine) != m_width * 4 || begin % 4 != 0 || begin + count * 4 > m_size)
        return fail(ErrorCode::Unsupported, file, "The screen has not the form that is known here");
    m_pixels = {reinterpret_cast<const std::uint32_t*>(header + begin), count};
    return {};
}

Result<void> Display::startBus()
{
    GH_ASSIGN(m_bus, Program::start({"dbus-daemon", "--session", "--nofork", "--print-address=1"}, wholeEnvironment()));
    GH_ASSIGN(std::string address, m_bus->readLine(longestStart));
    m_environment.emplace_back("DBUS_SESSION_BUS_ADDRESS", std::move(address));
    return {};
}

// A window that appears while the manager takes over the screen may never be managed: it is ready when it runs its start-up command.
Result<void> Display::startManager()
{
    GH_ASSIGN(m_manager, Program::start({"openbox", "--startup", "echo ready"}, wholeEnvironment()));
    // It may have something to say before, of a menu that it misses.
    for (int line = 0; line < 50; ++line) {
        GH_ASSIGN(const std::string said, m_manager->readLine(longestStart));
        if (said == "ready")
            return {};
    }
    return fail(ErrorCode::System, "openbox", "The window manager is not ready");
}

Environment Display::wholeEnvironment() const
{
    Environment environment = m_given;
    environment.insert(environment.end(), m_environment.begin(), m_environment.end());
    return environment;
}

Result<void> Display::key(const std::string& name) const
{
    GH_ASSIGN(Program tool, Program::start({"xdotool", "key", "--clearmodifiers", name}, m_environment));
    return tool.waitForEnd(longestStart);
}

} // namespace gatehouse::bench
