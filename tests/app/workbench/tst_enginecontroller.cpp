// The window's controller over a real engine and a real sandbox, against command lines of other processes.
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include "app/services/engineservices.h"
#include "app/workbench/enginecontroller.h"
#include "core/approval/request.h"
#include "core/engine/runstore.h"
#include "tests/app/commandline.h"

#include <QSignalSpy>

using namespace gatehouse;

class TestEngineController : public test::TestCase {
    Q_OBJECT

    static std::string started(workbench::EngineController& controller, const test::CommandLine& cli)
    {
        QSignalSpy spy(&controller, &widgets::RunController::runStarted);
        controller.startRun(cli.project() + "/workflows/credit-note.workflow.json", {}, {});
        if (spy.isEmpty() && !spy.wait(20000))
            return {};
        return spy.first().at(1).toString().toStdString();
    }

    static approval::Vote voteFor(const engine::StoredApproval& stored, approval::VoteDecision decision)
    {
        return {stored.status.request.id, app::principal(), decision, "seen", "window", stored.status.request.binding};
    }

    static std::optional<engine::StoredApproval> openRequest(const engine::RunStore& store, const std::string& directory)
    {
        const auto all = store.approvals();
        if (!all)
            return std::nullopt;
        for (const engine::StoredApproval& stored : *all) {
            if (stored.directory == directory && stored.status.open())
                return stored;
        }
        return std::nullopt;
    }

private Q_SLOTS:
    // Window and command line vote on the same card at once, many times: each time one vote counts and one claim is made.
    void racesBetweenWindowAndCommandLineGiveOneClaim()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(cli.folder().path("cache")));
        app::EngineServices services({GATEHOUSE_BIN_DIR "/gatehouse-worker", {}});
        GH_VERIFY(services.start());
        const engine::RunStore store(cli.project());
        workbench::EngineController controller(services, cli.project());
        constexpr int rounds = 30;
        for (int round = 0; round < rounds; ++round) {
            const std::string directory = started(controller, cli);
            QVERIFY(!directory.empty());
            std::optional<engine::StoredApproval> request;
            QTRY_VERIFY_WITH_TIMEOUT((request = openRequest(store, directory)), 20000);
            const QString id = QString::fromStdString(request->status.request.id.text());
            const auto rival = cli.start(round % 2 == 0 ? QStringList{QStringLiteral("approvals"), QStringLiteral("approve"), id}
                                                        : QStringList{QStringLiteral("approvals"), QStringLiteral("deny"), id,
                                                                      QStringLiteral("--reason"), QStringLiteral("r")});
            // A little later each round, so that either side is first now and then.
            QTest::qWait(round);
            controller.vote(directory, voteFor(*request, approval::VoteDecision::Approve));
            QVERIFY(rival->waitForFinished(60000));
            QTRY_VERIFY_WITH_TIMEOUT(!controller.hasLiveRuns(), 20000);
            const auto records = cli.records(directory.substr(directory.rfind('/') + 1));
            QCOMPARE(test::countOf(records, "approval.vote"), 1);
            QCOMPARE(test::countOf(records, "approval.resolved"), 1);
            QVERIFY(test::countOf(records, "approval.consumed") <= 1);
            const bool approved = test::countOf(records, "approval.consumed") == 1;
            // A rival that came too late may have opened the finished record once more; it says what happened all the same.
            bool completed = false;
            for (const auto& record : records)
                completed = completed || (record["type"] == "run.finished" && record["data"].value("outcome", "") == "completed");
            QCOMPARE(completed, approved);
            if (rival->exitCode() == 0)
                QCOMPARE(approved, round % 2 == 0);
        }
    }

    // Closing the window never decides: what waits for a person stays pending, and the record is whole.
    void closingLeavesARequestPending()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(cli.folder().path("cache")));
        app::EngineServices services({GATEHOUSE_BIN_DIR "/gatehouse-worker", {}});
        GH_VERIFY(services.start());
        const engine::RunStore store(cli.project());
        std::string directory;
        {
            workbench::EngineController controller(services, cli.project());
            directory = started(controller, cli);
            QTRY_VERIFY_WITH_TIMEOUT(openRequest(store, directory), 20000);
        }
        QVERIFY(openRequest(store, directory));
        QCOMPARE(cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);
        GH_JSON(cli.records("last").back()["type"], "run.paused");
        const QString id = QString::fromStdString(openRequest(store, directory)->status.request.id.text());
        QCOMPARE(cli.run({QStringLiteral("approvals"), QStringLiteral("approve"), id}).status, 0);
        QCOMPARE(cli.run({QStringLiteral("resume"), QStringLiteral("last"), QStringLiteral("--approvals"), QStringLiteral("pause")}).status,
                 0);
    }

    void aBadStartFailsWithItsToken()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        app::EngineServices services({GATEHOUSE_BIN_DIR "/gatehouse-worker", {}});
        GH_VERIFY(services.start());
        workbench::EngineController controller(services, cli.project());
        QSignalSpy spy(&controller, &widgets::RunController::failed);
        const quint64 token = controller.startRun(cli.project() + "/nowhere.workflow.json", {}, {});
        QVERIFY(!spy.isEmpty() || spy.wait(20000));
        QCOMPARE(spy.first().at(0).toULongLong(), token);
    }
};

GATEHOUSE_TEST_MAIN(TestEngineController)
#include "tst_enginecontroller.moc"
