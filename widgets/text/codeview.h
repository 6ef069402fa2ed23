// CodeView: machine text, painted line by line: numbers, signs, marks, changed words, syntax colours. The ground of diff, output,
// arguments, records and of what a person approves.
//
// Rows have one height, so a million lines scroll like ten; text is always laid out left to right (reordering code is an attack).
// With wrapping on, nothing can hide beside the view. Selection is by line. Accessible as a list of lines. GUI thread.
#pragma once

#include <QAbstractScrollArea>

#include "widgets/text/markedtext.h"
#include "widgets/text/seenrows.h"
#include "widgets/text/syntax.h"

#include <vector>

namespace gatehouse::widgets {

enum class LineTone { Plain, Added, Removed, Heading, Hunk, Note };

struct TextRange {
    int start = 0;
    int length = 0;
    bool operator==(const TextRange&) const = default;
};

struct CodeLine {
    MarkedText text;
    QString label;  // left of the text: a line number, or what the line is
    QString label2; // the second number of a diff
    QChar sign;     // + − or null
    LineTone tone = LineTone::Plain;
    std::vector<TextRange> words; // changed words
    std::vector<SyntaxSpan> syntax;
    QString spoken; // for screen readers, before the text: "removed"
};

enum class Wrapping { Off, On };

class CodeView : public QAbstractScrollArea {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CodeView)
public:
    explicit CodeView(QWidget* parent = nullptr);

    void setLines(std::vector<CodeLine> lines);
    void appendLines(std::vector<CodeLine> lines);
    [[nodiscard]] const std::vector<CodeLine>& lines() const { return m_lines; }
    void setSyntax(std::size_t line, std::vector<SyntaxSpan> spans);
    void repaintText() { viewport()->update(); }

    void setWrapping(Wrapping wrapping);
    // Shown in the middle when there is no line.
    void setEmptyText(const QString& text);
    // Wide enough for every label; 0: as wide as the labels need.
    void setLabelWidth(int width);
    // The view is as high as its text up to this; 0: as the layout says.
    void setMaximumRows(int rows);

    [[nodiscard]] int rowCount() const { return static_cast<int>(m_rows.size()); }
    [[nodiscard]] int rowHeight() const;
    // From now on the rows that are drawn on the screen are counted, each of them: for a text that a person answers for.
    void demandReading();
    [[nodiscard]] int unseenRows() const { return m_seen.left(); }
    [[nodiscard]] bool wholeTextSeen() const { return m_seen.left() == 0; }
    // Scrolls to the first row that was not on screen, if there is one, and gives its place in the viewport.
    QRect showFirstUnseen();
    [[nodiscard]] QString lineText(int line) const;
    [[nodiscard]] int currentLine() const { return m_current; }
    // The line at a place of the viewport, and the place of a line's first row there; empty: it is not on screen.
    [[nodiscard]] int lineAt(QPoint position) const;
    [[nodiscard]] QRect lineRect(int line) const;
    void setCurrentLine(int line);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    // More of the text has been on screen, see unseenRows(); or it was laid out anew.
    void readingChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    // One painted row: a line, or with wrapping a part of one.
    struct Row {
        int line = 0;
        int start = 0;
        int length = 0;
    };
    static void makeAccessible();
    void layOut();
    void appendRows(int line, int columns);
    void updateScrollBars();
    void noteSeen();
    [[nodiscard]] std::vector<bool> seenLines() const;
    void restoreSeen(const std::vector<bool>& lines);
    void paintRow(QPainter& painter, const Row& row, const QRect& box) const;
    void paintGutter(QPainter& painter, const CodeLine& line, const QRect& box) const;
    void paintText(QPainter& painter, const CodeLine& line, const Row& row, QPointF origin) const;
    [[nodiscard]] int gutterWidth() const;
    [[nodiscard]] int firstRowOf(int line) const;
    [[nodiscard]] bool isSelected(int line) const;
    void copySelection() const;

    std::vector<CodeLine> m_lines;
    std::vector<Row> m_rows;
    QString m_emptyText;
    Wrapping m_wrapping = Wrapping::Off;
    int m_labelWidth = 0;
    int m_label2Width = 0;
    int m_fixedLabelWidth = 0;
    int m_maximumRows = 0;
    int m_longest = 0; // characters
    SeenRows m_seen;
    int m_current = -1;
    int m_anchor = -1;
    bool m_hasSigns = false;
    bool m_readingDemanded = false;
};

} // namespace gatehouse::widgets
