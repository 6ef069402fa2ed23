// The main job, end to end: a failing test in a real repository, repaired in a real sandbox, decided by a person, proven.
#include "tests/support/testmain.h"

#include "tests/app/commandline.h"

#include <QRegularExpression>

using namespace gatehouse;

class TestJourney : public test::TestCase {
    Q_OBJECT

    static QStringList runArguments()
    {
        return {QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"), QStringLiteral("--approvals"),
                QStringLiteral("pause"), QStringLiteral("--json")};
    }

private Q_SLOTS:
    void repairsATestAfterAnApproval()
    {
        test::CommandLine cli;
        const auto made = cli.makeProject();
        QVERIFY2(made.status == 0, made.error.c_str());
        const std::string repository = cli.project() + "/sources/credit-note";
        const auto before = cli.program(QStringLiteral("sh"), {QStringLiteral("tests/test_credit_note.sh")}, repository);
        QVERIFY(before.status != 0);

        const auto paused = cli.run(runArguments());
        QVERIFY2(paused.status == 4, (paused.output + paused.error).c_str());
        GH_JSON(paused.json()["outcome"], "waiting");
        QVERIFY(paused.json()["confirmedBy"].is_null());
        const std::string run = paused.json()["run"];

        const auto list = cli.run({QStringLiteral("approvals"), QStringLiteral("list"), QStringLiteral("--json")});
        QCOMPARE(list.status, 0);
        QCOMPARE(list.json().size(), std::size_t{1});
        const nlohmann::json request = list.json()[0];
        GH_JSON(request["tool"], "apply_patch");
        GH_JSON(request["run"], run);
        for (const char* field : {"id", "run", "state", "tool", "digest", "expires", "quorum"})
            QVERIFY2(request.contains(field), field);
        const QString id = QString::fromStdString(request["id"]);

        const auto card = cli.run({QStringLiteral("approvals"), QStringLiteral("show"), id, QStringLiteral("--json")});
        QVERIFY2(card.status == 0, card.error.c_str());
        const auto approved = cli.run({QStringLiteral("approvals"), QStringLiteral("approve"), id});
        QVERIFY2(approved.status == 0, approved.error.c_str());
        QVERIFY(approved.error.find("one person") != std::string::npos);

        const auto done = cli.run({QStringLiteral("resume"), QString::fromStdString(run), QStringLiteral("--approvals"),
                                   QStringLiteral("pause"), QStringLiteral("--json")});
        QVERIFY2(done.status == 0, (done.output + done.error).c_str());
        GH_JSON(done.json()["outcome"], "completed");
        GH_JSON(done.json()["confirmedBy"], "one person");
        GH_JSON(done.json()["files"], nlohmann::json::array({"repo/credit_note.sh"}));

        const auto patch = cli.run({QStringLiteral("diff"), QString::fromStdString(run)});
        QCOMPARE(patch.status, 0);
        QVERIFY(patch.output.find("test_credit_note") == std::string::npos);
        const QByteArray bytes = QByteArray::fromStdString(patch.output);
        const auto checked = cli.program(QStringLiteral("git"), {QStringLiteral("apply"), QStringLiteral("--check"), QStringLiteral("-")},
                                         repository, bytes);
        QVERIFY2(checked.status == 0, checked.error.c_str());
        QCOMPARE(cli.program(QStringLiteral("git"), {QStringLiteral("apply"), QStringLiteral("-")}, repository, bytes).status, 0);
        const auto after = cli.program(QStringLiteral("sh"), {QStringLiteral("tests/test_credit_note.sh")}, repository);
        QVERIFY2(after.output.find("2 passed") != std::string::npos, after.output.c_str());

        const auto verified = cli.run({QStringLiteral("verify"), QString::fromStdString(run), QStringLiteral("--json")});
        QVERIFY2(verified.status == 0, verified.output.c_str());
        QVERIFY(verified.json()["sealed"] == true);
    }

