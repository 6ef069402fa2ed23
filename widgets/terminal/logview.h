// LogView: what a program or a model writes, as it comes: coloured lines that follow their tail, to be selected, copied and searched.
//
// Rows have one height; only what is on the screen is parsed and painted. It follows the tail until the person scrolls up, and then says
// how many lines came since. Text always runs from left to right, on a grid; every line tells its stream by a sign. Accessible as a list
// of lines. Everything shown is hostile input, see AnsiParser. GUI thread.
#pragma once

#include <QAbstractScrollArea>

#include "widgets/terminal/logrows.h"
#include "widgets/terminal/logsearch.h"
#include "widgets/text/codeview.h" // Wrapping

namespace gatehouse::widgets {

class TailPill;

class LogView final : public QAbstractScrollArea {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LogView)
public:
    // Of a copy to the clipboard; what is cut off is said by copied().
    static constexpr qsizetype longestCopy = 4 << 20;

    // Between two columns of a line.
    struct Place {
        std::uint64_t line = 0;
        int column = 0;
        auto operator<=>(const Place&) const = default;
    };

    explicit LogView(LogLimits limits = {}, QWidget* parent = nullptr);

    void append(const std::vector<LogPiece>& pieces);
    void append(LogStream stream, std::string_view bytes);
    void clear();
    [[nodiscard]] const LogStore& store() const { return m_store; }
    // Shown while there is no line.
    void setEmptyText(const QString& text);

    [[nodiscard]] bool isFollowing() const { return m_following; }
    [[nodiscard]] std::uint64_t unseenLines() const;
    void followTail();

    void setWrapping(Wrapping wrapping);
    [[nodiscard]] Wrapping wrapping() const { return m_wrapping; }
    [[nodiscard]] int rowCount() const { return m_rows.count(); }
    [[nodiscard]] int rowHeight() const;

    [[nodiscard]] Place caret() const { return m_caret; }
    void select(Place from, Place to);
    [[nodiscard]] bool hasSelection() const { return m_anchor != m_caret; }
    [[nodiscard]] QString selectedText() const;
    void copy();

    [[nodiscard]] LogSearch& search() { return m_search; }
    // The hit behind the last one, or before it (-1), around the ends; false: there is none. From the caret for the first.
    bool goToHit(int direction);
    [[nodiscard]] int currentHit() const { return m_currentHit; }

    // For accessibility and tests: a line's words, and its place on the screen; empty: it is not there.
    [[nodiscard]] QString lineText(std::uint64_t line) const { return m_store.line(line)->text; }
    [[nodiscard]] QString spokenLine(std::uint64_t line) const;
    [[nodiscard]] QRect lineRect(std::uint64_t line) const;
    [[nodiscard]] Place placeAt(QPoint position) const; // in the viewport

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void storeChanged();
    void wrappingChanged();
    void findRequested();
    void copied(bool whole);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void timerEvent(QTimerEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    struct RowPart; // logview_paint.cpp

    static void makeAccessible();
    void follow(std::uint64_t linesBefore, std::uint64_t firstBefore);
    void layOut();
    void updateScrollBars();
    void scrolled();
    void sayUnseen();
    void measure();
    [[nodiscard]] int gutterWidth() const;
    [[nodiscard]] bool showsNumbers() const;
    [[nodiscard]] int rowOf(Place place) const;
    void showPlace(Place place);
    void moveCaret(Place to, bool extend);
    [[nodiscard]] Place clamped(Place place) const;
    [[nodiscard]] Place stepped(int columns) const;
    [[nodiscard]] bool moveByKey(QKeyEvent* event);
    void dragTo(QPoint position);

    void paintRow(QPainter& painter, LogRows::Place place, const QRect& box) const;
    void paintGutter(QPainter& painter, LogRows::Place place, const QRect& box) const;
    void paintText(QPainter& painter, const RowPart& part) const;
    void paintRun(QPainter& painter, const RowPart& part, int from, int to, const AnsiStyle& style, std::uint8_t overlay) const;
    [[nodiscard]] std::vector<std::uint8_t> overlays(const RowPart& part) const;

    LogStore m_store;
    LogRows m_rows;
    LogSearch m_search;
    TailPill* m_pill;
    QString m_emptyText;
    Wrapping m_wrapping = Wrapping::Off;
    qreal m_advance = 1; // of a column
    int m_widest = 0;    // columns
    Place m_caret;
    Place m_anchor;
    int m_currentHit = -1;
    std::uint64_t m_seenLines = 0; // lines there were when the tail was last on the screen
    int m_dragTimer = 0;
    QPoint m_dragPosition;
    bool m_dragsLines = false;
    bool m_following = true;
    bool m_scrollingOurselves = false;
};

} // namespace gatehouse::widgets
