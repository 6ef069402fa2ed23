// Votes from several processes at once: one claim, whoever wins; a vote that reaches a live run is journaled by its writer.
#include "tests/support/testmain.h"

#include "tests/app/commandline.h"

using namespace gatehouse;

class TestVotes : public test::TestCase {
    Q_OBJECT

    static std::string openApproval(const test::CommandLine& cli)
    {
        const auto list = cli.run({QStringLiteral("approvals"), QStringLiteral("list"), QStringLiteral("--json")}).json();
        if (!list.is_array())
            return {}; // a run that is being made can't be read yet
        for (const auto& request : list) {
            if (request["state"] == "requested" || request["state"] == "delivered")
                return request["id"];
        }
        return {};
    }

private Q_SLOTS:
    // Processes that vote at once on a paused run: exactly one vote counts, and the resumed run claims once.
    void racingVotesGiveOneClaim()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        for (int round = 0; round < 5; ++round) {
            const auto paused = cli.run({QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"),
                                         QStringLiteral("--approvals"), QStringLiteral("pause"), QStringLiteral("--json")});
            QCOMPARE(paused.status, 4);
            const QString id = QString::fromStdString(paused.json()["approval"]);
            std::vector<std::unique_ptr<QProcess>> racers;
            for (int i = 0; i < 4; ++i) {
                racers.push_back(i % 2 == 0 ? cli.start({QStringLiteral("approvals"), QStringLiteral("approve"), id})
                                            : cli.start({QStringLiteral("approvals"), QStringLiteral("deny"), id,
                                                         QStringLiteral("--reason"), QStringLiteral("r")}));
            }
            int counted = 0;
            for (const auto& racer : racers) {
                QVERIFY(racer->waitForFinished(60000));
                counted += racer->exitCode() == 0 ? 1 : 0;
            }
            QCOMPARE(counted, 1);
            const std::string run = paused.json()["run"];
            const auto resumed =
                cli.run({QStringLiteral("resume"), QString::fromStdString(run), QStringLiteral("--approvals"), QStringLiteral("pause")});
            QVERIFY(resumed.status == 0 || resumed.status == 3);
            const auto records = cli.records(run);
            QCOMPARE(test::countOf(records, "approval.resolved"), 1);
            QCOMPARE(test::countOf(records, "approval.consumed"), resumed.status == 0 ? 1 : 0);
        }
    }

    // Several resumes at once: one gets the run, the others are told who has it.
    void racingResumesGiveOneWriter()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const auto paused = cli.run({QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"),
                                     QStringLiteral("--approvals"), QStringLiteral("pause"), QStringLiteral("--json")});
        QCOMPARE(paused.status, 4);
        const QString id = QString::fromStdString(paused.json()["approval"]);
        QCOMPARE(cli.run({QStringLiteral("approvals"), QStringLiteral("approve"), id}).status, 0);
        std::vector<std::unique_ptr<QProcess>> racers;
        for (int i = 0; i < 4; ++i)
            racers.push_back(
                cli.start({QStringLiteral("resume"), QStringLiteral("last"), QStringLiteral("--approvals"), QStringLiteral("pause")}));
        int completed = 0;
        for (const auto& racer : racers) {
            QVERIFY(racer->waitForFinished(60000));
            completed += racer->exitCode() == 0 ? 1 : 0;
            QVERIFY2(racer->exitCode() == 0 || racer->exitCode() == 2, racer->readAllStandardError().constData());
        }
        QCOMPARE(completed, 1);
        QCOMPARE(test::countOf(cli.records("last"), "approval.consumed"), 1);
    }

    void aVoteReachesALiveRun()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const auto run = cli.start({QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"),
                                    QStringLiteral("--approvals"), QStringLiteral("ask"), QStringLiteral("--json")});
        QTRY_VERIFY_WITH_TIMEOUT(!openApproval(cli).empty(), 30000);
        const auto approved = cli.run({QStringLiteral("approvals"), QStringLiteral("approve"), QString::fromStdString(openApproval(cli))});
        QVERIFY2(approved.status == 0, approved.error.c_str());
        QVERIFY(run->waitForFinished(60000));
        QVERIFY2(run->exitCode() == 0, run->readAllStandardError().constData());
        const auto late = cli.run({QStringLiteral("approvals"), QStringLiteral("approve"),
                                   QString::fromStdString(nlohmann::json::parse(run->readAllStandardOutput().toStdString())["run"])});
        QVERIFY(late.status != 0);
        int epochs = test::countOf(cli.records("last"), "writer.opened");
        QCOMPARE(epochs, 1); // the run's own writer took the vote
    }

    void stopReachesALiveRunAndEndsAPausedOne()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const auto run = cli.start({QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"),
                                    QStringLiteral("--approvals"), QStringLiteral("ask"), QStringLiteral("--json")});
        QTRY_VERIFY_WITH_TIMEOUT(!openApproval(cli).empty(), 30000);
        QCOMPARE(cli.run({QStringLiteral("stop"), QStringLiteral("last")}).status, 0);
        QVERIFY(run->waitForFinished(30000));
        QCOMPARE(run->exitCode(), 130);
        QCOMPARE(cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);

        QCOMPARE(cli.run({QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"), QStringLiteral("--approvals"),
                          QStringLiteral("pause")})
                     .status,
                 4);
        QCOMPARE(cli.run({QStringLiteral("stop"), QStringLiteral("last")}).status, 0);
        QCOMPARE(cli.run({QStringLiteral("resume"), QStringLiteral("last")}).status, 2);
        QCOMPARE(cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);
    }

    void aKilledRunIsResumed()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const auto run = cli.start({QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"),
                                    QStringLiteral("--approvals"), QStringLiteral("ask")});
        QTRY_VERIFY_WITH_TIMEOUT(!openApproval(cli).empty(), 30000);
        run->kill();
        QVERIFY(run->waitForFinished(10000));
        const QString id = QString::fromStdString(openApproval(cli));
        QVERIFY(!id.isEmpty());
        QCOMPARE(cli.run({QStringLiteral("approvals"), QStringLiteral("approve"), id}).status, 0);
        const auto resumed = cli.run({QStringLiteral("resume"), QStringLiteral("last"), QStringLiteral("--approvals"),
                                      QStringLiteral("pause"), QStringLiteral("--json")});
        QVERIFY2(resumed.status == 0, (resumed.output + resumed.error).c_str());
        QCOMPARE(test::countOf(cli.records("last"), "approval.consumed"), 1);
        QCOMPARE(cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);
    }
};

GATEHOUSE_TEST_MAIN(TestVotes)
#include "tst_votes.moc"
