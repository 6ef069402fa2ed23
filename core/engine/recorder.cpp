#include "core/engine/recorder.h"

#include <nlohmann/json.hpp>

namespace gatehouse::engine {

// How many records are read at a time while folding an existing journal.
static constexpr std::size_t foldBatch = 512;

Recorder::Recorder(std::string directory, Clock& clock, std::unique_ptr<journal::Writer> writer, journal::Reader reader)
    : m_directory(std::move(directory)), m_clock(clock), m_writer(std::move(writer)), m_reader(std::move(reader))
{
}

Result<std::unique_ptr<Recorder>> Recorder::create(const std::string& runDirectory, const RunId& run, const std::string& executionClass,
                                                   Clock& clock)
{
    GH_ASSIGN(auto writer, journal::Writer::create(runDirectory, {run, executionClass}, clock));
    GH_ASSIGN(journal::Reader reader, journal::Reader::open(runDirectory));
    std::unique_ptr<Recorder> recorder(new Recorder(runDirectory, clock, std::move(writer), std::move(reader)));
    GH_TRY(recorder->catchUp());
    recorder->m_run = run;
    return recorder;
}

Result<std::unique_ptr<Recorder>> Recorder::open(const std::string& runDirectory, Clock& clock)
{
    GH_ASSIGN(auto writer, journal::Writer::open(runDirectory, clock));
    GH_ASSIGN(journal::Reader reader, journal::Reader::open(runDirectory));
    std::unique_ptr<Recorder> recorder(new Recorder(runDirectory, clock, std::move(writer), std::move(reader)));
    GH_TRY(recorder->catchUp());
    return recorder;
}

Result<void> Recorder::catchUp()
{
    for (;;) {
        GH_ASSIGN(const std::vector<journal::Record> records, m_reader.readFrom(m_applied, foldBatch));
        if (records.empty())
            return {};
        for (const journal::Record& record : records)
            GH_TRY(apply(record));
        m_applied += records.size();
    }
}

Result<void> Recorder::apply(const journal::Record& record)
{
    if (record.type == journal::EventType::SandboxCreated && m_receipts.is_null() && record.data.contains("receipts"))
        m_receipts = record.data["receipts"];
    if (record.type == journal::EventType::PolicyLoaded)
        m_policyDigest = record.data.value("digest", std::string());
    if (record.type == journal::EventType::RunPaused && record.data.contains("activeMs") && record.data["activeMs"].is_number_integer())
        m_activeMilliseconds = record.data["activeMs"].get<std::int64_t>();
    m_run = record.run;
    GH_TRY(m_progress.apply(record.type, record.data, [this](const nlohmann::json& reference) { return m_reader.payload(reference); }));
    GH_TRY(m_trees.apply(record));
    return m_approvals.apply(record);
}

Result<void> Recorder::note(journal::Event event)
{
    GH_TRY(m_writer->append(event));
    return catchUp();
}

Result<void> Recorder::commit(std::vector<journal::Event> events)
{
    GH_TRY(m_writer->appendDurable(events));
    return catchUp();
}

Result<void> Recorder::seal()
{
    return m_writer->seal();
}

Result<nlohmann::json> Recorder::payload(std::string_view bytes)
{
    return m_writer->payload(bytes);
}

Result<nlohmann::json> Recorder::blob(std::string_view bytes)
{
    return m_writer->blob(bytes);
}

Result<std::string> Recorder::bytes(const nlohmann::json& reference)
{
    return m_reader.payload(reference);
}

approval::Moment Recorder::now() const
{
    return {m_clock.now().time_since_epoch().count(), m_clock.bootId(), m_clock.boottimeNanoseconds()};
}

Result<journal::Record> Recorder::record(std::uint64_t seq)
{
    GH_ASSIGN(std::vector<journal::Record> records, m_reader.readFrom(seq, 1));
    if (records.empty())
        return fail(ErrorCode::Corrupt, m_directory, Message("Record %1 is not where it was", {std::to_string(seq)}));
    return std::move(records.front());
}

std::uint64_t Recorder::size() const
{
    return m_writer->size();
}

} // namespace gatehouse::engine
