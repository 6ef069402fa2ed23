// The worker's half of a commit, on a folder of our own: what fails half-way leaves everything as it was.
#include "core/foundation/beneath.h"
#include "core/foundation/sha256.h"
#include "sandbox/worker/commit.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <algorithm>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::protocol;
using gatehouse::worker::commitFilesBeneath;

// Every path with its kind, mode and contents.
static std::string snapshot(const std::string& folder)
{
    std::vector<std::string> lines;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        struct stat info = {};
        ::lstat(entry.path().c_str(), &info);
        std::string line = entry.path().lexically_relative(folder).string() + ' ' + std::to_string(info.st_mode);
        if (entry.is_symlink())
            line += " ->" + std::filesystem::read_symlink(entry.path()).string();
        else if (entry.is_regular_file())
            line += ' ' + test::readFile(entry.path());
        lines.push_back(line);
    }
    std::sort(lines.begin(), lines.end());
    std::string all;
    for (const std::string& line : lines)
        all += line + '\n';
    return all;
}

static CommitFile file(const std::string& path, std::optional<std::string> expected, std::size_t size = 1)
{
    return {path, !expected, expected ? sha256Hex(*expected) : std::string(), false, WireKind::Regular, 0644, size};
}

class TestCommitFiles : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<test::TemporaryFolder>();
        m_folder->write("f", "f");
        m_folder->write("d/g", "g");
        m_folder->write("d/h", "h");
        std::filesystem::create_directory(m_folder->path("empty"));
        std::filesystem::create_symlink("f", m_folder->path("l"));
        auto root = openDirectory(m_folder->path());
        m_root = std::move(*root);
    }
    void everyKind();
    void failuresChangeNothing_data();
    void failuresChangeNothing();

private:
    std::unique_ptr<test::TemporaryFolder> m_folder;
    UniqueFd m_root;
};

void TestCommitFiles::everyKind()
{
    CommitFile removeEmpty{"empty", false, "", true, WireKind::Directory, 0, 0};
    CommitFile makeFolder{"made", true, "", false, WireKind::Directory, 0750, 0};
    CommitFile removeLink{"l", false, sha256Hex("f"), true, WireKind::Symlink, 0, 0};
    CommitFile link{"s", true, "", false, WireKind::Symlink, 0, 3};
    const auto result =
        commitFilesBeneath(m_root.get(), {file("f", "f"), file("n/m/o", std::nullopt), removeEmpty, makeFolder, removeLink, link},
                           {"F", "O", "", "", "", "d/g"});
    QCOMPARE(result.end, CommitEnd::Committed);
    QCOMPARE(m_folder->read("f"), std::string("F"));
    QCOMPARE(m_folder->read("n/m/o"), std::string("O"));
    QCOMPARE(m_folder->read("s"), std::string("g"));
    QVERIFY(!std::filesystem::exists(m_folder->path("empty")));
    QVERIFY(std::filesystem::is_directory(m_folder->path("made")));
    QVERIFY(!std::filesystem::is_symlink(m_folder->path("l")));
    for (const auto& entry : std::filesystem::recursive_directory_iterator(m_folder->path()))
        QVERIFY(entry.path().filename().string().find("gatehouse") == std::string::npos);
}

void TestCommitFiles::failuresChangeNothing_data()
{
    QTest::addColumn<int>("which");
    for (int i = 0; i < 11; ++i)
        QTest::addRow("case %d", i) << i;
}

void TestCommitFiles::failuresChangeNothing()
{
    QFETCH(int, which);
    const std::vector<std::vector<CommitFile>> bad = {
        {file("x", "absent")},                                            // expected, but not there
        {file("f", std::nullopt)},                                        // there, but expected absent
        {file("d/g", "other")},                                           // other bytes
        {file("f/x", std::nullopt)},                                      // beneath a file
        {file("l/x", std::nullopt)},                                      // through a link
        {file("../x", std::nullopt)},                                     // outside
        {file("n", std::nullopt), file("n/x", std::nullopt)},             // a file that must be a folder too
        {file("f", "f"), file("f", "f")},                                 // twice
        {{"d", false, "", true, WireKind::Directory, 0, 0}},              // a folder that is not empty
        {{"d", false, sha256Hex(""), false, WireKind::Regular, 0644, 1}}, // a folder as a file
        {{"x", false, "", true, WireKind::Regular, 0, 0}},                // removing what is absent
    };
    // Good ones before and behind it, so that there is something to take back.
    std::vector<CommitFile> files = {file("new/deep/a", std::nullopt), file("d/h", "h")};
    CommitFile removal{"d/g", false, sha256Hex("g"), true, WireKind::Regular, 0, 0};
    if (which != 2)
        files.push_back(removal);
    for (const CommitFile& one : bad[std::size_t(which)])
        files.push_back(one);
    const std::string before = snapshot(m_folder->path());
    const auto result = commitFilesBeneath(m_root.get(), files, std::vector<std::string>(files.size(), "X"));
    QVERIFY(result.end != CommitEnd::Committed);
    QCOMPARE(snapshot(m_folder->path()), before);
}

GATEHOUSE_TEST_MAIN(TestCommitFiles)
#include "tst_commitfiles.moc"
