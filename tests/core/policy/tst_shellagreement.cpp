#include "core/policy/command.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"

#include <QProcess>
#include <QStandardPaths>

#include <filesystem>
#include <random>

using namespace gatehouse;
using namespace gatehouse::policy;

// The shells themselves are the reference: whenever our reader claims to know what would start, they must start exactly that.
// Commands are named P and Q, programs that write down their arguments; every other word is a letter or two.
class TestShellAgreement : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        for (const char* name : {"P", "Q"}) {
            const std::string path = m_bin.write(
                name, "#!/bin/sh\n{ printf '%s' \"${0##*/}\"; for a; do printf '\\037%s' \"$a\"; done; printf '\\036'; } >>\"$LOG\"\n");
            std::filesystem::permissions(path, std::filesystem::perms::owner_all);
        }
    }

    void whatWeReadIsWhatStarts_data()
    {
        QTest::addColumn<QString>("shell");
        for (const char* shell : {"/bin/dash", "/bin/bash"})
            QTest::newRow(shell) << QString::fromLatin1(shell);
    }

    void whatWeReadIsWhatStarts()
    {
        QFETCH(QString, shell);
        if (!QFile::exists(shell))
            QSKIP("this shell is not installed: the other one is the reference");
        std::mt19937 random(42);
        int compared = 0;
        for (int i = 0; i < 4000 && compared < 250; ++i) {
            const std::string text = sentence(random);
            const Command command = parseShell(text);
            // && and || and pipelines start what they start; only plain lists have one outcome and one order.
            if (command.kind != Command::Kind::Tree || text.find_first_of("|&!") != std::string::npos)
                continue;
            std::string expected;
            for (const SimpleCommand& simple : command.commands)
                expected += written(simple.argv);
            if (!command.environment.empty() || expected == "?")
                continue;
            const std::string actual = started(shell, text);
            QVERIFY2(actual == expected,
                     ("for <" + text + "> we read <" + expected + "> and " + shell.toStdString() + " started <" + actual + ">").c_str());
            ++compared;
        }
        QVERIFY2(compared >= 200, std::to_string(compared).c_str());
    }

private:
    static std::string sentence(std::mt19937& random)
    {
        static constexpr const char* pieces[] = {" ",           " ",        " ",       "a",    "b",     "ab", "'",      "\"", "\\", "'a b'",
                                                 "\"a  b\"",    "\\ ",      "\\\n",    ";P ",  "\nQ ",  "#",  " # c\n", "=",  "-x", "''",
                                                 "\"\"",        "\"\\\"\"", "\"\\a\"", "'\\'", "(P a)", "[",  "]",      "{}", "\t", "é",
                                                 ">/dev/null ", " 2>&1 ",   "$ ",      "2",    "%",     "^",  "!"};
        std::string result = "P ";
        for (int n = 1 + static_cast<int>(random() % 8); n > 0; --n)
            result += pieces[random() % std::size(pieces)];
        return result;
    }

    static std::string written(const std::vector<std::string>& argv)
    {
        if (argv[0] != "P" && argv[0] != "Q")
            return {}; // it does not exist, so it starts nothing
        std::string result = argv[0];
        for (std::size_t i = 1; i < argv.size(); ++i)
            result += '\037' + argv[i];
        return result + '\036';
    }

    std::string started(const QString& shell, const std::string& text)
    {
        const test::TemporaryFolder folder;
        QProcess process;
        QProcessEnvironment environment;
        environment.insert(QStringLiteral("PATH"), QString::fromStdString(m_bin.path()));
        environment.insert(QStringLiteral("LOG"), QString::fromStdString(folder.path("log")));
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(QString::fromStdString(folder.path()));
        process.setStandardInputFile(QProcess::nullDevice());
        process.start(shell, {QStringLiteral("-c"), QString::fromStdString(text)});
        process.waitForFinished();
        return std::filesystem::exists(folder.path("log")) ? folder.read("log") : std::string();
    }

    test::TemporaryFolder m_bin;
};

GATEHOUSE_TEST_MAIN(TestShellAgreement)
#include "tst_shellagreement.moc"
