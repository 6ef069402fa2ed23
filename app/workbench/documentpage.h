// DocumentPage: a policy or profile as it stands in its file, to read. GUI thread.
#pragma once

#include <QWidget>

#include "widgets/background.h"
#include "widgets/text/codeview.h"

namespace gatehouse::workbench {

struct DocumentText {
    std::vector<widgets::CodeLine> lines;
    widgets::SyntaxRuns code;
    QString problem; // why it can't be read
};
// Reads the file, if it is a regular one, up to 4 MiB: then the last line says that it is cut. Any thread.
[[nodiscard]] DocumentText readDocument(const QString& path);

class DocumentPage final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DocumentPage)
public:
    DocumentPage(const QString& path, widgets::BackgroundThread& background, QWidget* parent = nullptr);
    [[nodiscard]] const QString& path() const { return m_path; }
    [[nodiscard]] QString title() const; // its file name, safe to show

private:
    void takeText(const DocumentText& text);
    void takeColours(quint64 ticket, const widgets::SyntaxResults& results);

    QString m_path;
    widgets::CodeView* m_text;
    quint64 m_ticket = 0;
};

} // namespace gatehouse::workbench
