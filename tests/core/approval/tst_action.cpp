#include "core/approval/action.h"
#include "core/base/canonicaljson.h"
#include "tests/core/approval/approvalfixtures.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <functional>

using namespace gatehouse;
using namespace gatehouse::approval;
using execution::CommandEffect;
using execution::CommitEffect;
using execution::PreparedCall;

using Change = std::function<void(PreparedCall&)>;
Q_DECLARE_METATYPE(Change)

static execution::ExecRequest& request(PreparedCall& call)
{
    return std::get<CommandEffect>(call.effect).request;
}

static execution::FileCommit& file(PreparedCall& call)
{
    return std::get<CommitEffect>(call.effect).files.at(0);
}

class TestAction : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void theFormHasEveryFieldFromTheStart()
    {
        GH_VALUE(const std::string canonical, canonicalAction(Action()));
        QCOMPARE(
            canonical,
            std::string(
                R"({"agent":null,"args":null,"baseTree":null,"call":null,"class":"","cwd":null,"envDigest":null,)"
                R"("imageDigest":null,"nonce":"","op":null,"patchSha256":null,"payloadDigest":null,"policyDigest":null,)"
                R"("profileDigest":null,"quorumDigest":null,"resultTree":null,"run":"","schema":"gatehouse:action/1",)"
                R"("subject":null,"target":{"resource":null,"tool":null,"toolSchemaDigest":null},"templateDigest":null,"window":null})"));
        // This digest is of the first version and must never change.
        GH_VALUE(const std::string digest, bindingDigest(Action()));
        QCOMPARE(digest, sha256Hex(canonical));
    }

    void everyFieldIsBound()
    {
        GH_VALUE(const Action action, makeAction(test::actionContext(), test::commandCall({"ls"})));
        GH_VALUE(const std::string digest, bindingDigest(action));
        const nlohmann::json form = toJson(action);
        for (const auto& [key, value] : form.items()) {
            if (key == "schema")
                continue;
            for (const std::string inner : {"tool", "toolSchemaDigest", "resource"}) {
                nlohmann::json other = form;
                (key == "target" ? other[key][inner] : other[key]) = "changed";
                GH_VALUE(const Action changed, actionFromJson(other));
                GH_VALUE(const std::string changedDigest, bindingDigest(changed));
                QVERIFY2(changedDigest != digest, key.c_str());
                QCOMPARE(*changedField(action, changed), key == "target" ? key + '.' + inner : key);
            }
        }
        QVERIFY(!changedField(action, action));
    }

    void everyExecutedByteIsBound_data()
    {
        QTest::addColumn<bool>("commit");
        QTest::addColumn<Change>("change");
        QTest::addColumn<QByteArray>("field");
        const auto command = [](const char* field, Change change) {
            QTest::newRow(field) << false << std::move(change) << QByteArray(field);
        };
        const auto commit = [](const char* field, Change change) {
            QTest::newRow(field) << true << std::move(change) << QByteArray(field);
        };
        command("argv[0]", [](PreparedCall& c) { request(c).argv[0] = "lt"; });
        command("argv[1]", [](PreparedCall& c) { request(c).argv[1] += '\0'; });
        command("argv[2]", [](PreparedCall& c) { request(c).argv.emplace_back(); });
        command("workdir", [](PreparedCall& c) { request(c).workdir += '/'; });
        command("environment[0][1]", [](PreparedCall& c) { request(c).environment[0].second = "c"; });
        command("environment[1][0]", [](PreparedCall& c) { request(c).environment[1].first = "MODE2"; });
        command("environment[2]", [](PreparedCall& c) { request(c).environment.emplace_back("A", "b"); });
        command("stdin.sha256", [](PreparedCall& c) { request(c).standardInput[1] ^= 1; });
        command("files[0].sha256", [](PreparedCall& c) { request(c).files[0].bytes[0] ^= 1; });
        command("files[0].variable", [](PreparedCall& c) { request(c).files[0].variable = "X"; });
        command("timeoutMs", [](PreparedCall& c) { request(c).timeout = std::nullopt; });
        command("argv", [](PreparedCall& c) { c.effect = CommitEffect{}; });
        commit("files[0].path", [](PreparedCall& c) { file(c).path = "src/b.txt"; });
        commit("files[0].mode", [](PreparedCall& c) { file(c).mode = 0755; });
        commit("files[0].kind", [](PreparedCall& c) { file(c).kind = execution::FileKind::Symlink; });
        commit("files[0].expected", [](PreparedCall& c) { file(c).expectedSha256 = std::nullopt; });
        commit("files[0].content.sha256", [](PreparedCall& c) { (*file(c).bytes)[0] ^= 1; });
        commit("files[0].content", [](PreparedCall& c) { file(c).bytes = std::nullopt; });
        commit("files[1]", [](PreparedCall& c) { std::get<CommitEffect>(c.effect).files.pop_back(); });
    }

    void everyExecutedByteIsBound()
    {
        QFETCH(bool, commit);
        QFETCH(Change, change);
        QFETCH(QByteArray, field);
        const PreparedCall before = commit ? test::commitCall("old", "new") : test::commandCall({"ls", "-l"});
        PreparedCall after = before;
        change(after);
        GH_VALUE(const std::string first, payloadDigest(before));
        GH_VALUE(const std::string second, payloadDigest(after));
        QVERIFY(first != second);
        QCOMPARE(QByteArray::fromStdString(*changedField(before, after)), field);
        GH_VALUE(const Action one, makeAction(test::actionContext(), before));
        GH_VALUE(const Action other, makeAction(test::actionContext(), after));
        QVERIFY(changedField(one, other));
        GH_VALUE(const std::string oneDigest, bindingDigest(one));
        GH_VALUE(const std::string otherDigest, bindingDigest(other));
        QVERIFY(oneDigest != otherDigest);
    }

    void bytesThatAreNotTextHaveAFormOfTheirOwn()
    {
        GH_VALUE(const std::string bytes, payloadDigest(test::commandCall({"\xff"})));
        GH_VALUE(const std::string text, payloadDigest(test::commandCall({R"({"hex":"ff"})"})));
        GH_VALUE(const std::string shown, payloadDigest(test::commandCall({"\uFFFD"})));
        QVERIFY(bytes != text && bytes != shown && text != shown);
    }

    void splittingArgumentsDiffersFromJoiningThem()
    {
        GH_VALUE(const std::string two, payloadDigest(test::commandCall({"a", "b"})));
        GH_VALUE(const std::string one, payloadDigest(test::commandCall({"a b"})));
        GH_VALUE(const std::string quoted, payloadDigest(test::commandCall({"a\",\"b"})));
        QVERIFY(two != one && two != quoted);
    }

    void theJsonFormComesBack()
    {
        GH_VALUE(const Action action, makeAction(test::actionContext(), test::commitCall("a", "b")));
        GH_VALUE(const Action back, actionFromJson(toJson(action)));
        QCOMPARE(back, action);
        QCOMPARE(*action.op, std::string("commit"));
        nlohmann::json missing = toJson(action);
        missing.erase("window");
        QVERIFY(!actionFromJson(missing));
        nlohmann::json extra = toJson(action);
        extra["more"] = 1;
        QVERIFY(!actionFromJson(extra));
        QVERIFY(!actionFromJson("x"));
    }

    void textThatIsNoUtf8IsAnErrorNotAGuess()
    {
        ActionContext context = test::actionContext();
        context.agent = "\xff";
        GH_VALUE(const Action action, makeAction(context, test::commandCall({"ls"})));
        QVERIFY(!bindingDigest(action));
    }
};

GATEHOUSE_TEST_MAIN(TestAction)
#include "tst_action.moc"
