// Display: a screen of its own that nobody sees, with a window manager and a session bus, so that windows are mapped, framed and painted
// as on a desktop. What it shows can be looked at without asking it. Xvfb, openbox, dbus-daemon and xdotool end with this object.
#pragma once

#include "tests/bench/processes.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gatehouse::bench {

class Display {
public:
    // Its files stand in the folder; what it starts has this environment. NotFound names what is not installed.
    [[nodiscard]] static Result<std::unique_ptr<Display>> start(const std::string& folder, const Environment& environment);
    ~Display();
    Display(const Display&) = delete;
    Display& operator=(const Display&) = delete;

    // For programs that shall show their windows here, beside what start() was given.
    [[nodiscard]] const Environment& environment() const { return m_environment; }
    // 32 bits each, row by row, as they are now.
    [[nodiscard]] std::span<const std::uint32_t> pixels() const { return m_pixels; }
    [[nodiscard]] std::size_t width() const { return m_width; }
    // As xdotool names it, "alt+f". Returns when the server has it.
    [[nodiscard]] Result<void> key(const std::string& name) const;

private:
    Display() = default;
    Result<void> startServer(const std::string& folder);
    Result<void> mapScreen(const std::string& file);
    Result<void> startBus();
    Result<void> startManager();
    [[nodiscard]] Environment wholeEnvironment() const;

    Environment m_given;
    Environment m_environment;
    std::optional<Program> m_server;
    std::optional<Program> m_bus;
    std::optional<Program> m_manager;
    void* m_memory = nullptr;
    std::size_t m_size = 0;
    std::size_t m_width = 0;
    std::span<const std::uint32_t> m_pixels;
};

} // namespace gatehouse::bench
