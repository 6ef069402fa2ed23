// FormPage: the form of one node, or of the workflow itself: fields in sections, kept in step with the document. GUI thread.
#pragma once

#include <QScrollArea>

#include "widgets/authoring/workflowdocument.h"
#include "widgets/forms/fields.h"

#include <functional>
#include <vector>

class QVBoxLayout;

namespace gatehouse::widgets {

class FormPage final : public QScrollArea {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FormPage)
public:
    // Without a node: the workflow.
    FormPage(WorkflowDocument& document, std::optional<authoring::NodeId> node, QWidget* parent = nullptr);

    [[nodiscard]] WorkflowDocument& document() const { return m_document; }
    [[nodiscard]] const std::optional<authoring::NodeId>& node() const { return m_node; }
    // Of what defines the node; empty for the workflow.
    [[nodiscard]] std::string pointer() const;
    // Null: there is no such value, or the text can't be parsed.
    [[nodiscard]] const nlohmann::json* valueAt(std::string_view pointer) const;

    void addSection(const QString& title);
    template <typename Field> Field* add(Field* field)
    {
        addField(field);
        return field;
    }
    void addPair(FormField* first, FormField* second);
    void addWidget(QWidget* widget);
    // Also called when the document is another.
    void whenRefreshed(std::function<void()> then) { m_refreshers.push_back(std::move(then)); }
    void finish(); // no more fields
    // Problems of the node that no field has.
    void setShowsOthers(bool shows) { m_showsOthers = shows; }
    [[nodiscard]] const std::vector<FormField*>& fields() const { return m_fields; }
    [[nodiscard]] FormField* field(std::string_view key) const;

    // "%1" of the name is the node's. A refusal is the error.
    Result<void> edit(const QString& name, const WorkflowDocument::Change& change, const QString& burst = {});
    // Why not, safe to show; empty: done, and the node that is selected is the renamed one.
    QString rename(const std::string& name);
    [[nodiscard]] bool isRenaming() const { return m_renaming; }
    // The node has another name.
    void follow(const authoring::NodeId& node);
    void undo(bool forward);
    void refresh();
    void showProblems();

Q_SIGNALS:
    void renamed(const gatehouse::authoring::NodeId& node);

protected:
    void changeEvent(QEvent* event) override;

private:
    void addField(FormField* field);
    void setEditable(bool editable);

    WorkflowDocument& m_document;
    std::optional<authoring::NodeId> m_node;
    QVBoxLayout* m_column;
    std::vector<FormField*> m_fields;
    std::vector<std::function<void()>> m_refreshers;
    Label* m_others; // problems that no field has
    bool m_renaming = false;
    bool m_showsOthers = true;
};

// For each kind of node, and for none.
[[nodiscard]] FormPage* makeForm(WorkflowDocument& document, const std::optional<authoring::NodeId>& node);
// The other page of an agent: what it may use.
[[nodiscard]] FormPage* makeUsesForm(WorkflowDocument& document, const authoring::NodeId& agent);

} // namespace gatehouse::widgets
