#include "widgets/models/runreader.h"

#include <QFileSystemWatcher>
#include <QTimer>

#include "core/journal/lock.h"
#include "widgets/approval/presentationtext.h"
#include "widgets/models/detaillines.h"

#include <algorithm>

namespace gatehouse::widgets {

namespace {
// Of the first batch: more than a screen shows, and read at once.
constexpr std::size_t recordsOfFirstBatch = 256;
// Of each other one: what a frame can take in.
constexpr std::size_t recordsPerBatch = 2000;
// Without a notice from the file system (network mounts) the journal is looked at this often; one stat-like read.
constexpr int pollMilliseconds = 200;
// Of a payload in the detail pane; an approval is never cut.
constexpr std::size_t longestDetail = 1024 * 1024;
} // namespace

RunReader::RunReader(std::string runDirectory) : m_runDirectory(std::move(runDirectory)) { }

void RunReader::start()
{
    auto reader = journal::Reader::open(m_runDirectory);
    if (!reader) {
        m_broken = true;
        note(reader.error());
    } else {
        m_reader = *std::move(reader);
    }
    watch();
    poll();
    if (m_broken)
        deliver();
}

void RunReader::watch()
{
    m_watcher = new QFileSystemWatcher(this);
    m_watcher->addPath(QString::fromStdString(m_runDirectory + "/journal.jsonl"));
    connect(m_watcher, &QFileSystemWatcher::fileChanged, this, &RunReader::poll);
    m_timer = new QTimer(this);
    m_timer->setInterval(pollMilliseconds);
    connect(m_timer, &QTimer::timeout, this, &RunReader::poll);
    m_timer->start();
}

void RunReader::note(const Error& error)
{
    // The first says what is wrong; a run from elsewhere may have one with every record.
    if (m_problem.empty())
        m_problem = error.toString();
}

void RunReader::acknowledge()
{
    m_inFlight = false;
    if (m_wanted)
        poll();
}

void RunReader::poll()
{
    if (m_inFlight) {
        m_wanted = true;
        return;
    }
    m_wanted = false;
    if (m_broken)
        return;
    const Found found = readSome();
    const bool alive = journal::isWriterAlive(m_runDirectory);
    if (found != Found::Nothing || alive != m_wasAlive || m_broken) {
        m_wasAlive = alive;
        m_wanted = found == Found::More;
        deliver();
    }
    if (found != Found::More && !m_caughtUp) {
        m_caughtUp = true;
        Q_EMIT caughtUp();
    }
    deliverOutput();
}

RunReader::Found RunReader::readSome()
{
    const std::size_t most = m_next == 0 ? recordsOfFirstBatch : recordsPerBatch;
    auto records = m_reader->readFrom(m_next, most);
    if (!records) {
        m_broken = true;
        note(journal::namedByVerify(m_runDirectory, records.error()));
        return Found::Nothing;
    }
    for (const journal::Record& record : *records) {
        if (auto applied = m_fold.apply(record); !applied)
            note(applied.error());
        m_next = record.seq + 1;
    }
    return records->empty() ? Found::Nothing : records->size() == most ? Found::More : Found::Some;
}

void RunReader::deliver()
{
    auto batch = std::make_shared<RunBatch>();
    auto changes = m_fold.takeChanges();
    batch->changed = std::move(changes.changed);
    batch->appended = std::move(changes.appended);
    batch->idle = std::move(changes.idle);
    batch->approvals = approvals();
    batch->info = m_fold.info();
    batch->info.directory = m_runDirectory;
    batch->info.writerAlive = m_wasAlive;
    batch->info.problem = m_problem;
    if (m_broken)
        batch->info.progress = RunProgress::Damaged;
    else if (batch->info.progress == RunProgress::Running && !m_wasAlive && m_next > 0)
        batch->info.progress = RunProgress::Interrupted;
    m_inFlight = true;
    Q_EMIT batchReady(batch);
}

std::vector<ApprovalPtr> RunReader::approvals()
{
    std::vector<ApprovalPtr> items;
    for (const approval::RequestStatus* status : m_fold.approvals().all()) {
        ApprovalPtr& known = m_known[status->request.id.text()];
        if (!known || known->status.state != status->state || known->status.votes != status->votes ||
            known->status.decision != status->decision)
            known = makeApproval(*status);
        items.push_back(known);
    }
    std::sort(items.begin(), items.end(), [](const ApprovalPtr& a, const ApprovalPtr& b) { return a->status.seq < b->status.seq; });
    return items;
}

ApprovalPtr RunReader::makeApproval(const approval::RequestStatus& status)
{
    auto item = std::make_shared<ApprovalItem>();
    item->status = status;
    item->runDirectory = m_runDirectory;
    item->runName = m_fold.info().name;
    item->agent = m_fold.agentOf(status.request.id);
    item->resolvedBy = m_fold.resolvedBy(status.request.id);
    if (!status.open() || !m_reader)
        return item;
    const nlohmann::json& data = m_fold.requestData(status.request.id);
    const auto load = [&]() -> Result<std::shared_ptr<const approval::Presentation>> {
        GH_ASSIGN(const std::string bytes,
                  m_reader->payload(data.is_object() ? data.value("presentation", nlohmann::json()) : nlohmann::json()));
        const auto parsed = nlohmann::json::parse(bytes, nullptr, false);
        GH_ASSIGN(auto presentation, approval::presentationFromJson(parsed));
        GH_ASSIGN(item->presentationDigest, approval::presentationDigest(presentation));
        // The vote names the request's binding; a card made for another action must not collect it.
        if (presentation.binding != status.request.binding)
            return fail(ErrorCode::Corrupt, m_runDirectory, "The presentation belongs to another action");
        return std::make_shared<const approval::Presentation>(std::move(presentation));
    };
    if (auto presentation = load()) {
        item->presentation = *presentation;
        item->text = std::make_shared<const ApprovalText>(approvalText(**presentation));
    } else {
        item->problem = presentation.error().toString();
    }
    return item;
}

void RunReader::loadPayload(const nlohmann::json& reference, std::string& into, RowDetail& detail)
{
    if (reference.is_null() || !m_reader)
        return;
    if (reference.is_string()) {
        into = reference.get<std::string>();
    } else if (auto bytes = m_reader->payload(reference)) {
        into = *std::move(bytes);
    } else {
        detail.problems.push_back(bytes.error().toString());
        return;
    }
    if (into.size() > longestDetail) {
        into.resize(longestDetail);
        detail.cut = true;
    }
}

void RunReader::followOutput(std::uint64_t ticket, const RowPtr& row)
{
    m_output.follow(ticket, row);
    deliverOutput();
}

void RunReader::followRun(std::uint64_t ticket)
{
    m_runOutput.followRun(ticket);
    deliverOutput();
}

void RunReader::moreOutput(std::uint64_t ticket)
{
    m_output.allowMore(ticket);
    deliverOutput();
}

void RunReader::acknowledgeOutput(std::uint64_t ticket)
{
    m_output.acknowledge(ticket);
    m_runOutput.acknowledge(ticket);
    deliverOutput();
}

void RunReader::deliverOutput()
{
    if (!m_reader)
        return;
    if (const OutputBatchPtr batch = m_output.next(*m_reader, m_fold))
        Q_EMIT outputReady(batch);
    // Where a long past ends is known when all of it is.
    if (!m_caughtUp && !m_broken)
        return;
    if (const OutputBatchPtr batch = m_runOutput.next(*m_reader, m_fold))
        Q_EMIT outputReady(batch);
}

void RunReader::loadDetail(std::uint64_t ticket, const RowPtr& row)
{
    auto detail = std::make_shared<RowDetail>();
    detail->ticket = ticket;
    detail->row = row;
    loadPayload(row->arguments, detail->arguments, *detail);
    loadPayload(row->patch, detail->patch, *detail);
    for (const std::uint64_t seq : row->records) {
        if (!m_reader)
            break;
        auto records = m_reader->readFrom(seq, 1);
        if (!records) {
            detail->problems.push_back(records.error().toString());
            break;
        }
        if (!records->empty())
            detail->records.push_back(records->front().line);
    }
    if (const int index = m_fold.rowFrom(row->firstSeq); index >= 0)
        detail->outputRecords = m_fold.output().chunks(index);
    detail->lines = detailLines(*detail);
    Q_EMIT detailReady(detail);
}

} // namespace gatehouse::widgets
