// What a person said binds: no later change of policy, sources or tool programs turns it into something else.
#include "tests/support/testmain.h"

#include "tests/app/smallproject.h"

#include <QDir>
#include <QFile>

using namespace gatehouse;
using nlohmann::json;
using test::SmallProject;

class TestBindings : public test::TestCase {
    Q_OBJECT

    static std::string said(const test::Finished& finished) { return std::to_string(finished.status) + finished.output + finished.error; }

    static void allowEverything(SmallProject& small)
    {
        small.policy["rules"] = json::array({test::rule("A-1", "allow", "input"), test::rule("A-2", "allow", "tool")});
        small.save();
    }

    static std::string decisionOf(const std::vector<json>& records)
    {
        std::string all;
        for (const json& record : records) {
            if (record["type"] == "policy.decided")
                all += record["data"].value("point", "?") + ':' + record["data"].value("effect", "?") + ' ';
        }
        return all;
    }

private Q_SLOTS:
    // (a) A denial stays, whatever policy says afterwards.

    void aDeniedCallStaysDeniedWhenPolicyAllowsIt()
    {
        SmallProject small({test::commandTurn("c1", "echo ran"), test::finalTurn()});
        QCOMPARE(small.run().status, 4);
        QCOMPARE(small.deny(small.openApproval()).status, 0);
        allowEverything(small);
        const auto resumed = small.resume();
        QVERIFY2(resumed.status == 0, said(resumed).c_str());
        GH_JSON(resumed.json()["denied"], 1);
        QCOMPARE(test::countOf(small.records(), "effect.started"), 0);
        QVERIFY2(small.resultOf("c1").find("not approved") != std::string::npos, small.resultOf("c1").c_str());
    }

    void anUndecidedCallIsAskedAgainWhenPolicyAllowsIt()
    {
        SmallProject small({test::commandTurn("c1", "echo ran"), test::finalTurn()});
        QCOMPARE(small.run().status, 4);
        const std::string first = small.openApproval();
        allowEverything(small);
        const auto resumed = small.resume();
        QVERIFY2(resumed.status == 4, said(resumed).c_str());
        const std::string second = small.openApproval();
        QVERIFY(!second.empty() && second != first);
        QCOMPARE(test::countOf(small.records(), "effect.started"), 0);
        QCOMPARE(small.approve(second).status, 0);
        const auto done = small.resume();
        QVERIFY2(done.status == 0, said(done).c_str());
        QCOMPARE(test::countOf(small.records(), "effect.started"), 1);
    }

    // (c) The task itself.

    void aTaskThatWasAskedAboutIsNeverSilentlyRun_data()
    {
        QTest::addColumn<QString>("vote");
        QTest::addColumn<int>("status");
        QTest::newRow("denied") << QStringLiteral("deny") << 3;
        QTest::newRow("approved") << QStringLiteral("approve") << 4;
        QTest::newRow("undecided") << QString() << 4;
    }

    void aTaskThatWasAskedAboutIsNeverSilentlyRun()
    {
        QFETCH(QString, vote);
        QFETCH(int, status);
        SmallProject small({test::finalTurn()});
        small.policy["rules"][0] = test::rule("P-0", "ask", "input");
        small.save();
        QCOMPARE(small.run().status, 4);
        const std::string id = small.openApproval();
        QVERIFY(!id.empty());
        if (vote == QLatin1String("deny"))
            QCOMPARE(small.deny(id).status, 0);
        else if (vote == QLatin1String("approve"))
            QCOMPARE(small.approve(id).status, 0);
        allowEverything(small);
        const auto resumed = small.resume();
        QVERIFY2(resumed.status == status, said(resumed).c_str());
        const auto records = small.records();
        QVERIFY2(test::countOf(records, "model.request") == 0, decisionOf(records).c_str());
        QCOMPARE(test::countOf(records, "sandbox.created"), 0);
        if (status != 4)
            return;
        QCOMPARE(test::countOf(records, "approval.invalidated"), 1);
        const std::string again = small.openApproval();
        QVERIFY(!again.empty() && again != id);
        QCOMPARE(small.approve(again).status, 0);
        const auto done = small.resume();
        QVERIFY2(done.status == 0, said(done).c_str());
        QCOMPARE(test::countOf(small.records(), "approval.consumed"), 1);
    }

