// A secret string: never printed, never compared by accident, wiped when it goes. Values; any thread.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::model {

class Secret {
public:
    Secret() = default;
    explicit Secret(std::string value) : m_value(std::move(value)) { }
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept;
    Secret& operator=(const Secret& other);
    Secret& operator=(Secret&& other) noexcept;
    ~Secret();

    [[nodiscard]] bool empty() const { return m_value.empty(); }
    // For the one place that sends it.
    [[nodiscard]] std::string_view reveal() const { return m_value; }

private:
    std::string m_value;
};

// Overwrites and empties, also what the optimiser thinks nobody reads.
void wipe(std::string& bytes);

} // namespace gatehouse::model
