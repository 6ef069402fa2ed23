// PatchView: a patch, inline or side by side, painted row by row: one focusable view with one current row. GUI thread.
//
// Both layouts are rows of the same document; files and hunks fold; the heading of the file that is looked at stays on top. Too narrow
// for two sides, it shows one (layoutChanged() says so). Only rows on screen cost anything. Text is always laid out left to right
// (reordering code is an attack). Accessible as a list of its rows.
#pragma once

#include <QAbstractScrollArea>

#include <set>

#include "widgets/diff/diffink.h"

namespace gatehouse::widgets {

class ChangeStrip;

enum class Direction { Back = -1, Forward = 1 };

class PatchView final : public QAbstractScrollArea {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PatchView)
public:
    explicit PatchView(QWidget* parent = nullptr);

    void setDocument(DiffDocumentPtr document);
    [[nodiscard]] const DiffDocument& document() const { return *m_document; }
    // What the person chose, and what there is room for.
    void setChosenLayout(DiffLayout layout);
    [[nodiscard]] DiffLayout chosenLayout() const { return m_chosen; }
    [[nodiscard]] DiffLayout shownLayout() const { return m_shown; }
    [[nodiscard]] static int sideBySideWidth();
    void setEmptyText(const QString& text);

    // Rows that are not folded away, from the top.
    [[nodiscard]] int rowCount() const { return int(m_rows.size()); }
    [[nodiscard]] DiffRow row(int row) const { return m_rows[std::size_t(row)]; }
    [[nodiscard]] int rowHeight() const;
    [[nodiscard]] int rowAt(QPoint position) const;
    [[nodiscard]] QRect rowRect(int row) const; // in the viewport; empty: not on screen
    [[nodiscard]] QString spokenRow(int row) const;
    [[nodiscard]] bool isChangedRow(int row) const;
    [[nodiscard]] int currentRow() const { return m_current; }
    void setCurrentRow(int row);
    // The side that is copied and, side by side, marked as current.
    [[nodiscard]] DiffSide currentSide() const { return m_side; }
    void setCurrentSide(DiffSide side);
    [[nodiscard]] int currentFile() const;
    // The file whose heading stays on top; −1: none, or its own row is there.
    [[nodiscard]] int stickyFile() const;

    // To the first row of the next or previous run of changes that is not folded away, or to a file's heading; false: there is none.
    bool goToChange(Direction direction);
    bool goToFile(Direction direction);
    void goToFile(int file);
    // Of a file's or a hunk's heading.
    void toggleFold(int line);
    [[nodiscard]] bool isFolded(int line) const { return m_folded.contains(line); }
    void foldAllHunks();
    void unfoldAll();

    // Of the selected rows: a side's lines, or every line; headings only where there is no code among them.
    [[nodiscard]] QString selectedText(DiffSide side) const;
    [[nodiscard]] QString selectedText() const;
    [[nodiscard]] QString selectedPatch() const; // with signs

    [[nodiscard]] bool hasColours() const { return m_ink.hasColours(); }
    // Counts up when rows are no longer what they were: for what remembers them by number.
    [[nodiscard]] quint64 generation() const { return m_generation; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void layoutChanged();
    void currentFileChanged(int file);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    static void makeAccessible();
    void rebuildRows();
    void chooseLayout();
    void updateScrollBars();
    void placeStrip();
    void scrollTo(int row);
    void moveTo(int row, bool extend);
    void noteCurrent();
    [[nodiscard]] int fileOfRow(int row) const;
    [[nodiscard]] int rowOfLine(int line) const;
    [[nodiscard]] bool isSelected(int row) const;
    [[nodiscard]] std::pair<int, int> selection() const;
    [[nodiscard]] bool isHeading(int line) const;
    [[nodiscard]] QString selectedLines(std::initializer_list<DiffSide> sides) const;
    bool handleMoveKey(QKeyEvent* event);
    bool handleCommandKey(QKeyEvent* event);
    bool foldAtCurrent(bool fold);
    void copy(const QString& text) const;

    [[nodiscard]] int textWidth() const;
    [[nodiscard]] int numberWidth() const;
    [[nodiscard]] int gutterWidth() const;
    [[nodiscard]] static int chevronWidth();
    [[nodiscard]] QRect sideRect(DiffSide side, const QRect& row) const;
    [[nodiscard]] DiffSide sideAt(QPoint position) const;
    void paintRow(QPainter& painter, int row, const QRect& box);
    void paintHeading(QPainter& painter, int line, const QRect& box, bool selected);
    void paintHunk(QPainter& painter, int line, const QRect& box, bool selected);
    void paintCell(QPainter& painter, int line, const QRect& cell, DiffSide side, bool selected);
    void paintNumbers(QPainter& painter, const CodeLine& shown, const QRect& cell, DiffSide side) const;
    void paintNothing(QPainter& painter, const QRect& cell) const;
    void paintChevron(QPainter& painter, int line, const QRect& box) const;

    DiffDocumentPtr m_document;
    DiffInk m_ink;
    std::vector<DiffRow> m_rows;
    std::set<int> m_folded; // lines: headings of files and hunks
    ChangeStrip* m_strip;
    QString m_emptyText;
    DiffLayout m_chosen = DiffLayout::Inline;
    DiffLayout m_shown = DiffLayout::Inline;
    DiffSide m_side = DiffSide::New;
    int m_current = -1;
    int m_anchor = -1;
    int m_notedFile = -1;
    int m_widest = 0; // characters of the longest line so far
    quint64 m_generation = 0;
};

} // namespace gatehouse::widgets
