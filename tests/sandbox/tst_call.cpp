// One command: its streams, environment, input, working directory, end.
#include "tests/sandbox/sandboxtest.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testresult.h"

#include <chrono>
#include <thread>

using namespace gatehouse;
using execution::ExecEnd;

class TestCall : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_backend = test::makeBackend();
        auto session = m_backend->open(test::smallSpec(), CancelToken());
        QVERIFY2(session.has_value(), session ? "" : session.error().toString().c_str());
        m_session = std::move(*session);
    }
    void cleanup()
    {
        m_session.reset();
        m_backend.reset();
    }
    void ends_data();
    void ends();
    void environmentIsOursAlone();
    void inputIsGivenAndClosed();
    void inputFilesAreNamed();
    void outputIsCutInTheMiddle();
    void outputArrivesAsItHappens();
    void cancelEndsEverything();
    void cancelledBeforehand();
    void programsWork_data();
    void programsWork();
    void badRequestsAreRefused();
    void temporaryFilesStayForTheNextCall();
    void parkedOutputEndsTheCall();

private:
    execution::ExecOutcome run(const execution::ExecRequest& request, const CancelToken& cancel = {})
    {
        auto outcome = m_session->exec(request, nullptr, cancel);
        if (!outcome)
            qFatal("%s", outcome.error().toString().c_str());
        return *outcome;
    }
    std::unique_ptr<backends::LocalBackend> m_backend;
    std::unique_ptr<execution::SandboxSession> m_session;
};

void TestCall::ends_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<int>("end");
    QTest::addColumn<int>("status");
    QTest::newRow("success") << "true" << int(ExecEnd::Exited) << 0;
    QTest::newRow("status") << "exit 42" << int(ExecEnd::Exited) << 42;
    QTest::newRow("segv") << "kill -SEGV $$" << int(ExecEnd::Signalled) << 11;
    QTest::newRow("term") << "kill -TERM $$" << int(ExecEnd::Signalled) << 15;
    QTest::newRow("abort") << "kill -ABRT $$" << int(ExecEnd::Signalled) << 6;
    QTest::newRow("kill all") << "kill -9 -1; exit 3" << int(ExecEnd::Exited) << 3;
    QTest::newRow("background holds the output") << "sleep 100 & exit 4" << int(ExecEnd::Exited) << 4;
    QTest::newRow("absent command") << "exec /nonexistent" << int(ExecEnd::Exited) << 127;
}

void TestCall::ends()
{
    QFETCH(QString, script);
    QFETCH(int, end);
    QFETCH(int, status);
    const auto outcome = run(test::shell(script.toStdString()));
    QCOMPARE(int(outcome.end), end);
    QCOMPARE(outcome.status, status);
    QVERIFY(outcome.limits.empty());
}

void TestCall::environmentIsOursAlone()
{
    ::setenv("GATEHOUSE_PLANTED", "token-in-environment", 1);
    execution::ExecRequest request = test::shell("env | sort");
    request.environment = {{"MINE", "yes"}, {"HOME", "/tmp"}};
    const std::string text = run(request).output.head;
    ::unsetenv("GATEHOUSE_PLANTED");
    QCOMPARE(text,
             std::string("HOME=/tmp\nLANG=C.UTF-8\nLOGNAME=agent\nMINE=yes\n"
                         "PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin\nPWD=/workspace\nSHELL=/bin/sh\nTMPDIR=/tmp\n"
                         "USER=agent\n"));
}

void TestCall::inputIsGivenAndClosed()
{
    execution::ExecRequest request = test::shell("wc -c");
    request.standardInput = std::string(300000, 'x');
    QCOMPARE(run(request).output.head, std::string("300000\n"));
    request.standardInput.clear();
    QCOMPARE(run(request).output.head, std::string("0\n"));
    // A command that reads nothing does not hold the call up.
    request = test::shell("exit 0");
    request.standardInput = std::string(3000000, 'x');
    QCOMPARE(run(request).status, 0);
}

void TestCall::inputFilesAreNamed()
{
    execution::ExecRequest request = test::shell("cat \"$A\" \"$B\"; echo >> \"$A\" || echo refused");
    request.files = {{"A", "first\n"}, {"B", std::string("sec\0ond\n", 8)}};
    QCOMPARE(run(request).output.head, std::string("first\nsec\0ond\nrefused\n", 22));
    QCOMPARE(run(test::shell("ls /run/input")).output.head, std::string());
}

void TestCall::outputIsCutInTheMiddle()
{
    const auto outcome = run(test::shell("yes 0123456 | head -c 8000000; echo END; echo problem >&2"));
    QVERIFY(outcome.output.truncated());
    QCOMPARE(outcome.output.total, std::uint64_t(8000004));
    QCOMPARE(outcome.output.head.size() + outcome.output.tail.size(), std::size_t(1) << 20);
    QVERIFY(outcome.output.head.starts_with("0123456\n0123456\n"));
    QVERIFY(outcome.output.tail.ends_with("0123456\nEND\n"));
    QCOMPARE(outcome.error.head, std::string("problem\n"));
    QVERIFY(!outcome.error.truncated());
}

class Collector : public execution::ExecObserver {
public:
    void outputArrived(execution::Stream stream, std::string_view bytes) override
    {
        (stream == execution::Stream::Output ? out : err) += bytes;
        if (source && out.find("go") != std::string::npos)
            source->cancel();
    }
    std::string out;
    std::string err;
    CancelSource* source = nullptr;
};

