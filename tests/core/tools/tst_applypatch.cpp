#include "core/tools/applypatch.h"

#include "tests/core/tools/fakesession.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <nlohmann/json.hpp>

using namespace gatehouse;
using execution::CommitEffect;
using execution::FileKind;
using test::FakeSession;

namespace {

std::string arguments(const std::string& body)
{
    return nlohmann::json{{"patch", "*** Begin Patch\n" + body + "*** End Patch\n"}}.dump();
}

execution::ToolCall call(const std::string& text)
{
    return {"call_1", "apply_patch", text};
}

std::unique_ptr<execution::Tool> tool()
{
    return *tools::makeApplyPatch();
}

void fill(FakeSession& session)
{
    session.files.now = {{"repo", {FileKind::Directory, 0755, ""}},
                         {"repo/a", {FileKind::Regular, 0755, "one\ntwo\n"}},
                         {"repo/b", {FileKind::Regular, 0644, "x\n"}},
                         {"repo/binary", {FileKind::Regular, 0644, std::string("a\0b\n", 4)}},
                         {"repo/link", {FileKind::Symlink, 0777, "a"}},
                         {"repo/pipe", {FileKind::Other, 0644, ""}},
                         {"repo/huge", {FileKind::Regular, 0644, std::string(9u << 20, 'x')}},
                         {"repo/loose", {FileKind::Regular, 0644, "  a  \nb\n"}}};
}

} // namespace

