// A run that is killed at any moment: nothing is done twice, no vote is lost, and what nobody knows is said and asked about.
#include "tests/support/testmain.h"

#include "tests/app/smallproject.h"

#include <QDir>

#include <filesystem>

#include <signal.h>

using namespace gatehouse;
using nlohmann::json;
using test::SmallProject;

class TestCrashes : public test::TestCase {
    Q_OBJECT

    static std::string said(const test::Finished& finished) { return std::to_string(finished.status) + finished.output + finished.error; }

    // Until disarm(), programs die at the write that holds this text.
    static void arm(SmallProject& small, const std::string& mark, const std::string& when = "after")
    {
        small.cli().setVariable(QStringLiteral("LD_PRELOAD"), QStringLiteral(GATEHOUSE_CRASHPOINT));
        small.cli().setVariable(QStringLiteral("GATEHOUSE_CRASH_AT"), QString::fromStdString(mark));
        small.cli().setVariable(QStringLiteral("GATEHOUSE_CRASH_WHEN"), QString::fromStdString(when));
        small.cli().setVariable(QStringLiteral("GATEHOUSE_CRASH_FILE"), QStringLiteral("journal.jsonl"));
    }

    static void disarm(SmallProject& small) { small.cli().setVariable(QStringLiteral("GATEHOUSE_CRASH_AT"), QString()); }
    static std::string record(const std::string& type) { return "\"type\":\"" + type + "\""; }
    static bool wasKilled(const test::Finished& finished) { return finished.status == -SIGKILL; }

    static SmallProject oneCall(const std::string& command = "echo ran >> note.txt; echo done")
    {
        return SmallProject({test::commandTurn("c1", command), test::finalTurn()});
    }

