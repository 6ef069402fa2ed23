// DiffInk: what the lines on screen need beyond the patch: safe text, changed words, syntax colours. GUI thread.
//
// Made when a line is drawn and kept within bounds. Changed words have a time limit for each frame; colours come from the syntax
// service's thread, one answer after another, each hunk from its beginning so that strings and comments keep their state. changed()
// says that something more is known.
#pragma once

#include <QCache>
#include <QElapsedTimer>
#include <QHash>
#include <QObject>

#include "widgets/diff/diffdocument.h"
#include "widgets/text/codeview.h"

namespace gatehouse::widgets {

class DiffInk final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DiffInk)
public:
    explicit DiffInk(QObject* parent = nullptr);

    void setDocument(DiffDocumentPtr document);
    // Before the lines of one picture are asked for.
    void beginFrame();
    // Holds until the next call.
    [[nodiscard]] const CodeLine& line(int line);
    // After them: asks for the colours of the hunks between two lines that have none yet.
    void wantColours(int firstLine, int lastLine);
    // Every hunk that was asked for has its colours.
    [[nodiscard]] bool hasColours() const { return m_hasColours; }

Q_SIGNALS:
    void changed();

private:
    struct HunkColours {
        int asked = 0; // lines of the hunk, from its first
        SyntaxResults results;
        std::vector<const std::vector<SyntaxSpan>*> spans; // in results
    };
    struct MadeLine {
        CodeLine shown;
        bool hasWords = false;
    };
    [[nodiscard]] std::unique_ptr<MadeLine> make(int line) const;
    void markWords(int line, MadeLine& made) const;
    void takeColours(quint64 ticket, const SyntaxResults& results);
    void ask(int hunk, int lines);
    void forgetColours(int keptHunk);

    DiffDocumentPtr m_document;
    QCache<int, MadeLine> m_lines;
    QElapsedTimer m_frame;
    bool m_isLate = false; // words were left out of this frame
    QHash<int, HunkColours> m_colours;
    int m_colouredLines = 0;
    quint64 m_ticket = 0; // 0: nothing is asked for
    int m_askedHunk = -1;
    bool m_hasColours = false;
};

} // namespace gatehouse::widgets
