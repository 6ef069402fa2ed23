// OutlineModel: a workflow as a tree: each agent with what it uses beneath (data, tools, capabilities, handoffs), at the end a group
// of what no agent uses. The twin of the canvas for keyboards and screen readers; edits go through the document. GUI thread.
//
// Follows the document by the smallest changes of rows, so that selection and what is unfolded outlive an edit; a rename is a change
// of its row.
#pragma once

#include <QAbstractItemModel>

#include "widgets/authoring/workflowdocument.h"

#include <memory>
#include <optional>
#include <vector>

namespace gatehouse::widgets {

struct OutlineRow {
    enum class Kind { Agent, Use, Unused, UnusedGroup };
    enum class Mark { None, Warning, Error };

    Kind kind = Kind::Agent;
    authoring::NodeId node; // not of the group
    QString name;
    QString remark; // the model, the access
    bool entry = false;
    bool missing = false; // named, and defined nowhere
    bool handoff = false; // a use of another agent
    bool implied = false; // goes without saying
    Mark mark = Mark::None;
    QString problems; // one a line, safe to show
    bool operator==(const OutlineRow&) const = default;
    [[nodiscard]] bool isSameAs(const OutlineRow& other) const { return kind == other.kind && node == other.node; }
};

class OutlineModel final : public QAbstractItemModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OutlineModel)
public:
    explicit OutlineModel(WorkflowDocument& document, QObject* parent = nullptr);

    [[nodiscard]] const OutlineRow* row(const QModelIndex& index) const;
    // The agent whose use a row is.
    [[nodiscard]] std::optional<authoring::NodeId> userOf(const QModelIndex& index) const;
    // Everywhere the node stands, its own row first.
    [[nodiscard]] QModelIndexList indexesOf(const authoring::NodeId& node) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    using QObject::parent;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    [[nodiscard]] QStringList mimeTypes() const override;
    [[nodiscard]] QMimeData* mimeData(const QModelIndexList& indexes) const override;
    [[nodiscard]] Qt::DropActions supportedDropActions() const override { return Qt::CopyAction | Qt::LinkAction; }
    [[nodiscard]] bool canDropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                                       const QModelIndex& parent) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column, const QModelIndex& parent) override;

Q_SIGNALS:
    // An edit was not made; safe to show.
    void refused(const QString& reason);

private:
    struct Branch {
        OutlineRow row;
        std::vector<OutlineRow> children;
    };
    using Branches = std::vector<std::unique_ptr<Branch>>;
    [[nodiscard]] Branches read() const;
    [[nodiscard]] std::unique_ptr<Branch> readAgent(const authoring::GraphNode& agent) const;
    [[nodiscard]] OutlineRow readUse(const authoring::GraphWire& wire, const authoring::NodeId& user) const;
    void addProblems(OutlineRow& row, const std::vector<const Problem*>& problems) const;
    void follow();
    void followBranches(Branches& now);
    void followChildren(Branch& branch, const QModelIndex& parent, std::vector<OutlineRow>& now);
    [[nodiscard]] QModelIndex indexOf(const Branch& branch) const;
    [[nodiscard]] std::vector<authoring::NodeId> dragged(const QMimeData* data) const;
    [[nodiscard]] std::optional<authoring::NodeId> dropAgent(const QModelIndex& index) const;

    WorkflowDocument& m_document;
    Branches m_branches;
};

} // namespace gatehouse::widgets
