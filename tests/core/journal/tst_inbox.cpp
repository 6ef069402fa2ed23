#include "core/journal/inbox.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <QDir>

#include <set>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::journal;
using nlohmann::json;

class TestInbox : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void messagesComeInOrderAndStayUntilRemoved()
    {
        test::TemporaryFolder folder;
        for (int i = 0; i < 3; ++i) {
            GH_VALUE(const std::string name, Inbox::post(folder.path(), {{"kind", "say"}, {"n", i}}));
            struct stat status = {};
            QCOMPARE(::stat(folder.path("inbox/" + name).c_str(), &status), 0);
            QCOMPARE(status.st_mode & 07777, 0600u);
            ::usleep(1500); // names sort by milliseconds
        }
        GH_VALUE(const Inbox inbox, Inbox::open(folder.path()));
        GH_VALUE(const InboxContents contents, inbox.take());
        QCOMPARE(contents.messages.size(), std::size_t{3});
        QVERIFY(contents.rejects.empty());
        for (std::size_t i = 0; i < 3; ++i)
            QCOMPARE(contents.messages[i].json["n"].get<std::size_t>(), i);
        GH_VERIFY(inbox.remove(contents.messages[0].name));
        GH_VERIFY(inbox.remove(contents.messages[0].name));
        GH_VALUE(const InboxContents rest, inbox.take());
        QCOMPARE(rest.messages.size(), std::size_t{2});
    }

    void junkIsReportedAndHoldsNobody()
    {
        test::TemporaryFolder folder;
        GH_VALUE(const Inbox inbox, Inbox::open(folder.path()));
        folder.write("secret", "{\"a\":1}");
        folder.write("inbox/broken.json", "{\"a\":");
        folder.write("inbox/twice.json", "{\"a\":1,\"a\":2}");
        folder.write("inbox/list.json", "[]");
        folder.write("inbox/large.json", std::string(Inbox::maximumMessageBytes + 1, ' '));
        folder.write("inbox/name", "{}");
        folder.write("inbox/bytes.json", "\xFF");
        folder.write("inbox/.new-half", "{\"a\"");
        folder.write("inbox/full.json/inner", "x");
        QVERIFY(QDir().mkdir(QString::fromStdString(folder.path("inbox/empty.json"))));
        QCOMPARE(::mkfifo(folder.path("inbox/pipe.json").c_str(), 0600), 0);
        QCOMPARE(::symlink("../secret", folder.path("inbox/link.json").c_str()), 0);
        GH_VERIFY(Inbox::post(folder.path(), {{"kind", "stop"}}));
        GH_VALUE(const InboxContents contents, inbox.take());
        QCOMPARE(contents.messages.size(), std::size_t{1});
        QCOMPARE(contents.rejects.size(), std::size_t{10});
        for (const InboxReject& reject : contents.rejects) {
            QVERIFY(!reject.why.format().empty());
            GH_VERIFY(inbox.remove(reject.name));
        }
        GH_VALUE(const InboxContents rest, inbox.take());
        QVERIFY(rest.rejects.empty());
        QCOMPARE(folder.read("secret"), std::string("{\"a\":1}"));
        QVERIFY(!inbox.remove("../secret"));
    }

    void whatCantBeAMessageIsNotPosted()
    {
        test::TemporaryFolder folder;
        QVERIFY(!Inbox::post(folder.path(), json::array()));
        QVERIFY(!Inbox::post(folder.path(), {{"a", "\xFF"}}));
        QVERIFY(!Inbox::post(folder.path(), {{"a", std::string(70000, 'x')}}));
        QVERIFY(Inbox::post(folder.path("none"), {{"a", 1}}).error().code == ErrorCode::NotFound);
    }

    // Many processes post while one takes: every message arrives, whole, once.
    void processesRace()
    {
        test::TemporaryFolder folder;
        GH_VALUE(const Inbox inbox, Inbox::open(folder.path()));
        constexpr int processes = 6;
        constexpr int each = 25;
        for (int p = 0; p < processes; ++p) {
            if (::fork() == 0) {
                for (int i = 0; i < each; ++i) {
                    if (!Inbox::post(folder.path(), {{"from", p}, {"n", i}, {"padding", std::string(2000, 'x')}}))
                        ::_exit(1);
                }
                ::_exit(0);
            }
        }
        std::set<std::pair<int, int>> seen;
        int running = processes;
        while (running > 0 || seen.size() < processes * each) {
            int status = 0;
            if (running > 0 && ::waitpid(-1, &status, WNOHANG) > 0) {
                QCOMPARE(status, 0);
                --running;
            }
            GH_VALUE(const InboxContents contents, inbox.take());
            QVERIFY(contents.rejects.empty());
            for (const InboxMessage& message : contents.messages) {
                QVERIFY(seen.emplace(message.json["from"].get<int>(), message.json["n"].get<int>()).second);
                GH_VERIFY(inbox.remove(message.name));
            }
            if (running == 0 && contents.messages.empty())
                break;
        }
        QCOMPARE(seen.size(), std::size_t{processes * each});
    }
};

GATEHOUSE_TEST_MAIN(TestInbox)
#include "tst_inbox.moc"
