#include "core/workspace/knownstate.h"

#include "core/foundation/sha256.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

using namespace gatehouse;
using namespace gatehouse::workspace;
using execution::FileKind;

namespace {

// The blob of the tests is the bytes themselves.
PathVersion file(const std::string& bytes, std::uint32_t mode = 0644)
{
    return {FileKind::Regular, mode, bytes.size(), sha256Hex(bytes), bytes};
}
PathVersion folder()
{
    return {FileKind::Directory, 0755, 0, {}, {}};
}
PathVersion link(const std::string& target)
{
    return {FileKind::Symlink, 0777, target.size(), sha256Hex(target), target};
}

Result<std::string> source(const std::string&, const PathVersion& version)
{
    return version.blob;
}

std::string describe(const Rebuild& rebuild)
{
    std::string out;
    for (const auto& batch : rebuild.batches) {
        for (const auto& commit : batch) {
            out += commit.bytes ? (commit.kind == FileKind::Directory     ? "mkdir "
                                       : commit.kind == FileKind::Symlink ? "link "
                                                                          : "write ")
                                : "remove ";
            out += commit.path + (commit.expectedSha256 ? " was " + commit.expectedSha256->substr(0, 4) : "") +
                (commit.bytes ? " = " + *commit.bytes : "") + '\n';
        }
        out += "--\n";
    }
    return out;
}

} // namespace

class TestKnownState : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void stepsFold()
    {
        KnownState known;
        const std::vector<PathStep> first = {{"a", file("0"), file("1")}, {"b", {}, file("b")}};
        const std::vector<PathStep> second = {{"a", file("1"), file("2")}, {"b", file("b"), {}}};
        GH_VERIFY(known.apply(first));
        GH_VERIFY(known.apply(second));
        QVERIFY(known.find("a")->base.sameAs(file("0")));
        QVERIFY(known.find("a")->now.sameAs(file("2")));
        QVERIFY(!known.find("c"));
        GH_VALUE(const auto edits, known.runEdits(source, 100));
        QCOMPARE(edits.size(), std::size_t(1)); // b came and went
        QCOMPARE(*edits[0].bytesBefore, std::string("0"));
        QCOMPARE(*edits[0].bytesAfter, std::string("2"));
    }

    void aStepThatDoesNotFollowIsRefusedWhole()
    {
        KnownState known;
        const std::vector<PathStep> first = {{"b", file("0"), file("1")}};
        GH_VERIFY(known.apply(first));
        const std::vector<PathStep> forged = {{"a", file("x"), file("y")}, {"b", file("0"), file("2")}};
        const auto applied = known.apply(forged);
        QVERIFY(!applied && applied.error().code == ErrorCode::Corrupt);
        QVERIFY(!known.find("a"));
        const std::vector<PathStep> outside = {{"../a", file("x"), file("y")}};
        QVERIFY(!known.apply(outside));
    }

    void rebuildGoesFromTheBase()
    {
        KnownState known;
        const std::vector<PathStep> step = {
            {"changed", file("old"), file("new")},
            {"d", {}, folder()},
            {"d/f", {}, file("f")},
            {"gone", folder(), {}},
            {"gone/x", file("x"), {}},
            {"l", {}, link("t")},
            {"swap", file("s"), folder()},
            {"swap/in", {}, file("in")},
            {"tree", folder(), file("now a file")},
            {"tree/y", file("y"), {}},
        };
        GH_VERIFY(known.apply(step));
        GH_VALUE(const Rebuild rebuild, known.rebuild(source));
        QVERIFY(rebuild.missing.empty());
        const auto was = [](const char* bytes) { return " was " + sha256Hex(bytes).substr(0, 4); };
        const std::string folderWas = was("");
        QCOMPARE(describe(rebuild),
                 "remove tree/y" + was("y") + "\nremove swap" + was("s") + "\nremove gone/x" + was("x") + "\n--\nremove tree" + folderWas +
                     "\nremove gone" + folderWas + "\n--\nmkdir d = \nmkdir swap = \n--\nwrite changed" + was("old") +
                     " = new\nwrite d/f = f\nlink l = t\nwrite swap/in = in\nwrite tree = now a file\n--\n");
    }

    void batchesAreWhatASandboxTakes()
    {
        KnownState known;
        std::vector<PathStep> step = {{"d", {}, folder()}, {"d/e", {}, folder()}};
        for (int i = 0; i < 4500; ++i)
            step.push_back({"d/e/" + std::to_string(i), {}, file(std::to_string(i))});
        GH_VERIFY(known.apply(step));
        GH_VALUE(const Rebuild rebuild, known.rebuild(source));
        std::vector<std::size_t> sizes;
        for (const auto& batch : rebuild.batches)
            sizes.push_back(batch.size());
        QVERIFY(sizes == std::vector<std::size_t>({1, 1, 2000, 2000, 500}));
    }

    void whatWasNeverKeptIsNamed()
    {
        KnownState known;
        PathVersion huge = file("never kept");
        huge.blob.clear();
        const std::vector<PathStep> step = {{"fifo", {}, {FileKind::Other, 0600, 0, {}, {}}}, {"huge", {}, huge}};
        GH_VERIFY(known.apply(step));
        GH_VALUE(const Rebuild rebuild, known.rebuild(source));
        QVERIFY(rebuild.batches.empty());
        QVERIFY(rebuild.missing == std::vector<std::string>({"fifo", "huge"}));
    }

    void forgedBytesAreFound()
    {
        KnownState known;
        const std::vector<PathStep> step = {{"a", {}, file("true")}};
        GH_VERIFY(known.apply(step));
        const auto rebuilt =
            known.rebuild([](const std::string&, const PathVersion&) -> Result<std::string> { return std::string("false"); });
        QVERIFY(!rebuilt && rebuilt.error().code == ErrorCode::Corrupt);
    }
};

GATEHOUSE_TEST_MAIN(TestKnownState)
#include "tst_knownstate.moc"
