// InstructionsEdit: an agent's instructions: {{entry}} is coloured when there is such a data entry and underlined when there is none,
// and completed while it is typed. GUI thread.
#pragma once

#include <QCompleter>
#include <QStringListModel>

#include "widgets/forms/fields.h"

namespace gatehouse::widgets {

class InstructionsEdit final : public FieldTextEdit {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(InstructionsEdit)
public:
    InstructionsEdit();
    void setEntries(const QStringList& entries);
    // Those in the text that no entry has.
    [[nodiscard]] QStringList unknownEntries() const;
    [[nodiscard]] QCompleter& completer() { return m_completer; }

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void mark();
    void offer();
    void take(const QString& entry);

    QStringList m_entries;
    QStringListModel m_names;
    QCompleter m_completer;
};

} // namespace gatehouse::widgets
