// The change list of a call is exact: what it did, no more, no less; the reader sees the same.
#include "core/foundation/beneath.h"
#include "core/workspace/hostnames.h"
#include "sandbox/host/changescan.h"
#include "sandbox/host/writeback.h"
#include "tests/sandbox/sandboxtest.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testresult.h"

#include <cstdio>
#include <filesystem>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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
    void closedToUs();
    void closedBelow();
    void oddFiles();
    void tooDeepIsSaid();
    void cancelledScan();
    void closedFoldersCountForTheLimit();
    void writesBack();
    void writeBackKeepsModesAndOwners();
    void writeBackLeavesOutLinks();
    void writeBackRemovesNothingTooEarly();
    void writeBackLeavesGitAlone();
    void writeBackCountsSizesNotBlocks();
    void keptStateIsFound();

private:
    QString changes(const char* script)
    {
        auto outcome = m_session->exec(test::shell(script), nullptr, {});
        if (!outcome || outcome->status != 0 || outcome->changesError)
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

// What the sandbox closed with chmod is no hiding place, also for a plain user; its modes stay what they were.
void TestChanges::closedToUs()
{
    QCOMPARE(changes("mkdir -p h/i; echo x > h/i/secret; echo y > own; chmod 000 h/i h own"),
             QStringLiteral("h ->d, h/i ->d, h/i/secret ->f, own ->f"));
    const auto& reader = m_session->workspace();
    GH_VALUE(const auto secret, reader.read("h/i/secret", 100));
    QCOMPARE(secret.bytes, std::string("x\n"));
    GH_VALUE(const auto own, reader.read("own", 100));
    QCOMPARE(own.bytes, std::string("y\n"));
    QCOMPARE(own.state.mode, 0u);
    GH_VALUE(const auto digest, reader.digest("own", 100));
    QCOMPARE(digest.state.mode, 0u);
    GH_VALUE(const auto names, reader.list("h/i"));
    QCOMPARE(names.size(), std::size_t(1));
    GH_VALUE(const auto outcome, m_session->exec(test::shell("stat -c '%a %n' h own; chmod 500 h; stat -c '%a' h/i"), nullptr, {}));
    QCOMPARE(outcome.output.head, std::string("0 h\n0 own\n0\n"));
    QCOMPARE(text(outcome.changes), QStringLiteral("h d>d 0>500"));
    QCOMPARE(changes("chmod 700 h h/i; echo z > h/i/secret; chmod 000 h/i; chmod 500 h"), QStringLiteral("h/i/secret f>f"));
    QCOMPARE(changes("chmod 700 h h/i; rm h/i/secret; chmod 100 h/i; chmod 400 h"),
             QStringLiteral("h d>d 500>400, h/i d>d 0>100, h/i/secret f>-"));
}

// The person's own folder may be closed to the person: its modes are never touched, so what can't be seen is said.
void TestChanges::closedBelow()
{
    m_folder->write("ws/locked/a", "a");
    ::chmod(m_folder->path("ws/locked").c_str(), 0);
    const auto outcome = m_session->exec(test::shell("chmod 700 locked; rm locked/a"), nullptr, {});
    struct stat info = {};
    ::stat(m_folder->path("ws/locked").c_str(), &info);
    QCOMPARE(info.st_mode & 07777, 0u);
    ::chmod(m_folder->path("ws/locked").c_str(), 0700);
    QVERIFY2(outcome, outcome ? "" : outcome.error().toString().c_str());
    if (outcome->changesError) {
        QCOMPARE(outcome->changesError->code, ErrorCode::PermissionDenied);
        QVERIFY2(outcome->changesError->where.starts_with("locked"), outcome->changesError->where.c_str());
        return;
    }
    // What the command could do is listed whole, and nothing else.
    const QString opened = QStringLiteral("locked d>d 0>700");
    const QString seen = text(outcome->changes);
    if (outcome->status == 0)
        QCOMPARE(seen, opened + QStringLiteral(", locked/a f>-"));
    else
        QVERIFY2(seen.isEmpty() || seen == opened, qPrintable(seen));
}

void TestChanges::oddFiles()
{
    QCOMPARE(changes("mkfifo p; mkdir \"$(printf 'x\\n\\377')\"; echo 1 > \"$(printf 'x\\n\\377')/$(printf '\\033[2J')\""),
             QString::fromStdString("p ->o, x\n\xff ->d, x\n\xff/\x1b[2J ->f"));
    GH_VALUE(const auto pipe, m_session->workspace().read("p", 100));
    QCOMPARE(pipe.state.kind, FileKind::Other);
    test::TemporaryFolder upper;
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::snprintf(address.sun_path, sizeof address.sun_path, "%s", upper.path("s").c_str());
    const UniqueFd listening(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    QCOMPARE(::bind(listening.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    GH_VALUE(const UniqueFd folder, openDirectory(upper.path()));
    host::ChangeScanner scanner(folder.get(), -1);
    GH_VALUE(const auto set, scanner.scan());
    QCOMPARE(text(set), QStringLiteral("s ->o"));
}

void TestChanges::tooDeepIsSaid()
{
    GH_VALUE(
        const auto outcome,
        m_session->exec(test::shell("i=0; while [ $i -lt 260 ]; do mkdir q && cd q || exit 1; i=$((i+1)); done; echo x > hidden; exit 3"),
                        nullptr, {}));
    QCOMPARE(outcome.status, 3); // how it ended is known all the same
    QVERIFY(outcome.changesError && outcome.changes.changes.empty());
    QCOMPARE(outcome.changesError->code, ErrorCode::Limit);
    QVERIFY2(outcome.changesError->toString().find("nested deeper than 200") != std::string::npos,
             outcome.changesError->toString().c_str());
}

// A stopped call still says what it did, unless that takes too long.
void TestChanges::cancelledScan()
{
    test::TemporaryFolder upper;
    upper.write("a/b", "x");
    GH_VALUE(const UniqueFd folder, openDirectory(upper.path()));
    CancelSource source;
    source.cancel();
    host::ChangeScanner patient(folder.get(), -1, std::chrono::hours(1));
    GH_VALUE(const auto set, patient.scan(source.token()));
    QCOMPARE(text(set), QStringLiteral("a ->d, a/b ->f"));
    host::ChangeScanner hasty(folder.get(), -1, std::chrono::milliseconds(0));
    const auto cut = hasty.scan(source.token());
    QVERIFY(!cut);
    QCOMPARE(cut.error().code, ErrorCode::Cancelled);
    GH_VALUE(const auto whole, hasty.scan());
    QCOMPARE(whole.changes.size(), std::size_t(2));
}

void TestChanges::closedFoldersCountForTheLimit()
{
    auto spec = test::smallSpec();
    spec.limits.disk = 8 << 20;
    GH_VALUE(const auto session, m_backend->open(spec, CancelToken()));
    GH_VALUE(const auto outcome,
             session->exec(test::shell("mkdir h; chmod 300 h; cd h; head -c 200000000 /dev/zero > big; sleep 20"), nullptr, {}));
    QCOMPARE(int(outcome.end), int(execution::ExecEnd::Limit));
    QCOMPARE(int(outcome.limits.at(0).limit), int(execution::Limit::Disk));
}

static host::WriteBackRules rules()
{
    host::WriteBackRules rules;
    rules.refused = workspace::isGitsOwn;
    return rules;
}

static QString leftOut(const host::WriteBackReport& report)
{
    QStringList paths;
    for (const auto& left : report.left)
        paths << QString::fromStdString(left.path);
    paths.sort();
    return paths.join(QStringLiteral(", "));
}

static mode_t modeOf(const std::string& path)
{
    struct stat info = {};
    return ::lstat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 010000;
}

void TestChanges::writesBack()
{
    m_folder->write("target/f", "content\n");
    m_folder->write("target/d/a", "a");
    m_folder->write("target/d/e/b", "b");
    GH_VALUE(const auto outcome, m_session->exec(test::shell("echo new > f; rm -r d; mkdir x; echo y > x/y"), nullptr, {}));
    GH_VALUE(const auto report, host::writeBack(outcome.changes, m_session->workspace(), m_folder->path("target"), rules()));
    QCOMPARE(leftOut(report), QString());
    QCOMPARE(report.written, std::size_t(3));
    QCOMPARE(report.removed, std::size_t(4));
    QCOMPARE(m_folder->read("target/f"), std::string("new\n"));
    QCOMPARE(m_folder->read("target/x/y"), std::string("y\n"));
    QVERIFY(!std::filesystem::exists(m_folder->path("target/d")));
}

void TestChanges::writeBackKeepsModesAndOwners()
{
    m_folder->write("target/f", "content\n");
    m_folder->write("target/g", "g");
    ::chmod(m_folder->path("ws/g").c_str(), 0664);
    const bool root = ::geteuid() == 0;
    if (root) {
        QCOMPARE(::chown(m_folder->path("target/f").c_str(), 4711, 4712), 0);
        QCOMPARE(::chown(m_folder->path("target").c_str(), 4713, 4714), 0);
    }
    GH_VALUE(const auto outcome,
             m_session->exec(test::shell("echo new > f; chmod 6755 f; echo more >> g; echo p > p; chmod 600 p; echo w > w; chmod 1777 w; "
                                         "mkdir c; echo i > c/i; chmod 2555 c; mkdir z; chmod 0 z"),
                             nullptr, {}));
    GH_VALUE(const auto report, host::writeBack(outcome.changes, m_session->workspace(), m_folder->path("target"), rules()));
    QCOMPARE(leftOut(report), QString());
    QCOMPARE(modeOf(m_folder->path("target/f")), 0755u);
    QCOMPARE(modeOf(m_folder->path("target/g")), 0664u); // it had them before: not the command's doing
    QCOMPARE(modeOf(m_folder->path("target/p")), 0600u);
    QCOMPARE(modeOf(m_folder->path("target/w")), 0755u);
    QCOMPARE(modeOf(m_folder->path("target/c")), 0555u);
    QCOMPARE(modeOf(m_folder->path("target/z")), 0u);
    QCOMPARE(m_folder->read("target/c/i"), std::string("i\n"));
    ::chmod(m_folder->path("target/c").c_str(), 0700);
    struct stat info = {};
    ::stat(m_folder->path("target/f").c_str(), &info);
    QCOMPARE(info.st_uid, root ? 4711u : ::geteuid());
    ::stat(m_folder->path("target/c/i").c_str(), &info);
    QCOMPARE(info.st_uid, root ? 4713u : ::geteuid());
    QCOMPARE(info.st_gid, root ? 4714u : ::getegid());
}

void TestChanges::writeBackLeavesOutLinks()
{
    m_folder->write("target/f", "content\n");
    m_folder->write("target/l", "mine");
    GH_VALUE(const auto outcome,
             m_session->exec(test::shell("echo new > f; ln -s /etc/passwd z; ln -sfn /etc/passwd l; mkfifo p"), nullptr, {}));
    GH_VALUE(const auto report, host::writeBack(outcome.changes, m_session->workspace(), m_folder->path("target"), rules()));
    QCOMPARE(leftOut(report), QStringLiteral("l, p, z"));
    QCOMPARE(m_folder->read("target/f"), std::string("new\n"));
    QCOMPARE(m_folder->read("target/l"), std::string("mine"));
    QCOMPARE(modeOf(m_folder->path("target/z")), 010000u);
    // A link in the target is not written through either.
    GH_VALUE(const auto second, m_session->exec(test::shell("echo deep > d/a; echo next > f"), nullptr, {}));
    m_folder->write("elsewhere/a", "mine");
    std::filesystem::create_symlink("../elsewhere", m_folder->path("target/d"));
    GH_VALUE(const auto after, host::writeBack(second.changes, m_session->workspace(), m_folder->path("target"), rules()));
    QCOMPARE(leftOut(after), QStringLiteral("d/a"));
    QCOMPARE(m_folder->read("elsewhere/a"), std::string("mine"));
    QCOMPARE(m_folder->read("target/f"), std::string("next\n"));
}

// Of a file that can't be read.
class UnreadableWorkspace : public execution::WorkspaceReader {
public:
    [[nodiscard]] Result<execution::FileContent> read(const std::string& path, std::uint64_t) const override
    {
        return fail(ErrorCode::Busy, path, "The file changed while it was read");
    }
    [[nodiscard]] Result<execution::FileContent> readBase(const std::string& path, std::uint64_t maximum) const override
    {
        return read(path, maximum);
    }
    [[nodiscard]] Result<std::vector<execution::DirectoryEntry>> list(const std::string& path) const override
    {
        return fail(ErrorCode::Busy, path, "The folder changed while it was read");
    }
};

void TestChanges::writeBackRemovesNothingTooEarly()
{
    m_folder->write("target/mine", "mine");
    std::filesystem::create_symlink("mine", m_folder->path("target/l"));
    GH_VALUE(const auto outcome, m_session->exec(test::shell("rm l; echo x > l"), nullptr, {}));
    GH_VALUE(const auto failed, host::writeBack(outcome.changes, UnreadableWorkspace(), m_folder->path("target"), rules()));
    QCOMPARE(leftOut(failed), QStringLiteral("l"));
    QVERIFY(std::filesystem::is_symlink(m_folder->path("target/l")));
    GH_VALUE(const auto report, host::writeBack(outcome.changes, m_session->workspace(), m_folder->path("target"), rules()));
    QCOMPARE(leftOut(report), QString());
    QVERIFY(!std::filesystem::is_symlink(m_folder->path("target/l")));
    QCOMPARE(m_folder->read("target/l"), std::string("x\n"));
    QCOMPARE(m_folder->read("target/mine"), std::string("mine"));
}

void TestChanges::writeBackLeavesGitAlone()
{
    m_folder->write("target/.git/config", "mine");
    m_folder->write("target/.git/hooks/post-checkout", "mine");
    GH_VALUE(
        const auto outcome,
        m_session->exec(
            test::shell(
                "for d in .git sub/.GIT 'git~1' '.git. ' '.git::$INDEX_ALLOCATION' \"$(printf '.g\\342\\200\\214it')\" '.git\\hooks'; do "
                "mkdir -p \"$d/hooks\"; echo x > \"$d/hooks/pre-commit\"; echo y > \"$d/config\"; done; "
                "echo 'gitdir: /x' > d/.git; echo ok > .gitignore; echo ok > fine"),
            nullptr, {}));
    GH_VALUE(const auto report, host::writeBack(outcome.changes, m_session->workspace(), m_folder->path("target"), rules()));
    for (const auto& left : report.left)
        QVERIFY2(workspace::isGitsOwn(left.path), left.path.c_str());
    QCOMPARE(report.left.size(), std::size_t(7 * 4 + 1));
    QStringList got;
    for (const auto& item : std::filesystem::recursive_directory_iterator(m_folder->path("target")))
        got << QString::fromStdString(std::filesystem::relative(item.path(), m_folder->path("target")).string());
    got.sort();
    QCOMPARE(got.join(QLatin1Char(' ')), QStringLiteral(".git .git/config .git/hooks .git/hooks/post-checkout .gitignore fine sub"));
    QCOMPARE(m_folder->read("target/.git/config"), std::string("mine"));
}

void TestChanges::writeBackCountsSizesNotBlocks()
{
    m_folder->write("target/f", "content\n");
    GH_VALUE(const auto outcome,
             m_session->exec(test::shell("truncate -s 50M a; truncate -s 30M b; truncate -s 30M c; echo x > f"), nullptr, {}));
    auto limits = rules();
    limits.fileBytes = 40 << 20;
    limits.totalBytes = 50 << 20;
    GH_VALUE(const auto report, host::writeBack(outcome.changes, m_session->workspace(), m_folder->path("target"), limits));
    QCOMPARE(leftOut(report), QStringLiteral("a, c"));
    QCOMPARE(int(report.left[0].error.code), int(ErrorCode::Limit));
    QCOMPARE(m_folder->read("target/f"), std::string("x\n"));
    QVERIFY(!std::filesystem::exists(m_folder->path("target/a")));
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
