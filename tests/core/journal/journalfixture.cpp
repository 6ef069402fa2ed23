#include "tests/core/journal/journalfixture.h"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace gatehouse::test {

using journal::EventType;

template <typename T> static T valueOf(Result<T> result)
{
    if (!result)
        qFatal("%s", result.error().toString().c_str());
    return std::move(*result);
}

JournalFixture::JournalFixture(RunEnd end) : m_path(m_folder.path("run"))
{
    {
        auto writer = valueOf(journal::Writer::create(m_path, {RunId("01900000-0000-7000-8000-000000000000"), "delivery"}, clock));
        (void)valueOf(
            writer->append(event(EventType::RunOpened, {{"name", "demo"}, {"workflow", "demo.workflow.json"}, {"requester", "ada"}})));
        (void)valueOf(writer->append(event(EventType::UserMessage, {{"text", valueOf(writer->payload("Repair it – bitte"))}})));
        clock.advance(std::chrono::milliseconds(5));
        firstBlobSeq = valueOf(writer->append(event(
            EventType::ModelRequest, {{"items", {{{"kind", "text"}, {"bytes", valueOf(writer->payload(std::string(40, '\xFF')))}}}}})));
        (void)valueOf(writer->append(event(EventType::ApprovalRequested, {{"id", "ap-1"}, {"binding", std::string(64, 'a')}})));
        approvalSeq =
            valueOf(writer->appendDurable(event(EventType::ApprovalVote, {{"id", "ap-1"}, {"decision", "allow"}, {"principal", "ada"}})));
        const std::vector<journal::Event> claim = {event(EventType::ApprovalConsumed, {{"id", "ap-1"}, {"effect", "e1"}}),
                                                   event(EventType::EffectStarted, {{"effect", "e1"}, {"call", "c1"}})};
        (void)valueOf(writer->appendDurable(claim));
        secondBlobSeq = valueOf(writer->append(event(EventType::EffectFinished,
                                                     {{"effect", "e1"},
                                                      {"output",
                                                       valueOf(writer->payload("\xFE"
                                                                               "binary"))}})));
        if (end == RunEnd::Paused)
            (void)valueOf(writer->append(event(EventType::RunPaused, {{"why", "approval"}})));
        if (end == RunEnd::Finished)
            (void)valueOf(writer->append(event(EventType::RunFinished, {{"outcome", "completed"}})));
        if (end != RunEnd::Crashed && !writer->seal())
            qFatal("not sealed");
    }
    m_good = everything();
}

void JournalFixture::setBytes(const std::string& name, const std::string& bytes) const
{
    // A new file: some file systems flush one that is cut and written again, thousands of times here.
    std::filesystem::remove(file(name));
    writeFile(file(name), bytes);
}

void JournalFixture::restore() const
{
    std::filesystem::remove_all(m_path);
    for (const auto& [name, bytes] : m_good) {
        const std::string full = file(name);
        if (name.ends_with('/'))
            std::filesystem::create_directories(full);
        else
            writeFile(full, bytes);
    }
}

std::map<std::string, std::string> JournalFixture::everything() const
{
    std::map<std::string, std::string> out;
    out["/"] = {};
    for (const auto& entry : std::filesystem::recursive_directory_iterator(m_path)) {
        const std::string name = entry.path().lexically_relative(m_path).string();
        if (entry.is_directory())
            out[name + '/'] = {};
        else
            out[name] = readFile(entry.path().string());
    }
    return out;
}

journal::Event event(EventType type, nlohmann::json data)
{
    return {type, {journal::ActorKind::System, "test"}, SpanId("0123456789abcdef"), std::move(data)};
}

std::string flipped(std::string bytes, std::size_t bit)
{
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    return bytes;
}

std::vector<std::string> linesOf(const std::string& text)
{
    std::vector<std::string> lines;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = text.find('\n', start) + 1;
        lines.push_back(text.substr(start, end - start));
        start = end;
    }
    return lines;
}

std::string joined(const std::vector<std::string>& lines)
{
    std::string out;
    for (const std::string& line : lines)
        out += line;
    return out;
}

std::string verdict(const std::string& runDirectory)
{
    const journal::Verification verification = valueOf(journal::verify(runDirectory));
    if (verification.ok)
        return "ok";
    const Error error = verification.error();
    return error.where + ": " + error.why.format();
}

} // namespace gatehouse::test
