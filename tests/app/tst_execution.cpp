// sandbox exec and run as a shell meets them: streams, terminals, signals, and what is written back.
#include "tests/support/testmain.h"

#include "tests/app/commandline.h"
#include "tests/app/processtree.h"

#include <QFile>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <sys/stat.h>

using namespace gatehouse;

// Runs its arguments on a terminal of their own; writes what the terminal got to its own output.
static const char* const terminalScript = "import os, pty, sys\n"
                                          "out = bytearray()\n"
                                          "def read(fd):\n"
                                          "    data = os.read(fd, 4096)\n"
                                          "    out.extend(data)\n"
                                          "    return b''.join([data]) if data else data\n"
                                          "status = pty.spawn(sys.argv[1:], read)\n"
                                          "sys.exit(os.waitstatus_to_exitcode(status))\n";

class TestExecution : public test::TestCase {
    Q_OBJECT

    static QString binary() { return test::CommandLine::programPath(QStringLiteral("gatehouse")); }

    static test::Finished exec(const test::CommandLine& cli, const QStringList& options, const QString& script)
    {
        return cli.run(QStringList{QStringLiteral("sandbox"), QStringLiteral("exec")} + options +
                       QStringList{QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"), script});
    }

    static test::Finished shell(const test::CommandLine& cli, const QString& script)
    {
        return cli.program(QStringLiteral("bash"), {QStringLiteral("-c"), script, QStringLiteral("bash"), binary()}, cli.folder().path());
    }

    static test::Finished onTerminal(const test::CommandLine& cli, const QStringList& arguments, const std::string& folder)
    {
        return cli.program(QStringLiteral("python3"),
                           QStringList{QStringLiteral("-c"), QString::fromLatin1(terminalScript), binary()} + arguments, folder);
    }

    static bool isPlain(const std::string& text)
    {
        return std::ranges::none_of(text,
                                    [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t'; });
    }

    // A project whose model makes one call of exec_command.
    static void makeSleeper(test::CommandLine& cli, const std::string& command)
    {
        QCOMPARE(cli.makeProject().status, 0);
        const auto workflow = nlohmann::json::parse(test::readFile(cli.project() + "/workflows/credit-note.workflow.json"));
        const nlohmann::json turn = {{"calls", {{{"id", "c1"}, {"tool", "exec_command"}, {"arguments", {{"cmd", command}}}}}}};
        const nlohmann::json script = {{"schema", "gatehouse:script/1"},
                                       {"agents", {{workflow["entry"].get<std::string>(), {turn, {{"final", "done"}}}}}}};
        test::writeFile(cli.project() + "/scripts/sleeper.script.json", script.dump());
        auto project = nlohmann::json::parse(test::readFile(cli.project() + "/gatehouse.json"));
        project["models"]["sleeper"] = {{"api", "scripted"}, {"script", "scripts/sleeper.script.json"}};
        test::writeFile(cli.project() + "/gatehouse.json", project.dump());
    }

    static std::unique_ptr<QProcess> startSleeper(const test::CommandLine& cli)
    {
        auto run = cli.start({QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"), QStringLiteral("--model"),
                              QStringLiteral("sleeper"), QStringLiteral("--json")});
        return run;
    }

    static bool effectStarted(const test::CommandLine& cli)
    {
        return test::countOf(cli.records("last"), "effect.started") == 1 && test::countOf(cli.records("last"), "output.chunk") >= 1;
    }

private Q_SLOTS:
    void aPipeGetsTheBytes()
    {
        test::CommandLine cli;
        const auto done = exec(cli, {}, QStringLiteral("printf 'a\\033[31m\\377\\000\\342\\200\\256b\\n'"));
        QCOMPARE(done.status, 0);
        QVERIFY(done.output ==
                std::string("a\x1b[31m\xff\0\xe2\x80\xae"
                            "b\n",
                            13));
    }

    void aTerminalGetsPlainText()
    {
        test::CommandLine cli;
        const QString script =
            QStringLiteral("printf 'a\\033]0;title\\007\\033[2Jb\\342\\200'; sleep 0.2; printf '\\256c\\302\\233\\377\\n'; "
                           "printf '\\033[31mred\\n' >&2; printf 'caf\\303'; sleep 0.2; printf '\\251 \\303'");
        const auto done = onTerminal(
            cli,
            {QStringLiteral("sandbox"), QStringLiteral("exec"), QStringLiteral("--"), QStringLiteral("sh"), QStringLiteral("-c"), script},
            cli.folder().path());
        QCOMPARE(done.status, 0);
        QVERIFY2(isPlain(done.output), done.output.c_str());
        for (const char* part : {"a\\x1b]0;title\\x07\\x1b[2Jb\\u{202e}c\\x9b\\xff", "\\x1b[31mred", "\xc3\xa9 \\xc3"})
            QVERIFY2(done.output.find(part) != std::string::npos, done.output.c_str());
        const auto json = onTerminal(cli,
                                     {QStringLiteral("sandbox"), QStringLiteral("exec"), QStringLiteral("--json"), QStringLiteral("--"),
                                      QStringLiteral("sh"), QStringLiteral("-c"), script},
                                     cli.folder().path());
        QVERIFY2(json.output.find("\\u202e") != std::string::npos, json.output.c_str());
        QVERIFY2(json.output.find("\xe2\x80\xae") == std::string::npos, json.output.c_str());
        QVERIFY(json.json().is_object());
    }

    void argumentsPassByteForByte()
    {
        test::CommandLine cli;
        const auto done = shell(cli, QStringLiteral("\"$1\" sandbox exec -- printf '%s' \"$(printf '\\377\\303\\251')\" | od -An -tx1"));
        QCOMPARE(done.output, std::string(" ff c3 a9\n"));
    }

    // The reader goes away: the command ends as it would without a sandbox, at once and without a word.
    void aReaderThatGoesEndsTheCommand()
    {
        test::CommandLine cli;
        const auto done = shell(cli, QStringLiteral("\"$1\" sandbox exec -- yes | head -1; echo ${PIPESTATUS[0]}"));
        QCOMPARE(done.output, std::string("y\n141\n"));
        QCOMPARE(done.error, std::string());
    }

    // All of it, far beyond what a call's result keeps; also through a reader that pauses.
    void allOutputPasses()
    {
        test::CommandLine cli;
        const auto done = shell(cli,
                                QStringLiteral("\"$1\" sandbox exec -- sh -c 'seq 1 700000; seq 1 300000 >&2' 2>errors | "
                                               "(sleep 1; sha256sum); echo ${PIPESTATUS[0]}; sha256sum < errors; "
                                               "seq 1 700000 | sha256sum; seq 1 300000 | sha256sum"));
        const QStringList lines = QString::fromStdString(done.output).split(u'\n');
        QVERIFY2(lines.size() == 6, done.output.c_str());
        QCOMPARE(lines[0], lines[3]);
        QCOMPARE(lines[1], QStringLiteral("0"));
        QCOMPARE(lines[2], lines[4]);
    }

    // A question that nobody can answer waits for those who can, and says so; after a vote what goes on is said.
    void anInputThatEndsAtTheQuestionWaitsForVotes()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const auto run = cli.start({QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"),
                                    QStringLiteral("--approvals"), QStringLiteral("ask")});
        run->closeWriteChannel();
        QByteArray errors;
        QTRY_VERIFY_WITH_TIMEOUT((errors += run->readAllStandardError()).contains(" approvals approve ap-"), 60000);
        QVERIFY(errors.contains("the input has ended"));
        QVERIFY(run->state() == QProcess::Running);
        ::kill(static_cast<pid_t>(run->processId()), SIGKILL);
        QVERIFY(run->waitForFinished(60000));
        const auto id = cli.run({QStringLiteral("approvals"), QStringLiteral("list"), QStringLiteral("--json")}).json()[0]["id"];
        const auto approved = cli.run({QStringLiteral("approvals"), QStringLiteral("approve"), QString::fromStdString(id)});
        QCOMPARE(approved.status, 0);
        QVERIFY2(approved.error.find(" resume ") != std::string::npos, approved.error.c_str());
        QCOMPARE(cli.run({QStringLiteral("diff"), QStringLiteral("last"), QStringLiteral("--entry"), QStringLiteral("nope")}).status, 2);
        QCOMPARE(cli.run({QStringLiteral("resume"), QStringLiteral("last")}).status, 0);
        QCOMPARE(cli.run({QStringLiteral("diff"), QStringLiteral("last"), QStringLiteral("--entry"), QStringLiteral("repo")}).status, 0);
    }

    // The command has ended, its output has not arrived: who stops us then is told that it is not whole.
    void aSignalWhileOutputWaitsIsNoSuccess()
    {
        test::CommandLine cli;
        const std::string gate = cli.folder().path("gate");
        QCOMPARE(::mkfifo(gate.c_str(), 0600), 0);
        QProcess shell;
        shell.setProcessEnvironment(cli.environment());
        shell.setWorkingDirectory(QString::fromStdString(cli.folder().path()));
        shell.start(QStringLiteral("bash"),
                    {QStringLiteral("-c"),
                     QStringLiteral("\"$1\" sandbox exec -- sh -c 'sleep 1; exec seq 1 100000' 2>errors | { cat \"$2\"; wc -c; }; "
                                    "echo ${PIPESTATUS[0]}"),
                     QStringLiteral("bash"), binary(), QString::fromStdString(gate)});
        const auto running = [&](const std::string& name) {
            for (const int pid : test::processesBelow(static_cast<int>(shell.processId())))
                if (test::nameOf(pid) == name)
                    return pid;
            return 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(running("sleep") != 0, 15000);
        QTRY_VERIFY_WITH_TIMEOUT(running("sleep") == 0 && running("sh") == 0 && running("seq") == 0, 60000);
        const int pid = running("gatehouse");
        QVERIFY(pid != 0);
        QCOMPARE(::kill(pid, SIGTERM), 0);
        QTRY_VERIFY_WITH_TIMEOUT(running("gatehouse") == 0, 60000);
        test::writeFile(gate, "");
        QVERIFY(shell.waitForFinished(60000));
        const QList<QByteArray> lines = shell.readAllStandardOutput().split('\n');
        QVERIFY(lines[0].trimmed().toInt() < 588895);
        QCOMPARE(lines[1], QByteArray("130"));
        const std::string errors = test::readFile(cli.folder().path("errors"));
        QVERIFY2(errors.find("not all of the output") != std::string::npos, errors.c_str());
    }

    void aSlowReaderHoldsNoLimit_data()
    {
        QTest::addColumn<QString>("options");
        QTest::addColumn<QString>("script");
        QTest::addColumn<int>("signal");
        QTest::addColumn<QByteArray>("status");
        const QString endless = QStringLiteral("exec yes");
        QTest::newRow("time limit") << QStringLiteral("--timeout 15") << endless << 0 << QByteArray("5\n");
        QTest::newRow("interrupt") << QString() << endless << SIGINT << QByteArray("130\n");
        QTest::newRow("terminate") << QString() << endless << SIGTERM << QByteArray("130\n");
        // The host's own limit: what waits for the reader must not wait with it. Breached only after yes was seen.
        QTest::newRow("disk limit") << QStringLiteral("--profile small.profile.json")
                                    << QStringLiteral("yes & sleep 5; exec dd if=/dev/zero of=/workspace/big bs=65536 count=100000") << 0
                                    << QByteArray("5\n");
    }

    // Nobody reads: the command waits on its pipe, and its limits and a signal end it all the same.
    void aSlowReaderHoldsNoLimit()
    {
        QFETCH(QString, options);
        QFETCH(QString, script);
        QFETCH(int, signal);
        QFETCH(QByteArray, status);
        test::CommandLine cli;
        test::writeFile(cli.folder().path("small.profile.json"),
                        R"({"schema": "gatehouse:profile/1", "name": "small", "filesystem": {"workspace": "overlay"},
                            "network": {"default": "deny", "rules": []}, "limits": {"disk": "32MiB", "call": "PT300S"}})");
        const std::string gate = cli.folder().path("gate");
        QCOMPARE(::mkfifo(gate.c_str(), 0600), 0);
        QProcess shell;
        shell.setProcessEnvironment(cli.environment());
        shell.setWorkingDirectory(QString::fromStdString(cli.folder().path()));
        shell.start(
            QStringLiteral("bash"),
            {QStringLiteral("-c"),
             QStringLiteral("\"$1\" sandbox exec %1 -- sh -c \"$3\" | { cat \"$2\"; cat >/dev/null; }; echo ${PIPESTATUS[0]}").arg(options),
             QStringLiteral("bash"), binary(), QString::fromStdString(gate), script});
        const auto running = [&](const std::string& name) {
            for (const int pid : test::processesBelow(static_cast<int>(shell.processId())))
                if (test::nameOf(pid) == name)
                    return pid;
            return 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(running("yes") != 0, 15000);
        if (signal != 0) {
            const int pid = running("gatehouse");
            QVERIFY(pid != 0);
            QCOMPARE(::kill(pid, signal), 0);
            // Nobody reads, and it ends all the same.
            QTRY_VERIFY_WITH_TIMEOUT(running("gatehouse") == 0, 60000);
        }
        QTRY_VERIFY_WITH_TIMEOUT(running("yes") == 0, 60000);
        QVERIFY(running("cat") != 0); // still not a byte was read
        test::writeFile(gate, "");
        QVERIFY(shell.waitForFinished(60000));
        QCOMPARE(shell.readAllStandardOutput(), status);
    }

    void closedStreamsLoseNoRun()
    {
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const QString run = QStringLiteral("cd demo && \"$1\" run workflows/credit-note.workflow.json --approvals pause ");
        QCOMPARE(shell(cli, run + QStringLiteral(">&-; echo $?")).output, std::string("4\n"));
        QCOMPARE(shell(cli, run + QStringLiteral("<&- >&- 2>&-; echo $?")).output, std::string("4\n"));
        QCOMPARE(shell(cli, run + QStringLiteral("| true; echo ${PIPESTATUS[0]}")).output, std::string("4\n"));
        const auto full = shell(cli, run + QStringLiteral("> /dev/full; echo $?"));
        QCOMPARE(full.output, std::string("9\n"));
        QVERIFY2(full.error.find("gatehouse: output: standard output: ") != std::string::npos, full.error.c_str());
        const auto runs = cli.run({QStringLiteral("runs"), QStringLiteral("--json")}).json();
        QCOMPARE(runs.size(), std::size_t(4));
        for (const auto& one : runs)
            QCOMPARE(cli.run({QStringLiteral("verify"), QString::fromStdString(one["run"])}).status, 0);
    }

    void aProjectsStateIsNotPresented()
    {
        test::CommandLine cli;
        std::filesystem::create_directories(cli.folder().path("p/.gatehouse/runs"));
        cli.folder().write("p/gatehouse.json", "{}");
        for (const char* folder : {"p", "p/.gatehouse", "p/.gatehouse/runs"}) {
            const auto done = exec(cli, {QStringLiteral("--workspace"), QString::fromStdString(cli.folder().path(folder))},
                                   QStringLiteral("echo reached"));
            QCOMPARE(done.status, 2);
            QVERIFY2(done.error.find("never presented") != std::string::npos, done.error.c_str());
            QVERIFY(done.output.empty());
        }
    }

    void writesBackAndSaysWhatNot()
    {
        test::CommandLine cli;
        std::filesystem::create_directory(cli.folder().path("ws"));
        const QString ws = QString::fromStdString(cli.folder().path("ws"));
        const auto done =
            exec(cli, {QStringLiteral("--workspace"), ws, QStringLiteral("--write-back"), QStringLiteral("--json")},
                 QStringLiteral("mkdir -p .git/hooks .vscode; echo x > .git/hooks/pre-commit; echo ok > fine; chmod 640 fine; "
                                "echo t > .vscode/tasks.json; echo e > .envrc; ln -s /etc/passwd link"));
        QVERIFY2(done.status == 1, (done.output + done.error).c_str());
        const auto report = done.json();
        GH_JSON(report["exit"], 1);
        GH_JSON(report["status"], 0);
        GH_JSON(report["writeBack"]["executesOnHost"], {".envrc", ".vscode/tasks.json"});
        GH_JSON(report["writeBack"]["notWritten"].size(), 4);
        GH_JSON(report["writeBack"]["notWritten"][0]["path"], ".git");
        for (const char* line : {"not written back: .git/hooks/pre-commit: ", "not written back: link: ", "executes on host: .envrc\n"})
            QVERIFY2(done.error.find(line) != std::string::npos, done.error.c_str());
        QCOMPARE(cli.folder().read("ws/fine"), std::string("ok\n"));
        QVERIFY(!std::filesystem::exists(cli.folder().path("ws/.git")));
        const auto whole =
            exec(cli, {QStringLiteral("--workspace"), ws, QStringLiteral("--write-back")}, QStringLiteral("rm .envrc; exit 0"));
        QVERIFY2(whole.status == 0, whole.error.c_str());
        QVERIFY(!std::filesystem::exists(cli.folder().path("ws/.envrc")));
        const auto cut =
            exec(cli, {QStringLiteral("--workspace"), ws, QStringLiteral("--write-back"), QStringLiteral("--timeout"), QStringLiteral("1")},
                 QStringLiteral("echo half > fine; sleep 60"));
        QCOMPARE(cut.status, 5);
        QVERIFY2(cut.error.find("Nothing is written back") != std::string::npos, cut.error.c_str());
        QCOMPARE(cli.folder().read("ws/fine"), std::string("ok\n"));
    }

    void anInterruptEndsTheCommand_data()
    {
        QTest::addColumn<int>("number");
        QTest::addColumn<bool>("group"); // as a terminal sends it
        QTest::newRow("SIGINT") << SIGINT << false;
        QTest::newRow("SIGTERM") << SIGTERM << false;
        QTest::newRow("Ctrl-C") << SIGINT << true;
    }

    void anInterruptEndsTheCommand()
    {
        QFETCH(int, number);
        QFETCH(bool, group);
        test::CommandLine cli;
        const auto run = cli.start({QStringLiteral("sandbox"), QStringLiteral("exec"), QStringLiteral("--"), QStringLiteral("sh"),
                                    QStringLiteral("-c"), QStringLiteral("echo begun; sleep 600")});
        QVERIFY(run->waitForReadyRead(60000));
        const std::vector<int> below = test::processesBelow(static_cast<int>(run->processId()));
        QVERIFY(!below.empty());
        const auto pid = static_cast<pid_t>(run->processId());
        ::kill(group ? -pid : pid, number);
        QVERIFY(run->waitForFinished(60000));
        QCOMPARE(run->exitStatus(), QProcess::NormalExit);
        QCOMPARE(run->exitCode(), 130);
        for (const int child : below)
            QTRY_VERIFY_WITH_TIMEOUT(!test::isRunning(child), 20000);
    }

    void aStopIsInOrder_data() { anInterruptEndsTheCommand_data(); }

    void aStopIsInOrder()
    {
        QFETCH(int, number);
        QFETCH(bool, group);
        test::CommandLine cli;
        makeSleeper(cli, "echo begun; sleep 600");
        const auto run = startSleeper(cli);
        QTRY_VERIFY_WITH_TIMEOUT(effectStarted(cli), 60000);
        const auto pid = static_cast<pid_t>(run->processId());
        ::kill(group ? -pid : pid, number);
        QVERIFY(run->waitForFinished(60000));
        QCOMPARE(run->exitCode(), 130);
        const auto report = nlohmann::json::parse(run->readAllStandardOutput().toStdString(), nullptr, false);
        GH_JSON(report["exit"], 130);
        GH_JSON(cli.records("last").back()["type"], "run.finished");
        QCOMPARE(cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);
    }

    // The sandbox stands still, so that stopping in order has to wait: the second Ctrl-C doesn't, and leaves nothing behind.
    void aSecondInterruptEndsAtOnce()
    {
        test::CommandLine cli;
        makeSleeper(cli, "echo begun; sleep 600");
        const auto run = startSleeper(cli);
        QTRY_VERIFY_WITH_TIMEOUT(effectStarted(cli), 60000);
        const auto pid = static_cast<pid_t>(run->processId());
        const std::vector<int> below = test::processesBelow(pid);
        QVERIFY(below.size() >= 2);
        for (auto child = below.begin() + 1; child != below.end(); ++child) // the first is the launcher, which ends the others
            ::kill(*child, SIGSTOP);
        ::kill(-pid, SIGINT);
        (void)run->waitForFinished(300);
        ::kill(-pid, SIGINT);
        QVERIFY(run->waitForFinished(20000));
        QCOMPARE(run->exitStatus(), QProcess::NormalExit);
        QCOMPARE(run->exitCode(), 130);
        for (const int child : below)
            QTRY_VERIFY_WITH_TIMEOUT(!test::isRunning(child), 20000);
        const auto records = cli.records("last");
        QVERIFY(!records.empty());
        // A stop in order would have written its end.
        QVERIFY2(records.back().value("type", "") != "run.finished", records.back().dump().c_str());
        QCOMPARE(cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);
    }
};

GATEHOUSE_TEST_MAIN(TestExecution)
#include "tst_execution.moc"
