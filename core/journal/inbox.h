// Votes and controls from other processes to the run's writer, as files: written aside, renamed in, taken in order, removed once journaled.
// What stands in the inbox is foreign: it is bounded, checked and reported, never trusted. Any process may post; only the writer takes.
#pragma once

#include "core/foundation/result.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace gatehouse::journal {

struct InboxMessage {
    std::string name; // give it to remove()
    nlohmann::json json;
};

// Something in the inbox that is no message; journal it as inbox.rejected and remove() it.
struct InboxReject {
    std::string name;
    Message why;
};

struct InboxContents {
    std::vector<InboxMessage> messages; // oldest first
    std::vector<InboxReject> rejects;
};

class Inbox {
public:
    static constexpr std::size_t maximumMessageBytes = 64 * 1024;
    static constexpr std::size_t maximumMessagesPerTake = 256;

    // Durable when it returns; the message's name. The run's folder must exist.
    [[nodiscard]] static Result<std::string> post(const std::string& runDirectory, const nlohmann::json& message);

    [[nodiscard]] static Result<Inbox> open(const std::string& runDirectory);
    // The folder to watch (inotify, QFileSystemWatcher).
    [[nodiscard]] const std::string& path() const { return m_path; }
    [[nodiscard]] Result<InboxContents> take() const;
    // After journaling. A name that is gone already is fine.
    [[nodiscard]] Result<void> remove(const std::string& name) const;

private:
    explicit Inbox(std::string path) : m_path(std::move(path)) { }
    std::string m_path;
};

} // namespace gatehouse::journal
