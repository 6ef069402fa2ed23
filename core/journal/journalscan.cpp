#include "core/journal/inspection.h"
#include "core/journal/linereader.h"
#include "core/journal/record.h"
#include "core/journal/rundirectory.h"

namespace gatehouse::journal {

namespace {

class JournalScanner {
public:
    explicit JournalScanner(int fd) : m_lines(fd, 0, files::journal) { m_scan.lastDigest = zeroDigest(); }

    [[nodiscard]] Result<JournalScan> run()
    {
        for (;;) {
            GH_ASSIGN(const auto line, m_lines.next());
            if (!line)
                return std::move(m_scan);
            if (line->terminated)
                complete(*line);
            else
                torn(line->text);
        }
    }

private:
    void complete(const LineReader::Line& line)
    {
        const std::uint64_t seq = m_scan.leaves.size();
        m_scan.leaves.push_back(leafHash(line.text));
        m_scan.follows.push_back(false);
        m_scan.completeBytes = line.end();
        if (auto record = parseRecord(line.text))
            take(*record, seq);
        else
            m_scan.unreadable.emplace(seq, record.error().why);
        m_scan.lastDigest = sha256Hex(line.text);
    }

    void torn(std::string_view text)
    {
        m_scan.tornTail = text;
        const auto record = parseRecord(text);
        m_scan.tornIsRecord = record && record->seq == m_scan.leaves.size() && record->prev == m_scan.lastDigest && sameRun(*record);
    }

    void take(const Record& record, std::uint64_t seq)
    {
        if (seq == 0)
            first(record);
        m_scan.follows.back() = record.prev == m_scan.lastDigest;
        if (record.seq != seq)
            m_scan.unreadable.emplace(seq, Message("This is record %1", {std::to_string(record.seq)}));
        else if (!sameRun(record))
            m_scan.unreadable.emplace(seq, Message("This is a record of run %1", {record.run.text()}));
        else if ((seq == 0) != (record.type == EventType::RunOpened))
            m_scan.unreadable.emplace(seq, "A run begins with run.opened, and only there");
        note(record, seq);
    }

    void first(const Record& record)
    {
        m_scan.run = record.run;
        m_scan.cls = record.cls;
        const auto origin = record.data.find("origin");
        if (origin != record.data.end() && origin->is_string())
            m_scan.origin = origin->get<std::string>();
        if (!m_scan.origin.empty())
            m_scan.lastDigest = sha256Hex(m_scan.origin);
    }

    void note(const Record& record, std::uint64_t seq)
    {
        forEachBlobReference(record.data, [&](const BlobReference& reference) {
            m_scan.references.try_emplace(reference.commit, JournalScan::Reference{seq, reference.size});
        });
        if (record.type == EventType::WriterOpened)
            ++m_scan.epochs;
        const auto gone = [&](const nlohmann::json& commit) {
            if (commit.is_string())
                m_scan.declaredGone.insert(commit.get<std::string>());
        };
        if (record.type == EventType::BlobErased && record.data.contains("commit"))
            gone(record.data["commit"]);
        if (record.type == EventType::JournalRecovered && record.data.contains("lostPayloads")) {
            for (const auto& commit : record.data["lostPayloads"])
                gone(commit);
        }
    }

    [[nodiscard]] bool sameRun(const Record& record) const { return m_scan.run.empty() || record.run == m_scan.run; }

    LineReader m_lines;
    JournalScan m_scan;
};

} // namespace

Result<JournalScan> scanJournal(int fd)
{
    return JournalScanner(fd).run();
}

} // namespace gatehouse::journal
