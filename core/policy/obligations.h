// What an ask rule demands of the approval. Values; any thread. Durations are ISO 8601 in documents and in records.
#pragma once

#include "core/foundation/result.h"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gatehouse::policy {

// n different people who hold the role; an empty role is anybody. Several stand in AND.
struct RoleCount {
    std::string role;
    unsigned n = 1;
    auto operator<=>(const RoleCount&) const = default;
};

struct Obligations {
    std::vector<RoleCount> quorum;                          // sorted by role, one entry each; empty: one person, any role
    std::optional<std::chrono::milliseconds> expires;       // undecided for so long: expired, never approved
    std::optional<std::chrono::milliseconds> executeWithin; // approved, and not begun for so long: expired
    std::set<std::string> windows;                          // every one of them must be open
    bool reasonRequired = false;
    bool operator==(const Obligations&) const = default;
};

// The strictest of both: most people of each role, shortest times, all windows.
[[nodiscard]] Obligations strictest(const Obligations& a, const Obligations& b);

// The form of documents: {"quorum":[{"n":1,"role":"owner"}],"expires":"PT4H",…}; what is not demanded is absent.
[[nodiscard]] nlohmann::json toJson(const Obligations& obligations);
[[nodiscard]] Result<Obligations> obligationsFromJson(const nlohmann::json& value);

// ISO 8601 durations of weeks, days, hours, minutes and seconds ("P1W", "PT4H", "PT0.5S"); no years or months, nothing
// negative or empty, at most ten years.
[[nodiscard]] std::optional<std::chrono::milliseconds> parseDuration(std::string_view text);
[[nodiscard]] std::string formatDuration(std::chrono::milliseconds duration);

} // namespace gatehouse::policy
