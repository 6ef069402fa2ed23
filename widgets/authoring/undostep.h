// One step of a document's undo stack: edits of its text, forwards and backwards. Internal to widgets/authoring.
#pragma once

#include <QElapsedTimer>
#include <QUndoCommand>

#include "core/base/jsonedit.h"

#include <functional>
#include <string>
#include <vector>

namespace gatehouse::widgets {

class UndoStep final : public QUndoCommand {
public:
    // The new text, and where it differs from the one before.
    using Replace = std::function<void(std::string, const std::vector<TextChange>&)>;

    // text: the document's own, which the first edit is of; it outlives the step.
    UndoStep(const QString& name, QString burst, std::vector<TextEdit> edits, const std::string& text, Replace replace);

    // The burst of typing in the source: it ends with a pause or a line's end.
    [[nodiscard]] static QString typing() { return QStringLiteral("typing"); }

    void undo() override;
    void redo() override;
    [[nodiscard]] int id() const override;
    bool mergeWith(const QUndoCommand* later) override;

private:
    QString m_burst;
    std::vector<TextEdit> m_forwards;
    std::vector<TextEdit> m_backwards; // the last edit's first
    Replace m_replace;
    QElapsedTimer m_age; // since the last edit that was merged
    const std::string& m_text;
};

} // namespace gatehouse::widgets