    void theJournalHasTheClaimBeforeTheEffect()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const auto paused = cli.run(runArguments());
        QCOMPARE(paused.status, 4);
        const auto records = cli.records(paused.json()["run"]);
        QVERIFY(test::countOf(records, "effect.started") >= 1);
        // Every effect: decided, claimed, finished, in this order and each exactly once.
        for (std::size_t i = 0; i < records.size(); ++i) {
            if (records[i]["type"] != "effect.started")
                continue;
            GH_JSON(records[i - 1]["type"], "policy.decided");
            GH_JSON(records[i - 1]["data"]["effect"], "allow");
            GH_JSON(records[i - 1]["data"]["binding"], records[i]["data"]["binding"]);
        }
        QCOMPARE(test::countOf(records, "effect.started"), test::countOf(records, "effect.finished"));
        GH_JSON(records.back()["type"], "run.paused");
    }

    void aDenialReachesTheModelAndEndsTheRun()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const auto paused = cli.run(runArguments());
        QCOMPARE(paused.status, 4);
        const QString id = QString::fromStdString(paused.json()["approval"]);
        const auto bare = cli.run({QStringLiteral("approvals"), QStringLiteral("deny"), id});
        QCOMPARE(bare.status, 2);
        const auto denied =
            cli.run({QStringLiteral("approvals"), QStringLiteral("deny"), id, QStringLiteral("--reason"), QStringLiteral("not today")});
        QVERIFY2(denied.status == 0, denied.error.c_str());
        const auto resumed = cli.run({QStringLiteral("resume"), QStringLiteral("last"), QStringLiteral("--json")});
        QVERIFY2(resumed.status == 3, (resumed.output + resumed.error).c_str());
        GH_JSON(resumed.json()["files"], nlohmann::json::array());
        const auto records = cli.records("last");
        bool told = false;
        for (const auto& record : records)
            told = told || (record["type"] == "tool.result" && record.dump().find("not today") != std::string::npos);
        QVERIFY(told);
        QCOMPARE(cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);
    }

    void approvalsDenyDeniesWithoutAsking()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const auto ended = cli.run({QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"),
                                    QStringLiteral("--approvals"), QStringLiteral("deny"), QStringLiteral("--json")});
        QVERIFY2(ended.status == 3, (ended.output + ended.error).c_str());
    }

    void aChangedPolicyVoidsTheApproval()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const auto paused = cli.run(runArguments());
        QCOMPARE(paused.status, 4);
        const QString id = QString::fromStdString(paused.json()["approval"]);
        QCOMPARE(cli.run({QStringLiteral("approvals"), QStringLiteral("approve"), id}).status, 0);
        const std::string path = cli.project() + "/policies/credit-note.policy.json";
        auto policy = nlohmann::json::parse(test::readFile(path));
        policy["rules"].push_back(
            {{"id", "D-99"}, {"effect", "deny"}, {"points", {"tool"}}, {"when", {{"tool", "never"}}}, {"reason", "none"}});
        test::writeFile(path, policy.dump());
        const auto resumed = cli.run({QStringLiteral("resume"), QStringLiteral("last"), QStringLiteral("--approvals"),
                                      QStringLiteral("pause"), QStringLiteral("--json")});
        QVERIFY2(resumed.status == 4, (resumed.output + resumed.error).c_str());
        QVERIFY(resumed.json()["approval"] != id.toStdString());
        const auto records = cli.records("last");
        QCOMPARE(test::countOf(records, "approval.invalidated"), 1);
        for (const auto& record : records) {
            if (record["type"] == "approval.invalidated")
                GH_JSON(record["data"]["cause"], "policyDigest");
        }
        QCOMPARE(test::countOf(records, "approval.consumed"), 0);
    }
};

GATEHOUSE_TEST_MAIN(TestJourney)
#include "tst_journey.moc"
