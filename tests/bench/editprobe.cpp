// gatehouse-edit-probe AGENTS [each]: the slowest of 40 edits, in milliseconds, of a workflow of that many agents that is shown as canvas,
// outline, form and source: an agent more, another place, a longer instruction. From the edit to its picture, timed from inside a
// window; the last line of output is the figure.
#include "tests/bench/largeworkflow.h"
#include "widgets/background.h"
#include "widgets/canvas/canvaspage.h"
#include "widgets/forms/inspectorforms.h"
#include "widgets/outline/outlinetree.h"
#include "widgets/source/sourceeditor.h"
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

void settle(const WorkflowDocument& document)
{
    while (document.state() == WorkflowDocument::State::Loading || !document.areProblemsCurrent())
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    QApplication::processEvents();
}

WorkflowDocument::Change change(int index)
{
    using namespace authoring;
    const NodeId first{NodeKind::Agent, "agent0"};
    if (index % 3 == 0)
        return [](Editor& editor) -> Result<void> {
            GH_TRY(addNode(editor, NodeKind::Agent, {}, {40, 40}));
            return {};
        };
    if (index % 3 == 1)
        return [index, first](Editor& editor) { return moveNodes(editor, {{first, {double(index), double(index)}}}); };
    return [index](Editor& editor) { return editor.set("/agents/agent0/instructions", "Take step " + std::to_string(index)); };
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("gatehouse-bench"));
    const int agents = argc > 1 ? std::atoi(argv[1]) : 0;
    if (agents < 1) {
        std::fputs("usage: gatehouse-edit-probe AGENTS [each]\n", stderr);
        return 2;
    }
    applyFonts();
    applyLook(Theme::Light);
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("large.workflow.json")));
    const std::string text = bench::largeWorkflow(agents);
    if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), qint64(text.size())) < 0)
        return 1;
    file.close();
    BackgroundThread background(QStringLiteral("documents"));
    WorkflowDocument document(file.fileName(), background);
    CanvasPage page(document, background, folder.path());
    OutlineTree outline(document);
    InspectorForms forms(document);
    SourceEditor source(document);
    for (QWidget* view : std::initializer_list<QWidget*>{&page, &outline, &forms, &source}) {
        view->resize(view == &page ? QSize(1000, 700) : QSize(360, 500));
        view->show();
    }
    document.load();
    settle(document);
    document.select({{authoring::NodeKind::Agent, "agent0"}}, authoring::NodeId{authoring::NodeKind::Agent, "agent0"});
    settle(document);
    std::vector<double> times;
    for (int i = 0; i < 40; ++i) {
        QElapsedTimer timer;
        timer.start();
        if (!document.edit(QStringLiteral("Edit"), change(i)))
            return 1;
        const double edited = double(timer.nsecsElapsed()) / 1e6;
        QApplication::processEvents();
        times.push_back(double(timer.nsecsElapsed()) / 1e6);
        if (argc > 2)
            std::fprintf(stderr, "%.1f+%.1f ", edited, times.back() - edited);
        settle(document);
    }
    std::sort(times.begin(), times.end());
    std::printf("%.3f\n", times[times.size() - 2]); // the very slowest is the machine's
    return 0;
}
