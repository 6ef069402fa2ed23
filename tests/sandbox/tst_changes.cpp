// The change list of a call is exact: what it did, no more, no less; the reader sees the same.
#include "sandbox/host/writeback.h"
#include "tests/sandbox/sandboxtest.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testresult.h"

#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;
using execution::FileKind;

// "path before>after" with one letter per kind, f d l o and - for absent; modes where they differ.
static QString text(const execution::ChangeSet& set)
{
    const auto letter = [](FileKind kind) { return QLatin1Char("-fdlo"[int(kind)]); };
    QStringList lines;
    for (const auto& change : set.changes) {
        QString line = QString::fromStdString(change.path) + QLatin1Char(' ') + letter(change.before.kind) + QLatin1Char('>') +
            letter(change.after.kind);
        if (change.before.kind != FileKind::Absent && change.after.kind != FileKind::Absent && change.before.mode != change.after.mode &&
            change.after.kind != FileKind::Symlink && change.before.kind == change.after.kind)
            line += QStringLiteral(" %1>%2").arg(change.before.mode, 0, 8).arg(change.after.mode, 0, 8);
        lines << line;
    }
    return lines.join(QStringLiteral(", "));
}

class TestChanges : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<test::TemporaryFolder>();
        ::chmod(m_folder->path().c_str(), 0700);
        m_folder->write("ws/f", "content\n");
        m_folder->write("ws/d/a", "a");
        m_folder->write("ws/d/e/b", "b");
        m_folder->write("ws/g", "g");
        std::filesystem::create_symlink("f", m_folder->path("ws/l"));
        m_backend = test::makeBackend();
        auto session = m_backend->open(test::smallSpec(m_folder->path("ws")), CancelToken());
        QVERIFY2(session.has_value(), session ? "" : session.error().toString().c_str());
        m_session = std::move(*session);
    }
    void cleanup()
    {
        m_session.reset();
        m_backend.reset();
        m_folder.reset();
    }
    void oneCall_data();
    void oneCall();
    void eachCallHasItsOwn();
    void readerSeesBothLayers();
    void readerFollowsNothing();
    void hostFolderIsNeverWritten();
    void readOnlyIsReadOnly();
    void emptyWorkspace();
    void writesBack();
    void writeBackRefusesLinks();
    void keptStateIsFound();

private:
    QString changes(const char* script)
    {
        auto outcome = m_session->exec(test::shell(script), nullptr, {});
        if (!outcome || outcome->status != 0)
            qFatal("%s", outcome ? outcome->error.head.c_str() : outcome.error().toString().c_str());
        return text(outcome->changes);
    }
    std::unique_ptr<test::TemporaryFolder> m_folder;
    std::unique_ptr<backends::LocalBackend> m_backend;
    std::unique_ptr<execution::SandboxSession> m_session;
};

void TestChanges::oneCall_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* script, const char* expected) {
        QTest::newRow(name) << QByteArray(script) << QString::fromUtf8(expected);
    };
    row("nothing", "cat f d/a > /dev/null", "");
    row("create", "echo x > new", "new ->f");
    row("modify", "echo x >> f", "f f>f");
    row("same size", "printf CONTENT'\\n' > f", "f f>f");
    row("chmod", "chmod 755 f", "f f>f 644>755");
    row("chmod of a folder", "chmod 700 d", "d d>d 755>700");
    row("delete", "rm f", "f f>-");
    row("rename", "mv f n", "f f>-, n ->f");
    row("rename a folder", "mv d n", "d d>-, d/a f>-, d/e d>-, d/e/b f>-, n ->d, n/a ->f, n/e ->d, n/e/b ->f");
    row("folder and contents", "mkdir -p x/y; echo z > x/y/z", "x ->d, x/y ->d, x/y/z ->f");
    row("remove a folder", "rm -r d", "d d>-, d/a f>-, d/e d>-, d/e/b f>-");
    row("remove and make again", "rm -r d; mkdir d", "d/a f>-, d/e d>-, d/e/b f>-");
    row("make again with a part", "rm -r d; mkdir -p d/e; echo b > d/e/c", "d/a f>-, d/e/b f>-, d/e/c ->f");
    row("file by folder", "rm f; mkdir f; echo x > f/x", "f f>d, f/x ->f");
    row("folder by file", "rm -r d; echo x > d", "d d>f, d/a f>-, d/e d>-, d/e/b f>-");
    row("touched", "touch f", "");
    row("rewritten equal", "printf 'content\\n' > f", "");
    row("hard link", "ln f h", "h ->f");
    row("symbolic link", "ln -s f s", "s ->l");
    row("link retargeted", "ln -sfn g l", "l l>l");
    row("link by file", "rm l; echo x > l", "l l>f");
    row("made and removed", "echo x > t; rm t", "");
    row("removed and restored", "cp f /tmp/f; rm f; cp /tmp/f f", "");
    row("fifo", "mkfifo p", "p ->o");
    row("odd names", "touch -- '-rf' \"$(printf 'a\\nb')\" \"$(printf '\\033x')\"", "-rf ->f, \x1bx ->f, a\nb ->f");
}

