// TimelineView: a run's rows as bars along time, a lane for each who acts. Its rows are those of a RunRecordModel, whose current row
// it shares by rowChosen() and setCurrentRow().
//
// Shows the whole run until the person zooms or pans; then it follows the newest while that is in sight, and else stays where it
// is and offers to follow again. Time goes from left to right in every language; the labels change sides. Painting costs by pixels,
// not by rows; the worst of what shares a pixel is what it shows. Accessible as lanes with events, made on demand. GUI thread.
#pragma once

#include <QAbstractScrollArea>
#include <QTimer>

#include "widgets/models/lanemodel.h"
#include "widgets/models/runrecordmodel.h"
#include "widgets/timeline/timelineplan.h"
#include "widgets/timeline/timeruler.h"

namespace gatehouse::widgets {

class TailPill;

class TimelineView final : public QAbstractScrollArea {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TimelineView)
public:
    explicit TimelineView(RunRecordModel& rows, QWidget* parent = nullptr);

    // After the model of the rows took the same batch.
    void apply(const RunBatch& batch);
    // What is not over goes on until this time; called by the view's own clock while the run is live.
    void advanceTo(std::int64_t milliseconds);
    [[nodiscard]] const LaneModel& lanes() const { return m_lanes; }

    enum class Reveal { No, Yes };
    void setCurrentRow(int row, Reveal reveal);
    [[nodiscard]] int currentRow() const { return m_current; }

    [[nodiscard]] bool isFollowing() const { return m_tail != Tail::Free; }
    void followTail();
    void showAll();
    // Around a pixel of the viewport, which keeps its time.
    void zoom(double factor, int x);
    void pan(double pixels);
    void setIdle(Idle idle);
    void setTimes(RulerTimes times);
    [[nodiscard]] const TimeWindow& timeWindow() const { return m_window; }

    // Of the viewport; −1, or empty when it is not on screen.
    [[nodiscard]] int rowAt(QPoint position) const;
    [[nodiscard]] QRect rowRect(int row) const;
    [[nodiscard]] QRect laneRect(int position) const;
    // In words, as a screen reader and the tool tip say them.
    [[nodiscard]] QString rowText(int row) const;
    [[nodiscard]] QString laneName(int position) const;
    [[nodiscard]] QString laneKind(int position) const;
    // Bars that the last paint drew, for tests of what it costs.
    [[nodiscard]] int paintedBars() const { return m_paintedBars; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void rowChosen(int row);
    void followed(); // the person wants the newest

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    enum class Tail { All, Follow, Free }; // all of it in sight, the newest at the right edge, neither

    static void makeAccessible();
    void tellFocus();
    void layOut();
    void letGo();
    void updateScrollBars();
    void updateClock();
    void placePill();
    void reveal(int row);
    void chooseRow(int row);
    void walkLane(int direction);
    void walkLanes(int direction);
    [[nodiscard]] bool pressNavigation(QKeyEvent* event);
    [[nodiscard]] QString toolTipAt(QPoint position) const;
    [[nodiscard]] double axisEnd() const;
    [[nodiscard]] double latestLeft() const;

    // Places, in pixels of the viewport.
    [[nodiscard]] int labelWidth() const;
    [[nodiscard]] int rulerHeight() const;
    [[nodiscard]] QRect plotRect() const; // ruler and lanes without the labels
    [[nodiscard]] QRect labelsRect() const;
    [[nodiscard]] int laneHeight(int position) const;
    [[nodiscard]] int laneTop(int position) const;
    [[nodiscard]] QRect trackRect(int position, int track) const;
    [[nodiscard]] int laneAt(int y) const;

    void paintGrid(QPainter& painter, const QRect& dirty) const;
    void paintRuler(QPainter& painter) const;
    void paintLane(QPainter& painter, int position, const QRect& dirty);
    void paintTrack(QPainter& painter, const LanePlace& place, const QRect& dirty);
    [[nodiscard]] static QColor gridColour();
    [[nodiscard]] std::vector<RulerMark> shownMarks(int width) const;
    void paintMarks(QPainter& painter, const LanePlace& place, const std::vector<PlannedBar>& bars) const;
    [[nodiscard]] std::vector<PlannedBar> planned(const LanePlace& place, const QRect& dirty) const;
    [[nodiscard]] QRectF boxOf(const LanePlace& place, const PlannedBar& bar) const;
    void paintBar(QPainter& painter, const LaneTrack& track, const PlannedBar& bar, const QRectF& box, LaneKind kind) const;
    void paintPause(QPainter& painter, const RunRow& row, const QRectF& box, LaneKind kind) const;
    void paintWait(QPainter& painter, const RunRow& row, const QRectF& box) const;
    void paintLabel(QPainter& painter, int position) const;
    void paintNow(QPainter& painter) const;
    void paintRing(QPainter& painter) const;

    RunRecordModel& m_rows;
    LaneModel m_lanes;
    TimeWindow m_window;
    Tail m_tail = Tail::All;
    RulerTimes m_times = RulerTimes::Clock;
    TailPill* m_pill;
    QTimer m_clock;
    bool m_live = false;
    int m_current = -1;
    int m_currentLane = 0;
    int m_unseen = 0;
    int m_paintedBars = 0;
    QPoint m_pressed;
    QPoint m_dragged; // where the last move of a drag was
    bool m_dragging = false;
    bool m_settingBars = false;
};

} // namespace gatehouse::widgets
