#include "widgets/models/runlister.h"

#include <QFileSystemWatcher>
#include <QTimer>

#include "core/journal/lock.h"
#include "widgets/models/runlistreader.h"

#include <filesystem>

namespace gatehouse::widgets {

namespace {
constexpr int pollMilliseconds = 500;
constexpr std::size_t recordsPerRead = 4000;
} // namespace

RunListReader::RunListReader(std::string projectDirectory) : m_runsDirectory(std::move(projectDirectory) + "/.gatehouse/runs") { }

void RunListReader::start()
{
    m_watcher = new QFileSystemWatcher(this);
    connect(m_watcher, &QFileSystemWatcher::directoryChanged, this, &RunListReader::poll);
    m_timer = new QTimer(this);
    m_timer->setInterval(pollMilliseconds);
    connect(m_timer, &QTimer::timeout, this, &RunListReader::poll);
    m_timer->start();
    poll();
}

void RunListReader::poll()
{
    std::error_code problem;
    if (m_watcher->directories().isEmpty() && std::filesystem::is_directory(m_runsDirectory, problem))
        m_watcher->addPath(QString::fromStdString(m_runsDirectory));
    bool changed = m_first;
    m_first = false;
    std::map<std::string, Followed> still;
    for (const auto& folder : std::filesystem::directory_iterator(m_runsDirectory, problem)) {
        const std::string name = folder.path().filename();
        if (!std::filesystem::is_regular_file(folder.path() / "journal.jsonl", problem))
            continue;
        auto node = m_runs.extract(name);
        if (node.empty()) {
            changed = true;
            still.try_emplace(name);
        } else {
            still.insert(std::move(node));
        }
        changed = look(folder.path(), still.at(name)) || changed;
    }
    changed = changed || !m_runs.empty(); // those left have gone
    m_runs = std::move(still);
    if (!changed)
        return;
    auto entries = std::make_shared<std::vector<RunEntry>>();
    int number = 0;
    for (auto& [name, run] : m_runs) {
        run.entry.number = ++number;
        entries->insert(entries->begin(), run.entry);
    }
    Q_EMIT entriesChanged(entries);
}

bool RunListReader::look(const std::string& directory, Followed& run)
{
    std::error_code problem;
    const auto size = std::int64_t(std::filesystem::file_size(directory + "/journal.jsonl", problem));
    const bool alive = !run.entry.info.over && journal::isWriterAlive(directory);
    if (size == run.size && alive == run.alive)
        return false;
    run.size = size;
    run.alive = alive;
    readOn(directory, run);
    return true;
}

// The whole run is checked once for a failure, not with every look at it.
const std::string& RunListReader::shownFailure(const std::string& directory, Followed& run, const Error& error)
{
    if (std::string text = error.toString(); run.shownFailure.empty() || text != run.failure) {
        run.failure = std::move(text);
        run.shownFailure = journal::namedByVerify(directory, error).toString();
    }
    return run.shownFailure;
}

void RunListReader::readOn(const std::string& directory, Followed& run)
{
    std::string failure;
    if (!run.reader) {
        if (auto opened = journal::Reader::open(directory))
            run.reader = *std::move(opened);
        else
            failure = shownFailure(directory, run, opened.error());
    }
    while (run.reader && failure.empty()) {
        auto records = run.reader->readFrom(run.next, recordsPerRead);
        if (!records) {
            failure = shownFailure(directory, run, records.error());
            break;
        }
        for (const journal::Record& record : *records) {
            (void)run.fold.apply(record); // what does not fit is said where the run is opened
            run.next = record.seq + 1;
        }
        if (records->size() < recordsPerRead)
            break;
    }
    run.entry.info = run.fold.info();
    run.entry.info.directory = directory;
    run.entry.info.writerAlive = run.alive;
    run.entry.info.problem = failure;
    if (!failure.empty())
        run.entry.info.progress = RunProgress::Damaged;
    else if (run.entry.info.progress == RunProgress::Running && !run.alive)
        run.entry.info.progress = RunProgress::Interrupted;
    run.entry.openApprovals.clear();
    for (const approval::RequestStatus* status : run.fold.approvals().open()) {
        auto item = std::make_shared<ApprovalItem>();
        item->status = *status;
        item->runDirectory = directory;
        item->runName = run.entry.info.name;
        item->agent = run.fold.agentOf(status->request.id);
        run.entry.openApprovals.push_back(std::move(item));
    }
    if (run.entry.info.over)
        run.reader.reset(); // its descriptor; it is opened again should the journal grow
}

RunLister::RunLister(const std::string& projectDirectory, JournalThread& thread, QObject* parent)
    : QObject(parent), m_reader(new RunListReader(projectDirectory))
{
    connect(m_reader, &RunListReader::entriesChanged, this, &RunLister::entriesChanged);
    m_reader->moveToThread(&thread.thread());
}

RunLister::~RunLister()
{
    m_reader->deleteLater();
}

void RunLister::start()
{
    QMetaObject::invokeMethod(m_reader, &RunListReader::start, Qt::QueuedConnection);
}

void RunLister::poll()
{
    QMetaObject::invokeMethod(m_reader, &RunListReader::poll, Qt::QueuedConnection);
}

} // namespace gatehouse::widgets