    void anApprovedTaskIsAskedAgainUnderAnotherPolicy()
    {
        SmallProject small({test::finalTurn()});
        small.policy["rules"][0] = test::rule("P-0", "ask", "input");
        small.save();
        QCOMPARE(small.run().status, 4);
        const std::string id = small.openApproval();
        QCOMPARE(small.approve(id).status, 0);
        small.policy["rules"].push_back(test::rule("D-9", "deny", "tool", {{"tool", "never"}}));
        small.save();
        const auto resumed = small.resume();
        QVERIFY2(resumed.status == 4, said(resumed).c_str());
        QVERIFY(small.openApproval() != id);
        QCOMPARE(test::countOf(small.records(), "approval.consumed"), 0);
        QCOMPARE(test::countOf(small.records(), "model.request"), 0);
    }

    void aTaskThatPolicyDeniesNowEndsTheRun()
    {
        SmallProject small({test::finalTurn()});
        small.policy["rules"][0] = test::rule("P-0", "ask", "input");
        small.save();
        QCOMPARE(small.run().status, 4);
        QCOMPARE(small.approve(small.openApproval()).status, 0);
        small.policy["rules"].push_back(test::rule("D-9", "deny", "input"));
        small.save();
        const auto resumed = small.resume();
        QVERIFY2(resumed.status == 3, said(resumed).c_str());
        QCOMPARE(test::countOf(small.records(), "model.request"), 0);
    }

    // A task that ran is decided again when the policies are others: the next process works under those.
    void aRunningTaskIsHeldWhenPolicyAsksAboutItNow()
    {
        SmallProject small({test::commandTurn("c1", "echo ran"), test::finalTurn()});
        QCOMPARE(small.run().status, 4);
        QCOMPARE(small.approve(small.openApproval()).status, 0);
        small.policy["rules"][0] = test::rule("P-0", "ask", "input");
        small.save();
        const auto resumed = small.resume();
        QVERIFY2(resumed.status == 4, said(resumed).c_str());
        QCOMPARE(test::countOf(small.records(), "effect.started"), 0);
        QVERIFY2(test::countOf(small.records(), "sandbox.created") == 1, "held before a sandbox is made");
    }

    // (b) The workspace's sources and the project's programs.

    void aResumedRunSeesTheCommitThatItBeganWith()
    {
        SmallProject small({test::commandTurn("c1", "cat repo/file"), test::finalTurn()});
        const std::string repository = small.path("repo");
        QDir().mkpath(QString::fromStdString(repository));
        test::writeFile(repository + "/file", "as approved\n");
        const auto git = [&](const QStringList& arguments) {
            const QStringList name{QStringLiteral("-c"), QStringLiteral("user.name=ann"), QStringLiteral("-c"),
                                   QStringLiteral("user.email=ann@example.org")};
            return small.cli().program(QStringLiteral("git"), name + arguments, repository).status;
        };
        QCOMPARE(git({QStringLiteral("init"), QStringLiteral("-q"), QStringLiteral("-b"), QStringLiteral("main")}), 0);
        QCOMPARE(git({QStringLiteral("add"), QStringLiteral("file")}), 0);
        QCOMPARE(git({QStringLiteral("commit"), QStringLiteral("-qm"), QStringLiteral("one")}), 0);
        small.workflow["manifest"]["entries"]["repo"] = {{"type", "git_repo"}, {"host", "local"}, {"repo", "repo"}, {"ref", "main"}};
        small.save();
        QCOMPARE(small.run().status, 4);
        QCOMPARE(small.approve(small.openApproval()).status, 0);
        test::writeFile(repository + "/file", "swapped\n");
        QCOMPARE(git({QStringLiteral("commit"), QStringLiteral("-qam"), QStringLiteral("two")}), 0);
        const auto resumed = small.resume();
        QVERIFY2(resumed.status == 0, said(resumed).c_str());
        const std::string result = small.resultOf("c1");
        QVERIFY2(result.find("as approved") != std::string::npos && result.find("swapped") == std::string::npos, result.c_str());
    }

