// ProjectTreeModel: what a project folder holds: workflows, policies, sandbox profiles, runs. GUI thread.
//
// The documents come as a listing that app reads; the runs are a RunListModel's rows, followed. Sections are rows without a document.
#pragma once

#include <QAbstractItemModel>

#include "widgets/models/runlistmodel.h"

#include <array>

namespace gatehouse::widgets {

// A document of the project, as app read it.
struct ProjectDocument {
    std::string name;
    std::string path;
    std::string remark;  // "14 rules"
    std::string problem; // its first problem; empty: none
};

// A workflow's own words, for the page that starts it.
struct WorkflowSummary {
    ProjectDocument document;
    std::string description;
    std::string task;
    std::string executionClass;
    std::string profile;
    std::vector<std::string> agents; // "planner: scripted"
    std::vector<std::string> policies;
};

struct ProjectListing {
    std::string directory;
    std::string name;
    std::vector<WorkflowSummary> workflows;
    std::vector<ProjectDocument> policies;
    std::vector<ProjectDocument> profiles;
    std::vector<std::string> problems;
};
using ProjectListingPtr = std::shared_ptr<const ProjectListing>;

class ProjectTreeModel final : public QAbstractItemModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProjectTreeModel)
public:
    enum class Section { Workflows, Policies, Profiles, Runs };
    static constexpr int sectionCount = 4;
    enum Role { PathRole = Qt::UserRole + 100, SectionRole, RemarkRole, ProgressRole, ProblemRole };

    explicit ProjectTreeModel(RunListModel& runs, QObject* parent = nullptr);
    void setListing(ProjectListingPtr listing);

    [[nodiscard]] QModelIndex sectionIndex(Section section) const;
    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    using QObject::parent;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    [[nodiscard]] const ProjectDocument* document(Section section, int row) const;
    [[nodiscard]] int documentCount(Section section) const;
    [[nodiscard]] QVariant sectionData(Section section, int role) const;
    [[nodiscard]] QVariant runData(int row, int role) const;

    RunListModel& m_runs;
    ProjectListingPtr m_listing;
};

} // namespace gatehouse::widgets

Q_DECLARE_METATYPE(gatehouse::widgets::ProjectListingPtr)