void TestCall::outputArrivesAsItHappens()
{
    CancelSource source;
    Collector collector;
    collector.source = &source;
    // It would sleep for ever: only what arrives while it runs can end it.
    GH_VALUE(const auto outcome, m_session->exec(test::shell("echo e >&2; echo go; sleep 1000"), &collector, source.token()));
    QCOMPARE(outcome.end, ExecEnd::Cancelled);
    QCOMPARE(collector.out, std::string("go\n"));
    QCOMPARE(collector.err, std::string("e\n"));
}

void TestCall::cancelEndsEverything()
{
    CancelSource source;
    std::thread canceller([&source] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        source.cancel();
    });
    const auto outcome = run(test::shell("trap '' TERM INT; (setsid sleep 1000 &) ; sleep 1000"), source.token());
    canceller.join();
    QCOMPARE(outcome.end, ExecEnd::Cancelled);
    QVERIFY(outcome.wall < std::chrono::seconds(5));
    // The sandbox lives on.
    QCOMPARE(run(test::shell("exit 5")).status, 5);
}

void TestCall::cancelledBeforehand()
{
    CancelSource source;
    source.cancel();
    QCOMPARE(run(test::shell("sleep 1000"), source.token()).end, ExecEnd::Cancelled);
}

void TestCall::programsWork_data()
{
    QTest::addColumn<QString>("script");
    QTest::newRow("python threads and pool") << "command -v python3 || exit 0; python3 -c 'import threading,multiprocessing as m; "
                                                "t=threading.Thread(target=print); t.start(); t.join(); "
                                                "p=m.Pool(2); assert p.map(abs,[-1,-2])==[1,2]'";
    QTest::newRow("loopback") << "command -v python3 || exit 0; python3 -c 'import socket; s=socket.create_server((\"127.0.0.1\",0)); "
                                 "c=socket.create_connection(s.getsockname()); a,_=s.accept(); c.send(b\"x\"); assert a.recv(1)==b\"x\"'";
    QTest::newRow("git") << "command -v git || exit 0; cd /tmp && rm -rf g && git init -q g && cd g && git config user.email a@b && git "
                            "config user.name a && "
                            "echo x>f && git add f && git commit -qm m && git clone -q . ../g2";
    QTest::newRow("compiler") << "command -v cc || exit 0; cd /tmp && echo 'int main(void){return 0;}' > m.c && cc m.c -o m && ./m";
    QTest::newRow("pty")
        << "command -v python3 || exit 0; python3 -c 'import os; m,s=os.openpty(); os.write(s,b\"x\"); assert os.read(m,1)'";
    QTest::newRow("perl, tar, sort") << "cd /tmp && echo b > s1 && tar cf t.tar s1 && seq 1000 | sort -r | tail -1";
    QTest::newRow("names fail at once") << "getent hosts example.org; test $? -ne 0";
    QTest::newRow("fifo") << "cd /tmp && mkfifo p && (echo x > p &) && cat p";
}

void TestCall::programsWork()
{
    QFETCH(QString, script);
    const auto outcome = run(test::shell(script.toStdString()));
    const std::string text = outcome.output.head + outcome.error.head;
    QVERIFY2(outcome.end == ExecEnd::Exited && outcome.status == 0, text.c_str());
}

void TestCall::badRequestsAreRefused()
{
    execution::ExecRequest request;
    QCOMPARE(m_session->exec(request, nullptr, {}).error().code, ErrorCode::InvalidInput);
    request.argv = {"echo", std::string("a\0b", 3)};
    QCOMPARE(m_session->exec(request, nullptr, {}).error().code, ErrorCode::InvalidInput);
    request.argv = {"echo", std::string(200000, 'x')};
    QCOMPARE(m_session->exec(request, nullptr, {}).error().code, ErrorCode::InvalidInput);
    request.argv = {"true"};
    request.environment = {{"A=B", "c"}};
    QCOMPARE(m_session->exec(request, nullptr, {}).error().code, ErrorCode::InvalidInput);
    request.environment.clear();
    request.workdir = "absent";
    QCOMPARE(run(request).status, 126);
}

void TestCall::temporaryFilesStayForTheNextCall()
{
    run(test::shell("echo kept > /tmp/k; echo kept > $HOME/k"));
    QCOMPARE(run(test::shell("cat /tmp/k $HOME/k")).output.head, std::string("kept\nkept\n"));
    GH_VALUE(const auto other, m_backend->open(test::smallSpec(), CancelToken()));
    GH_VALUE(const auto outcome, other->exec(test::shell("ls -A /tmp $HOME /dev/shm"), nullptr, {}));
    QVERIFY(outcome.output.head.find('k') == std::string::npos);
}

// Somewhere in the kernel the command's output is still open when all of its processes are gone.
void TestCall::parkedOutputEndsTheCall()
{
    test::TemporaryFolder tools;
    auto spec = test::smallSpec();
    spec.tools = test::hostileTools(tools.path());
    GH_VALUE(const auto session, m_backend->open(spec, CancelToken()));
    execution::ExecRequest request;
    request.argv = {"/opt/tools/sandbox-hostile-case", "parked-output"};
    request.timeout = std::chrono::seconds(5);
    GH_VALUE(const auto outcome, session->exec(request, nullptr, {}));
    QCOMPARE(outcome.end, ExecEnd::Exited);
    QCOMPARE(outcome.status, 7);
    QCOMPARE(outcome.output.head, std::string("said"));
}

GATEHOUSE_SANDBOX_TEST_MAIN(TestCall)
#include "tst_call.moc"
