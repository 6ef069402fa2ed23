#include "core/policy/policy.h"
#include "tests/support/places.h"
#include "tests/support/testmain.h"

#include <nlohmann/json.hpp>

using namespace gatehouse;
using namespace gatehouse::policy;

class TestPolicy : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void readsTheDocumentOfTheFormatsPage()
    {
        const PolicyLoad load = loadPolicy(test::sourcePath("tests/data/policy/strict.policy.json"));
        QVERIFY2(load.policy, load.problems.empty() ? "" : load.problems.front().line().c_str());
        QCOMPARE(load.policy->id, std::string("strict"));
        QCOMPARE(load.policy->rules.size(), std::size_t(5));
        QCOMPARE(load.policy->rules[2].line, 8u);
        QCOMPARE(load.policy->rules[2].obligations.quorum.at(0).role, std::string("owner"));
        QCOMPARE(load.policy->lists.at("tools.allow").size(), std::size_t(3));
        QCOMPARE(load.policy->digest.size(), std::size_t(64));
        // What this version does not enforce is said, not passed over.
        QCOMPARE(load.problems.size(), std::size_t(2));
        for (const Problem& problem : load.problems)
            QVERIFY(problem.severity == Severity::Warning);
    }

    void theDigestIsOfTheMeaningNotOfTheSpaces()
    {
        const auto a = readPolicy(R"({"schema":"gatehouse:policy/1","id":"x","layer":"org","rules":[]})", "a");
        const auto b = readPolicy("{ \"rules\": [],\n \"id\": \"x\", \"layer\": \"org\", \"schema\": \"gatehouse:policy/1\" }", "b");
        const auto c = readPolicy(R"({"schema":"gatehouse:policy/1","id":"y","layer":"org","rules":[]})", "c");
        QCOMPARE(a.policy->digest, b.policy->digest);
        QVERIFY(a.policy->digest != c.policy->digest);
    }

    void everyMistakeHasItsPlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("line"); // begins with
        const auto row = [](const char* name, const char* text, const char* line) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(line);
        };
        const auto rule = [&row](const char* name, const std::string& body, const char* line) {
            row(name, ("{\"schema\":\"gatehouse:policy/1\",\"id\":\"p\",\"layer\":\"org\",\"rules\":[\n" + body + "\n]}").c_str(), line);
        };
        row("not JSON", "{", "p.json:1:2: error: ");
        row("duplicate key", "{\"id\":\"a\",\n\"id\":\"b\"}", "p.json:2:1: error: ");
        row("not an object", "[]", "p.json:1:1: error: A policy must be an object [policy/document]");
        row("no schema", R"({"id":"p","layer":"org","rules":[]})", "p.json:1:1: error: schema is missing [policy/required]");
        row("other schema", R"({"schema":"gatehouse:policy/2","id":"p","layer":"org","rules":[]})",
            "p.json:1:11: error: This is not a gatehouse:policy/1 document");
        row("no such layer", R"({"schema":"gatehouse:policy/1","id":"p","layer":"orgs","rules":[]})",
            "p.json:1:49: error: There is no layer orgs");
        row("rules missing", R"({"schema":"gatehouse:policy/1","id":"p","layer":"org"})", "p.json:1:1: error: rules must be");
        row("odd id", R"({"schema":"gatehouse:policy/1","id":"p q","layer":"org","rules":[]})", "p.json:1:37: error: An id is made of");
        row("a list of numbers", R"({"schema":"gatehouse:policy/1","id":"p","layer":"org","rules":[],"lists":{"tools.allow":[1]}})",
            "p.json:1:89: error: The list tools.allow");
        rule("no such effect", R"({"id":"a","effect":"block","points":["tool"],"when":{}})",
             "p.json:2:20: error: There is no effect block; there are: allow, ask, deny");
        rule("no such point", R"({"id":"a","effect":"deny","points":["tools"],"when":{}})",
             "p.json:2:37: error: There is no such point; there are: run.open, input");
        rule("no points", R"({"id":"a","effect":"deny","when":{}})", "p.json:2:1: error: points is missing");
        rule("no when", R"({"id":"a","effect":"deny","points":["tool"]})", "p.json:2:1: error: when is missing");
        rule("unknown key in a rule", R"({"id":"a","effect":"ask","points":["tool"],"when":{},"obligation":{}})",
             "p.json:2:54: error: A rule has no key obligation");
        rule("two rules, one id",
             "{\"id\":\"a\",\"effect\":\"deny\",\"points\":[\"tool\"],\"when\":{}},\n{\"id\":\"a\",\"effect\":\"deny\",\"points\":["
             "\"tool\"],\"when\":{}}",
             "p.json:3:7: error: Another rule");
        rule("unknown field", R"({"id":"a","effect":"deny","points":["tool"],"when":{"tools":"x"}})",
             "p.json:2:53: error: No point of this rule has a field tools; there are: agent, arguments");
        rule("field of another point", R"({"id":"a","effect":"deny","points":["input"],"when":{"all":[{"tool":"x"}]}})",
             "p.json:2:62: error: No point of this rule has a field tool");
        rule("unknown test", R"({"id":"a","effect":"deny","points":["tool"],"when":{"tool":{"equals":"x"}}})",
             "p.json:2:61: error: There is no test equals");
        rule("bad expression", "{\"id\":\"a\",\"effect\":\"deny\",\"points\":[\"tool\"],\"when\":{\"text\":{\"re2\":\"(a\"}}}",
             "p.json:2:67: error: RE2 refuses the regular expression: missing )");
        rule("huge expression", R"({"id":"a","effect":"deny","points":["tool"],"when":{"text":{"re2":"((a{100}){100}){10}"}}})",
             "p.json:2:67: error: ");
        rule("in without an array", R"({"id":"a","effect":"deny","points":["tool"],"when":{"tool":{"in":"x"}}})",
             "p.json:2:66: error: It needs an array");
        rule("number against a text", R"({"id":"a","effect":"deny","points":["tool"],"when":{"tool":7}})",
             "p.json:2:60: error: The field tool never has");
        rule("gt on a text", R"({"id":"a","effect":"deny","points":["tool"],"when":{"tool":{"gt":7}}})",
             "p.json:2:66: error: The test gt never applies");
        rule("fraction", R"({"id":"a","effect":"deny","points":["egress"],"when":{"port":{"gt":7.5}}})",
             "p.json:2:68: error: It needs an integer");
        rule("host with a star inside", R"({"id":"a","effect":"deny","points":["egress"],"when":{"host":{"host":"a.*.b"}}})",
             "p.json:2:70: error: It needs a host name");
        rule("network with host bits", R"({"id":"a","effect":"deny","points":["egress"],"when":{"host":{"cidr":"10.0.0.1/8"}}})",
             "p.json:2:70: error: It needs a network");
        rule("glob with an open bracket",
             "{\"id\":\"a\",\"effect\":\"deny\",\"points\":[\"file.write\"],\"when\":{\"path\":{\"glob\":\"a[b\"}}}",
             "p.json:2:74: error: It needs a path pattern");
        rule("empty any", R"({"id":"a","effect":"deny","points":["tool"],"when":{"any":[]}})",
             "p.json:2:59: error: It must be an array of at least one");
        rule("not of an array", R"({"id":"a","effect":"deny","points":["tool"],"when":{"not":[]}})",
             "p.json:2:59: error: A condition must be an object");
        rule("obligations of a deny", R"({"id":"a","effect":"deny","points":["tool"],"when":{},"obligations":{}})",
             "p.json:2:55: error: Only an ask rule");
        rule("bad duration", R"({"id":"a","effect":"ask","points":["tool"],"when":{},"obligations":{"expires":"4h"}})",
             "p.json:2:79: error: It must be an ISO 8601");
        rule("unknown obligation", R"({"id":"a","effect":"ask","points":["tool"],"when":{},"obligations":{"quorums":[]}})",
             "p.json:2:79: error: There is no such obligation");
        rule("quorum of nobody", R"({"id":"a","effect":"ask","points":["tool"],"when":{},"obligations":{"quorum":[{"role":"x","n":0}]}})",
             "p.json:2:78: error: Each entry needs");
    }

    void everyMistakeHasItsPlace()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, line);
        const PolicyLoad load = readPolicy(text.toStdString(), "p.json");
        QVERIFY(!load.policy);
        QVERIFY(!load.problems.empty());
        QByteArray all;
        for (const Problem& problem : load.problems)
            all += QByteArray::fromStdString(problem.line()) + '\n';
        QVERIFY2(all.startsWith(line), all.constData());
    }

    void tooDeepIsRefused()
    {
        std::string when = "{}";
        for (unsigned i = 0; i < maximumConditionDepth + 2; ++i)
            when = R"({"not":)" + when + "}";
        const PolicyLoad load = readPolicy(
            R"({"schema":"gatehouse:policy/1","id":"p","layer":"org","rules":[{"id":"a","effect":"deny","points":["tool"],"when":)" + when +
                "}]}",
            "p");
        QVERIFY(!load.policy);
        QCOMPARE(load.problems.front().rule, std::string("policy/depth"));
    }

    void anAbsentFileIsOneProblem()
    {
        const PolicyLoad load = loadPolicy("/nowhere/x.policy.json");
        QVERIFY(!load.policy);
        QCOMPARE(load.problems.size(), std::size_t(1));
        QVERIFY(load.problems[0].line().starts_with("/nowhere/x.policy.json"));
    }

    void aUnknownKeyAtTheTopIsKeptAndWarnedAbout()
    {
        const PolicyLoad load = readPolicy(R"({"schema":"gatehouse:policy/1","id":"p","layer":"org","rules":[],"owner":"x"})", "p");
        QVERIFY(load.policy);
        QCOMPARE(load.problems.size(), std::size_t(1));
        QCOMPARE(load.problems[0].rule, std::string("unknown-key"));
    }
};

GATEHOUSE_TEST_MAIN(TestPolicy)
#include "tst_policy.moc"
