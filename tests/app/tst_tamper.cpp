// A run's record that was altered: verify names the record, show and resume refuse and write nothing.
#include "tests/support/testmain.h"

#include "core/journal/verify.h"
#include "tests/app/commandline.h"

#include <QDir>
#include <QDirIterator>

#include <filesystem>
#include <sstream>

using namespace gatehouse;

class TestTamper : public test::TestCase {
    Q_OBJECT

    static std::vector<std::string> linesOf(const std::string& journal)
    {
        std::vector<std::string> lines;
        std::istringstream in(journal);
        for (std::string line; std::getline(in, line);)
            lines.push_back(line);
        return lines;
    }

    static std::string joined(const std::vector<std::string>& lines)
    {
        std::string out;
        for (const std::string& line : lines)
            out += line + '\n';
        return out;
    }

    static std::map<std::string, std::string> filesOf(const std::string& directory)
    {
        std::map<std::string, std::string> out;
        QDirIterator it(QString::fromStdString(directory), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (it.hasNext()) {
            const std::string path = it.next().toStdString();
            out[path] = test::readFile(path);
        }
        return out;
    }

    static std::size_t lineWith(const std::vector<std::string>& lines, const std::string& type)
    {
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (lines[i].find("\"type\":\"" + type + '"') != std::string::npos)
                return i;
        }
        return lines.size();
    }

    void finish(const test::CommandLine& cli, const std::string& approval)
    {
        QCOMPARE(cli.run({QStringLiteral("approvals"), QStringLiteral("approve"), QString::fromStdString(approval)}).status, 0);
        QCOMPARE(cli.run({QStringLiteral("resume"), QStringLiteral("last"), QStringLiteral("--approvals"), QStringLiteral("pause")}).status,
                 0);
    }

    static void expectNamed(const std::string& directory, std::size_t line, const std::string& what)
    {
        const auto verification = journal::verify(directory);
        QVERIFY(verification.has_value());
        QVERIFY2(!verification->ok, what.c_str());
        const journal::Finding& first = verification->findings.front();
        QVERIFY2(first.seq == line, (what + ": named " + first.where() + " " + first.message.format()).c_str());
    }

private Q_SLOTS:
    void everyFlippedBitIsNamed_data()
    {
        QTest::addColumn<bool>("finished");
        QTest::newRow("paused") << false;
        QTest::newRow("finished") << true;
    }

    void everyFlippedBitIsNamed()
    {
        QFETCH(bool, finished);
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const auto paused = cli.run({QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"),
                                     QStringLiteral("--approvals"), QStringLiteral("pause"), QStringLiteral("--json")});
        QCOMPARE(paused.status, 4);
        const std::string directory = paused.json()["dir"];
        if (finished)
            finish(cli, paused.json()["approval"]);
        const std::string path = directory + "/journal.jsonl";
        const std::string good = test::readFile(path);
        const std::vector<std::string> lines = linesOf(good);
        QVERIFY(journal::verify(directory)->ok);

        std::size_t begin = 0;
        const std::size_t approval = lineWith(lines, finished ? "approval.resolved" : "approval.requested");
        QVERIFY(approval < lines.size());
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const std::size_t end = begin + lines[i].size() + 1; // the newline too
            for (std::size_t byte = begin; (i == 0 || i == approval || i + 1 == lines.size()) && byte < end; ++byte) {
                for (int bit = 0; bit < 8; ++bit) {
                    std::string bad = good;
                    bad[byte] = static_cast<char>(bad[byte] ^ (1 << bit));
                    test::writeFile(path, bad);
                    expectNamed(directory, i,
                                "line " + std::to_string(i + 1) + " byte " + std::to_string(byte - begin) + " bit " + std::to_string(bit));
                    if (QTest::currentTestFailed())
                        return;
                }
            }
            begin = end;
        }
        for (std::size_t i = 0; i < lines.size(); ++i) {
            std::vector<std::string> bad = lines;
            bad.erase(bad.begin() + static_cast<std::ptrdiff_t>(i));
            test::writeFile(path, joined(bad));
            expectNamed(directory, i, "deleted line " + std::to_string(i + 1));
            bad = lines;
            bad.insert(bad.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
            test::writeFile(path, joined(bad));
            const auto doubled = journal::verify(directory);
            QVERIFY(!doubled->ok);
            QVERIFY2(doubled->findings.front().seq == i || doubled->findings.front().seq == i + 1,
                     doubled->findings.front().where().c_str());
            if (i + 1 < lines.size()) {
                bad = lines;
                std::swap(bad[i], bad[i + 1]);
                test::writeFile(path, joined(bad));
                expectNamed(directory, i, "swapped line " + std::to_string(i + 1));
            }
            if (QTest::currentTestFailed())
                return;
        }
        test::writeFile(path, good);
        QVERIFY(journal::verify(directory)->ok);
    }

    void showAndResumeRefuseAndWriteNothing_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<bool>("finished");
        for (const char* file : {"journal.jsonl", "blobs.pack", "leaves", "checkpoint"}) {
            QTest::addRow("%s, paused", file) << QString::fromLatin1(file) << false;
            QTest::addRow("%s, finished", file) << QString::fromLatin1(file) << true;
        }
    }

    void showAndResumeRefuseAndWriteNothing()
    {
        QFETCH(QString, file);
        QFETCH(bool, finished);
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        const auto paused = cli.run({QStringLiteral("run"), QStringLiteral("workflows/credit-note.workflow.json"),
                                     QStringLiteral("--approvals"), QStringLiteral("pause"), QStringLiteral("--json")});
        QCOMPARE(paused.status, 4);
        const std::string directory = paused.json()["dir"];
        if (finished)
            finish(cli, paused.json()["approval"]);
        const std::string path = directory + '/' + file.toStdString();
        const std::string good = test::readFile(path);
        for (const std::size_t byte : {std::size_t{0}, good.size() / 2, good.size() - 1}) {
            std::string bad = good;
            bad[byte] = static_cast<char>(bad[byte] ^ 4);
            test::writeFile(path, bad);
            const auto before = filesOf(directory);
            QCOMPARE(cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 1);
            const auto shown = cli.run({QStringLiteral("show"), QStringLiteral("last"), QStringLiteral("--json")});
            QVERIFY2(shown.status == 1 && shown.output.empty(), shown.output.c_str());
            const auto resumed =
                cli.run({QStringLiteral("resume"), QStringLiteral("last"), QStringLiteral("--approvals"), QStringLiteral("pause")});
            QVERIFY2(resumed.status != 0 && resumed.status != 4, resumed.error.c_str());
            QVERIFY(filesOf(directory) == before);
        }
    }
};

GATEHOUSE_TEST_MAIN(TestTamper)
#include "tst_tamper.moc"
