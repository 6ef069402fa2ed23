// The window's controller over a real engine and a real sandbox, against command lines of other processes.
#include "tests/support/places.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include "app/services/engineservices.h"
#include "app/workbench/enginecontroller.h"
#include "core/approval/request.h"
#include "core/engine/runstore.h"
#include "core/journal/reader.h"
#include "tests/app/commandline.h"

#include <QSignalSpy>

#include <nlohmann/json.hpp>

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
        if (!all.unreadable.empty())
            return std::nullopt;
        for (const engine::StoredApproval& stored : all.approvals) {
            if (stored.directory == directory && stored.status.open())
                return stored;
        }
        return std::nullopt;
    }

    // The script asks with its first call and is done after it.
    static void askAtOnce(const test::CommandLine& cli)
    {
        const std::string path = cli.project() + "/scripts/credit-note.script.json";
        auto script = nlohmann::json::parse(test::readFile(path));
        nlohmann::json turns = nlohmann::json::array();
        for (const auto& turn : script["agents"]["repairer"]) {
            const bool mends = turn.contains("calls") && turn["calls"][0]["id"] == "mend";
            if (mends || turn.contains("final"))
                turns.push_back(turn);
            if (!turns.empty())
                turns.back().erase("expect");
        }
        script["agents"]["repairer"] = turns;
        test::writeFile(path, script.dump(2));
    }

    struct Race {
        std::string directory;
        std::optional<engine::StoredApproval> request;
        std::unique_ptr<QProcess> rival;
        bool rivalApproves = false;
    };
    struct RaceResult {
        int votes = 0;
        int resolved = 0;
        int claims = 0;
        bool approved = false;
        bool byWindow = false;
        bool completed = false;
    };

    // That many runs, each waiting for a person.
    static void prepare(std::vector<Race>& races, workbench::EngineController& controller, const test::CommandLine& cli)
    {
        QSignalSpy spy(&controller, &widgets::RunController::runStarted);
        for (std::size_t i = 0; i < races.size(); ++i)
            controller.startRun(cli.project() + "/workflows/credit-note.workflow.json", {}, {});
        QTRY_COMPARE_WITH_TIMEOUT(std::size_t(spy.size()), races.size(), 60000);
        const engine::RunStore store(cli.project());
        for (std::size_t i = 0; i < races.size(); ++i) {
            races[i].directory = spy.at(qsizetype(i)).at(1).toString().toStdString();
            QTRY_VERIFY_WITH_TIMEOUT((races[i].request = openRequest(store, races[i].directory)), 60000);
        }
    }

    static std::optional<RaceResult> resultOf(const Race& race)
    {
        auto reader = journal::Reader::open(race.directory);
        const auto records = reader ? reader->readFrom(0, 10000) : std::unexpected(reader.error());
        if (!records)
            return std::nullopt;
        RaceResult result;
        for (const journal::Record& record : *records) {
            if (record.type == journal::EventType::ApprovalVote) {
                ++result.votes;
                result.byWindow = record.data.value("channel", "") == "window";
            } else if (record.type == journal::EventType::ApprovalResolved) {
                ++result.resolved;
                result.approved = record.data.value("decision", "") == "approve";
            } else if (record.type == journal::EventType::ApprovalConsumed) {
                ++result.claims;
            } else if (record.type == journal::EventType::RunFinished) {
                result.completed = record.data.value("outcome", "") == "completed";
            }
        }
        return result;
    }

private Q_SLOTS:
    // Window and command line vote on the same card at once, a hundred times, approve against approve and approve against deny: each
    // time exactly one vote is journaled, what it says is the outcome, and whoever lost is told so.
    void racesBetweenWindowAndCommandLineGiveOneClaim()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        askAtOnce(cli);
        qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(cli.folder().path("cache")));
        app::EngineServices services({test::programPath("gatehouse-worker"), {}});
        GH_VERIFY(services.start());
        workbench::EngineController controller(services, cli.project());
        QSignalSpy refused(&controller, &widgets::RunController::voteRefused);
        constexpr int atOnce = 10;
        int wonByWindow = 0;
        int approvals = 0;
        for (int round = 0; round < 10; ++round) {
            std::vector<Race> races(atOnce);
            prepare(races, controller, cli);
            if (QTest::currentTestFailed())
                return;
            // The rivals are processes that start up meanwhile; the window votes a little later each round.
            for (int i = 0; i < atOnce; ++i) {
                const QString id = QString::fromStdString(races[std::size_t(i)].request->status.request.id.text());
                races[std::size_t(i)].rivalApproves = i % 2 == 0;
                races[std::size_t(i)].rival = cli.start(i % 2 == 0 ? QStringList{QStringLiteral("approvals"), QStringLiteral("approve"), id}
                                                                   : QStringList{QStringLiteral("approvals"), QStringLiteral("deny"), id,
                                                                                 QStringLiteral("--reason"), QStringLiteral("r")});
            }
            for (const Race& race : races) {
                QTest::qWait(round * 20);
                controller.vote(race.directory, voteFor(*race.request, approval::VoteDecision::Approve));
            }
            for (Race& race : races)
                QTRY_COMPARE_WITH_TIMEOUT(race.rival->state(), QProcess::NotRunning, 60000);
            QTRY_VERIFY_WITH_TIMEOUT(!controller.hasLiveRuns(), 60000);
            for (const Race& race : races) {
                const std::optional<RaceResult> result = resultOf(race);
                QVERIFY(result);
                QCOMPARE(result->votes, 1);
                QCOMPARE(result->resolved, 1);
                QCOMPARE(result->claims, result->approved ? 1 : 0);
                QVERIFY(result->completed || !result->approved);
                QCOMPARE(result->approved, result->byWindow || race.rivalApproves);
                QCOMPARE(race.rival->exitCode() == 0, !result->byWindow);
                wonByWindow += result->byWindow;
                approvals += result->approved;
            }
            // The refusals of the window's votes that came second are queued from another thread.
            QTRY_COMPARE_WITH_TIMEOUT(int(refused.size()), (round + 1) * atOnce - wonByWindow, 60000);
        }
        qInfo("of 100 races the window won %d; %d were approved", wonByWindow, approvals);
    }

    // Closing the window never decides: what waits for a person stays pending, and the record is whole.
    void closingLeavesARequestPending()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(cli.folder().path("cache")));
        app::EngineServices services({test::programPath("gatehouse-worker"), {}});
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
        app::EngineServices services({test::programPath("gatehouse-worker"), {}});
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
