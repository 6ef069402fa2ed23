#include "app/workbench/projectscanner.h"

#include "core/policy/policy.h"
#include "core/workflow/profile.h"
#include "core/workflow/project.h"
#include "core/workflow/workflow.h"

#include <algorithm>
#include <filesystem>

namespace gatehouse::workbench {

namespace {

namespace fs = std::filesystem;

constexpr int settleMilliseconds = 150;

std::vector<std::string> filesIn(const std::string& folder, std::string_view ending)
{
    std::vector<std::string> paths;
    std::error_code problem;
    for (const auto& entry : fs::directory_iterator(folder, problem))
        if (entry.path().string().ends_with(ending))
            paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::string nameOf(const std::string& path, std::string_view ending)
{
    const std::string file = fs::path(path).filename();
    return file.substr(0, file.size() - std::min(file.size(), ending.size()));
}

std::string firstProblem(const std::vector<Problem>& problems)
{
    for (const Problem& problem : problems)
        if (problem.severity == Severity::Error)
            return problem.line();
    return {};
}

widgets::WorkflowSummary summary(const std::string& path, const std::optional<workflow::Project>& project)
{
    constexpr std::string_view ending = ".workflow.json";
    widgets::WorkflowSummary made;
    made.document = {nameOf(path, ending), path, {}, {}};
    if (!project)
        return made;
    const auto loaded = workflow::loadWorkflow(path, *project);
    made.document.problem = firstProblem(loaded.problems);
    if (!loaded.document)
        return made;
    const workflow::Workflow& flow = *loaded.document;
    made.document.name = flow.name.empty() ? made.document.name : flow.name;
    made.description = flow.description;
    made.task = flow.task;
    made.executionClass = workflow::className(flow.executionClass);
    made.profile = flow.profile.value_or(made.executionClass);
    for (const auto& [name, agent] : flow.agents)
        made.agents.push_back(name + " (" + agent.model + ")");
    std::vector<std::string> policies = project->policies;
    policies.insert(policies.end(), flow.policies.begin(), flow.policies.end());
    for (const std::string& policy : policies)
        made.policies.push_back(nameOf(policy, ".policy.json"));
    return made;
}

} // namespace

widgets::ProjectListing scanProject(const std::string& directory)
{
    widgets::ProjectListing listing;
    listing.directory = directory;
    const auto loaded = workflow::loadProject(directory);
    if (const std::string problem = firstProblem(loaded.problems); !problem.empty())
        listing.problems.push_back(problem);
    listing.name = loaded.document && !loaded.document->name.empty() ? loaded.document->name : fs::path(directory).filename().string();
    for (const std::string& path : filesIn(directory + "/workflows", ".workflow.json"))
        listing.workflows.push_back(summary(path, loaded.document));
    for (const std::string& path : filesIn(directory + "/policies", ".policy.json")) {
        const policy::PolicyLoad read = policy::loadPolicy(path);
        const std::string rules = read.policy ? std::to_string(read.policy->rules.size()) + " rules" : "";
        listing.policies.push_back({nameOf(path, ".policy.json"), path, rules, firstProblem(read.problems)});
    }
    for (const std::string& path : filesIn(directory + "/profiles", ".profile.json"))
        listing.profiles.push_back({nameOf(path, ".profile.json"), path, {}, firstProblem(workflow::loadProfile(path).problems)});
    return listing;
}

Result<ProjectPlace> findPlace(const std::string& path)
{
    std::error_code problem;
    const fs::path given = fs::canonical(path, problem);
    if (problem)
        return fail(ErrorCode::NotFound, path, Message("It can't be opened: %1", {problem.message()}),
                    "Choose a folder that holds gatehouse.json");
    const bool isFolder = fs::is_directory(given, problem);
    ProjectPlace place;
    GH_ASSIGN(place.project, workflow::findProject(isFolder ? given : given.parent_path()));
    if (!isFolder)
        place.workflow = given;
    else if (fs::exists(given / "journal.jsonl", problem))
        place.run = given;
    return place;
}

void ProjectReader::start()
{
    m_watcher = new QFileSystemWatcher(this);
    m_settle = new QTimer(this);
    m_settle->setSingleShot(true);
    m_settle->setInterval(settleMilliseconds);
    connect(m_settle, &QTimer::timeout, this, &ProjectReader::scan);
    connect(m_watcher, &QFileSystemWatcher::directoryChanged, m_settle, qOverload<>(&QTimer::start));
    connect(m_watcher, &QFileSystemWatcher::fileChanged, m_settle, qOverload<>(&QTimer::start));
    scan();
}

void ProjectReader::scan()
{
    watch(); // first: what changes while we read is told
    Q_EMIT listingReady(std::make_shared<const widgets::ProjectListing>(scanProject(m_directory)));
}

// Files that were replaced by an atomic save have lost their watch: set anew with each scan.
void ProjectReader::watch()
{
    QStringList paths;
    std::error_code problem;
    for (const char* folder : {"/workflows", "/policies", "/profiles"}) {
        const std::string path = m_directory + folder;
        if (!fs::is_directory(path, problem))
            continue;
        paths << QString::fromStdString(path);
        for (const std::string& file : filesIn(path, ".json"))
            paths << QString::fromStdString(file);
    }
    paths << QString::fromStdString(m_directory) << QString::fromStdString(m_directory + '/' + workflow::projectFileName);
    if (const QStringList old = m_watcher->files() + m_watcher->directories(); !old.isEmpty())
        m_watcher->removePaths(old);
    m_watcher->addPaths(paths);
}

ProjectScanner::ProjectScanner(const std::string& directory, widgets::BackgroundThread& background, QObject* parent)
    : QObject(parent), m_reader(new ProjectReader(directory))
{
    connect(m_reader, &ProjectReader::listingReady, this, &ProjectScanner::listingReady);
    m_reader->moveToThread(&background.thread());
    connect(&background.thread(), &QThread::finished, m_reader, &QObject::deleteLater);
}

ProjectScanner::~ProjectScanner()
{
    m_reader->deleteLater();
}

void ProjectScanner::start()
{
    QMetaObject::invokeMethod(m_reader, &ProjectReader::start, Qt::QueuedConnection);
}

} // namespace gatehouse::workbench
