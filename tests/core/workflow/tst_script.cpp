#include "core/workflow/script.h"
#include "tests/support/places.h"
#include "tests/support/testmain.h"

#include <nlohmann/json.hpp>

using namespace gatehouse;
using namespace gatehouse::workflow;

class TestScript : public test::TestCase {
    Q_OBJECT

    static Script load(const std::string& name)
    {
        const auto loaded = loadScript(test::sourcePath("tests/data/documents/scripts/" + name + ".script.json"));
        if (!loaded.problems.empty())
            qFatal("%s", loaded.problems.front().line().c_str());
        return *loaded.document;
    }

private Q_SLOTS:
    void argumentsAreTheTextThatAModelWouldSend()
    {
        const Script script = load("arguments");
        const AgentScript* found = scriptFor(script, "a", "anything");
        QVERIFY(found);
        const auto& calls = found->turns.at(0).calls;
        QVERIFY(nlohmann::json::parse(calls.at(0).arguments) == (nlohmann::json{{"a", "ü"}, {"b", 1.5}}));
        QCOMPARE(calls.at(1).arguments, std::string("{not json"));
        QVERIFY(nlohmann::json::parse(calls.at(2).arguments) == (nlohmann::json{{"patch", "*** Begin Patch\n*** End Patch"}}));
        QCOMPARE(found->turns.at(0).usage.input, 10);
        QCOMPARE(found->turns.at(1).usage.input, 10);
        QCOMPARE(found->turns.at(1).usage.output, 7);
    }

    void aTaskBeginsAnotherScript_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("flat") << QStringLiteral("flat");
        QTest::newRow("lists") << QStringLiteral("lists");
    }

    void aTaskBeginsAnotherScript()
    {
        QFETCH(QString, name);
        const Script script = load(name.toStdString());
        QCOMPARE(script.agents.at("a").size(), 4u);
        const auto answer = [&](const char* task) { return *scriptFor(script, "a", task)->turns.back().final; };
        QCOMPARE(answer("one more"), std::string("1"));
        QCOMPARE(answer("two"), std::string("2"));
        QCOMPARE(answer("three"), std::string("3"));
        QCOMPARE(answer("none"), std::string("rest"));
        QVERIFY(scriptFor(script, "b", "x"));
        QVERIFY(!scriptFor(script, "b", "y"));
        QVERIFY(!scriptFor(script, "c", "one"));
    }
};

GATEHOUSE_TEST_MAIN(TestScript)
#include "tst_script.moc"
