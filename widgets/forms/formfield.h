// FormField: a value of the document in a form: label, editor, and beside it in words what is wrong with it. GUI thread.
//
// Each change is an edit of the document with a name; changes within one stay of the focus become one step. Undo keys are the
// document's. What a field can't write it keeps, and says why.
#pragma once

#include <QWidget>

#include "core/base/problem.h"
#include "widgets/controls/label.h"
#include "widgets/forms/fieldkinds.h"

class QHBoxLayout;
class QVBoxLayout;

namespace gatehouse::widgets {

class FormPage;

struct FieldName {
    QString label;
    std::string key; // beneath the page's pointer: "/limits/turns"
    QString step;    // "Change the turns of %1"
    QString help;    // a sentence; may be empty
};

class FormField : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FormField)
public:
    [[nodiscard]] const QString& label() const { return m_name.label; }
    [[nodiscard]] std::string pointer() const;
    [[nodiscard]] QWidget* editor() const { return m_editor; }
    // What is said beneath the editor: its own fault, else the problems of the document there.
    [[nodiscard]] QString reason() const;
    void setProblems(const QString& text, Severity severity);
    void setRemark(const QString& text); // right of the label

    // Problems beneath its place belong to others.
    [[nodiscard]] virtual bool isOfOwnPlaceOnly() const { return false; }
    // The document is another: shows its value, unless that would take from the person what they are typing.
    virtual void refresh() = 0;
    virtual void setEditable(bool editable) = 0;

protected:
    FormField(FormPage& page, FieldName name);
    void setEditor(QWidget* editor);
    [[nodiscard]] FormPage& page() const { return m_page; }
    [[nodiscard]] const FieldName& name() const { return m_name; }
    [[nodiscard]] const nlohmann::json* value() const;
    [[nodiscard]] QVBoxLayout& column() const { return *m_column; }
    bool write(const std::function<Result<void>(authoring::Editor&)>& change);
    void setFault(const QString& fault);
    [[nodiscard]] bool hasFault() const { return !m_fault.isEmpty(); }
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showReason();

    FormPage& m_page;
    FieldName m_name;
    QVBoxLayout* m_column;
    Label* m_label;
    Label* m_remark;
    QWidget* m_reasonRow;
    Label* m_reason;
    Label* m_help;
    QWidget* m_editor = nullptr;
    QString m_fault;
    QString m_problems;
    Severity m_severity = Severity::Error;
    unsigned m_stay = 0; // counts the focus coming in
};

} // namespace gatehouse::widgets
