// The whole way in a real window, once with the keyboard alone and once with the mouse alone. What happened is read from the journal
// through the command line; the window is only asked what it shows.
#include "tests/app/workbench/desktop.h"
#include "tests/support/testmain.h"

#include <cstdio>

using namespace gatehouse;
using namespace gatehouse::test;

class TestWindowJourney : public TestCase {
    Q_OBJECT

    static std::vector<std::string> runFolders(const CommandLine& cli)
    {
        std::vector<std::string> folders;
        const auto runs = cli.run({QStringLiteral("runs"), QStringLiteral("--json")}).json();
        if (runs.is_array())
            for (const auto& run : runs)
                folders.push_back(run.value("dir", ""));
        return folders;
    }

    static void checkDenied(const CommandLine& cli)
    {
        const auto records = cli.records("last");
        QCOMPARE(countOf(records, "approval.vote"), 1);
        QCOMPARE(countOf(records, "approval.consumed"), 0);
        GH_JSON(lastOf(records, "approval.vote")["channel"], "window");
        GH_JSON(lastOf(records, "approval.resolved")["decision"], "deny");
        QCOMPARE(cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);
    }

    static bool finished(const CommandLine& cli)
    {
        return becomes([&] { return countOf(cli.records("last"), "run.finished") == 1; });
    }

private Q_SLOTS:
    void byKeyboardOnly()
    {
        Stage stage;
        QVERIFY2(stage.problem.isEmpty(), qPrintable(stage.problem));
        const CommandLine& cli = stage.cli;
        Workbench window(stage.desktop, cli, stage.project());
        QVERIFY(window.awaitActive());
        QVERIFY(window.await("the project's Run button", button(QStringLiteral("Run"))));

        // The task is typed, then run.
        QVERIFY(window.tabTo("the task", named(QStringLiteral("Task"))));
        window.key(QStringLiteral("ctrl+a"));
        window.type(QStringLiteral("Mend the credit note & say <b>what</b> was wrong."));
        window.key(QStringLiteral("F5"));
        QVERIFY(becomes([&] { return !openApproval(cli).empty(); }));
        QCOMPARE(runFolders(cli).size(), std::size_t(1));

        // The rows came by themselves, the newest of them chosen.
        QVERIFY(window.await("the row of the call", [](const Control& c) { return c.role == u"Cell" && c.name == u"apply_patch"; }));
        QVERIFY(window.await("the row that asks", [](const Control& c) { return c.role == u"Cell" && c.name == u"asks"; }));
        QVERIFY(window.await("the head's state", named(QStringLiteral("waiting"))));

        // F8 opens the card with the focus on Deny; End goes on to what was not seen; A arms, Enter confirms.
        window.key(QStringLiteral("F8"));
        QVERIFY(window.await("the focus on Deny", focusedOn(QStringLiteral("Deny apply_patch"))));
        QVERIFY(window.insist([&] { window.key(QStringLiteral("End")); },
                              [&] { return window.find(named(QStringLiteral("Everything has been on screen."))).has_value(); }));
        const auto armed = focusedOn(QStringLiteral("Confirm the approval of apply_patch"));
        QVERIFY(window.insist([&] { window.key(QStringLiteral("a")); }, [&] { return window.find(armed).has_value(); }));
        QCOMPARE(countOf(cli.records("last"), "approval.vote"), 0);
        window.key(QStringLiteral("Return"));
        QVERIFY(finished(cli));
        checkApproved(cli);
        QVERIFY(lastOf(cli.records("last"), "run.opened").dump().find("Mend the credit note & say <b>what</b> was wrong.") !=
                std::string::npos);
        QVERIFY(window.await("the receipt", named(QStringLiteral("Confirmed by one person: "))));
        window.key(QStringLiteral("Escape"));
        QVERIFY(window.awaitGone(named(QStringLiteral("Request: apply_patch"))));

        // Another run, denied by the key that is the default.
        window.key(QStringLiteral("ctrl+n"));
        QVERIFY(window.await("the page of a new run", button(QStringLiteral("Run"))));
        window.key(QStringLiteral("F5"));
        QVERIFY(becomes([&] { return !openApproval(cli).empty(); }));
        QVERIFY(window.insist([&] { window.key(QStringLiteral("F8")); },
                              [&] { return window.find(focusedOn(QStringLiteral("Deny apply_patch"))).has_value(); }));
        QVERIFY(window.insist([&] { window.key(QStringLiteral("Return")); },
                              [&] { return countOf(cli.records("last"), "approval.vote") == 1; }));
        QVERIFY(finished(cli));
        checkDenied(cli);

        // The first run from the tree, to read: nothing is written to it.
        const std::vector<std::string> folders = runFolders(cli);
        QCOMPARE(folders.size(), std::size_t(2));
        const std::string before = readFile(folders.back() + "/journal.jsonl");
        QVERIFY(window.insist(
            [&] { window.key(QStringLiteral("ctrl+F4")); },
            [&] { return !window.find([](const Control& c) { return c.role == u"PageTab" && c.name.startsWith(u"Run #"); }); }));
        QVERIFY(window.tabTo("the project's tree", [](const Control& c) { return c.role == u"Tree"; }));
        window.key(QStringLiteral("End"));
        window.key(QStringLiteral("Return"));
        QVERIFY(window.await("the past run", [](const Control& c) { return c.name.contains(u"read-only"); }));
        QVERIFY(window.tabTo("the events", [](const Control& c) { return c.role == u"Table"; }));
        window.key(QStringLiteral("ctrl+Home"));
        QVERIFY(window.await("the first event", [](const Control& c) { return c.role == u"Cell" && c.name == u"task" && c.selected; }));
        QVERIFY(readFile(folders.back() + "/journal.jsonl") == before);
        window.key(QStringLiteral("ctrl+q"));
        QVERIFY(window.awaitEnd());
        QCOMPARE(window.process().exitCode(), 0);
    }

