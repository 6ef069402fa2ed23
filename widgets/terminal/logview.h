// LogView: what a program or a model writes, as it comes: coloured lines that follow their tail, to be selected, copied and searched.
//
// Rows have one height; only what is on the screen is parsed and painted. It follows the tail until the person scrolls up, selects or
// moves away by keys, and then says how many lines came since; what stands at the top stays there while lines go, the view becomes
// narrower or is wrapped. Much output is taken, and a long log laid out anew, a few milliseconds at a time. Text always runs from left to
// right, on a grid; every line tells its stream by a sign. Accessible as a list of lines. Everything shown is hostile input, see
// AnsiParser. GUI thread.
#pragma once

#include <QAbstractScrollArea>
#include <QBasicTimer>

#include "widgets/terminal/logrows.h"
#include "widgets/terminal/logsearch.h"
#include "widgets/text/codeview.h" // Wrapping

#include <deque>
#include <optional>

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

    // A few milliseconds' worth now, the rest between other events; taken() when all of it is there, be it at once.
    void take(std::vector<LogPiece> pieces);
    // All of it now.
    void append(LogStream stream, std::string_view bytes);
    // Drops what waits too, without a taken().
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
    [[nodiscard]] Place selectionStart() const { return std::min(m_anchor, m_caret); }
    [[nodiscard]] Place selectionEnd() const { return std::max(m_anchor, m_caret); }
    // Up to somewhat more than longestCopy.
    [[nodiscard]] QString selectedText() const;
    void copy();

    [[nodiscard]] LogSearch& search() { return m_search; }
    // The hit behind the last one, or before it (-1), around the ends; false: there is none. From the selection's start for the first.
    bool goToHit(int direction);
    // Of search().hits(), the one that is selected; -1: none.
    [[nodiscard]] int currentHit() const;

    // For accessibility and tests: a line's words, and its place on the screen; empty: it is not there.
    [[nodiscard]] QString lineText(std::uint64_t line) const { return m_store.line(line)->text; }
    [[nodiscard]] QString spokenLine(std::uint64_t line) const;
    [[nodiscard]] QRect lineRect(std::uint64_t line) const;
    [[nodiscard]] Place placeAt(QPoint position) const; // in the viewport

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void taken();
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
    struct RowPart;                             // logview_paint.cpp
    static constexpr int sliceMilliseconds = 4; // of work between two events

    static void makeAccessible();
    void sayCaret();
    void takeUntil(QDeadlineTimer deadline);
    void follow(std::uint64_t linesBefore);
    void layOut();
    [[nodiscard]] int columnsForWrapping() const;
    [[nodiscard]] bool wraps() const { return m_rows.columns() > 0; }
    [[nodiscard]] Place topPlace() const;
    void updateScrollBars();
    void scrolled();
    void scrollToRow(int row);
    void sayUnseen();
    void measure();
    [[nodiscard]] int gutterWidth() const;
    [[nodiscard]] bool showsNumbers() const;
    [[nodiscard]] int rowOf(Place place) const;
    void showPlace(Place place);
    void setSelection(Place anchor, Place caret);
    void moveCaret(Place to, bool extend);
    void moveByRows(int rows, bool extend);
    [[nodiscard]] Place clamped(Place place) const;
    [[nodiscard]] Place endPlace() const { return clamped({m_store.endLine(), 0}); }
    [[nodiscard]] Place stepped(int columns) const;
    [[nodiscard]] bool moveByKey(QKeyEvent* event);
    void dragTo(QPoint position);

    void paintRow(QPainter& painter, LogRows::Place place, const QRect& box) const;
    void paintGutter(QPainter& painter, LogRows::Place place, const QRect& box) const;
    void paintText(QPainter& painter, const RowPart& part) const;
    void paintRun(QPainter& painter, const RowPart& part, int from, int to, const AnsiStyle& style, std::uint8_t overlay) const;
    [[nodiscard]] std::vector<std::uint8_t> overlays(const RowPart& part) const;
    [[nodiscard]] static QString cutNotice();
    [[nodiscard]] static qreal cutNoticeWidth();

    LogStore m_store;
    LogRows m_rows;
    std::optional<LogRows> m_nextRows; // for another number of columns, not all of them yet
    QBasicTimer m_layTimer;
    std::deque<LogPiece> m_waiting;
    std::size_t m_waitingFrom = 0; // of the first one: bytes that are taken
    QBasicTimer m_takeTimer;
    LogSearch m_search;
    TailPill* m_pill;
    QString m_emptyText;
    Wrapping m_wrapping = Wrapping::Off;
    qreal m_advance = 1; // of a column
    int m_widest = 0;    // columns
    int m_widestCut = 0; // of the lines that were cut
    Place m_caret;
    Place m_anchor;
    int m_goalColumn = -1;      // of the row, where moves by rows began; -1: at the caret
    std::optional<Place> m_top; // what stands at the top and stays there; none since the person scrolled
    std::optional<LogHit> m_currentHit;
    std::uint64_t m_seenLines = 0; // lines there were when the tail was last on the screen
    QBasicTimer m_dragTimer;
    QPoint m_dragPosition;
    bool m_dragsLines = false;
    bool m_following = true;
    bool m_scrollingOurselves = false;
};

} // namespace gatehouse::widgets
