// A small run with every kind of thing in it, for tests that then damage it.
#pragma once

#include "core/journal/verify.h"
#include "core/journal/writer.h"
#include "tests/support/fakeclock.h"
#include "tests/support/temporaryfolder.h"

#include <map>
#include <string>
#include <vector>

namespace gatehouse::test {

enum class RunEnd { Paused, Finished, Crashed };

// Opened, a policy decision, two payloads in the pack and one in a record, an approval with its vote, then the end.
class JournalFixture {
public:
    explicit JournalFixture(RunEnd end);

    [[nodiscard]] const std::string& path() const { return m_path; }
    [[nodiscard]] std::string file(const std::string& name) const { return m_path + '/' + name; }
    [[nodiscard]] std::string bytes(const std::string& name) const { return readFile(file(name)); }
    void setBytes(const std::string& name, const std::string& bytes) const;
    // Back to what the writer left.
    void restore() const;
    // Every file of the folder with its bytes: for "nothing was written".
    [[nodiscard]] std::map<std::string, std::string> everything() const;

    FakeClock clock;
    std::uint64_t approvalSeq = 0; // of approval.vote
    std::uint64_t firstBlobSeq = 0;
    std::uint64_t secondBlobSeq = 0;

private:
    TemporaryFolder m_folder;
    std::string m_path;
    std::map<std::string, std::string> m_good;
};

[[nodiscard]] journal::Event event(journal::EventType type, nlohmann::json data = nlohmann::json::object());
[[nodiscard]] std::string flipped(std::string bytes, std::size_t bit);
// The lines with their newlines.
[[nodiscard]] std::vector<std::string> linesOf(const std::string& text);
[[nodiscard]] std::string joined(const std::vector<std::string>& lines);
// The first finding that is no crash's, as text; "ok" when there is none.
[[nodiscard]] std::string verdict(const std::string& runDirectory);

} // namespace gatehouse::test
