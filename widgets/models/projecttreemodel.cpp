#include "widgets/models/projecttreemodel.h"

#include "widgets/text/markedtext.h"

namespace gatehouse::widgets {

// Sections have the internal id 0, their rows the section's number + 1.
ProjectTreeModel::ProjectTreeModel(RunListModel& runs, QObject* parent)
    : QAbstractItemModel(parent), m_runs(runs), m_listing(std::make_shared<const ProjectListing>())
{
    const auto section = [this] { return sectionIndex(Section::Runs); };
    connect(&runs, &QAbstractItemModel::rowsAboutToBeInserted, this,
            [this, section](const QModelIndex&, int first, int last) { beginInsertRows(section(), first, last); });
    connect(&runs, &QAbstractItemModel::rowsInserted, this, [this, section] {
        endInsertRows();
        Q_EMIT dataChanged(section(), section());
    });
    connect(&runs, &QAbstractItemModel::modelAboutToBeReset, this, [this] { beginResetModel(); });
    connect(&runs, &QAbstractItemModel::modelReset, this, [this] { endResetModel(); });
    connect(&runs, &QAbstractItemModel::dataChanged, this, [this, section](const QModelIndex& first, const QModelIndex& last) {
        Q_EMIT dataChanged(index(first.row(), 0, section()), index(last.row(), 0, section()));
    });
}

void ProjectTreeModel::setListing(ProjectListingPtr listing)
{
    beginResetModel();
    m_listing = std::move(listing);
    endResetModel();
}

QModelIndex ProjectTreeModel::sectionIndex(Section section) const
{
    return createIndex(int(section), 0, quintptr(0));
}

QModelIndex ProjectTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row() + 1) : quintptr(0));
}

QModelIndex ProjectTreeModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || child.internalId() == 0)
        return {};
    return createIndex(int(child.internalId()) - 1, 0, quintptr(0));
}

int ProjectTreeModel::documentCount(Section section) const
{
    switch (section) {
    case Section::Workflows:
        return int(m_listing->workflows.size());
    case Section::Policies:
        return int(m_listing->policies.size());
    case Section::Profiles:
        return int(m_listing->profiles.size());
    case Section::Runs:
        return m_runs.rowCount();
    }
    return 0;
}

int ProjectTreeModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return sectionCount;
    return parent.internalId() == 0 && parent.column() == 0 ? documentCount(Section(parent.row())) : 0;
}

int ProjectTreeModel::columnCount(const QModelIndex&) const
{
    return 1;
}

const ProjectDocument* ProjectTreeModel::document(Section section, int row) const
{
    const auto at = std::size_t(row);
    switch (section) {
    case Section::Workflows:
        return &m_listing->workflows.at(at).document;
    case Section::Policies:
        return &m_listing->policies.at(at);
    case Section::Profiles:
        return &m_listing->profiles.at(at);
    case Section::Runs:
        break;
    }
    return nullptr;
}

QVariant ProjectTreeModel::sectionData(Section section, int role) const
{
    if (role == SectionRole)
        return int(section);
    if (role == RemarkRole)
        return documentCount(section) == 0 ? tr("none") : QString::number(documentCount(section));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Section::Workflows:
        return tr("Workflows");
    case Section::Policies:
        return tr("Policies");
    case Section::Profiles:
        return tr("Sandbox profiles");
    case Section::Runs:
        return tr("Runs");
    }
    return {};
}

QVariant ProjectTreeModel::runData(int row, int role) const
{
    const QModelIndex run = m_runs.index(row);
    switch (role) {
    case PathRole:
        return m_runs.data(run, RunListModel::DirectoryRole);
    case RemarkRole:
        return m_runs.data(run, RunListModel::RemarkRole);
    case ProgressRole:
        return m_runs.data(run, RunListModel::ProgressRole);
    case SectionRole:
        return int(Section::Runs);
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return m_runs.data(run, role);
    default:
        return {};
    }
}

QVariant ProjectTreeModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (index.internalId() == 0)
        return sectionData(Section(index.row()), role);
    const auto section = Section(int(index.internalId()) - 1);
    if (section == Section::Runs)
        return runData(index.row(), role);
    const ProjectDocument& found = *document(section, index.row());
    switch (role) {
    case Qt::DisplayRole:
        return shown(found.name);
    case Qt::ToolTipRole:
        return plainToolTip(shown(found.problem.empty() ? found.path : found.problem));
    case PathRole:
        return QString::fromStdString(found.path);
    case SectionRole:
        return int(section);
    case RemarkRole:
        return found.problem.empty() ? shown(found.remark) : tr("problem");
    case ProblemRole:
        return !found.problem.empty();
    default:
        return {};
    }
}

Qt::ItemFlags ProjectTreeModel::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    return index.internalId() == 0 ? Qt::ItemIsEnabled | Qt::ItemIsSelectable
                                   : Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
}

} // namespace gatehouse::widgets
