// What reaches a run from other processes: words, stops, votes, and whatever else lands in its inbox.
#include "tests/support/testmain.h"

#include "tests/app/processtree.h"
#include "tests/app/smallproject.h"

#include <QDir>

#include <csignal>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;
using nlohmann::json;
using test::SmallProject;

class TestControls : public test::TestCase {
    Q_OBJECT

    static void allowTools(SmallProject& small)
    {
        small.policy["rules"][1] = test::rule("A-2", "allow", "tool");
        small.save();
    }

    static std::size_t indexOf(const std::vector<json>& records, const std::string& type, std::size_t from = 0)
    {
        for (std::size_t i = from; i < records.size(); ++i) {
            if (records[i]["type"] == type)
                return i;
        }
        return records.size();
    }

    static int rejectedFor(const std::vector<json>& records, const std::string& name)
    {
        int found = 0;
        for (const json& record : records)
            found += record["type"] == "inbox.rejected" && record["data"]["name"] == name ? 1 : 0;
        return found;
    }

    static void post(const SmallProject& small, const std::string& name, const json& message)
    {
        const std::string inbox = small.runFolder() + "/inbox/";
        test::writeFile(inbox + ".new-" + name, message.dump());
        std::filesystem::rename(inbox + ".new-" + name, inbox + name);
    }

private Q_SLOTS:
    // (d) Words during a call reach the model behind the call's result, never between.

