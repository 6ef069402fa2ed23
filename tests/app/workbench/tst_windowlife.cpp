// Windows that end while something is undecided or works, and windows beside other processes on one project.
#include "tests/app/workbench/desktop.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>

#include <csignal>
#include <cstdio>

using namespace gatehouse;
using namespace gatehouse::test;

class TestWindowLife : public TestCase {
    Q_OBJECT

    // The first command of the sample takes its time.
    static void makeSlow(const CommandLine& cli, const std::string& seconds)
    {
        const std::string path = cli.project() + "/scripts/credit-note.script.json";
        std::string script = readFile(path);
        const std::string quick = "ls -R . && cat task.md";
        script.replace(script.find(quick), quick.size(), "sleep " + seconds + "; " + quick);
        writeFile(path, script);
    }

    static bool works(const CommandLine& cli)
    {
        return becomes([&] { return countOf(cli.records("last"), "effect.started") == 1; });
    }

    static QStringList resumed()
    {
        return {QStringLiteral("resume"), QStringLiteral("last"), QStringLiteral("--approvals"), QStringLiteral("pause")};
    }

    // What a card left behind can still be decided, and the run goes on.
    static void checkPending(const CommandLine& cli)
    {
        QCOMPARE(cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);
        const std::string id = openApproval(cli);
        QVERIFY(!id.empty());
        QCOMPARE(cli.run({QStringLiteral("approvals"), QStringLiteral("approve"), QString::fromStdString(id)}).status, 0);
        QCOMPARE(cli.run(resumed()).status, 0);
        QCOMPARE(countOf(cli.records("last"), "approval.consumed"), 1);
        QCOMPARE(cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);
    }

    // A window with a run whose card is open.
    static bool openCard(Workbench& window, const CommandLine& cli)
    {
        if (!window.awaitActive() || !window.await("Run", button(QStringLiteral("Run"))))
            return false;
        window.key(QStringLiteral("F5"));
        return becomes([&] { return !openApproval(cli).empty(); }) &&
            window.insist([&] { window.key(QStringLiteral("F8")); },
                          [&] { return window.find(focusedOn(QStringLiteral("Deny apply_patch"))).has_value(); });
    }

private Q_SLOTS:
    void closingWithAnUndecidedCardLeavesItPending()
    {
        Stage stage;
        QVERIFY2(stage.problem.isEmpty(), qPrintable(stage.problem));
        Workbench window(stage.desktop, stage.cli, stage.project());
        QVERIFY(openCard(window, stage.cli));
        window.key(QStringLiteral("alt+F4")); // the window manager's
        QVERIFY(window.awaitEnd());
        QCOMPARE(window.process().exitCode(), 0);
        GH_JSON(stage.cli.records("last").back()["type"], "run.paused");
        checkPending(stage.cli);
    }

    void killedWithAnUndecidedCard()
    {
        Stage stage;
        QVERIFY2(stage.problem.isEmpty(), qPrintable(stage.problem));
        Workbench window(stage.desktop, stage.cli, stage.project());
        QVERIFY(openCard(window, stage.cli));
        window.process().kill();
        QVERIFY(window.process().waitForFinished(patience));
        checkPending(stage.cli);
    }

    // Closing asks; Escape keeps the run, Stop ends it for good, and the record says so.
    void closingWhileARunWorksAsks()
    {
        Stage stage;
        QVERIFY2(stage.problem.isEmpty(), qPrintable(stage.problem));
        makeSlow(stage.cli, "600");
        Workbench window(stage.desktop, stage.cli, stage.project());
        QVERIFY(window.awaitActive());
        QVERIFY(window.await("Run", button(QStringLiteral("Run"))));
        window.key(QStringLiteral("F5"));
        QVERIFY(works(stage.cli));
        window.key(QStringLiteral("alt+F4"));
        QVERIFY(window.await("the question, with the harmless answer as default", focusedOn(QStringLiteral("Keep it working"))));
        window.key(QStringLiteral("Escape"));
        QVERIFY(window.awaitGone(named(QStringLiteral("Keep it working"))));
        QVERIFY(window.process().state() == QProcess::Running);
        QCOMPARE(countOf(stage.cli.records("last"), "run.finished"), 0);
        QVERIFY(window.awaitActive());
        window.key(QStringLiteral("alt+F4"));
        QVERIFY(window.clickAway("Stop", button(QStringLiteral("Stop it"))));
        QVERIFY(window.awaitEnd());
        QCOMPARE(window.process().exitCode(), 0);
        GH_JSON(lastOf(stage.cli.records("last"), "run.finished")["outcome"], "cancelled");
        QCOMPARE(stage.cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);
    }

