// The git trees at the ends of turns: what git itself would make of the workspace, whatever happens in between.
#include "tests/support/testmain.h"

#include "tests/app/smallproject.h"

#include <QDir>

#include <filesystem>

#include <signal.h>

using namespace gatehouse;
using nlohmann::json;
using test::SmallProject;

class TestTurnTrees : public test::TestCase {
    Q_OBJECT

    static test::Finished git(SmallProject& small, const QStringList& arguments, const std::string& folder, const QByteArray& input = {})
    {
        const QStringList name{QStringLiteral("-c"), QStringLiteral("user.name=ann"), QStringLiteral("-c"),
                               QStringLiteral("user.email=ann@example.org")};
        return small.cli().program(QStringLiteral("git"), name + arguments, folder, input);
    }

    static void makeRepository(SmallProject& small, const std::string& name)
    {
        const std::string folder = small.path(name);
        QDir().mkpath(QString::fromStdString(folder + "/sub"));
        test::writeFile(folder + "/a", "one\n");
        test::writeFile(folder + "/sub/b", "two\n");
        test::writeFile(folder + "/gone", "three\n");
        QCOMPARE(git(small, {QStringLiteral("init"), QStringLiteral("-q"), QStringLiteral("-b"), QStringLiteral("main")}, folder).status,
                 0);
        QCOMPARE(git(small, {QStringLiteral("add"), QStringLiteral("-A")}, folder).status, 0);
        QCOMPARE(git(small, {QStringLiteral("commit"), QStringLiteral("-qm"), QStringLiteral("one")}, folder).status, 0);
        small.workflow["manifest"]["entries"][name] = {{"type", "git_repo"}, {"host", "local"}, {"repo", name}, {"ref", "main"}};
        small.save();
    }

    // Three turns with changes, the second waiting for a person.
    static SmallProject threeTurns()
    {
        SmallProject small(
            {test::commandTurn("c1", "echo 1 >> repo/a; mkdir repo/new; echo n > repo/new/file; rm repo/gone; echo x > note.txt"),
             test::commandTurn("c2", "rm -r repo/new; echo now a file > repo/new; ln -s a repo/link; chmod +x repo/a; : ask"),
             test::commandTurn("c3", "echo 3 >> repo/sub/b"), test::finalTurn()});
        small.policy["rules"] = json::array({test::rule("A-1", "allow", "input"), test::rule("A-2", "allow", "tool"),
                                             test::rule("P-1", "ask", "tool", {{"text", {{"re2", ": ask"}}}})});
        makeRepository(small, "repo");
        return small;
    }

    // The tree that git makes of the commit with the run's diff.
    static std::string expectedTree(SmallProject& small, const std::string& entry = "repo")
    {
        const auto diff = small.gatehouse({"diff", "last", "--entry", entry});
        const std::string folder = small.path(entry);
        const auto applied = git(small, {QStringLiteral("apply"), QStringLiteral("--index"), QStringLiteral("-")}, folder,
                                 QByteArray::fromStdString(diff.output));
        if (applied.status != 0)
            return applied.error;
        std::string tree = git(small, {QStringLiteral("write-tree")}, folder).output;
        git(small, {QStringLiteral("reset"), QStringLiteral("-q"), QStringLiteral("--hard")}, folder);
        return tree.substr(0, tree.find('\n'));
    }

    static std::string lastTree(const std::vector<json>& records, const std::string& entry = "repo")
    {
        std::string found;
        for (const json& record : records) {
            if (record["type"] != "workspace.saved")
                continue;
            for (const json& tree : record["data"]["trees"]) {
                if (tree["entry"] == entry)
                    found = tree["tree"];
            }
        }
        return found;
    }