    void aSwappedSourceFolderHoldsTheRun()
    {
        SmallProject small({test::commandTurn("c1", "cat data/file"), test::finalTurn()});
        QDir().mkpath(QString::fromStdString(small.path("data")));
        test::writeFile(small.path("data/file"), "as approved\n");
        small.workflow["manifest"]["entries"]["data"] = {{"type", "local_dir"}, {"src", "data"}};
        small.save();
        const auto paused = small.run();
        QVERIFY2(paused.status == 4, said(paused).c_str());
        QCOMPARE(small.approve(small.openApproval()).status, 0);
        test::writeFile(small.path("data/file"), "swapped\n");
        const auto refused = small.resume();
        QVERIFY2(refused.error.find("sources were changed") != std::string::npos, said(refused).c_str());
        QCOMPARE(refused.status, 2); // not 4: nobody is asked anything
        QCOMPARE(test::countOf(small.records(), "effect.started"), 0);
        QCOMPARE(small.gatehouse({"verify", "last"}).status, 0);
        // Nothing is lost by that: with its sources back the run goes on.
        test::writeFile(small.path("data/file"), "as approved\n");
        const auto resumed = small.resume();
        QVERIFY2(resumed.status == 0, said(resumed).c_str());
        QVERIFY(small.resultOf("c1").find("as approved") != std::string::npos);
    }

    // A host that can't give the sandbox back today loses nothing of what was decided.
    void aSandboxThatCantBeOpenedAgainPausesTheRun()
    {
        SmallProject small({test::commandTurn("c1", "echo ran"), test::finalTurn()});
        QCOMPARE(small.run().status, 4);
        QCOMPARE(small.approve(small.openApproval()).status, 0);
        small.cli().setVariable(QStringLiteral("TMPDIR"), QStringLiteral("/nowhere/at/all"));
        const auto held = small.resume();
        QCOMPARE(held.status, 6);
        GH_JSON(small.records().back()["type"], "run.paused");
        QCOMPARE(test::countOf(small.records(), "effect.started"), 0);
        small.cli().unsetVariable(QStringLiteral("TMPDIR"));
        const auto resumed = small.resume();
        QVERIFY2(resumed.status == 0, said(resumed).c_str());
        QCOMPARE(test::countOf(small.records(), "approval.consumed"), 1);
        QVERIFY(small.resultOf("c1").find("ran") != std::string::npos);
    }

    void aSwappedToolProgramIsAskedAboutAgain()
    {
        SmallProject small = withProgram();
        QCOMPARE(small.run().status, 4);
        const std::string first = small.openApproval();
        QCOMPARE(small.approve(first).status, 0);
        test::writeFile(small.path("tools/greet.sh"), "echo swapped\n");
        const auto resumed = small.resume();
        QVERIFY2(resumed.status == 4, said(resumed).c_str());
        QVERIFY(small.openApproval() != first);
        const auto records = small.records();
        QCOMPARE(test::countOf(records, "effect.started"), 0);
        QCOMPARE(test::countOf(records, "approval.invalidated"), 1);
        QCOMPARE(small.approve(small.openApproval()).status, 0);
        const auto done = small.resume();
        QVERIFY2(done.status == 0, said(done).c_str());
        QVERIFY(small.resultOf("c1").find("swapped") != std::string::npos);
    }

    // While the run waits, somebody else changes the program: what was approved runs.
    void aProgramSwappedUnderAWaitingRunIsNotRun()
    {
        SmallProject small = withProgram();
        const auto run = small.startWaiting();
        QTRY_VERIFY_WITH_TIMEOUT(!small.openApproval().empty(), 60000);
        test::writeFile(small.path("tools/greet.sh"), "echo swapped\n");
        QCOMPARE(small.approve(small.openApproval()).status, 0);
        QVERIFY(run->waitForFinished(60000));
        QVERIFY2(run->exitCode() == 0, run->readAllStandardError().constData());
        const std::string result = small.resultOf("c1");
        QVERIFY2(result.find("as approved") != std::string::npos, result.c_str());
    }

private:
    static SmallProject withProgram()
    {
        SmallProject small(
            {{{"calls", json::array({{{"id", "c1"}, {"tool", "greet"}, {"arguments", json::object()}}})}}, test::finalTurn()});
        QDir().mkpath(QString::fromStdString(small.path("tools")));
        test::writeFile(small.path("tools/greet.sh"), "echo as approved\n");
        small.workflow["tools"]["greet"] = {{"description", "Greets"},
                                            {"parameters", {{"type", "object"}, {"additionalProperties", false}}},
                                            {"command", {"sh", "greet.sh"}}};
        small.workflow["agents"]["worker"]["tools"] = {"greet"};
        small.save();
        return small;
    }
};

GATEHOUSE_TEST_MAIN(TestBindings)
#include "tst_bindings.moc"
