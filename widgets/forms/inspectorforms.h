// InspectorForms: the inspector while a workflow is written: the form of what is selected, what an agent may use, its prompt.
//
// Follows the document's selection; with several nodes the current one. A page that others give (what the policy says) stands among
// the tabs. Owner: the inspector's dock. GUI thread.
#pragma once

#include <QPointer>
#include <QStackedWidget>
#include <QTabBar>

#include "widgets/forms/formpage.h"
#include "widgets/text/codeview.h"

namespace gatehouse::widgets {

class InspectorForms final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(InspectorForms)
public:
    enum Tab { Form, Uses, Policy, Prompt };

    explicit InspectorForms(WorkflowDocument& document, QWidget* parent = nullptr);

    // Shown as "Policy" for agents; becomes ours.
    void setPolicyPage(QWidget* page);
    [[nodiscard]] Tab tab() const;
    void setTab(Tab tab);
    [[nodiscard]] FormPage* form() const { return m_form; }
    [[nodiscard]] FormPage* uses() const { return m_uses; }
    [[nodiscard]] QString title() const { return m_title->text(); }
    // Puts the focus into the form's first field.
    void focusForm();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void follow();
    void rebuild(const std::optional<authoring::NodeId>& node);
    void showHead();
    void showPrompt();
    void showTabs(bool agent);

    WorkflowDocument& m_document;
    Label* m_title;
    Label* m_subtitle;
    QTabBar* m_tabs;
    QStackedWidget* m_pages;
    QPointer<FormPage> m_form;
    QPointer<FormPage> m_uses;
    CodeView* m_prompt;
    QPointer<QWidget> m_policy;
    std::optional<authoring::NodeId> m_node;
    authoring::Definition m_definition = authoring::Definition::Here;
    bool m_built = false;
};

} // namespace gatehouse::widgets