    void whatIsSaidDuringACallComesBehindItsResult()
    {
        SmallProject small({test::commandTurn("c1", "sleep 600; echo done"), test::finalTurn()});
        allowTools(small);
        const auto run = small.startWaiting();
        QTRY_VERIFY_WITH_TIMEOUT(!small.runFolder().empty() && test::countOf(small.records(), "effect.started") == 1, 60000);
        const auto said = small.gatehouse({"say", "last", "Use the blue one."});
        QVERIFY2(said.status == 0, said.error.c_str());
        QTRY_VERIFY_WITH_TIMEOUT(test::countOf(small.records(), "user.message") == 2, 60000); // the task and the words
        // Only now the call ends.
        const auto sleeper = [&run] {
            for (const int pid : test::processesBelow(static_cast<int>(run->processId())))
                if (test::nameOf(pid) == "sleep")
                    return pid;
            return 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(sleeper() != 0, 60000);
        QCOMPARE(::kill(sleeper(), SIGKILL), 0);
        QVERIFY(run->waitForFinished(60000));
        QVERIFY2(run->exitCode() == 0, run->readAllStandardError().constData());
        const auto records = small.records();
        const std::size_t words = indexOf(records, "user.message", indexOf(records, "effect.started"));
        QVERIFY2(words < indexOf(records, "tool.result"), "said while the call ran");
        const std::size_t second = indexOf(records, "model.request", words);
        QVERIFY(second < records.size());
        const json& items = records[second]["data"]["items"];
        QVERIFY2(items.size() >= 2, items.dump().c_str());
        GH_JSON(items[items.size() - 2]["kind"], "tool_result");
        GH_JSON(items[items.size() - 1]["kind"], "user");
    }

    // Words pass the policy that the task passed.
    void whatIsSaidPassesPolicy()
    {
        SmallProject small({test::commandTurn("c1", "echo ran"), test::finalTurn()});
        small.policy["rules"].push_back(test::rule("D-1", "deny", "input", {{"text", {{"re2", "forbidden"}}}}));
        small.save();
        const auto run = small.startWaiting();
        QTRY_VERIFY_WITH_TIMEOUT(!small.openApproval().empty(), 60000);
        QCOMPARE(small.gatehouse({"say", "last", "do the forbidden thing"}).status, 0);
        QCOMPARE(small.gatehouse({"say", "last", "do the other thing"}).status, 0);
        QTRY_VERIFY_WITH_TIMEOUT(test::countOf(small.records(), "user.message") == 2, 30000); // the task and the second
        QCOMPARE(small.approve(small.openApproval()).status, 0);
        QVERIFY(run->waitForFinished(60000));
        QVERIFY2(run->exitCode() == 0, run->readAllStandardError().constData());
        const auto records = small.records();
        QCOMPARE(test::countOf(records, "user.message"), 2);
        QCOMPARE(test::countOf(records, "inbox.rejected"), 1);
        for (const json& record : records) {
            if (record["type"] == "user.message")
                QVERIFY2(record.dump().find("forbidden") == std::string::npos, record.dump().c_str());
            if (record["type"] == "inbox.rejected")
                QVERIFY2(record["data"]["why"].get<std::string>().find("D-1") != std::string::npos, record.dump().c_str());
        }
        QCOMPARE(small.gatehouse({"verify", "last"}).status, 0);
    }

    // A message that a dead writer journaled and could not remove is heard once.
    void whatWasHeardIsNotHeardAgain()
    {
        SmallProject small({test::commandTurn("c1", "echo ran"), test::finalTurn()});
        const auto run = small.startWaiting();
        QTRY_VERIFY_WITH_TIMEOUT(!small.openApproval().empty(), 60000);
        const json words = {{"kind", "say"}, {"from", "ann"}, {"text", "Use the blue one."}};
        post(small, "0001-words.json", words);
        QTRY_VERIFY_WITH_TIMEOUT(test::countOf(small.records(), "user.message") == 2, 30000);
        post(small, "0001-words.json", words);
        const std::string left = small.runFolder() + "/inbox/0001-words.json";
        QTRY_VERIFY_WITH_TIMEOUT(!std::filesystem::exists(left), 30000);
        QCOMPARE(test::countOf(small.records(), "user.message"), 2);
        QCOMPARE(test::countOf(small.records(), "control.received"), 1);
        QCOMPARE(small.gatehouse({"stop", "last"}).status, 0);
        QVERIFY(run->waitForFinished(30000));
    }

    // A pause that comes while a call is being prepared: the question that follows does not keep the run.
    void aPauseBeforeAQuestionHolds()
    {
        SmallProject small({test::commandTurn("c1", "echo ran"), test::finalTurn()});
        const auto run = small.startWaiting();
        QTRY_VERIFY_WITH_TIMEOUT(!small.runFolder().empty() && std::filesystem::exists(small.runFolder() + "/inbox"), 60000);
        post(small, "0001-pause.json", {{"kind", "pause"}, {"from", "ann"}});
        QVERIFY(run->waitForFinished(60000));
        QCOMPARE(run->exitCode(), 4);
        QCOMPARE(test::countOf(small.records(), "run.paused"), 1);
    }

    // What was said before the task was allowed is no word about the task.
    void aWordIsNoApprovalOfTheTask()
    {
        SmallProject small({test::finalTurn()});
        small.policy["rules"] = json::array({test::rule("P-0", "ask", "input", {{"text", {{"re2", "Do it"}}}}),
                                             test::rule("A-1", "allow", "input", {{"text", {{"re2", "hello"}}}})});
        small.save();
        const auto run = small.startWaiting();
        QTRY_VERIFY_WITH_TIMEOUT(!small.openApproval().empty(), 60000);
        QCOMPARE(small.gatehouse({"say", "last", "hello"}).status, 0);
        QTRY_VERIFY_WITH_TIMEOUT(test::countOf(small.records(), "user.message") == 1, 30000);
        QCOMPARE(small.gatehouse({"pause", "last"}).status, 0);
        QVERIFY(run->waitForFinished(30000));
        QCOMPARE(run->exitCode(), 4);
        const auto resumed = small.resume();
        QVERIFY2(resumed.status == 4, (resumed.output + resumed.error).c_str());
        QCOMPARE(test::countOf(small.records(), "model.request"), 0);
    }

    // (e) Stop ends a run that waits and one that is paused; nothing of it acts afterwards.

    void stopEndsAWaitingRun()
    {
        SmallProject small({test::commandTurn("c1", "echo ran"), test::finalTurn()});
        const auto run = small.startWaiting();
        QTRY_VERIFY_WITH_TIMEOUT(!small.openApproval().empty(), 60000);
        const std::string id = small.openApproval();
        QCOMPARE(small.gatehouse({"stop", "last"}).status, 0);
        QVERIFY(run->waitForFinished(30000));
        QCOMPARE(run->exitCode(), 130);
        checkStopped(small, id);
    }

    void stopEndsAPausedRun()
    {
        SmallProject small({test::commandTurn("c1", "echo ran"), test::finalTurn()});
        QCOMPARE(small.run().status, 4);
        const std::string id = small.openApproval();
        QCOMPARE(small.gatehouse({"stop", "last"}).status, 0);
        checkStopped(small, id);
        // A second stop is told that there is nothing to stop, and writes nothing.
        const std::string before = test::readFile(small.runFolder() + "/journal.jsonl");
        QCOMPARE(small.gatehouse({"stop", "last"}).status, 2);
        QVERIFY(test::readFile(small.runFolder() + "/journal.jsonl") == before);
    }

    void stopEndsARunningCall()
    {
        SmallProject small({test::commandTurn("c1", "sleep 300"), test::finalTurn()});
        allowTools(small);
        const auto run = small.startWaiting();
        QTRY_VERIFY_WITH_TIMEOUT(!small.runFolder().empty() && test::countOf(small.records(), "effect.started") == 1, 60000);
        QCOMPARE(small.gatehouse({"stop", "last"}).status, 0);
        QVERIFY(run->waitForFinished(30000));
        QCOMPARE(run->exitCode(), 130);
        const auto records = small.records();
        QCOMPARE(test::countOf(records, "effect.unknown") + test::countOf(records, "effect.finished"), 1);
        GH_JSON(records.back()["data"]["outcome"], "cancelled");
        QCOMPARE(small.gatehouse({"verify", "last"}).status, 0);
    }

    // (f) Junk: each piece is refused by name, the run goes on, and the vote behind it counts.

    void junkInTheInboxIsRefusedByName()
    {
        SmallProject small({test::commandTurn("c1", "echo ran"), test::finalTurn()});
        const auto run = small.startWaiting();
        QTRY_VERIFY_WITH_TIMEOUT(!small.openApproval().empty(), 60000);
        const std::string id = small.openApproval();
        const std::string inbox = small.runFolder() + "/inbox/";
        const std::vector<std::string> names = plantJunk(small, inbox, id);
        for (const std::string& name : names)
            QTRY_VERIFY2_WITH_TIMEOUT(rejectedFor(small.records(), name) == 1, name.c_str(), 30000);
        QVERIFY(std::filesystem::exists(small.path("precious")));
        const auto approved = small.approve(id);
        QVERIFY2(approved.status == 0, approved.error.c_str());
        QVERIFY(run->waitForFinished(60000));
        QVERIFY2(run->exitCode() == 0, run->readAllStandardError().constData());
        const auto records = small.records();
        QCOMPARE(test::countOf(records, "inbox.rejected"), static_cast<int>(names.size()));
        QCOMPARE(test::countOf(records, "approval.vote"), 1);
        QCOMPARE(test::countOf(records, "effect.started"), 1);
        for (const json& record : records)
            QVERIFY2(record.dump().size() < 65536, "bounded");
        QCOMPARE(small.gatehouse({"verify", "last"}).status, 0);
    }

    // One vote, delivered twice: the second is told that it is decided already.
    void aVoteThatComesTwiceCountsOnce()
    {
        SmallProject small({test::commandTurn("c1", "sleep 2"), test::finalTurn()});
        const auto run = small.startWaiting();
        QTRY_VERIFY_WITH_TIMEOUT(!small.openApproval().empty(), 60000);
        const json message = voteFor(small, small.openApproval());
        post(small, "1-a.json", message);
        post(small, "2-b.json", message);
        QVERIFY(run->waitForFinished(60000));
        QVERIFY2(run->exitCode() == 0, run->readAllStandardError().constData());
        const auto records = small.records();
        QCOMPARE(test::countOf(records, "approval.vote"), 1);
        QCOMPARE(test::countOf(records, "effect.started"), 1);
        QCOMPARE(rejectedFor(records, "2-b.json"), 1);
    }

    // Thousands of files: the run works through them, and the vote at the end of the queue is not lost.
    void aFloodDoesNotDrownAVote()
    {
        SmallProject small({test::commandTurn("c1", "echo ran"), test::finalTurn()});
        const auto run = small.startWaiting();
        QTRY_VERIFY_WITH_TIMEOUT(!small.openApproval().empty(), 60000);
        const json message = voteFor(small, small.openApproval());
        const std::string inbox = small.runFolder() + "/inbox/";
        constexpr int flood = 3000;
        for (int i = 0; i < flood; ++i)
            std::ofstream(inbox + "0-" + std::to_string(i) + ".json") << "junk";
        post(small, "9-vote.json", message);
        QVERIFY(run->waitForFinished(120000));
        QVERIFY2(run->exitCode() == 0, run->readAllStandardError().constData());
        const auto records = small.records();
        QCOMPARE(test::countOf(records, "inbox.rejected"), flood);
        QCOMPARE(test::countOf(records, "effect.started"), 1);
        QCOMPARE(small.gatehouse({"verify", "last"}).status, 0);
    }

    // What comes when nobody is there is taken by the next writer.
    void aVoteForAPausedRunWaitsInItsInbox()
    {
        SmallProject small({test::commandTurn("c1", "echo ran"), test::finalTurn()});
        QCOMPARE(small.run().status, 4);
        post(small, "1-vote.json", voteFor(small, small.openApproval()));
        const auto resumed = small.resume("ask");
        QVERIFY2(resumed.status == 0, (resumed.output + resumed.error).c_str());
        QCOMPARE(test::countOf(small.records(), "effect.started"), 1);
    }

private:
    static json voteFor(const SmallProject& small, const std::string& id)
    {
        const json shown = small.gatehouse({"approvals", "list", "--json"}).json();
        std::string digest;
        for (const json& request : shown) {
            if (request["id"] == id)
                digest = request["digest"];
        }
        return {{"kind", "vote"},   {"id", id},          {"principal", "ann"}, {"decision", "approve"},
                {"reason", "fine"}, {"channel", "test"}, {"binding", digest}};
    }

    static std::vector<std::string> plantJunk(const SmallProject& small, const std::string& inbox, const std::string& id)
    {
        test::writeFile(small.path("precious"), "stays");
        std::filesystem::create_symlink(small.path("precious"), inbox + "link.json");
        std::filesystem::create_symlink("/dev/zero", inbox + "endless.json");
        ::mkfifo((inbox + "fifo.json").c_str(), 0600);
        std::filesystem::create_directories(inbox + "folder.json");
        // In one step: the run takes away what it refuses, while this goes on.
        std::filesystem::create_directories(small.path("full/inside"));
        std::filesystem::rename(small.path("full"), inbox + "full.json");
        test::writeFile(inbox + "text.json", "not JSON");
        test::writeFile(inbox + "array.json", "[1]");
        test::writeFile(inbox + "empty.json", "");
        test::writeFile(inbox + "twice.json", R"({"kind": "stop", "kind": "stop"})");
        test::writeFile(inbox + "huge.json", std::string(10u << 20, ' '));
        test::writeFile(inbox + "deep.json", std::string(20000, '['));
        test::writeFile(inbox + "other.txt", "{}");
        test::writeFile(inbox + "two\nlines.json", "junk");
        test::writeFile(inbox + "kind.json", R"({"kind": "explode"})");
        test::writeFile(inbox + "nothing.json", R"({"kind": "say", "from": "ann"})");
        test::writeFile(inbox + "number.json", R"({"kind": 5})");
        json unknown = voteFor(small, id);
        unknown["id"] = "ap-unknown";
        post(small, "unknown.json", unknown);
        json wrong = voteFor(small, id);
        wrong["binding"] = std::string(64, '0');
        post(small, "wrong.json", wrong);
        json half = voteFor(small, id);
        half.erase("decision");
        post(small, "half.json", half);
        return {"link.json",    "endless.json", "fifo.json",    "folder.json", "full.json", "text.json",       "array.json",
                "empty.json",   "twice.json",   "huge.json",    "deep.json",   "other.txt", "two\nlines.json", "kind.json",
                "nothing.json", "number.json",  "unknown.json", "wrong.json",  "half.json"};
    }

    static void checkStopped(const SmallProject& small, const std::string& id)
    {
        const auto records = small.records();
        QCOMPARE(test::countOf(records, "approval.withdrawn"), 1);
        QCOMPARE(test::countOf(records, "control.received"), 1);
        QCOMPARE(test::countOf(records, "effect.started"), 0);
        GH_JSON(records.back()["type"], "run.finished");
        GH_JSON(records.back()["data"]["outcome"], "cancelled");
        QCOMPARE(small.approve(id).status, 2);
        QCOMPARE(small.resume().status, 2);
        QCOMPARE(small.gatehouse({"verify", "last"}).status, 0);
        QVERIFY(small.records().size() == records.size());
    }
};

GATEHOUSE_TEST_MAIN(TestControls)
#include "tst_controls.moc"