class TestApplyPatch : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void allKindsAtOnce()
    {
        FakeSession session;
        fill(session);
        const auto made = tool();
        const std::string text =
            arguments("*** Update File: repo/a\n one\n-two\n+2\n*** Delete File: repo/b\n*** Add File: repo/new/c\n+c\n"
                      "*** Update File: repo/loose\n*** Move to: repo/tight\n a\n-b\n+B\n");
        GH_VALUE(const auto prepared, made->prepare(call(text), session.workspace()));
        QCOMPARE(session.commits, std::size_t(0));
        const auto& files = std::get<CommitEffect>(prepared.effect).files;
        QCOMPARE(files.size(), std::size_t(5));
        QCOMPARE(*files[0].expectedSha256, sha256Hex("one\ntwo\n"));
        QCOMPARE(*files[0].bytes, std::string("one\n2\n"));
        QCOMPARE(files[0].mode, 0755u);
        QVERIFY(files[1].expectedSha256 && !files[1].bytes);
        QVERIFY(!files[2].expectedSha256);
        QVERIFY(prepared.paths == std::vector<std::string>({"repo/a", "repo/b", "repo/new/c", "repo/loose", "repo/tight"}));
        QCOMPARE(prepared.edits.size(), std::size_t(5));
        QCOMPARE(*prepared.edits[0].before, std::string("one\ntwo\n"));
        QCOMPARE(prepared.warnings.size(), std::size_t(1));
        QVERIFY(!prepared.argv);
        GH_VALUE(const auto outcome, made->perform(prepared, session, nullptr, {}));
        QVERIFY(!outcome.error);
        QCOMPARE(outcome.text,
                 std::string("Updated repo/a\nDeleted repo/b\nCreated repo/new/c\nMoved repo/loose to repo/tight\n"
                             "Note: repo/loose: hunk 1 matched only after trimming indentation; its new lines are taken as written\n"));
        QCOMPARE(outcome.changes.changes.size(), std::size_t(5));
        QCOMPARE(session.files.now.at("repo/tight").bytes, std::string("  a  \nB\n"));
        QCOMPARE(session.files.now.at("repo/new/c").bytes, std::string("c\n"));
        QVERIFY(!session.files.now.contains("repo/loose") && !session.files.now.contains("repo/b"));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("why");
        const auto row = [](const char* name, const std::string& text, const char* why) {
            QTest::newRow(name) << QByteArray::fromStdString(text) << QByteArray(why);
        };
        row("add over a file", arguments("*** Add File: repo/a\n+x\n"), "exists already");
        row("add over a folder", arguments("*** Add File: repo\n+x\n"), "exists already");
        row("add over a link", arguments("*** Add File: repo/link\n+x\n"), "exists already");
        row("add below a file", arguments("*** Add File: repo/a/x\n+x\n"), "repo/a/x");
        row("add below a link", arguments("*** Add File: repo/link/x\n+x\n"), "repo/link/x");
        row("update of nothing", arguments("*** Update File: repo/none\n-x\n"), "no such file");
        row("update of a link", arguments("*** Update File: repo/link\n-one\n"), "symbolic link");
        row("update of a pipe", arguments("*** Update File: repo/pipe\n-one\n"), "not a file");
        row("update of a folder", arguments("*** Update File: repo\n-one\n"), "not a file");
        row("update of a binary", arguments("*** Update File: repo/binary\n-one\n"), "not a text file");
        row("update of a huge file", arguments("*** Update File: repo/huge\n-one\n"), "larger than");
        row("delete of nothing", arguments("*** Delete File: repo/none\n"), "no such file");
        row("delete of a folder", arguments("*** Delete File: repo\n"), "not a file");
        row("move onto a file", arguments("*** Update File: repo/a\n*** Move to: repo/b\n-one\n"), "exists already");
        row("no match", arguments("*** Update File: repo/a\n-three\n"), "repo/a: hunk 1");
        row("outside", arguments("*** Delete File: ../x\n"), "patch line 2");
        row("absolute", arguments("*** Add File: /etc/x\n+x\n"), "patch line 2");
        row("upwards on the way", arguments("*** Add File: repo/../../x\n+x\n"), "patch line 2");
        row("into git's folder", arguments("*** Add File: repo/.git/hooks/x\n+x\n"), "Git keeps");
        row("into git's folder in capitals", arguments("*** Add File: repo/.GIT/config\n+x\n"), "Git keeps");
        row("moved into git's folder", arguments("*** Update File: repo/a\n*** Move to: repo/.git/a\n-one\n"), "Git keeps");
        row("moved outside", arguments("*** Update File: repo/a\n*** Move to: ../a\n-one\n"), "patch line 3");
        row("moved onto a link", arguments("*** Update File: repo/a\n*** Move to: repo/link\n-one\n"), "exists already");
        row("moved onto a folder", arguments("*** Update File: repo/a\n*** Move to: repo\n-one\n"), "repo");
        row("moved onto itself", arguments("*** Update File: repo/a\n*** Move to: repo/a\n-one\n"), "already stands");
        row("the same file twice", arguments("*** Update File: repo/a\n-one\n*** Delete File: repo/a\n"), "already stands");
        row("deletion of a link", arguments("*** Delete File: repo/link\n"), "symbolic link");
        row("deletion through a link", arguments("*** Delete File: repo/link/x\n"), "repo/link/x");
        row("an empty patch", arguments(""), "holds no file");
        row("no text", R"({"patch":""})", "begins with");
        row("a huge patch", arguments("*** Add File: x\n+" + std::string(5u << 20, 'x') + "\n"), "larger than");
        row("huge arguments", std::string(9u << 20, ' '), "larger than");
        row("null", R"({"patch":null})", "patch");
        row("cut off", "{\"patch\":\"*** Begin Patch", "arguments:1:");
        row("no patch", "{}", "exactly one");
        row("two forms", R"({"patch":"x","operations":[{"type":"delete_file","path":"a"}]})", "exactly one");
        row("duplicate keys", R"({"patch":"x","patch":"y"})", "arguments:1:");
        row("not JSON", "hello", "arguments:1:1");
        row("wrong type", R"({"patch":1})", "patch");
        row("operation with a line break", R"({"operation":{"type":"delete_file","path":"a\n*** Delete File: b"}})", "line break");
        row("operation with a header", R"({"operation":{"type":"update_file","path":"repo/a","diff":"-one\n*** Delete File: repo/b\n"}})",
            "holds a header");
        row("operation that starts with a header", R"({"operation":{"type":"update_file","path":"repo/a","diff":"*** Move to: x\n"}})",
            "holds a header");
        row("deletion with a diff", R"({"operation":{"type":"delete_file","path":"repo/a","diff":"-x"}})", "no \"diff\"");
        row("update without a diff", R"({"operation":{"type":"update_file","path":"repo/a"}})", "missing");
        row("unknown operation", R"({"operation":{"type":"rename_file","path":"a"}})", "operation");
    }
    void refuses()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, why);
        FakeSession session;
        fill(session);
        const auto prepared = tool()->prepare(call(text.toStdString()), session.workspace());
        QVERIFY(!prepared);
        QVERIFY(prepared.error().code == ErrorCode::InvalidInput);
        QVERIFY2(prepared.error().toString().find(why.toStdString()) != std::string::npos, prepared.error().toString().c_str());
    }

    void aLaterFailureLeavesNothing()
    {
        FakeSession session;
        fill(session);
        const auto before = session.files.now.at("repo/a").bytes;
        QVERIFY(!tool()->prepare(call(arguments("*** Update File: repo/a\n-one\n*** Delete File: repo/none\n")), session.workspace()));
        QCOMPARE(session.commits, std::size_t(0));
        // And when the file changed between the decision and the act.
        const auto made = tool();
        GH_VALUE(const auto prepared,
                 made->prepare(call(arguments("*** Update File: repo/a\n-one\n*** Delete File: repo/b\n")), session.workspace()));
        session.files.now["repo/b"].bytes = "changed by a background process";
        GH_VALUE(const auto outcome, made->perform(prepared, session, nullptr, {}));
        QVERIFY(outcome.error);
        QVERIFY(outcome.text.starts_with("Nothing was changed: repo/b"));
        QVERIFY(outcome.changes.changes.empty());
        QCOMPARE(session.files.now.at("repo/a").bytes, before);
    }

    void otherForms_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("bare text") << QByteArray("*** Begin Patch\n*** Update File: repo/a\n-two\n+2\n*** End Patch");
        QTest::newRow("JSON string") << QByteArray(R"("*** Begin Patch\n*** Update File: repo/a\n-two\n+2\n*** End Patch\n")");
        QTest::newRow("operation") << QByteArray(R"({"operation":{"type":"update_file","path":"repo/a","diff":"-two\n+2"}})");
        QTest::newRow("operations") << QByteArray(
            R"({"operations":[{"type":"update_file","path":"repo/a","diff":"@@\n one\n-two\n+2\n*** End of File\n"}]})");
    }
    void otherForms()
    {
        QFETCH(QByteArray, text);
        FakeSession session;
        fill(session);
        const auto made = tool();
        GH_VALUE(const auto prepared, made->prepare(call(text.toStdString()), session.workspace()));
        GH_VALUE(const auto outcome, made->perform(prepared, session, nullptr, {}));
        QCOMPARE(outcome.text, std::string("Updated repo/a\n"));
        QCOMPARE(session.files.now.at("repo/a").bytes, std::string("one\n2\n"));
    }

    void saysWhenNothingWouldChange()
    {
        FakeSession session;
        fill(session);
        GH_VALUE(const auto same, tool()->prepare(call(arguments("*** Update File: repo/a\n one\n")), session.workspace()));
        QVERIFY(same.warnings.front().ends_with("changes nothing"));
    }

    void namesAreEscapedForTheModel()
    {
        FakeSession session;
        session.files.now["\x1b[31m"] = {FileKind::Regular, 0644, "x\n"};
        const auto made = tool();
        GH_VALUE(const auto prepared, made->prepare(call(arguments("*** Delete File: \x1b[31m\n")), session.workspace()));
        GH_VALUE(const auto outcome, made->perform(prepared, session, nullptr, {}));
        QCOMPARE(outcome.text, std::string("Deleted \\x1b[31m\n"));
    }

    void aStoppedCallChangesNothing()
    {
        FakeSession session;
        fill(session);
        const auto made = tool();
        GH_VALUE(const auto prepared, made->prepare(call(arguments("*** Delete File: repo/a\n")), session.workspace()));
        CancelSource source;
        source.cancel();
        const auto outcome = made->perform(prepared, session, nullptr, source.token());
        QVERIFY(!outcome && outcome.error().code == ErrorCode::Cancelled);
        QCOMPARE(session.commits, std::size_t(0));
        session.failure = Error{ErrorCode::Worker, "worker", "It died", {}};
        const auto dead = made->perform(prepared, session, nullptr, {});
        QVERIFY(!dead && dead.error().code == ErrorCode::Worker);
    }
};

GATEHOUSE_TEST_MAIN(TestApplyPatch)
#include "tst_applypatch.moc"
