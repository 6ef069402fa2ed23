// A journal record, with and without sync, beside a plain write of as many bytes to a file in the same folder.
#include "core/base/clock.h"
#include "core/foundation/beneath.h"
#include "core/foundation/uniquefd.h"
#include "core/journal/reader.h"
#include "core/journal/writer.h"
#include "tests/bench/benchmark.h"
#include "tests/bench/measure.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::bench {
namespace {

enum class Durability { Written, Synced };

journal::Event event(journal::EventType type)
{
    journal::Event event;
    event.type = type;
    event.actor = {journal::ActorKind::Agent, "planner"};
    // About what a tool's result is: one record of half a kilobyte.
    event.data = {{"call", "c1"}, {"text", {{"text", std::string(300, 'x')}}}, {"error", false}};
    return event;
}

class JournalBenchmark final : public Benchmark {
public:
    JournalBenchmark(Title title, Durability durability) : m_title(std::move(title)), m_durability(durability) { }
    [[nodiscard]] const Title& title() const override { return m_title; }

    [[nodiscard]] Result<void> prepare(const Setting& setting) override
    {
        const std::string folder = setting.folder + '/' + m_title.name;
        GH_ASSIGN(m_writer, journal::Writer::create(folder, {RunId(makeUuidV7()), "delivery"}, m_clock));
        GH_TRY(m_writer->appendDurable(event(journal::EventType::RunOpened)));
        GH_ASSIGN(const off_t before, fileSize(folder));
        GH_TRY(append());
        GH_ASSIGN(const off_t after, fileSize(folder));
        m_bytes.assign(static_cast<std::size_t>(after - before), 'x');
        const std::string plain = setting.folder + '/' + m_title.name + ".plain";
        m_plain.reset(::open(plain.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
        if (!m_plain)
            return failErrno(plain, "Could not make the file", errno);
        return {};
    }

    [[nodiscard]] Result<double> sample() override
    {
        const Stopwatch watch;
        GH_TRY(append());
        return watch.milliseconds() * 1000;
    }

    [[nodiscard]] Result<double> baselineSample() override
    {
        const Stopwatch watch;
        GH_TRY(writeAll(m_plain.get(), m_title.name, m_bytes));
        if (m_durability == Durability::Synced && ::fdatasync(m_plain.get()) != 0)
            return failErrno(m_title.name, "Could not sync", errno);
        return watch.milliseconds() * 1000;
    }

private:
    Result<void> append()
    {
        const journal::Event record = event(journal::EventType::ToolResult);
        if (m_durability == Durability::Synced)
            GH_TRY(m_writer->appendDurable(record));
        else
            GH_TRY(m_writer->append(record));
        return {};
    }

    static Result<off_t> fileSize(const std::string& folder)
    {
        struct stat status = {};
        const std::string path = folder + "/journal.jsonl";
        if (::stat(path.c_str(), &status) != 0)
            return failErrno(path, "Could not inspect", errno);
        return status.st_size;
    }

    Title m_title;
    Durability m_durability;
    SystemClock m_clock;
    std::unique_ptr<journal::Writer> m_writer;
    UniqueFd m_plain;
    std::string m_bytes;
};

} // namespace

void addJournalBenchmarks(Benchmarks& all)
{
    // Hashing and the canonical form cost more than a bare write of half a kilobyte; the sync dwarfs them.
    all.push_back(std::make_unique<JournalBenchmark>(Title{"journal.append", "µs", "write", 40.0, 2000}, Durability::Written));
    all.push_back(
        std::make_unique<JournalBenchmark>(Title{"journal.append-synced", "µs", "write+fdatasync", 2.5, 300}, Durability::Synced));
}

} // namespace gatehouse::bench
