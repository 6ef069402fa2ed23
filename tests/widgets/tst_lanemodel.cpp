#include "tests/support/testmain.h"
#include "tests/widgets/lanerows.h"
#include "widgets/models/runclock.h"
#include "widgets/timeline/timelineplan.h"
#include "widgets/timeline/timeruler.h"

#include <QCoreApplication>
#include <QRandomGenerator>

#include <algorithm>
#include <array>
#include <cmath>

using namespace gatehouse::widgets;
using gatehouse::test::laneBatch;
using gatehouse::test::LaneRow;
using gatehouse::test::laneRow;
using gatehouse::test::laneStart;

namespace {

constexpr std::array allStates = {RowState::Note, RowState::Done,    RowState::Allowed, RowState::Running,
                                  RowState::Asks, RowState::Unknown, RowState::Failed,  RowState::Denied};

StateMask naiveStates(const std::vector<LaneItem>& items, std::size_t first, std::size_t last)
{
    StateMask mask = 0;
    for (std::size_t i = first; i < last; ++i)
        mask |= maskOf(items[i].state);
    return mask;
}

// A million done calls of a millisecond, one after the other; one of them denied.
LaneModel millionWithOneDenied(int denied)
{
    LaneModel model;
    RunBatch batch;
    batch.appended.reserve(1'000'000);
    const RowPtr done = laneRow({});
    for (int i = 0; i < 1'000'000; ++i) {
        RunRow row = *done;
        row.startMs = laneStart + i * 7LL;
        row.endMs = row.startMs + 1;
        row.state = i == denied ? RowState::Denied : RowState::Done;
        batch.appended.push_back(std::make_shared<const RunRow>(std::move(row)));
    }
    batch.info.lastMs = laneStart + 7'000'000;
    batch.info.over = true;
    model.apply(batch);
    return model;
}

gatehouse::journal::Record at(const std::string& wall, const std::string& boot, const std::string& mono)
{
    gatehouse::journal::Record record;
    record.wall = wall;
    record.boot = boot;
    record.monoNs = mono;
    return record;
}

} // namespace