void TestChanges::oneCall()
{
    QFETCH(QByteArray, script);
    QFETCH(QString, expected);
    QStringList wanted = expected.isEmpty() ? QStringList() : expected.split(QStringLiteral(", "));
    wanted.sort();
    QStringList got = changes(script.constData()).split(QStringLiteral(", "), Qt::SkipEmptyParts);
    got.sort();
    QCOMPARE(got.join(QStringLiteral(", ")), wanted.join(QStringLiteral(", ")));
}

void TestChanges::eachCallHasItsOwn()
{
    QCOMPARE(changes("echo one > n; echo x > keep"), QStringLiteral("keep ->f, n ->f"));
    QCOMPARE(changes("true"), QString());
    QCOMPARE(changes("printf two'\\n' > n"), QStringLiteral("n f>f"));
    QCOMPARE(changes("touch n"), QStringLiteral(""));
    QCOMPARE(changes("rm n"), QStringLiteral("n f>-"));
    QCOMPARE(changes("rm -r d"), QStringLiteral("d d>-, d/a f>-, d/e d>-, d/e/b f>-"));
    QCOMPARE(changes("mkdir d; echo a > d/a"), QStringLiteral("d ->d, d/a ->f"));
    QCOMPARE(changes("rm -r d keep"), QStringLiteral("d d>-, d/a f>-, keep f>-"));
}

void TestChanges::readerSeesBothLayers()
{
    changes("echo new > f; rm g; mkdir -p d/e; rm d/a; echo c > d/e/c; chmod 600 d/e/c");
    const auto& reader = m_session->workspace();
    GH_VALUE(const auto file, reader.read("f", 100));
    QCOMPARE(file.bytes, std::string("new\n"));
    GH_VALUE(const auto base, reader.readBase("f", 100));
    QCOMPARE(base.bytes, std::string("content\n"));
    GH_VALUE(const auto gone, reader.read("g", 100));
    QCOMPARE(gone.state.kind, FileKind::Absent);
    GH_VALUE(const auto untouched, reader.read("d/e/b", 100));
    QCOMPARE(untouched.bytes, std::string("b"));
    GH_VALUE(const auto private_, reader.read("d/e/c", 100));
    QCOMPARE(private_.state.mode, 0600u);
    GH_VALUE(const auto link, reader.read("l", 100));
    QCOMPARE(link.state.kind, FileKind::Symlink);
    QCOMPARE(link.bytes, std::string("f"));
    GH_VALUE(const auto names, reader.list("d/e"));
    QCOMPARE(names.size(), std::size_t(2));
    GH_VALUE(const auto top, reader.list(""));
    QCOMPARE(top.size(), std::size_t(3)); // d f l
    QCOMPARE(reader.list("absent").error().code, ErrorCode::NotFound);
    QCOMPARE(reader.read("f", 2).error().code, ErrorCode::Limit);
}

void TestChanges::readerFollowsNothing()
{
    m_folder->write("secret/token", "TOKEN");
    const std::string outside = m_folder->path("secret");
    changes(("ln -s " + outside + "/token out; ln -s " + outside + " dir; ln -s .. up").c_str());
    const auto& reader = m_session->workspace();
    for (const char* path : {"../secret/token", "dir/token", "up/secret/token", "/etc/passwd", "d/../f", "", "./f"}) {
        const auto content = reader.read(path, 100);
        QVERIFY(!content || content->bytes.find("TOKEN") == std::string::npos);
        QVERIFY(!content || content->state.kind == FileKind::Directory || content->bytes.empty());
    }
    GH_VALUE(const auto link, reader.read("out", 1000));
    QCOMPARE(link.bytes, outside + "/token");
}