    static std::string noteOf(const SmallProject& small)
    {
        const auto diff = small.gatehouse({"diff", "last"});
        return diff.output;
    }

private Q_SLOTS:
    void anAnswerIsNeverGivenTwice_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("when");
        for (const char* when : {"before", "half", "after"}) {
            for (const char* type : {"approval.requested", "run.paused"})
                QTest::addRow("%s %s", when, type) << QString::fromLatin1(type) << QString::fromLatin1(when);
        }
    }

    // Before, in and after the request: it is there or asked again, and approving it runs the call once.
    void anAnswerIsNeverGivenTwice()
    {
        QFETCH(QString, type);
        QFETCH(QString, when);
        SmallProject small = oneCall();
        arm(small, record(type.toStdString()), when.toStdString());
        const auto killed = small.run();
        QVERIFY2(wasKilled(killed), said(killed).c_str());
        disarm(small);
        const auto paused = small.resume();
        QVERIFY2(paused.status == 4, said(paused).c_str());
        QCOMPARE(test::countOf(small.records(), "effect.started"), 0);
        const std::string id = small.openApproval();
        QCOMPARE(small.approve(id).status, 0);
        finishesWithOneEffect(small);
    }

    void aVoteIsNeverLost_data()
    {
        QTest::addColumn<QString>("when");
        QTest::addColumn<bool>("counted");
        QTest::newRow("before") << QStringLiteral("before") << false;
        QTest::newRow("half") << QStringLiteral("half") << false;
        QTest::newRow("after") << QStringLiteral("after") << true;
    }

    // The process that votes dies at its record: the vote is whole or it is not there, and then it can be given again.
    void aVoteIsNeverLost()
    {
        QFETCH(QString, when);
        QFETCH(bool, counted);
        SmallProject small = oneCall();
        QCOMPARE(small.run().status, 4);
        const std::string id = small.openApproval();
        arm(small, record("approval.vote"), when.toStdString());
        const auto killed = small.approve(id);
        QVERIFY2(wasKilled(killed), said(killed).c_str());
        disarm(small);
        if (!counted) {
            // Half a line is no vote.
            QCOMPARE(small.openApproval(), id);
            QCOMPARE(small.approve(id).status, 0);
        }
        finishesWithOneEffect(small);
        QCOMPARE(test::countOf(small.records(), "approval.vote"), 1);
    }

    // The writer dies with a vote in its inbox: the next one finds it.
    void aVoteInTheInboxOutlivesTheWriter()
    {
        SmallProject small = oneCall();
        const auto run = small.startWaiting();
        QTRY_VERIFY_WITH_TIMEOUT(!small.openApproval().empty(), 60000);
        const std::string id = small.openApproval();
        QCOMPARE(::kill(static_cast<pid_t>(run->processId()), SIGSTOP), 0);
        const auto voter = small.start({"approvals", "approve", id});
        const QDir inbox(QString::fromStdString(small.runFolder() + "/inbox"));
        QTRY_VERIFY_WITH_TIMEOUT(!inbox.entryList({QStringLiteral("*.json")}, QDir::Files).isEmpty(), 30000);
        voter->kill();
        QVERIFY(voter->waitForFinished(30000));
        run->kill();
        QVERIFY(run->waitForFinished(30000));
        finishesWithOneEffect(small);
        QCOMPARE(test::countOf(small.records(), "approval.vote"), 1);
    }

    void aClaimIsNeverClaimedAgain_data()
    {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("when");
        QTest::addColumn<bool>("claimed");
        QTest::newRow("before the claim") << QStringLiteral("effect.started") << QStringLiteral("before") << false;
        QTest::newRow("after the claim") << QStringLiteral("effect.started") << QStringLiteral("after") << true;
        QTest::newRow("during the effect") << QStringLiteral("output.chunk") << QStringLiteral("after") << true;
        QTest::newRow("before its end") << QStringLiteral("effect.finished") << QStringLiteral("before") << true;
        QTest::newRow("after its end") << QStringLiteral("effect.finished") << QStringLiteral("after") << true;
        QTest::newRow("after its changes") << QStringLiteral("step.changed") << QStringLiteral("after") << true;
        QTest::newRow("before its result") << QStringLiteral("tool.result") << QStringLiteral("before") << true;
    }

    // Killed between a person's yes and the model's answer: claimed or not, and if claimed then unknown and asked about.
    void aClaimIsNeverClaimedAgain()
    {
        QFETCH(QString, type);
        QFETCH(QString, when);
        QFETCH(bool, claimed);
        // It prints and stays, so that a chunk of its output is recorded while it runs.
        SmallProject small = oneCall(type == QLatin1String("output.chunk") ? "echo begun; sleep 30" : "echo ran >> note.txt; echo done");
        QCOMPARE(small.run().status, 4);
        QCOMPARE(small.approve(small.openApproval()).status, 0);
        arm(small, record(type.toStdString()), when.toStdString());
        const auto killed = small.resume();
        QVERIFY2(wasKilled(killed), said(killed).c_str());
        disarm(small);
        if (!claimed)
            return finishesWithOneEffect(small);
        const auto asked = small.resume();
        QVERIFY2(asked.status == 4, said(asked).c_str());
        const auto records = small.records();
        QCOMPARE(test::countOf(records, "effect.started"), 1);
        QCOMPARE(test::countOf(records, "effect.unknown"), 1);
        QCOMPARE(test::countOf(records, "approval.consumed"), 1);
        // The person is told why they are asked, and a no is the end of it.
        const std::string again = small.openApproval();
        QVERIFY(!again.empty());
        const auto card = small.gatehouse({"approvals", "show", again});
        QVERIFY2(card.output.find("Nobody knows") != std::string::npos, card.output.c_str());
        QCOMPARE(small.deny(again).status, 0);
        const auto done = small.resume();
        QVERIFY2(done.status == 0, said(done).c_str());
        QCOMPARE(test::countOf(small.records(), "effect.started"), 1);
        QCOMPARE(small.gatehouse({"verify", "last"}).status, 0);
    }

    // The lines of a claim are one write. Where a crash tears it, the yes may be spent and the effect not begun: asked again.
    void aTornClaimIsNoClaim()
    {
        SmallProject small = oneCall();
        QCOMPARE(small.run().status, 4);
        QCOMPARE(small.approve(small.openApproval()).status, 0);
        arm(small, record("effect.started"), "half");
        const auto killed = small.resume();
        QVERIFY2(wasKilled(killed), said(killed).c_str());
        disarm(small);
        const auto resumed = small.resume();
        QVERIFY2(resumed.status == 4, said(resumed).c_str());
        QCOMPARE(test::countOf(small.records(), "effect.started"), 0);
        QCOMPARE(small.approve(small.openApproval()).status, 0);
        const auto done = small.resume();
        QVERIFY2(done.status == 0, said(done).c_str());
        QCOMPARE(test::countOf(small.records(), "effect.started"), 1);
        QCOMPARE(small.gatehouse({"verify", "last"}).status, 0);
    }

    // A yes to the question lets it happen a second time: knowingly, under a new request.
    void anUnknownEffectIsRepeatedOnlyByAPersonsYes()
    {
        SmallProject small = oneCall();
        QCOMPARE(small.run().status, 4);
        const std::string first = small.openApproval();
        QCOMPARE(small.approve(first).status, 0);
        arm(small, record("effect.started"));
        QVERIFY(wasKilled(small.resume()));
        disarm(small);
        QCOMPARE(small.resume().status, 4);
        const std::string second = small.openApproval();
        QVERIFY(second != first);
        QVERIFY2(small.approve(first).status != 0, "the first yes is spent");
        QCOMPARE(small.approve(second).status, 0);
        const auto done = small.resume();
        QVERIFY2(done.status == 0, said(done).c_str());
        QCOMPARE(test::countOf(small.records(), "approval.consumed"), 2);
        const std::string diff = noteOf(small);
        QVERIFY2(diff.find("+ran") != std::string::npos && diff.find("+ran") == diff.rfind("+ran"), diff.c_str());
    }

    // The policies that a resumed run loads decide its task, also when the process dies in between.
    void aNewPolicyIsNotForgottenByACrash()
    {
        SmallProject small = oneCall();
        QCOMPARE(small.run().status, 4);
        QCOMPARE(small.approve(small.openApproval()).status, 0);
        small.policy["rules"][0] = test::rule("P-0", "ask", "input");
        small.save();
        arm(small, record("policy.loaded"));
        QVERIFY(wasKilled(small.resume()));
        disarm(small);
        for (int again = 0; again < 2; ++again) {
            const auto held = small.resume();
            QVERIFY2(held.status == 4, said(held).c_str());
            QCOMPARE(test::countOf(small.records(), "effect.started"), 0);
            QVERIFY2(test::countOf(small.records(), "sandbox.created") == 1, "held before a sandbox is made");
        }
    }

    // (g) Two processes that resume the same approved run at once, many times over: one effect each time.
    void oneApprovalIsClaimedOnce()
    {
        SmallProject small = oneCall();
        QCOMPARE(small.run().status, 4);
        QCOMPARE(small.approve(small.openApproval()).status, 0);
        const std::string origin = small.cli().project();
        const std::string copy = small.cli().folder().path("copy");
        const int rounds = qEnvironmentVariableIntValue("GATEHOUSE_RACE_ROUNDS");
        for (int round = 0; round < (rounds > 0 ? rounds : 100); ++round) {
            std::filesystem::remove_all(copy);
            std::filesystem::copy(origin, copy, std::filesystem::copy_options::recursive);
            const auto resume = [&] { return small.start({"resume", "last", "--project", copy, "--approvals", "pause"}); };
            const auto one = resume();
            const auto two = resume();
            int completed = 0;
            for (QProcess* process : {one.get(), two.get()}) {
                QVERIFY(process->waitForFinished(120000));
                completed += process->exitCode() == 0 ? 1 : 0;
                QVERIFY2(process->exitCode() == 0 || process->exitCode() == 2, process->readAllStandardError().constData());
            }
            QCOMPARE(completed, 1);
            const std::string journal = test::readFile(journalOf(copy));
            QCOMPARE(occurrences(journal, record("approval.consumed")), 1);
            QCOMPARE(occurrences(journal, record("effect.started")), 1);
        }
    }

    void aFullDiskBeforeTheDecision_data()
    {
        QTest::addColumn<QString>("type");
        for (const char* type : {"policy.decided", "model.request", "approval.requested", "run.paused"})
            QTest::newRow(type) << QString::fromLatin1(type);
    }

    // The disk is full in the middle of a record: the run ends as a failure to record, nothing has acted, and once there is room it
    // goes on from what is whole.
    void aFullDiskBeforeTheDecision()
    {
        QFETCH(QString, type);
        SmallProject small = oneCall();
        arm(small, record(type.toStdString()), "full");
        const auto full = small.run();
        QVERIFY2(full.status == 9, said(full).c_str());
        QVERIFY2(full.error.find("No space left on device") != std::string::npos, said(full).c_str());
        GH_JSON(full.json()["exit"], 9);
        disarm(small);
        QCOMPARE(small.gatehouse({"verify", "last"}).status, 0);
        const auto paused = small.resume();
        QVERIFY2(paused.status == 4, said(paused).c_str());
        QCOMPARE(test::countOf(small.records(), "effect.started"), 0);
        QCOMPARE(small.approve(small.openApproval()).status, 0);
        finishesWithOneEffect(small);
    }

    void aFullDiskAfterTheDecision_data()
    {
        QTest::addColumn<QString>("type");
        for (const char* type : {"approval.consumed", "effect.started", "run.finished"})
            QTest::newRow(type) << QString::fromLatin1(type);
    }

    void aFullDiskAfterTheDecision()
    {
        QFETCH(QString, type);
        SmallProject small = oneCall();
        QCOMPARE(small.run().status, 4);
        QCOMPARE(small.approve(small.openApproval()).status, 0);
        arm(small, record(type.toStdString()), "full");
        const auto full = small.resume();
        QVERIFY2(full.status == 9, said(full).c_str());
        disarm(small);
        QCOMPARE(small.gatehouse({"verify", "last"}).status, 0);
        finishesWithOneEffect(small);
    }

    // A vote that could not be recorded does not count, and says so; the request still waits.
    void aVoteOnAFullDisk()
    {
        SmallProject small = oneCall();
        QCOMPARE(small.run().status, 4);
        const std::string id = small.openApproval();
        arm(small, record("approval.vote"), "full");
        const auto full = small.approve(id);
        QVERIFY2(full.status == 9, said(full).c_str());
        disarm(small);
        QCOMPARE(small.openApproval(), id);
        QCOMPARE(small.approve(id).status, 0);
        finishesWithOneEffect(small);
    }

    // The same when the vote reaches the run's own writer, which ends: it counts once, taken from the inbox by the next writer or
    // recorded by the one who voted, who saw the writer go.
    void aVoteInTheInboxOnAFullDisk()
    {
        SmallProject small = oneCall();
        arm(small, record("approval.vote"), "full");
        const auto run = small.startWaiting();
        QTRY_VERIFY_WITH_TIMEOUT(!small.openApproval().empty(), 60000);
        const std::string id = small.openApproval();
        disarm(small); // for the one that votes
        (void)small.approve(id);
        QVERIFY(run->waitForFinished(60000));
        QCOMPARE(run->exitCode(), 9);
        const auto records = small.records();
        QCOMPARE(test::countOf(records, "effect.started"), 0);
        auto done = small.resume();
        if (done.status == 4) {
            QCOMPARE(small.approve(id).status, 0);
            done = small.resume();
        }
        QVERIFY2(done.status == 0, said(done).c_str());
        hasOneEffect(small);
    }

private:
    static void finishesWithOneEffect(SmallProject& small)
    {
        const auto done = small.resume();
        QVERIFY2(done.status == 0, said(done).c_str());
        hasOneEffect(small);
    }

    static void hasOneEffect(const SmallProject& small)
    {
        const auto records = small.records();
        QCOMPARE(test::countOf(records, "effect.started"), 1);
        QCOMPARE(test::countOf(records, "approval.consumed"), 1);
        const std::string diff = noteOf(small);
        QVERIFY2(diff.find("+ran") != std::string::npos && diff.find("+ran") == diff.rfind("+ran"), diff.c_str());
        QCOMPARE(small.gatehouse({"verify", "last"}).status, 0);
    }

    static std::string journalOf(const std::string& project)
    {
        for (const auto& run : std::filesystem::directory_iterator(project + "/.gatehouse/runs"))
            return run.path().string() + "/journal.jsonl";
        return {};
    }

    static int occurrences(const std::string& text, const std::string& wanted)
    {
        int found = 0;
        for (std::size_t at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1))
            ++found;
        return found;
    }
};

GATEHOUSE_TEST_MAIN(TestCrashes)
#include "tst_crashes.moc"