    // Pausing lets the step end; the window closes after it, and the run goes on elsewhere without doing the step again.
    void pausingWhileARunWorksEndsTheStepFirst()
    {
        Stage stage;
        QVERIFY2(stage.problem.isEmpty(), qPrintable(stage.problem));
        makeSlow(stage.cli, "5");
        Workbench window(stage.desktop, stage.cli, stage.project());
        QVERIFY(window.awaitActive());
        QVERIFY(window.await("Run", button(QStringLiteral("Run"))));
        window.key(QStringLiteral("F5"));
        QVERIFY(works(stage.cli));
        window.key(QStringLiteral("alt+F4"));
        QVERIFY(window.clickAway("Pause", button(QStringLiteral("Pause it"))));
        QVERIFY(window.awaitEnd());
        QCOMPARE(window.process().exitCode(), 0);
        const auto records = stage.cli.records("last");
        GH_JSON(records.back()["type"], "run.paused");
        QCOMPARE(countOf(records, "effect.started"), countOf(records, "effect.finished"));
        QCOMPARE(stage.cli.run(resumed()).status, 4); // to its question
        checkPending(stage.cli);
    }

    void killedWhileARunWorks()
    {
        Stage stage;
        QVERIFY2(stage.problem.isEmpty(), qPrintable(stage.problem));
        makeSlow(stage.cli, "600");
        {
            Workbench window(stage.desktop, stage.cli, stage.project());
            QVERIFY(window.awaitActive());
            QVERIFY(window.await("Run", button(QStringLiteral("Run"))));
            window.key(QStringLiteral("F5"));
            QVERIFY(works(stage.cli));
            window.process().kill();
            QVERIFY(window.process().waitForFinished(patience));
        }
        QCOMPARE(stage.cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);
        // Another window shows it as what it is.
        Workbench again(stage.desktop, stage.cli, stage.project());
        QVERIFY(again.awaitActive());
        QVERIFY(again.await("the interrupted run", [](const Control& c) {
            return c.role == u"TreeItem" && c.name.startsWith(u"#1 ") && c.name.contains(u"interrupted");
        }));
    }

    // The run of one window is live in the other, which says who writes it, and can be decided there.
    void twoWindowsOnOneProject()
    {
        Stage stage;
        QVERIFY2(stage.problem.isEmpty(), qPrintable(stage.problem));
        Workbench first(stage.desktop, stage.cli, stage.project());
        QVERIFY(openCard(first, stage.cli));
        Workbench second(stage.desktop, stage.cli, stage.project());
        QVERIFY(second.awaitActive());
        QVERIFY(second.click("the run in the tree", [](const Control& c) { return c.role == u"TreeItem" && c.name.startsWith(u"#1 "); }));
        QVERIFY(second.await("who writes it", [](const Control& c) { return c.name.contains(u"another process writes it"); }));
        second.key(QStringLiteral("F8"));
        QVERIFY(second.await("the card", focusedOn(QStringLiteral("Deny apply_patch"))));
        QVERIFY(second.insist([&] { second.key(QStringLiteral("End")); },
                              [&] { return second.find(named(QStringLiteral("Everything has been on screen."))).has_value(); }));
        QVERIFY(second.insist([&] { second.key(QStringLiteral("a")); },
                              [&] { return second.find(focusedOn(QStringLiteral("Confirm the approval"))).has_value(); }));
        second.key(QStringLiteral("Return"));
        QVERIFY(second.await("its receipt", named(QStringLiteral("Confirmed by one person: "))));
        QVERIFY(first.await("the receipt of the other", named(QStringLiteral("Confirmed by one person: "))));
        QVERIFY(becomes([&] { return countOf(stage.cli.records("last"), "run.finished") == 1; }));
        QCOMPARE(countOf(stage.cli.records("last"), "approval.consumed"), 1);
        QCOMPARE(countOf(stage.cli.records("last"), "approval.vote"), 1);
        QCOMPARE(stage.cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);
    }
};

GATEHOUSE_TEST_MAIN(TestWindowLife)
#include "tst_windowlife.moc"