void TestChanges::hostFolderIsNeverWritten()
{
    changes("rm -rf f g d l; echo x > y");
    QCOMPARE(m_folder->read("ws/f"), std::string("content\n"));
    QVERIFY(!std::filesystem::exists(m_folder->path("ws/y")));
}

void TestChanges::readOnlyIsReadOnly()
{
    auto spec = test::smallSpec(m_folder->path("ws"));
    spec.access = execution::WorkspaceAccess::ReadOnly;
    spec.tools = m_folder->path("ws");
    GH_VALUE(const auto session, m_backend->open(spec, CancelToken()));
    GH_VALUE(const auto outcome, session->exec(test::shell("cat f /opt/tools/g; echo x > f; rm g; rm /opt/tools/g; ls"), nullptr, {}));
    QCOMPARE(outcome.output.head, std::string("content\ngd\nf\ng\nl\n"));
    QVERIFY(outcome.changes.changes.empty());
    GH_VALUE(const auto content, session->workspace().read("f", 100));
    QCOMPARE(content.bytes, std::string("content\n"));
}

void TestChanges::emptyWorkspace()
{
    auto spec = test::smallSpec(m_folder->path("ws"));
    spec.access = execution::WorkspaceAccess::None;
    GH_VALUE(const auto session, m_backend->open(spec, CancelToken()));
    GH_VALUE(const auto outcome, session->exec(test::shell("ls -A; echo x > y"), nullptr, {}));
    QCOMPARE(outcome.output.head, std::string());
    QCOMPARE(text(outcome.changes), QStringLiteral("y ->f"));
}

void TestChanges::writesBack()
{
    m_folder->write("target/f", "content\n");
    m_folder->write("target/d/a", "a");
    m_folder->write("target/d/e/b", "b");
    GH_VALUE(const auto outcome, m_session->exec(test::shell("echo new > f; chmod 4777 f; rm -r d; mkdir x; echo y > x/y"), nullptr, {}));
    GH_VALUE(const auto report, host::writeBack(outcome.changes, m_session->workspace(), m_folder->path("target")));
    QCOMPARE(report.written, std::size_t(3));
    QCOMPARE(m_folder->read("target/f"), std::string("new\n"));
    QCOMPARE(m_folder->read("target/x/y"), std::string("y\n"));
    QVERIFY(!std::filesystem::exists(m_folder->path("target/d")));
    struct stat info = {};
    ::stat(m_folder->path("target/f").c_str(), &info);
    QCOMPARE(info.st_mode & 07777, 0755u);
    QCOMPARE(info.st_uid, ::geteuid());
}

void TestChanges::writeBackRefusesLinks()
{
    m_folder->write("target/f", "content\n");
    GH_VALUE(const auto outcome, m_session->exec(test::shell("echo new > f; ln -s /etc/passwd z"), nullptr, {}));
    const auto report = host::writeBack(outcome.changes, m_session->workspace(), m_folder->path("target"));
    QVERIFY(!report);
    QCOMPARE(report.error().where, std::string("z"));
    QCOMPARE(m_folder->read("target/f"), std::string("content\n"));
    // A link in the target is not written through either.
    GH_VALUE(const auto second, m_session->exec(test::shell("rm z; echo deep > d/a"), nullptr, {}));
    m_folder->write("elsewhere/a", "mine");
    std::filesystem::create_symlink("../elsewhere", m_folder->path("target/d"));
    QVERIFY(!host::writeBack(second.changes, m_session->workspace(), m_folder->path("target")));
    QCOMPARE(m_folder->read("elsewhere/a"), std::string("mine"));
}

void TestChanges::keptStateIsFound()
{
    std::filesystem::create_directory(m_folder->path("state"));
    ::chmod(m_folder->path("state").c_str(), 0700);
    auto spec = test::smallSpec(m_folder->path("ws"));
    spec.state = m_folder->path("state");
    for (const char* script : {"echo kept > k", "cat k; echo more >> k"}) {
        GH_VALUE(const auto session, m_backend->open(spec, CancelToken()));
        GH_VALUE(const auto outcome, session->exec(test::shell(script), nullptr, {}));
        QCOMPARE(outcome.status, 0);
        QCOMPARE(outcome.changes.changes.size(), std::size_t(1));
    }
    QVERIFY(std::filesystem::exists(m_folder->path("state/layer/upper/k")));
}

GATEHOUSE_SANDBOX_TEST_MAIN(TestChanges)
#include "tst_changes.moc"
