// DocumentPage: a policy or profile as it stands in its file, to read. GUI thread.
#pragma once

#include <QWidget>

#include "widgets/text/syntax.h"

namespace gatehouse::widgets {
class CodeView;
}

namespace gatehouse::workbench {

class DocumentPage final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DocumentPage)
public:
    explicit DocumentPage(const QString& path, QWidget* parent = nullptr);
    [[nodiscard]] const QString& path() const { return m_path; }

private:
    void takeColours(quint64 ticket, const widgets::SyntaxResults& results);

    QString m_path;
    widgets::CodeView* m_text;
    quint64 m_ticket = 0;
};

} // namespace gatehouse::workbench