    void byMouseOnly()
    {
        Stage stage;
        QVERIFY2(stage.problem.isEmpty(), qPrintable(stage.problem));
        const CommandLine& cli = stage.cli;
        Workbench window(stage.desktop, cli, stage.project());
        QVERIFY(window.awaitActive());
        const auto clickOn = [&](const QString& name) { return window.click(qPrintable(name), button(name)); };
        QVERIFY(clickOn(QStringLiteral("Run")));
        QVERIFY(becomes([&] { return !openApproval(cli).empty(); }));
        QVERIFY(clickOn(QStringLiteral("Review the request: apply_patch")));
        // The wheel goes through the change, then the card, then what will run, which by then lies under the pointer.
        const auto change = window.await("the change", [](const Control& c) { return c.role == u"List" && c.name == u"What it changes"; });
        QVERIFY(change);
        QVERIFY(window.insist([&] { window.wheelDown(*change, 5); },
                              [&] { return window.find(named(QStringLiteral("Everything has been on screen."))).has_value(); }));
        const QString arms = QStringLiteral("Approve apply_patch: arms, asks again");
        const QString confirms = QStringLiteral("Confirm the approval of apply_patch");
        QVERIFY(window.clickAway("Approve", button(arms)));
        QVERIFY(window.await("the second question", button(confirms)));
        QCOMPARE(countOf(cli.records("last"), "approval.vote"), 0);
        QVERIFY(clickOn(confirms));
        QVERIFY(finished(cli));
        checkApproved(cli);
        QVERIFY(window.await("the receipt", named(QStringLiteral("Confirmed by one person: "))));

        QVERIFY(clickOn(QStringLiteral("New run…")));
        QVERIFY(window.await("the page of a new run", named(QStringLiteral("Task"))));
        QVERIFY(clickOn(QStringLiteral("Run")));
        QVERIFY(becomes([&] { return !openApproval(cli).empty(); }));
        QVERIFY(clickOn(QStringLiteral("Review the request: apply_patch")));
        QVERIFY(window.clickAway("Deny", button(QStringLiteral("Deny apply_patch"))));
        QVERIFY(becomes([&] { return countOf(cli.records("last"), "approval.vote") == 1; }));
        QVERIFY(finished(cli));
        checkDenied(cli);

        const std::vector<std::string> folders = runFolders(cli);
        QCOMPARE(folders.size(), std::size_t(2));
        const std::string before = readFile(folders.back() + "/journal.jsonl");
        QVERIFY(
            window.click("the first run in the tree", [](const Control& c) { return c.role == u"TreeItem" && c.name.startsWith(u"#1 "); }));
        QVERIFY(window.await("the past run", [](const Control& c) { return c.name.contains(u"read-only"); }));
        QVERIFY(window.click("a row", [](const Control& c) { return c.role == u"Cell" && c.name == u"apply_patch"; }));
        QVERIFY(window.await("its detail", [](const Control& c) { return c.role == u"Cell" && c.name == u"apply_patch" && c.selected; }));
        QVERIFY(readFile(folders.back() + "/journal.jsonl") == before);
    }
};

GATEHOUSE_TEST_MAIN(TestWindowJourney)
#include "tst_windowjourney.moc"
