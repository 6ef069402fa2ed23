#include "core/policy/snapshot.h"
#include "tests/core/policy/policyfixtures.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

using namespace gatehouse;
using namespace gatehouse::policy;

class TestPolicySnapshot : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void textIsTheToolAndItsStrings()
    {
        const Snapshot call = test::toolCall("edit", R"({"a":"x","b":["y",{"c":"z"}],"n":5,"flag":true})");
        QCOMPARE(call.fields["text"].get<std::string>(), std::string("edit\nx\ny\nz"));
        QVERIFY(call.fields["arguments"]["n"].is_number_integer());
        QVERIFY(!call.fields.contains("command"));
        QVERIFY(!call.fields.contains("effects"));
    }

    void badArgumentsRefuseTheCall()
    {
        for (const char* arguments : {"", "{", R"({"a":1,"a":2})", R"({"a":"\ud800"})", "{} x"}) {
            ToolFacts facts;
            facts.tool = "t";
            facts.arguments = arguments;
            const auto snapshot = toolSnapshot(test::subject, facts);
            QVERIFY2(!snapshot, arguments);
            QVERIFY(snapshot.error().code == ErrorCode::InvalidInput);
        }
    }

    void theDigestCoversEveryField()
    {
        const Snapshot call = test::toolCall("edit", R"({"a":"x","n":1.5})");
        GH_VALUE(const std::string digest, inputDigest(call));
        QCOMPARE(digest.size(), std::size_t(64));
        for (const auto& [key, value] : call.fields.items()) {
            Snapshot other = call;
            other.fields[key] = "changed";
            GH_VALUE(const std::string changed, inputDigest(other));
            QVERIFY2(changed != digest, key.c_str());
        }
        Snapshot moved = call;
        moved.point = Point::ToolResult;
        GH_VALUE(const std::string changed, inputDigest(moved));
        QVERIFY(changed != digest);
    }

    void aSnapshotFromAFileIsChecked()
    {
        GH_VALUE(const Snapshot good,
                 snapshotFromJson(nlohmann::json::parse(
                     R"({"point":"tool","tool":"exec_command","command":{"argv":["ls"]},"effects":["a"],"text":"ｘ"})")));
        QCOMPARE(good.fields["text"].get<std::string>(), std::string("x"));
        for (const char* bad : {"[]", "{}", R"({"point":"tools"})", R"({"point":"tool","host":"x"})", R"({"point":"tool","tool":1})",
                                R"({"point":"tool","command.argv":["x"]})", R"({"point":"egress","port":"80"})"})
            QVERIFY2(!snapshotFromJson(nlohmann::json::parse(bad)), bad);
    }

    void hostileBytesStillHaveADigest()
    {
        GH_VALUE(const std::string digest, inputDigest(inputSnapshot({"c", "w\xff", "a", "r"}, "x\xff\xfe y")));
        QCOMPARE(digest.size(), std::size_t(64));
    }
};

GATEHOUSE_TEST_MAIN(TestPolicySnapshot)
#include "tst_policysnapshot.moc"
