// The main window with a controller that writes down what the window wants and answers when the test says so.
#pragma once

#include "app/workbench/mainwindow.h"
#include "core/approval/request.h"

#include <QLabel>
#include <QSignalSpy>
#include <QTest>

namespace gatehouse::test {

using namespace widgets;
using workbench::MainWindow;

// Writes down what the window wants; answers when the test says so.
class FakeController final : public RunController {
public:
    quint64 startRun(const std::string& workflowPath, const std::string& task, const RunOptions&) override
    {
        started.push_back(workflowPath + '\n' + task);
        return ++token;
    }
    quint64 resumeRun(const std::string& runDirectory) override
    {
        resumed.push_back(runDirectory);
        return ++token;
    }
    void stopRun(const std::string& runDirectory) override { stopped.push_back(runDirectory); }
    void vote(const std::string&, const approval::Vote& given) override { votes.push_back(given); }
    void notePresented(const std::string&, const std::string& id, const std::string&) override { presented.push_back(id); }
    bool hasWorkingRuns() const override { return working; }
    bool isWriting(const std::string&) const override { return false; }
    void endRuns(RunsEnd how) override
    {
        ended.push_back(how);
        if (endsAtOnce)
            Q_EMIT runsEnded();
    }
    std::string principal() const override { return "ann"; }

    bool working = false;
    bool endsAtOnce = true;
    std::vector<RunsEnd> ended;

    std::vector<std::string> started;
    std::vector<std::string> resumed;
    std::vector<std::string> stopped;
    std::vector<approval::Vote> votes;
    std::vector<std::string> presented;
    quint64 token = 0;
};

struct Fixture {
    Fixture()
        : window(journals, themer, [this](const std::string&) {
              auto made = std::make_unique<FakeController>();
              controller = made.get();
              return made;
          })
    {
        window.resize(1280, 820);
        window.show();
        window.activateWindow();
        if (!QTest::qWaitForWindowActive(&window))
            qFatal("the window was not activated");
    }
    bool open(const std::string& project)
    {
        QSignalSpy loaded(&window, &MainWindow::projectLoaded);
        window.openProject(project);
        return loaded.wait(20'000);
    }
    JournalThread journals;
    Themer themer;
    FakeController* controller = nullptr;
    MainWindow window;
};

// A label that can be seen says so.
inline bool says(const QWidget& page, const QString& words)
{
    for (const QLabel* label : page.findChildren<QLabel*>())
        if (label->isVisible() && label->text().contains(words))
            return true;
    return false;
}

} // namespace gatehouse::test