    static void checkTrees(SmallProject& small)
    {
        const auto records = small.records();
        GH_JSON(records.back()["type"], "run.finished");
        const std::string tree = lastTree(records);
        QCOMPARE(tree, expectedTree(small));
        const auto listed = git(small,
                                {QStringLiteral("--git-dir"), QString::fromStdString(small.runFolder() + "/trees"),
                                 QStringLiteral("ls-tree"), QStringLiteral("-r"), QString::fromStdString(tree)},
                                small.cli().project());
        QVERIFY2(listed.status == 0 && listed.output.find("120000 blob") != std::string::npos, (listed.output + listed.error).c_str());
        QCOMPARE(small.gatehouse({"verify", "last"}).status, 0);
    }

private Q_SLOTS:
    void eachTurnsTreeIsGitsOwn()
    {
        SmallProject small = threeTurns();
        const auto paused = small.run();
        QVERIFY2(paused.status == 4, (paused.output + paused.error).c_str());
        const auto before = small.records();
        GH_JSON(before.back()["type"], "run.paused");
        QVERIFY2(!lastTree(before).empty(), "a pause keeps what the turns before it made");
        QCOMPARE(lastTree(before), expectedTree(small));
        QCOMPARE(small.approve(small.openApproval()).status, 0);
        const auto done = small.resume();
        QVERIFY2(done.status == 0, (done.output + done.error).c_str());
        QVERIFY(lastTree(small.records()) != lastTree(before));
        checkTrees(small);
    }

    void aTreeThatWasNotRecordedIsMadeAgain_data()
    {
        QTest::addColumn<QString>("when");
        for (const char* when : {"before", "half", "after"})
            QTest::newRow(when) << QString::fromLatin1(when);
    }

    void aTreeThatWasNotRecordedIsMadeAgain()
    {
        QFETCH(QString, when);
        SmallProject small = threeTurns();
        small.cli().setVariable(QStringLiteral("LD_PRELOAD"), QStringLiteral(GATEHOUSE_CRASHPOINT));
        small.cli().setVariable(QStringLiteral("GATEHOUSE_CRASH_FILE"), QStringLiteral("journal.jsonl"));
        small.cli().setVariable(QStringLiteral("GATEHOUSE_CRASH_AT"), QStringLiteral("\"type\":\"workspace.saved\""));
        small.cli().setVariable(QStringLiteral("GATEHOUSE_CRASH_WHEN"), when);
        QCOMPARE(small.run().status, -SIGKILL);
        small.cli().setVariable(QStringLiteral("GATEHOUSE_CRASH_AT"), QString());
        auto done = small.resume();
        for (int again = 0; done.status == 4 && again < 3; ++again) {
            QCOMPARE(small.approve(small.openApproval()).status, 0);
            done = small.resume();
        }
        QVERIFY2(done.status == 0, (done.output + done.error).c_str());
        checkTrees(small);
    }

    // Information only: a run whose store is gone goes on, says so, and has its trees again.
    void aLostStoreIsNoLoss()
    {
        SmallProject small = threeTurns();
        QCOMPARE(small.run().status, 4);
        std::filesystem::remove_all(small.runFolder() + "/trees");
        QCOMPARE(small.approve(small.openApproval()).status, 0);
        const auto done = small.resume();
        QVERIFY2(done.status == 0, (done.output + done.error).c_str());
        bool told = false;
        for (const json& record : small.records())
            told = told || (record["type"] == "workspace.saved" && record["data"].contains("error"));
        QVERIFY(told);
        checkTrees(small);
    }

    void severalEntriesHaveTheirOwn()
    {
        SmallProject small({test::commandTurn("c1", "echo 1 >> repo/a; echo 1 >> other/a"), test::commandTurn("c2", "echo 2 >> other/a"),
                            test::finalTurn()});
        small.policy["rules"][1] = test::rule("A-2", "allow", "tool");
        makeRepository(small, "repo");
        makeRepository(small, "other");
        const auto done = small.run();
        QVERIFY2(done.status == 0, (done.output + done.error).c_str());
        const auto records = small.records();
        QCOMPARE(lastTree(records, "repo"), expectedTree(small, "repo"));
        QCOMPARE(lastTree(records, "other"), expectedTree(small, "other"));
    }

    void withoutGitEntriesThereAreNone()
    {
        SmallProject small({test::commandTurn("c1", "echo 1 >> note.txt"), test::finalTurn()});
        small.policy["rules"][1] = test::rule("A-2", "allow", "tool");
        small.save();
        QCOMPARE(small.run().status, 0);
        QCOMPARE(test::countOf(small.records(), "workspace.saved"), 0);
        QVERIFY(!std::filesystem::exists(small.runFolder() + "/trees"));
    }
};

GATEHOUSE_TEST_MAIN(TestTurnTrees)
#include "tst_turntrees.moc"
