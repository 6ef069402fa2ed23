// gatehouse-canvas-probe NODES: the 99th of 100 frames, in milliseconds, while a canvas of that many agents with a wire each is panned
// at several zooms. Timed from inside a window; its last line of output is the figure.
#include "tests/bench/largeworkflow.h"
#include "widgets/background.h"
#include "widgets/canvas/canvaspage.h"
#include "widgets/style/fonts.h"
#include "widgets/style/themer.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

using namespace gatehouse;
using namespace gatehouse::widgets;

namespace {

double pan(CanvasView& view)
{
    std::vector<double> times;
    for (int i = 0; i < 400; ++i) {
        if (i % 100 == 0)
            view.setZoom(std::array{1.0, 0.7, 0.4, 0.25}[std::size_t(i) / 100], QRectF(view.rect()).center());
        if (i % 100 == 0)
            view.repaint(); // the change of zoom is no frame of panning
        QElapsedTimer timer;
        timer.start();
        view.panBy({i / 25 % 2 == 0 ? -24.0 : 24.0, i / 50 % 2 == 0 ? -9.0 : 9.0});
        view.repaint();
        times.push_back(double(timer.nsecsElapsed()) / 1e6);
        QApplication::processEvents();
    }
    std::sort(times.begin(), times.end());
    return times[times.size() * 99 / 100];
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("gatehouse-bench"));
    const int nodes = argc > 1 ? std::atoi(argv[1]) : 0;
    if (nodes < 1) {
        std::fputs("usage: gatehouse-canvas-probe NODES\n", stderr);
        return 2;
    }
    applyFonts();
    applyLook(Theme::Light);
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("large.workflow.json")));
    const std::string text = bench::largeWorkflow(nodes);
    if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), qint64(text.size())) < 0)
        return 1;
    file.close();
    BackgroundThread background(QStringLiteral("documents"));
    WorkflowDocument document(file.fileName(), background);
    document.load();
    while (document.state() == WorkflowDocument::State::Loading || !document.areProblemsCurrent())
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    CanvasPage page(document, background, folder.path());
    page.resize(1600, 1000);
    page.show();
    QApplication::processEvents();
    std::printf("%.3f\n", pan(page.view()));
    return 0;
}
