// gatehouse-canvas-probe NODES: the 99th of 100 frames, in milliseconds, while a canvas of that many agents with a wire each is panned
// for five seconds, at zooms of which all but the last have labels. Timed from inside a window; its last line of output is the figure.
#include "tests/bench/frames.h"
#include "tests/bench/largeworkflow.h"
#include "widgets/background.h"
#include "widgets/canvas/canvaspage.h"
#include "widgets/style/fonts.h"
#include "widgets/style/themer.h"

#include <QApplication>
#include <QFile>
#include <QTemporaryDir>

#include <array>
#include <cstdio>
#include <cstdlib>

using namespace gatehouse;
using namespace gatehouse::bench;
using namespace gatehouse::widgets;

namespace {

double pan(CanvasView& view)
{
    constexpr std::array zooms = {1.0, 0.7, 0.4, 0.25};
    Frames frames;
    for (const double zoom : zooms) {
        view.setZoom(zoom, QRectF(view.rect()).center());
        view.repaint(); // the change of zoom is no frame of panning
        frames.record(view, framesLength / zooms.size(),
                      [&view](int i) { view.panBy({i / 25 % 2 == 0 ? -24.0 : 24.0, i / 50 % 2 == 0 ? -9.0 : 9.0}); });
    }
    return frames.slow();
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
    showVisibly(page);
    std::printf("%.3f\n", pan(page.view()));
    return 0;
}
