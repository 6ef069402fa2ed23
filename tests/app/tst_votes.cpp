// Votes from several processes at once: one claim, whoever wins; a vote that reaches a live run is journaled by its writer.
#include "tests/support/testmain.h"

#include "tests/app/commandline.h"

#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

using namespace gatehouse;

class TestVotes : public test::TestCase {
    Q_OBJECT

    static std::string openApproval(const test::CommandLine& cli)
    {
        const auto list = cli.run({QStringLiteral("approvals"), QStringLiteral("list"), QStringLiteral("--json")}).json();
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

    // A run that can't be read is said, and it does not keep the others from being listed and decided.
    void anUnreadableRunHidesNoOther()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const QStringList paused = {QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"),
                                    QStringLiteral("--approvals"), QStringLiteral("pause"), QStringLiteral("--json")};
        const auto kept = cli.run(paused).json();
        const auto damaged = cli.run(paused).json();
        const QString id = QString::fromStdString(kept["approval"]);
        const std::string journal = cli.project() + "/.gatehouse/runs/" + damaged["run"].get<std::string>() + "/journal.jsonl";
        std::filesystem::resize_file(journal, 0);
        const auto list = cli.run({QStringLiteral("approvals"), QStringLiteral("list"), QStringLiteral("--json")});
        QCOMPARE(list.status, 1);
        QCOMPARE(list.json().size(), 1U);
        GH_JSON(list.json()[0]["id"], kept["approval"]);
        QVERIFY2(list.error.find(damaged["run"].get<std::string>()) != std::string::npos, list.error.c_str());
        // A beginning could mean one of the run that can't be read; a whole id can't.
        QCOMPARE(cli.run({QStringLiteral("approvals"), QStringLiteral("approve"), id.left(id.size() - 1)}).status, 1);
        QCOMPARE(openApproval(cli), id.toStdString());
        QCOMPARE(cli.run({QStringLiteral("approvals"), QStringLiteral("approve"), id}).status, 0);
    }

    // Reading along stops one record late; what is said is what verify says.
    void listsNameTheRecordThatVerifyNames()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const auto run = cli.run({QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"),
                                  QStringLiteral("--approvals"), QStringLiteral("pause"), QStringLiteral("--json")})
                             .json();
        const std::string journal = run["dir"].get<std::string>() + "/journal.jsonl";
        std::string bytes = test::readFile(journal);
        std::size_t line = 0;
        for (int i = 0; i < 4; ++i)
            line = bytes.find('\n', line) + 1;
        bytes[bytes.find("\"wall\":\"20", line) + 8] ^= 1;
        test::writeFile(journal, bytes);
        const auto verify = cli.run({QStringLiteral("verify"), QStringLiteral("last")});
        QCOMPARE(verify.status, 1);
        const std::string record = "record 4 (journal.jsonl:5)";
        QVERIFY2((verify.output + verify.error).find(record) != std::string::npos, verify.output.c_str());
        const auto runs = cli.run({QStringLiteral("runs"), QStringLiteral("--json")}).json();
        QVERIFY2(runs[0]["damage"].get<std::string>().find(record) != std::string::npos, runs.dump().c_str());
        const auto list = cli.run({QStringLiteral("approvals"), QStringLiteral("list")});
        QCOMPARE(list.status, 1);
        QVERIFY2(list.error.find(record) != std::string::npos, list.error.c_str());
    }

    // Alive is not enough: a run that lost a file while it waits is no run in the making.
    void aLiveRunThatLostItsPayloadsIsSaid()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const auto run = cli.start({QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"),
                                    QStringLiteral("--approvals"), QStringLiteral("ask"), QStringLiteral("--json")});
        QTRY_VERIFY_WITH_TIMEOUT(!openApproval(cli).empty(), 60000);
        const std::string id = cli.run({QStringLiteral("runs"), QStringLiteral("--json")}).json()[0]["run"];
        std::filesystem::remove(cli.project() + "/.gatehouse/runs/" + id + "/blobs.pack");
        const auto list = cli.run({QStringLiteral("approvals"), QStringLiteral("list")});
        QCOMPARE(list.status, 1);
        QVERIFY2(list.error.find(id) != std::string::npos, list.error.c_str());
        run->kill();
        QVERIFY(run->waitForFinished(10000));
    }

    // While a run is being made its folder has a held lock and no journal, or no record in it: nothing waits there, and that is no error.
    void aRunInTheMakingIsPassedOver()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const auto paused = cli.run({QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"),
                                     QStringLiteral("--approvals"), QStringLiteral("pause"), QStringLiteral("--json")});
        QCOMPARE(paused.status, 4);
        const std::string folder = cli.project() + "/.gatehouse/runs/01900000-0000-7000-8000-000000000000";
        std::filesystem::create_directory(folder);
        const int lock = ::open((folder + "/run.lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
        QVERIFY(lock >= 0 && ::flock(lock, LOCK_EX | LOCK_NB) == 0);
        const QStringList list = {QStringLiteral("approvals"), QStringLiteral("list"), QStringLiteral("--json")};
        for (const char* file : {"", "/blobs.pack", "/journal.jsonl"}) {
            if (*file != '\0')
                test::writeFile(folder + file, "");
            const auto listed = cli.run(list);
            QVERIFY2(listed.status == 0, listed.error.c_str());
            QCOMPARE(listed.json().size(), 1U);
        }
        ::close(lock); // nobody makes it any more
        const auto left = cli.run(list);
        QCOMPARE(left.status, 1);
        QCOMPARE(left.json().size(), 1U);
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