class TestLaneModel : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void theWorstStateIsTheWorst()
    {
        StateMask mask = 0;
        for (const RowState state : allStates) {
            mask |= maskOf(state);
            QVERIFY(worstOf(mask) == state);
            QVERIFY(worstOf(maskOf(state)) == state);
        }
        QVERIFY(problemMask() & maskOf(RowState::Asks));
        QVERIFY(!(problemMask() & maskOf(RowState::Running)));
    }

    // Appending and changing at random: the pyramid says what a walk over all items says.
    void aTrackIsAsAWalkOverItsItems()
    {
        QRandomGenerator random(11);
        LaneTrack track;
        std::vector<LaneItem> naive;
        std::int64_t start = laneStart;
        for (int step = 0; step < 3000; ++step) {
            if (naive.empty() || random.bounded(3) > 0) {
                start += random.bounded(20);
                const LaneItem item{start, start + random.bounded(60), step, allStates[std::size_t(random.bounded(3))]};
                track.append(item);
                naive.push_back(item);
            } else {
                const auto at = std::size_t(random.bounded(int(naive.size())));
                naive[at].state = allStates[std::size_t(random.bounded(int(allStates.size())))];
                naive[at].end = naive[at].start + random.bounded(100);
                track.change(at, naive[at].end, naive[at].state);
            }
            const int size = int(naive.size());
            const auto first = std::size_t(random.bounded(size + 1));
            const auto last = first + std::size_t(random.bounded(size + 1 - int(first)));
            QCOMPARE(track.states(first, last), naiveStates(naive, first, last));
            const auto wanted = StateMask(1U << random.bounded(8));
            std::size_t found = first;
            while (found < last && !(maskOf(naive[found].state) & wanted))
                ++found;
            QCOMPARE(track.firstWith(wanted, first, last), found);
            const std::int64_t time = laneStart + random.bounded(int(start - laneStart) + 50);
            std::size_t from = 0;
            while (from < naive.size() && naive[from].start < time)
                ++from;
            QCOMPARE(track.firstFrom(time), from);
            std::size_t inSight = 0;
            while (inSight < naive.size() && naive[inSight].start < time && track.shownEnd(inSight) < time)
                ++inSight;
            QCOMPARE(track.firstShown(time), inSight);
        }
    }

    void lanesOfWhoActs()
    {
        LaneModel model;
        model.apply(laneBatch({{0, 0, RowState::Note, RowKind::Task, "ann"},
                               {1, 5, RowState::Done, RowKind::Model, "planner"},
                               {6, 9, RowState::Done, RowKind::Egress, "gateway"},
                               {7, 9, RowState::Done, RowKind::Call, "planner"},
                               {10, 15, RowState::Done, RowKind::Model, "reviewer"},
                               {16, 19, RowState::Done, RowKind::Call, "planner"}}));
        QCOMPARE(model.laneCount(), 5);
        const std::array kinds = {LaneKind::Run, LaneKind::Agent, LaneKind::Tools, LaneKind::Agent, LaneKind::Gateway};
        for (int i = 0; i < 5; ++i)
            QVERIFY(model.lane(i).kind == kinds[std::size_t(i)]);
        QCOMPARE(model.lane(2).name, std::string("planner"));
        QCOMPARE(model.place(5).lane, 2);
        QCOMPARE(model.neighbour(5, -1), 3);
        QCOMPARE(model.neighbour(5, 1), -1);
        QCOMPARE(model.rowAt(2, laneStart + 15), 3);
        QCOMPARE(model.rowAt(2, laneStart + 16), 5);
        QCOMPARE(model.place(6).lane, -1);
    }

    // What goes on side by side lies below each other, in bounded tracks and lanes.
    void sideBySideAndBounded()
    {
        LaneModel model;
        std::vector<LaneRow> rows;
        for (int i = 0; i < 20; ++i)
            rows.push_back({i, -1, RowState::Running, RowKind::Call, "planner"});
        for (int i = 0; i < 1000; ++i)
            rows.push_back({100 + i, 101 + i, RowState::Done, RowKind::Call, "agent " + std::to_string(i)});
        model.apply(laneBatch(rows));
        QCOMPARE(int(model.lane(0).tracks.size()), LaneModel::mostTracks);
        QVERIFY(model.laneCount() <= LaneModel::mostLanes);
        std::size_t items = 0;
        for (int lane = 0; lane < model.laneCount(); ++lane)
            for (const LaneTrack& track : model.lane(lane).tracks) {
                items += track.size();
                for (std::size_t i = 1; i < track.size(); ++i)
                    QVERIFY(track.shownEnd(i - 1) <= track.at(i).start);
            }
        QCOMPARE(int(items), 1020);
    }

    // A row that ends: its bar does, and the next lies beside it no more.
    void rowsChange()
    {
        LaneModel model;
        model.apply(laneBatch({{0, -1, RowState::Running}}));
        RunBatch change;
        change.changed = {{0, laneRow({0, 10, RowState::Denied})}, {7, laneRow({})}};
        change.appended = {laneRow({20, 30})};
        change.info.lastMs = laneStart + 30;
        model.apply(change);
        QCOMPARE(int(model.lane(0).tracks.size()), 1);
        QCOMPARE(model.item(model.place(0)).end, laneStart + 10);
        QVERIFY(model.item(model.place(0)).state == RowState::Denied);
    }

    // Random batches against what the rows say.
    void randomRunsAgainstTheirRows()
    {
        QRandomGenerator random(5);
        LaneModel model;
        std::vector<LaneRow> rows;
        std::int64_t time = 0;
        for (int batch = 0; batch < 200; ++batch) {
            RunBatch made;
            for (int i = random.bounded(5); i > 0 && !rows.empty(); --i) {
                const int at = random.bounded(int(rows.size()));
                rows[std::size_t(at)].to = rows[std::size_t(at)].from + random.bounded(500);
                rows[std::size_t(at)].state = allStates[std::size_t(random.bounded(8))];
                made.changed.emplace_back(at, laneRow(rows[std::size_t(at)]));
            }
            for (int i = random.bounded(8); i > 0; --i) {
                time += random.bounded(100);
                rows.push_back({time, random.bounded(3) == 0 ? -1 : time + random.bounded(300), RowState::Running,
                                random.bounded(2) ? RowKind::Call : RowKind::Model, "agent " + std::to_string(random.bounded(4))});
                made.appended.push_back(laneRow(rows.back()));
            }
            made.info.lastMs = laneStart + time;
            model.apply(made);
        }
        QCOMPARE(model.rowCount(), int(rows.size()));
        std::vector<int> seen(rows.size(), 0);
        for (int lane = 0; lane < model.laneCount(); ++lane) {
            QVERIFY(std::ranges::is_sorted(model.lane(lane).rows));
            for (const int row : model.lane(lane).rows) {
                const LanePlace place = model.place(row);
                QCOMPARE(place.lane, lane);
                const LaneItem& item = model.item(place);
                const LaneRow& wanted = rows[std::size_t(row)];
                QCOMPARE(item.row, row);
                QCOMPARE(item.start, laneStart + wanted.from);
                QCOMPARE(item.end, wanted.to < 0 ? LaneItem::goesOn : laneStart + wanted.to);
                QVERIFY(item.state == wanted.state);
                QCOMPARE(model.lane(lane).name, wanted.agent);
                ++seen[std::size_t(row)];
            }
        }
        QVERIFY(std::ranges::all_of(seen, [](int count) { return count == 1; }));
    }

    void aPlanIsBruteForceByPixels()
    {
        QRandomGenerator random(3);
        LaneModel model;
        std::vector<LaneRow> rows;
        std::int64_t time = 0;
        for (int i = 0; i < 5000; ++i) {
            const std::int64_t length = random.bounded(4) == 0 ? random.bounded(2000) : random.bounded(20);
            rows.push_back({time, time + length, allStates[std::size_t(random.bounded(100) == 0 ? random.bounded(8) : 1)]});
            time += length + random.bounded(100);
        }
        model.apply(laneBatch(rows));
        const LaneTrack& track = model.lane(0).tracks[0];
        for (int step = 0; step < 60; ++step) {
            TimeWindow window;
            window.perPixel = std::pow(2.0, random.bounded(14) - 3);
            window.left = random.bounded(double(time));
            const std::vector<PlannedBar> bars = planTrack(model, track, window, 0, 800);
            QVERIFY(int(bars.size()) <= 800 / 3 + 4);
            // Every item in sight is in one bar, and that bar knows its state and covers its beginning.
            std::size_t bar = 0;
            for (std::size_t i = 0; i < track.size(); ++i) {
                const double left = window.pixelOf(model.scale(), track.at(i).start);
                const double right = window.pixelOf(model.scale(), model.shownEnd(track, i));
                if (right < 0 || left >= 800)
                    continue;
                while (bar < bars.size() && bars[bar].last <= i)
                    ++bar;
                QVERIFY(bar < bars.size());
                QVERIFY(bars[bar].first <= i);
                QVERIFY(bars[bar].states & maskOf(track.at(i).state));
                QVERIFY(bars[bar].left <= left + 0.01 && bars[bar].right >= left - 0.01);
            }
        }
    }

    void oneDenialInAMillionIsSeenAtEveryZoom()
    {
        constexpr int denied = 654'321;
        const LaneModel model = millionWithOneDenied(denied);
        const LaneTrack& track = model.lane(0).tracks[0];
        for (double perPixel = 8000; perPixel > 0.02; perPixel /= 3) {
            TimeWindow window{0, perPixel};
            window.left = std::max(0.0, 7.0 * denied - 400 * perPixel);
            const std::vector<PlannedBar> bars = planTrack(model, track, window, 0, 900);
            QVERIFY2(bars.size() <= 310, qPrintable(QString::number(bars.size())));
            const auto found = std::ranges::find_if(bars, [](const PlannedBar& bar) { return worstOf(bar.states) == RowState::Denied; });
            QVERIFY(found != bars.end());
            QVERIFY(found->right - found->left >= PlannedBar::narrowest - 0.01 && found->right - found->left < 60);
            QVERIFY(found->first <= std::size_t(denied) && found->last > std::size_t(denied));
            // A click there chooses it, whatever shares its pixels.
            QCOMPARE(itemAt(model, track, window, window.pixelOf(model.scale(), laneStart + denied * 7LL) + 0.5, 4), std::size_t(denied));
        }
    }

    void idleStretchesAreSqueezed()
    {
        constexpr std::int64_t hour = 3'600'000;
        TimeScale scale;
        scale.setOrigin(laneStart);
        scale.append({laneStart + 10'000, laneStart + 10'000 + 2 * hour});
        scale.append({laneStart + 20'000, laneStart + 30'000}); // within the one before: dropped
        scale.setTail({laneStart + 3 * hour, laneStart + 4 * hour});
        scale.setTail({laneStart + 3 * hour, laneStart + 9 * hour}); // goes on
        QCOMPARE(int(scale.breaks().size()), 2);
        QCOMPARE(scale.axisOf(laneStart + 10'000), 10'000.0);
        QCOMPARE(scale.axisOf(laneStart + 10'000 + 2 * hour), 10'000.0 + TimeScale::squeezedLength);
        QCOMPARE(scale.axisOf(laneStart + 10'000 + hour), 10'000.0 + TimeScale::squeezedLength / 2.0);
        QCOMPARE(scale.squeezedAway(), 8 * hour - 2 * TimeScale::squeezedLength);
        double before = -1;
        for (std::int64_t time = laneStart; time < laneStart + 10 * hour; time += 61'003) {
            const double axis = scale.axisOf(time);
            QVERIFY(axis > before);
            before = axis;
            QVERIFY(std::abs(scale.timeOf(axis) - time) <= 2);
        }
        scale.setTail({});
        QCOMPARE(int(scale.breaks().size()), 1);
        scale.setIdle(Idle::AsLong);
        QCOMPARE(scale.axisOf(laneStart + 3 * hour), 3.0 * hour);
        QVERIFY(!scale.breakFrom(0));
    }

    void theRulerCountsAsPeopleDo()
    {
        QCOMPARE(rulerStep(0.4), 1);
        QCOMPARE(rulerStep(3), 5);
        QCOMPARE(rulerStep(12'000), 15'000);
        QCOMPARE(rulerStep(40 * 60'000.0), 3'600'000);
        TimeScale scale;
        scale.setOrigin(laneStart);
        scale.append({laneStart + 100'000, laneStart + 5'000'000});
        for (double perPixel = 0.05; perPixel < 1e9; perPixel *= 3.7)
            for (const RulerTimes times : {RulerTimes::Clock, RulerTimes::Elapsed}) {
                const std::vector<RulerMark> marks = rulerMarks(scale, {0, perPixel}, 1000, 80, times);
                QVERIFY(marks.size() <= 14);
                for (std::size_t i = 1; i < marks.size(); ++i)
                    QVERIFY(marks[i].pixel - marks[i - 1].pixel >= 71);
            }
        const std::vector<RulerMark> elapsed = rulerMarks(scale, {0, 100}, 1000, 80, RulerTimes::Elapsed);
        QCOMPARE(elapsed[0].text, QStringLiteral("+0:00"));
        QCOMPARE(elapsed[1].text, QStringLiteral("+0:10"));
        const std::vector<RulerBreak> breaks = rulerBreaks(scale, {0, 200}, 1000);
        QCOMPARE(int(breaks.size()), 1);
        QCOMPARE(breaks[0].left, 500.0);
        QCOMPARE(breaks[0].taken, 4'900'000);
        QCOMPARE(shownStretch(7'800'000), QStringLiteral("2 h 10 m"));
        QCOMPARE(shownStretch(151), QStringLiteral("151 ms")); // not "0 s"
    }

    // A clock that is set back, a new boot, times that are none: never back.
    void recordsNeverGoBack()
    {
        QCOMPARE(wallMilliseconds("1970-01-02T00:00:01.002Z").value_or(-1), 86'401'002);
        QCOMPARE(wallMilliseconds("2100-01-01T12:01:00.000Z").value_or(-1), laneStart);
        for (const char* odd :
             {"", "2026-11-26T12:01:00Z", "2026-13-26T12:01:00.000Z", "2026-02-30T12:01:00.000Z", "2026-11-26 12:01:00.000Z"})
            QVERIFY(!wallMilliseconds(odd));
        RunClock clock;
        const std::int64_t first = clock.take(at("2100-01-01T12:01:00.000Z", "a", "5000000000"));
        QCOMPARE(first, laneStart);
        QCOMPARE(clock.take(at("2020-01-01T00:00:00.000Z", "a", "5250000000")), first + 250);
        QCOMPARE(clock.take(at("2100-01-01T13:01:00.000Z", "b", "1")), first + 3'600'000);
        QCOMPARE(clock.take(at("2100-01-01T13:00:00.000Z", "c", "1")), first + 3'600'000);
        QCOMPARE(clock.take(at("nonsense", "d", "nonsense")), first + 3'600'000);
    }
};

GATEHOUSE_TEST_MAIN(TestLaneModel)
#include "tst_lanemodel.moc"
