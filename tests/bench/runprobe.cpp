// gatehouse-run-probe: a run's page in a window, timed from inside. Its last line of output is milliseconds.
//
//   make FOLDER RECORDS   writes a run with that many records; prints its folder and "painted" instead of a figure
//   open RUN              from opening the page to its first painted events
//   all RUN               from opening the page to the last event, painted
//   scroll RUN            the 99th of 100 frames while the table is scrolled through for five seconds
//   pan RUN               the same while the timeline is panned and zoomed
//   plain ROWS            the same as scroll, with a plain table of as many rows
#include "tests/bench/frames.h"
#include "tests/support/samplejournal.h"
#include "widgets/style/fonts.h"
#include "widgets/style/themer.h"
#include "widgets/timeline/eventtable.h"
#include "widgets/timeline/runpage.h"
#include "widgets/timeline/timelineview.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QScrollBar>
#include <QStandardItemModel>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>

using namespace gatehouse;
using namespace gatehouse::bench;
using namespace gatehouse::widgets;

namespace {

double milliseconds(const QElapsedTimer& timer)
{
    return double(timer.nsecsElapsed()) / 1e6;
}

double slowFrame(QWidget& painted, const std::function<void(int)>& step)
{
    Frames frames;
    frames.record(painted, framesLength, step);
    return frames.slow();
}

// A page in a window; the clock runs from its making.
struct Opened {
    explicit Opened(const char* run)
    {
        clock.start();
        page = std::make_unique<RunPage>(run, thread);
        QObject::connect(page.get(), &RunPage::caughtUp, page.get(), [this] { caughtUp = true; });
        page->resize(1200, 800);
        page->show();
    }

    void waitFor(const std::function<bool()>& holds)
    {
        while (!holds())
            QApplication::processEvents(QEventLoop::WaitForMoreEvents);
        // What is dirty is on the screen now.
        page->table().viewport()->repaint();
        page->timeline().viewport()->repaint();
    }
    void waitForAll()
    {
        waitFor([this] { return caughtUp && page->model().rowCount() > 0; });
        showVisibly(*page);
    }

    JournalThread thread;
    QElapsedTimer clock;
    std::unique_ptr<RunPage> page;
    bool caughtUp = false;
};

double open(const char* run)
{
    Opened opened(run);
    opened.waitFor([&] { return opened.page->model().rowCount() > 0; });
    return milliseconds(opened.clock);
}

double all(const char* run)
{
    Opened opened(run);
    opened.waitForAll();
    return milliseconds(opened.clock);
}

double scroll(QAbstractItemView& view)
{
    QScrollBar& bar = *view.verticalScrollBar();
    // Through all of it, now by lines, now by leaps.
    return slowFrame(*view.viewport(), [&](int i) { bar.setValue(i % 2 == 0 ? bar.value() + 3 : bar.maximum() / 400 * (i % 400)); });
}

double pan(TimelineView& view)
{
    view.showAll();
    view.zoom(0.05, view.viewport()->width() / 2);
    return slowFrame(*view.viewport(), [&](int i) {
        if (i % 20 == 19)
            view.zoom(i % 40 == 19 ? 0.25 : 4.5, view.viewport()->width() / 2);
        view.pan(i / 100 % 2 == 0 ? 40 : -40);
    });
}

double plain(int rows)
{
    QStandardItemModel model(rows, 6);
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < 6; ++column)
            model.setItem(row, column, new QStandardItem(QStringLiteral("cell %1 %2").arg(row).arg(column)));
    QTableView table;
    table.setModel(&model);
    table.verticalHeader()->hide();
    table.horizontalHeader()->hide();
    table.resize(680, 560);
    showVisibly(table);
    return scroll(table);
}

int make(const char* folder, int records)
{
    test::SampleRun run(folder, "long", records / 100);
    run.open();
    run.longWork(records);
    run.finish();
    std::printf("%s\npainted\n", run.directory().c_str());
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("gatehouse-bench"));
    const std::string what = argc > 2 ? argv[1] : "";
    if (what == "make" && argc > 3)
        return make(argv[2], std::atoi(argv[3]));
    applyFonts();
    applyLook(Theme::Light);
    double figure = -1;
    if (what == "open") {
        figure = open(argv[2]);
    } else if (what == "all") {
        figure = all(argv[2]);
    } else if (what == "plain") {
        figure = plain(std::atoi(argv[2]));
    } else if (what == "scroll" || what == "pan") {
        Opened opened(argv[2]);
        opened.waitForAll();
        figure = what == "pan" ? pan(opened.page->timeline()) : scroll(opened.page->table());
    }
    if (figure < 0) {
        std::fputs("usage: gatehouse-run-probe make FOLDER RECORDS | open RUN | all RUN | scroll RUN | pan RUN | plain ROWS\n", stderr);
        return 2;
    }
    std::printf("%.3f\n", figure);
    return 0;
}
