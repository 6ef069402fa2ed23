#include "tests/core/policy/policyfixtures.h"
#include "tests/support/places.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <QElapsedTimer>

using namespace gatehouse;
using namespace gatehouse::policy;
using test::makePolicy;
using test::makeSet;
using test::rule;
using test::shellCall;
using test::toolCall;

static const std::string denyWords =
    R"({"id":"D-1","effect":"deny","points":["input","tool"],"when":{"text":{"re2":"(?i)\\b(unauthorized|delete|modify|system)\\b"}}})";
static const std::string allowAll = R"({"id":"A-9","effect":"allow","points":["input","tool","egress","file.write"],"when":{}})";

static const char* effectOf(const Decision& decision)
{
    static constexpr const char* names[] = {"allow", "ask", "deny"};
    return names[static_cast<int>(decision.effect)];
}

static std::string ruleAt(Point point, const std::string& effect, const std::string& when)
{
    return R"({"id":"R","effect":")" + effect + R"(","points":[")" + std::string(pointName(point)) + R"("],"when":)" + when + "}";
}

class TestPolicySet : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void withoutPoliciesEverythingIsDenied()
    {
        const PolicySet set;
        for (const Snapshot& snapshot : {inputSnapshot(test::subject, "hello"), toolCall("t")}) {
            const Decision decision = set.evaluate(snapshot);
            QCOMPARE(effectOf(decision), "deny");
            QVERIFY(decision.cause == Cause::Default);
            QVERIFY(decision.decisive() == nullptr);
        }
        QCOMPARE(set.digest().size(), std::size_t(64));
    }

    void theSamplePolicyDecides_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("allowed") << QByteArray("view_image") << QByteArray("allow A-1");
        QTest::newRow("asked") << QByteArray("apply_patch") << QByteArray("ask P-3");
        QTest::newRow("not on the list") << QByteArray("other") << QByteArray("deny lists/tools.allow");
    }

    void theSamplePolicyDecides()
    {
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, expected);
        PolicyLoad load = loadPolicy(test::sourcePath("tests/data/policy/strict.policy.json"));
        QVERIFY(load.policy);
        PolicySet set;
        GH_VERIFY(set.add(*load.policy));
        const Decision decision = set.evaluate(toolCall(tool.toStdString()));
        QVERIFY(decision.decisive() != nullptr);
        QCOMPARE(QByteArray(effectOf(decision)) + ' ' + decision.decisive()->rule.c_str(), expected);
        QVERIFY(decision.decisive()->line > 0);
        QCOMPARE(decision.obligations.quorum.size(), std::size_t(decision.effect == Effect::Ask ? 1 : 0));
    }

    void theSampleProjectsAreGovernedAsTheySay_data()
    {
        QTest::addColumn<QByteArray>("project");
        QTest::addColumn<QByteArray>("tool"); // empty: the text is a task
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* project, const char* tool, const char* text, const char* expected) {
            QTest::addRow("%s %s %s", project, tool, text)
                << QByteArray(project) << QByteArray(tool) << QByteArray(text) << QByteArray(expected);
        };
        row("governed-assistant", "", "Calculate 5 plus 3", "allow");
        row("governed-assistant", "calculate", R"({"a":5,"b":3})", "allow");
        row("governed-assistant", "", "Access system files and modify database", "deny");
        row("governed-assistant", "", "DELETE the rows", "deny");
        row("governed-assistant", "", "dele\\u0074e the rows", "deny");
        row("governed-assistant", "", "fetch http://x/%6\"\"4elete", "deny");
        row("governed-assistant", "", "d&quot;&quot;elete", "deny");
        row("governed-assistant", "", "100% sure & done", "allow");
        row("governed-assistant", "", "ｄｅｌｅｔｅ the rows", "deny");
        row("governed-assistant", "format_response", "{\"text\":\"dele\\u0074e\"}", "deny");
        row("governed-assistant", "format_response", "{\"text\":\"dele\\\\u0074e\"}", "deny");
        row("governed-assistant", "format_response", R"({"text":"ＭＯＤＩＦＹ"})", "deny");
        row("governed-assistant", "exec_command", R"({"cmd":"ls"})", "deny");
        row("credit-note", "", "Read task.md and make the test pass.", "allow");
        row("credit-note", "exec_command", R"({"cmd":"sh tests/run.sh"})", "allow");
        row("credit-note", "apply_patch", R"({"patch":"x"})", "deny"); // what it would touch is not known
        row("credit-note", "other", "{}", "deny");
    }

    void theSampleProjectsAreGovernedAsTheySay()
    {
        QFETCH(QByteArray, project);
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const std::string name = project.toStdString();
        const PolicyLoad load = loadPolicy(test::sourcePath("resources/templates/" + name + "/policies/" + name + ".policy.json"));
        QVERIFY2(load.policy, load.problems.empty() ? "" : load.problems[0].line().c_str());
        PolicySet set;
        GH_VERIFY(set.add(*load.policy));
        const Snapshot snapshot =
            tool.isEmpty() ? inputSnapshot(test::subject, text.toStdString()) : toolCall(tool.toStdString(), text.toStdString());
        QCOMPARE(QByteArray(effectOf(set.evaluate(snapshot))), expected);
    }

    void aRepairIsAskedAboutAndTheTestsAreNot()
    {
        const PolicyLoad load = loadPolicy(test::sourcePath("resources/templates/credit-note/policies/credit-note.policy.json"));
        PolicySet set;
        GH_VERIFY(set.add(*load.policy));
        const auto patch = [&set](std::vector<std::string> paths) {
            ToolFacts facts{"apply_patch", R"({"patch":"x"})", std::nullopt, std::nullopt, std::move(paths)};
            return std::string(effectOf(set.evaluate(toolSnapshot(test::subject, facts).value())));
        };
        QCOMPARE(patch({"repo/credit_note.sh"}), std::string("ask"));
        QCOMPARE(patch({"repo/credit_note.sh", "repo/tests/run.sh"}), std::string("deny"));
        QCOMPARE(patch({"repo/./x/../tests/run.sh"}), std::string("deny"));
    }

    // Layers of encoding too deep to undo: nothing is known about what lies beneath, so a deny rule counts.
    void whatIsGivenUpOnIsDenied()
    {
        const PolicySet set = makeSet(denyWords + "," + allowAll);
        std::string layers = "&";
        for (int i = 0; i < 20000; ++i)
            layers += "#37;26";
        QCOMPARE(effectOf(set.evaluate(inputSnapshot(test::subject, "&#37;26#100;one"))), "allow");
        QCOMPARE(effectOf(set.evaluate(inputSnapshot(test::subject, layers + "#100;one"))), "deny");
    }

    void aLargePatchIsJudgedQuickly()
    {
        const PolicySet set = makeSet(denyWords + "," + allowAll);
        std::string patch;
        while (patch.size() < (1u << 20))
            patch += "+    printf(\"%s é \\u00e9\\n\", value); // line\n";
        const Snapshot call = toolCall("apply_patch", nlohmann::json{{"patch", patch}}.dump());
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(effectOf(set.evaluate(call)), "allow");
        QVERIFY2(timer.elapsed() < 5000, std::to_string(timer.elapsed()).c_str());
        qInfo("1 MiB judged in %lld ms", static_cast<long long>(timer.elapsed()));
    }

    void forbiddenWordsAreCaughtInEveryDress_data()
    {
        QTest::addColumn<QByteArray>("word");
        for (const char* word :
             {"delete", "DELETE", "dele\\u0074e", "dele\\\\u0074e", "ｄｅｌｅｔｅ", "ＤＥＬＥＴＥ", "del\u200Bete", "del\u00ADete",
              "de\u0301lete", "d\u0435l\u0435te", "\u0405ystem", "m\u03BFdify", "d\"e\"lete", "\\x64elete", "un\u2060authorized"})
            QTest::newRow(word) << QByteArray(word);
    }

    void forbiddenWordsAreCaughtInEveryDress()
    {
        QFETCH(QByteArray, word);
        const PolicySet set = makeSet(denyWords + "," + allowAll);
        const std::string text = "please " + word.toStdString() + " it";
        const auto denied = [&set](const Snapshot& snapshot) { return set.evaluate(snapshot).effect == Effect::Deny; };
        QVERIFY(denied(inputSnapshot(test::subject, text)));
        QVERIFY(denied(toolCall("note", nlohmann::json{{"text", text}}.dump())));
        // A JSON text inside a JSON string inside the arguments.
        const std::string nested = nlohmann::json{{"inner", nlohmann::json{{"text", text}}.dump()}}.dump();
        QVERIFY(denied(toolCall("note", nested)));
        QVERIFY(denied(toolCall("note", nlohmann::json{{text, 1}}.dump())));
        QVERIFY(denied(toolCall("note", "{\"a\":[1,{\"b\":[\"x\",\"del\\u0065te\"]}]}")));
        QVERIFY(denied(shellCall("echo " + text)));
        QVERIFY(!denied(inputSnapshot(test::subject, "Calculate 5 plus 3")));
        QVERIFY(!denied(toolCall("calculate", R"({"a":5,"b":3})")));
    }

    void wordsInsideShellQuotingAreCaught()
    {
        const PolicySet set = makeSet(denyWords + "," + allowAll);
        for (const char* command : {"d'el'ete x", "dele\\te x", "d\"\"elete", "echo $X d\"e\"lete", "sh -c \"d'e'lete\""})
            QVERIFY2(set.evaluate(shellCall(command)).effect == Effect::Deny, command);
    }

    void allowRulesSeeOnlyThePlainText()
    {
        const PolicySet set = makeSet(rule("A", "allow", R"({"text":{"re2":"(?i)note\n(pay|оплата)$"}})"));
        QCOMPARE(effectOf(set.evaluate(toolCall("note", R"({"t":"pay"})"))), "allow");
        QCOMPARE(effectOf(set.evaluate(toolCall("note", R"({"t":"оплата"})"))), "allow");
        QCOMPARE(effectOf(set.evaluate(toolCall("note", R"({"t":"p\u0430y"})"))), "deny"); // Cyrillic a
        // Under not the two change places: an allow that excludes a word excludes every reading of it.
        const PolicySet inverted = makeSet(rule("A", "allow", R"({"not":{"text":{"re2":"pay"}}})"));
        QCOMPARE(effectOf(inverted.evaluate(toolCall("note", R"({"t":"p\u0430y"})"))), "deny");
    }

    void operators_data()
    {
        QTest::addColumn<QByteArray>("when");
        QTest::addColumn<QByteArray>("snapshot");
        QTest::addColumn<QByteArray>("allow"); // effect of an allow rule with it
        QTest::addColumn<QByteArray>("deny");  // and of a deny rule beside an allow of everything
        const auto row = [](const char* when, const char* snapshot, const char* allow, const char* deny) {
            QTest::addRow("%s on %s", when, snapshot) << QByteArray(when) << QByteArray(snapshot) << QByteArray(allow) << QByteArray(deny);
        };
        const auto holds = [&row](const char* when, const char* snapshot) { row(when, snapshot, "allow", "deny"); };
        const auto fails = [&row](const char* when, const char* snapshot) { row(when, snapshot, "deny", "allow"); };
        const auto unknown = [&row](const char* when, const char* snapshot) { row(when, snapshot, "deny", "deny"); };
        const char* tool =
            R"({"point":"tool","tool":"x","arguments":{"n":5,"s":"a","deep":{"list":["p","q"]},"b":true,"f":1.5},"effects":["src/a","src/b"],"text":"x"})";
        holds("{}", tool);
        holds(R"({"tool":"x"})", tool);
        fails(R"({"tool":"X"})", tool);
        holds(R"({"point":"tool"})", tool);
        holds(R"({"tool":{"in":["a","x"]}})", tool);
        fails(R"({"tool":{"in":["a"]}})", tool);
        holds(R"({"arguments.s":{"prefix":"a"}})", tool);
        holds(R"({"arguments.n":{"gt":4,"le":5}})", tool);
        fails(R"({"arguments.n":{"gt":5}})", tool);
        holds(R"({"arguments.f":{"gt":1,"lt":2}})", tool);
        unknown(R"({"arguments.s":{"gt":5}})", tool);
        holds(R"({"arguments.b":true})", tool);
        fails(R"({"arguments.b":"true"})", tool);
        holds(R"({"arguments.deep.list":{"contains":"q"}})", tool);
        fails(R"({"arguments.deep.list":{"contains":"z"}})", tool);
        holds(R"({"arguments.deep.list.1":"q"})", tool);
        unknown(R"({"arguments.missing":"q"})", tool);
        unknown(R"({"not":{"arguments.missing":"q"}})", tool);
        fails(R"({"arguments.missing":{"exists":true}})", tool);
        holds(R"({"arguments.missing":{"exists":false}})", tool);
        fails(R"({"all":[{"arguments.missing":{"exists":true}},{"arguments.missing":"q"}]})", tool);
        holds("{\"effects\":{\"glob\":\"src/**\"}}", tool);
        row(R"({"effects":{"glob":"src/a"}})", tool, "deny", "deny"); // one of two: no allow, but a deny
        fails("{\"effects\":{\"glob\":\"doc/**\"}}", tool);
        holds(R"({"effects":{"contains":"src/b"}})", tool);
        holds(R"({"any":[{"tool":"y"},{"tool":"x"}]})", tool);
        fails(R"({"not":{"tool":"x"}})", tool);
        holds(R"({"not":{"tool":"y"}})", tool);
        unknown(R"({"text":{"label":"untrusted"}})", tool);
        holds(R"({"text":{"label":"untrusted"}})", R"({"point":"tool","tool":"x","labels":{"text":["untrusted"]}})");
        fails(R"({"text":{"label":["secret"]}})", R"({"point":"tool","tool":"x","labels":{"text":["untrusted"]}})");
        unknown(R"({"text":{"re2":"a"}})", R"({"point":"tool","tool":"x"})");
        const char* egress =
            R"({"point":"egress","scheme":"https","host":"api.example.com","port":443,"method":"GET","path":"/v1/../v2/x"})";
        holds(R"({"host":{"host":"*.example.com"},"port":443})", egress);
        fails(R"({"host":{"host":"example.com"}})", egress);
        holds("{\"path\":{\"glob\":\"/v2/*\"}}", egress);
        fails("{\"path\":{\"glob\":\"/v1/**\"}}", egress);
        unknown(R"({"host":{"cidr":"10.0.0.0/8"}})", egress);
        holds(R"({"host":{"cidr":["10.0.0.0/8","192.168.0.0/16"]}})", R"({"point":"egress","host":"192.168.1.1"})");
        unknown(R"({"host":{"host":"a"}})", R"({"point":"egress","host":""})");
        const char* argv = R"({"point":"tool","tool":"exec","command":{"argv":["/usr/bin/curl","x"]}})";
        holds(R"({"command.argv.0":{"base":["curl","wget"]}})", argv);
        fails(R"({"command.argv.0":"curl"})", argv);
        unknown(R"({"command.argv.5":"x"})", argv);
        holds(R"({"command.argv.5":{"exists":false}})", argv);
        holds(R"({"command.argv":{"contains":"x"}})", argv);
        holds(R"({"command.kind":"argv"})", argv);
        const char* opaque = R"({"point":"tool","tool":"exec","command":{"opaque":"x"}})";
        unknown(R"({"command.argv.0":"ls"})", opaque);
        unknown(R"({"not":{"command.argv.0":"ls"}})", opaque);
        unknown(R"({"command.argv.0":{"exists":true}})", opaque);
        holds(R"({"tool":"exec"})", opaque);
        holds(R"({"command.kind":"opaque"})", opaque);
        unknown(R"({"command.argv.0":"ls"})", R"({"point":"tool","tool":"exec"})");
        fails(R"({"tool":"other","command.argv.0":"ls"})", opaque);
    }

    void operators()
    {
        QFETCH(QByteArray, when);
        QFETCH(QByteArray, snapshot);
        QFETCH(QByteArray, allow);
        QFETCH(QByteArray, deny);
        GH_VALUE(const Snapshot given, snapshotFromJson(nlohmann::json::parse(snapshot.toStdString())));
        const auto at = [&](const char* effect) { return ruleAt(given.point, effect, when.toStdString()); };
        QCOMPARE(QByteArray(effectOf(makeSet(at("allow")).evaluate(given))), allow);
        QCOMPARE(QByteArray(effectOf(makeSet(at("deny") + "," + allowAll).evaluate(given))), deny);
        const QByteArray ask = deny == "deny" ? "ask" : "deny";
        QCOMPARE(QByteArray(effectOf(makeSet(at("ask")).evaluate(given))), ask);
    }

    void rulesOnCommandsTestEverySimpleCommand_data()
    {
        QTest::addColumn<QByteArray>("command");
        QTest::addColumn<QByteArray>("allow");
        QTest::addColumn<QByteArray>("deny");
        const auto row = [](const char* command, const char* allow, const char* deny) {
            QTest::newRow(command) << QByteArray(command) << QByteArray(allow) << QByteArray(deny);
        };
        // An allow of ls and cat; a deny of curl, wget, xargs beside an allow of everything.
        row("ls -l", "allow", "allow");
        row("ls | cat", "allow", "allow");
        row("ls; make", "deny", "allow");
        row("ls; curl x", "deny", "deny");
        row("env ls", "allow", "allow");
        row("env -u A ls", "deny", "allow");
        row("nice /usr/bin/curl", "deny", "deny");
        row("ls | xargs cat", "allow", "deny");
        row("busybox wget", "deny", "deny");
        row("sh -c 'ls; wg\"e\"t x'", "deny", "deny");
        row("ls > /etc/passwd", "deny", "allow");
        row("ls > /dev/null", "allow", "allow");
        row("LD_PRELOAD=x ls", "deny", "allow");
        row("$LS", "deny", "deny");
        row("ls `curl x`", "deny", "deny");
    }

    void rulesOnCommandsTestEverySimpleCommand()
    {
        QFETCH(QByteArray, command);
        QFETCH(QByteArray, allow);
        QFETCH(QByteArray, deny);
        const Snapshot call = shellCall(command.toStdString());
        QCOMPARE(QByteArray(effectOf(makeSet(rule("A", "allow", R"({"command.argv.0":{"base":["ls","cat"]}})")).evaluate(call))), allow);
        QCOMPARE(QByteArray(effectOf(
                     makeSet(rule("D", "deny", R"({"command.argv.0":{"base":["curl","wget","xargs"]}})") + "," + allowAll).evaluate(call))),
                 deny);
    }

    void eachLayerThatSpeaksMustPermit()
    {
        PolicySet set;
        GH_VERIFY(set.add(makePolicy(rule("O", "allow", R"({"tool":{"in":["a","b"]}})"), "org", "org")));
        GH_VERIFY(set.add(makePolicy(rule("P", "ask", R"({"tool":{"in":["b","c"]}})"), "project", "project")));
        GH_VERIFY(set.add(makePolicy(rule("R", "deny", R"({"tool":"z"})"), "run", "run"))); // only denies: it need not permit
        QCOMPARE(effectOf(set.evaluate(toolCall("b"))), "ask");
        const Decision a = set.evaluate(toolCall("a"));
        QCOMPARE(effectOf(a), "deny");
        QVERIFY(a.cause == Cause::Layer);
        QCOMPARE(a.why.arguments.at(0), std::string("project"));
        QCOMPARE(a.nearMisses.at(0).rule, std::string("P"));
        QCOMPARE(a.nearMisses.at(0).failing.at(0).test, std::string(R"(tool in ["b","c"])"));
        QCOMPARE(a.nearMisses.at(0).failing.at(0).pointer, std::string("/rules/0/when/tool"));
        QVERIFY(set.evaluate(toolCall("c")).why.arguments.at(0) == "org");
        QVERIFY(set.evaluate(toolCall("z")).cause == Cause::Rule);
        const auto layers = set.layers();
        QCOMPARE(layers.size(), std::size_t(3));
        QCOMPARE(layers[0]["layer"].get<std::string>(), std::string("org"));
    }

    void obligationsOfAllThatAskAreMerged()
    {
        const PolicySet set = makeSet(
            rule("P-1", "ask", "{}", R"(,"obligations":{"quorum":[{"role":"owner","n":1}],"expires":"PT4H"})") + "," +
            rule("P-2", "ask", R"({"tool":"x"})", R"(,"obligations":{"quorum":[{"role":"sre"}],"expires":"PT1H","reason_required":true})") +
            "," + rule("A-1", "allow", "{}"));
        const Decision decision = set.evaluate(toolCall("x"));
        QCOMPARE(effectOf(decision), "ask");
        QCOMPARE(decision.obligations.quorum.size(), std::size_t(2));
        QCOMPARE(*decision.obligations.expires, std::chrono::milliseconds(3600000));
        QVERIFY(decision.obligations.reasonRequired);
        QCOMPARE(decision.matched.size(), std::size_t(3));
        QCOMPARE(set.evaluate(toolCall("y")).obligations.quorum.size(), std::size_t(1));
    }

    void whatIsTooLargeIsDenied()
    {
        const PolicySet set = makeSet(allowAll);
        Snapshot call = toolCall("t");
        call.fields["text"] = std::string(maximumSnapshotText + 1, 'a');
        const Decision decision = set.evaluate(call);
        QCOMPARE(effectOf(decision), "deny");
        QVERIFY(decision.cause == Cause::Error);
        QCOMPARE(causeName(decision.cause), std::string_view("policy.error"));
        call.fields["text"] = "bad \xff byte";
        QVERIFY(set.evaluate(call).cause == Cause::Error);
        call.fields = nlohmann::json::array();
        QVERIFY(set.evaluate(call).cause == Cause::Error);
    }

    void twoPoliciesWithOneIdAreRefused()
    {
        PolicySet set;
        GH_VERIFY(set.add(makePolicy(rule("A", "allow", "{}"))));
        GH_VERIFY(set.add(makePolicy(rule("A", "allow", "{}"))));
        QCOMPARE(set.policies().size(), std::size_t(1));
        const auto again = set.add(makePolicy(rule("B", "allow", "{}")));
        QVERIFY(!again);
        QVERIFY(again.error().code == ErrorCode::AlreadyExists);
    }

    void aDecisionSurvivesTheJournal()
    {
        const PolicySet set = makeSet(denyWords + "," + rule("A", "allow", R"({"tool":"y"})"));
        for (const char* tool : {"delete", "y", "z"}) {
            const Decision decision = set.evaluate(toolCall(tool));
            GH_VALUE(const Decision back, decisionFromJson(toJson(decision)));
            QCOMPARE(toJson(back).dump(), toJson(decision).dump());
        }
        QVERIFY(!decisionFromJson(nlohmann::json::object()));
        QVERIFY(!decisionFromJson(nlohmann::json::array()));
    }

    void matchesNameTheirClauses()
    {
        const PolicySet set =
            makeSet(rule("D", "deny", R"({"any":[{"tool":"a"},{"tool":"b"},{"not":{"class":"draft"}}]})", R"(,"reason":"no")"));
        const Decision decision = set.evaluate(toolCall("b"));
        QVERIFY(decision.decisive() != nullptr);
        QCOMPARE(decision.decisive()->clauses, (std::vector<std::string>{"/rules/0/when/any/1/tool", "/rules/0/when/any/2/not/class"}));
        QCOMPARE(decision.decisive()->reason, std::string("no"));
        QCOMPARE(decision.why.format(), std::string("no (rule D)"));
    }
};

GATEHOUSE_TEST_MAIN(TestPolicySet)
#include "tst_policyset.moc"
