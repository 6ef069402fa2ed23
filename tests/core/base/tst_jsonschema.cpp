#include "core/base/jsonschema.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>

using namespace gatehouse;

static const char* const schemaText =
    "{"
    "  \"$id\": \"gatehouse:sample/1\", \"$schema\": \"http://json-schema.org/draft-07/schema#\","
    "  \"type\": \"object\", \"required\": [\"name\"],"
    "  \"properties\": {"
    "    \"name\": { \"type\": \"string\", \"pattern\": \"^[a-z]+$\", \"maxLength\": 64 },"
    "    \"class\": { \"enum\": [\"draft\", \"delivery\", \"privileged\"] },"
    "    \"limits\": { \"type\": \"object\", \"properties\": { \"turns\": { \"type\": \"integer\", \"minimum\": 1 } }, "
    "\"additionalProperties\": false },"
    "    \"entries\": { \"type\": \"object\", \"additionalProperties\": { \"$ref\": \"#/definitions/entry\" } },"
    "    \"capabilities\": { \"type\": \"array\", \"minItems\": 1, \"items\": { \"anyOf\": [ { \"type\": \"string\" }, { \"type\": "
    "\"object\", \"properties\": { \"skills\": { \"type\": \"object\" } } } ] } }"
    "  },"
    "  \"definitions\": {"
    "    \"entry\": { \"oneOf\": ["
    "      { \"type\": \"object\", \"required\": [\"content\"], \"properties\": { \"type\": { \"const\": \"file\" }, \"content\": { "
    "\"type\": \"string\" } } },"
    "      { \"type\": \"object\", \"required\": [\"repo\"], \"properties\": { \"type\": { \"const\": \"git_repo\" }, \"repo\": { "
    "\"type\": \"string\" }, \"ref\": { \"type\": \"string\" } } } ] }"
    "  }"
    "}";

class TestJsonSchema : public test::TestCase {
    Q_OBJECT
private:
    static JsonSchema schema()
    {
        auto compiled = JsonSchema::compile(nlohmann::json::parse(schemaText), "sample");
        if (!compiled)
            qFatal("%s", compiled.error().toString().c_str());
        return std::move(*compiled);
    }
    // Local references one after the other, each behind a subschema of the form.
    static nlohmann::json chain(int length, const nlohmann::json& form)
    {
        const auto pointer = [](int i) { return "/definitions/d" + std::to_string(i); };
        nlohmann::json schema = {{"$ref", '#' + pointer(0)}, {"definitions", {{"d" + std::to_string(length), {{"type", "string"}}}}}};
        for (int i = 0; i < length; ++i) {
            nlohmann::json link = form;
            link[nlohmann::json::json_pointer(form.contains("items") ? "/items/$ref" : "/$ref")] = '#' + pointer(i + 1);
            schema["definitions"]["d" + std::to_string(i)] = std::move(link);
        }
        return schema;
    }
    static QString lines(const std::vector<Problem>& problems)
    {
        QString out;
        for (const Problem& problem : problems)
            out += QString::fromStdString(problem.line()) + u'\n';
        return out;
    }

private Q_SLOTS:
    void saysWhatIsWrongAndWhere_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* text, const char* expected) {
            QTest::newRow(name) << QByteArray(text) << QString::fromUtf8(expected);
        };
        row("good", "{\"name\":\"a\",\"class\":\"draft\",\"entries\":{\"x\":{\"type\":\"file\",\"content\":\"\"}}}", "");
        row("missing", "{}", "f:1:1: error: The key \"name\" is missing [schema/required]\n");
        row("type", "{\n \"name\": 7}", "f:2:10: error: a string is expected here, but this is a number [schema/type]\n");
        row("root", "[]", "f:1:1: error: an object is expected here, but this is an array [schema/type]\n");
        row("pattern", "{\"name\":\"A\"}", "f:1:9: error: \"A\" does not have the form \"^[a-z]+$\" [schema/pattern]\n");
        row("enum", "{\"name\":\"a\",\"class\":\"drat\"}",
            "f:1:21: error: \"drat\" is not known here; did you mean \"draft\"? Known: \"draft\", \"delivery\", \"privileged\" "
            "[schema/enum]\n");
        row("minimum", "{\"name\":\"a\",\"limits\":{\"turns\":0}}", "f:1:31: error: 0 is too small: at least 1 [schema/minimum]\n");
        row("fraction", "{\"name\":\"a\",\"limits\":{\"turns\":1.5}}",
            "f:1:31: error: a whole number is expected here, but this is a number [schema/type]\n");
        row("unknown key", "{\"name\":\"a\",\"limits\":{\"turn\":1}}",
            "f:1:23: error: The key \"turn\" is not known here; did you mean \"turns\"? [schema/additionalProperties]\n");
        row("two at once", "{\"name\":\"a\",\"limits\":{\"turns\":0},\"class\":1}",
            "f:1:31: error: 0 is too small: at least 1 [schema/minimum]\n"
            "f:1:42: error: 1 is not known here; known: \"draft\", \"delivery\", \"privileged\" [schema/enum]\n");
        row("nearest alternative", "{\"name\":\"a\",\"entries\":{\"x\":{\"type\":\"git_repo\"}}}",
            "f:1:28: error: The key \"repo\" is missing [schema/required]\n");
        row("inside an alternative", "{\"name\":\"a\",\"entries\":{\"x\":{\"type\":\"git_repo\",\"repo\":5}}}",
            "f:1:54: error: a string is expected here, but this is a number [schema/type]\n");
        row("no alternative", "{\"name\":\"a\",\"capabilities\":[5]}",
            "f:1:29: error: a string or an object is expected here, but this is a number [schema/type]\n");
        row("empty list", "{\"name\":\"a\",\"capabilities\":[]}", "f:1:28: error: \"capabilities\" must not be empty [schema/minItems]\n");
    }

    void saysWhatIsWrongAndWhere()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, expected);
        GH_VALUE(const JsonDocument document, JsonDocument::parse(text.toStdString(), "f"));
        QCOMPARE(lines(schema().check(document)), expected);
        QCOMPARE(schema().check(document.value()).empty(), expected.isEmpty());
    }

    void unknownKeysAreWarnings()
    {
        GH_VALUE(const JsonDocument document,
                 JsonDocument::parse(
                     "{\"name\":\"a\", "
                     "\"clas\":\"draft\",\"entries\":{\"x\":{\"type\":\"file\",\"content\":\"\",\"contents\":\"\"}},\"layout\":{\"a\":1}}",
                     "f"));
        QCOMPARE(lines(schema().unknownKeys(document)),
                 QStringLiteral(
                     "f:1:14: warning: The key \"clas\" is not known here and has no effect; did you mean \"class\"? [unknown-key]\n"
                     "f:1:72: warning: The key \"contents\" is not known here and has no effect; did you mean \"content\"? [unknown-key]\n"
                     "f:1:88: warning: The key \"layout\" is not known here and has no effect [unknown-key]\n"));
    }

    void aHostileStringNeitherCrashesNorSlipsThrough()
    {
        const nlohmann::json value = {{"name", std::string(5000000, 'a')}};
        QVERIFY(!schema().check(value).empty());
        auto compiled = JsonSchema::compile({{"type", "string"}, {"pattern", "^(a|b)*$"}}, "p");
        GH_VERIFY(compiled);
        QVERIFY(compiled->check(nlohmann::json("abab")).empty());
        QVERIFY(!compiled->check(nlohmann::json(std::string(5000000, 'a') + "!")).empty());
        QVERIFY(compiled->check(nlohmann::json(std::string(5000000, 'a'))).empty());
    }

    void refusesSchemasThatItCantCheck_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("elsewhere") << QByteArray("{\"$ref\":\"https://example.com/x.json\"}");
        QTest::newRow("file") << QByteArray("{\"properties\":{\"a\":{\"$ref\":\"other.json#/x\"}}}");
        QTest::newRow("nowhere") << QByteArray("{\"items\":{\"$ref\":\"#/definitions/none\"}}");
        QTest::newRow("pattern") << QByteArray("{\"pattern\":\"(\"}");
        QTest::newRow("look-ahead") << QByteArray("{\"pattern\":\"a(?=b)\"}");
        QTest::newRow("huge repetition") << QByteArray("{\"pattern\":\"((a{1000}){1000}){1000}\"}");
        QTest::newRow("pattern of properties") << QByteArray("{\"patternProperties\":{\"(\":{}}}");
        QTest::newRow("to no schema") << QByteArray("{\"enum\":[{\"pattern\":\"(\"}],\"$ref\":\"#/enum/0\"}");
        QTest::newRow("circle") << QByteArray("{\"$ref\":\"#\"}");
        QTest::newRow("circle of two") << QByteArray(
            "{\"definitions\":{\"a\":{\"allOf\":[{\"$ref\":\"#/definitions/b\"}]},\"b\":{\"$ref\":\"#/definitions/a\"}}}");
        QTest::newRow("deep") << QByteArray(QByteArray("{\"not\":").repeated(100) + "{}" + QByteArray("}").repeated(100));
        QTest::newRow("no schema") << QByteArray("7");
        QTest::newRow("bad type") << QByteArray("{\"type\":\"text\"}");
        QTest::newRow("bad properties") << QByteArray("{\"properties\":[1]}");
    }

    // Following them takes stack, in the search for defects as in the checker itself.
    void longWaysThroughReferencesAreRefused()
    {
        const nlohmann::json through = {{"items", nlohmann::json::object()}};
        for (const int length : {100, 25000}) {
            const auto compiled = JsonSchema::compile(chain(length, nlohmann::json::object()), "s");
            QVERIFY(!compiled);
            QVERIFY2(compiled.error().why.format().find("in turn") != std::string::npos, compiled.error().toString().c_str());
        }
        QVERIFY(!JsonSchema::compile(chain(10000, through), "s")); // into the value with each
        GH_VALUE(const JsonSchema shorter, JsonSchema::compile(chain(60, nlohmann::json::object()), "s"));
        QVERIFY(shorter.check(nlohmann::json("text")).empty());
        QVERIFY(!shorter.check(nlohmann::json(1)).empty());
        GH_VALUE(const JsonSchema inside, JsonSchema::compile(chain(60, through), "s"));
        nlohmann::json good = "text";
        nlohmann::json bad = 1;
        for (int i = 0; i < 60; ++i) {
            good = nlohmann::json::array({good});
            bad = nlohmann::json::array({bad});
        }
        QVERIFY(inside.check(good).empty());
        QVERIFY(!inside.check(bad).empty());
    }

    // Schemas that lead to each other: however they are come upon, the way is as long as all of them.
    void longCirclesOfReferencesAreRefused()
    {
        const auto circle = [](int length) {
            nlohmann::json schema = {{"properties", nlohmann::json::object()}, {"definitions", nlohmann::json::object()}};
            for (int i = 0; i < length; ++i) {
                const std::string next = "#/definitions/d" + std::to_string((i + 1) % length);
                schema["definitions"]["d" + std::to_string(i)] = {{"items", {{"$ref", next}}}};
                schema["properties"]["p" + std::to_string(i)] = {{"$ref", next}};
            }
            return schema;
        };
        QVERIFY(!JsonSchema::compile(circle(5000), "s"));
        GH_VALUE(const JsonSchema small, JsonSchema::compile(circle(20), "s"));
        QVERIFY(small.check(nlohmann::json::parse("{\"p0\":[[[[]]]]}")).empty());
    }

    void refusesSchemasThatItCantCheck()
    {
        QFETCH(QByteArray, text);
        const auto compiled = JsonSchema::compile(nlohmann::json::parse(text.toStdString()), "s");
        QVERIFY(!compiled);
        QVERIFY2(compiled.error().where.starts_with("s"), compiled.error().where.c_str());
    }

    void aBadPatternIsNamedWithItsPlace()
    {
        const auto compiled =
            JsonSchema::compile(nlohmann::json::parse("{\"properties\":{\"a\":{\"items\":{\"pattern\":\"x(\"}}}}"), "tool t");
        QVERIFY(!compiled);
        QCOMPARE(compiled.error().where, std::string("tool t (/properties/a/items/pattern)"));
        QVERIFY(compiled.error().why.format().find("x(") != std::string::npos);
    }

    // Each of these ran for longer than anybody waits, or out of the stack, with std::regex or without a bound on steps.
    void hostileSchemasEnd_data()
    {
        QTest::addColumn<QByteArray>("schema");
        QTest::addColumn<QByteArray>("value");
        const QByteArray many = QByteArray("a").repeated(8000);
        QTest::newRow("pattern") << QByteArray("{\"pattern\":\"^(a+)+$\"}") << QByteArray("\"" + many + "!\"");
        QTest::newRow("nested") << QByteArray("{\"items\":{\"not\":{\"pattern\":\"^(a|aa)+$\"}}}")
                                << QByteArray("[\"" + many + "!\", \"" + many + "\"]");
        QTest::newRow("names") << QByteArray("{\"propertyNames\":{\"pattern\":\"^(a+)+$\"}}") << QByteArray("{\"" + many + "!\":1}");
        QTest::newRow("pattern properties") << QByteArray("{\"patternProperties\":{\"^(a+)+$\":false},\"additionalProperties\":false}")
                                            << QByteArray("{\"" + many + "!\":1}");
        QTest::newRow("doubling") << QByteArray("{\"properties\":{\"n\":{\"allOf\":[{\"$ref\":\"#\"},{\"$ref\":\"#\"}]}}}")
                                  << QByteArray(QByteArray("{\"n\":").repeated(60) + "1" + QByteArray("}").repeated(60));
        QTest::newRow("format") << QByteArray("{\"format\":\"date\"}") << QByteArray("\"" + QByteArray("1").repeated(1000000) + "\"");
    }

    void hostileSchemasEnd()
    {
        QFETCH(QByteArray, schema);
        QFETCH(QByteArray, value);
        const auto compiled = JsonSchema::compile(nlohmann::json::parse(schema.toStdString()), "s");
        GH_VERIFY(compiled);
        QVERIFY(!compiled->check(nlohmann::json::parse(value.toStdString())).empty());
    }

    void patternsOfKeysHold_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("good");
        QTest::newRow("both match") << QByteArray("{\"x-a\":\"b\",\"n1\":2}") << true;
        QTest::newRow("wrong type") << QByteArray("{\"x-a\":5}") << false;
        QTest::newRow("other key") << QByteArray("{\"y\":5}") << false;
        QTest::newRow("own word and the pattern's") << QByteArray("{\"x-own\":\"short\"}") << true;
        QTest::newRow("too long for its own word") << QByteArray("{\"x-own\":\"much too long\"}") << false;
        QTest::newRow("inside") << QByteArray("{\"x-a\":\"b\",\"n1\":1.5}") << false;
        QTest::newRow("not a string's pattern") << QByteArray("{\"x-a\":\"B\"}") << false;
    }

    void patternsOfKeysHold()
    {
        QFETCH(QByteArray, value);
        QFETCH(bool, good);
        const auto compiled = JsonSchema::compile(
            nlohmann::json::parse(
                "{\"patternProperties\":{\"^x-\":{\"type\":\"string\",\"pattern\":\"^[a-z ]*$\"},\"[0-9]$\":{\"type\":\"integer\"}},"
                "\"properties\":{\"x-own\":{\"maxLength\":5}},\"additionalProperties\":false}"),
            "s");
        GH_VERIFY(compiled);
        QCOMPARE(compiled->check(nlohmann::json::parse(value.toStdString())).empty(), good);
    }

    void unknownKeywordsAreTold()
    {
        const auto compiled = JsonSchema::compile(
            nlohmann::json::parse(
                "{\"properties\":{\"unevaluated\":{\"minContains\":1}},\"title\":\"t\",\"enum\":[{\"x\":1}],\"requird\":[]}"),
            "s");
        GH_VERIFY(compiled);
        const std::vector<std::string> expected = {"/requird", "/properties/unevaluated/minContains"};
        std::vector<std::string> got = compiled->unknownKeywords();
        std::ranges::sort(got, std::greater<>());
        QCOMPARE(got, expected);
    }

    void uniqueItems_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("good");
        QTest::newRow("none") << QByteArray("[]") << true;
        QTest::newRow("no list") << QByteArray("\"aa\"") << true;
        QTest::newRow("kinds") << QByteArray("[1,\"1\",true,\"true\",null,\"\",[],{},[1],[\"1\"],-1,1.5,\"1.5\",0,false]") << true;
        QTest::newRow("nested") << QByteArray("[{\"a\":1,\"b\":[2]},{\"b\":[2],\"a\":1}]") << false;
        QTest::newRow("boundaries") << QByteArray("[[\"a\",\"b\"],[\"ab\"],[\"a\\\"b\"],[[\"a\"],\"b\"],{\"a\":\"b\"},{\"a\":{\"b\":1}}]")
                                    << true;
        QTest::newRow("numbers") << QByteArray("[1,1.0]") << false;
        QTest::newRow("zeros") << QByteArray("[0,-0.0]") << false;
        QTest::newRow("large") << QByteArray("[9007199254740993,9007199254740992,1e300]") << true;
    }

    void uniqueItems()
    {
        QFETCH(QByteArray, value);
        QFETCH(bool, good);
        const auto compiled = JsonSchema::compile({{"uniqueItems", true}}, "s");
        GH_VERIFY(compiled);
        const nlohmann::json parsed = nlohmann::json::parse(value.toStdString());
        QCOMPARE(compiled->check(parsed).empty(), good);
        const auto indifferent = JsonSchema::compile({{"uniqueItems", false}}, "s");
        GH_VERIFY(indifferent);
        QVERIFY(indifferent->check(parsed).empty());
        QVERIFY(!JsonSchema::compile({{"uniqueItems", "true"}}, "s"));
    }

    // All pairs would be two hundred million, and so would be what is said about them.
    void manyItemsAreComparedSoon()
    {
        const auto compiled = JsonSchema::compile({{"uniqueItems", true}}, "s");
        GH_VERIFY(compiled);
        nlohmann::json distinct = nlohmann::json::array();
        for (int i = 0; i < 20000; ++i)
            distinct.push_back(nlohmann::json{{"name", "item"}, {"number", i}});
        QVERIFY(compiled->check(distinct).empty());
        const nlohmann::json equal(20000, distinct[0]);
        QVERIFY(equal.is_array());
        const auto found = compiled->check(equal);
        QCOMPARE(int(found.size()), 1);
        QCOMPARE(found[0].second.format(), std::string("An element stands twice in this list"));
        distinct.push_back(distinct[19999]);
        QCOMPARE(int(compiled->check(distinct).size()), 1);
    }

    void falseIsAnErrorToo()
    {
        auto compiled =
            JsonSchema::compile(nlohmann::json::parse("{\"properties\":{\"a\":false},\"propertyNames\":{\"pattern\":\"^[a-z]$\"}}"), "s");
        GH_VERIFY(compiled);
        QVERIFY(!compiled->check(nlohmann::json{{"a", 1}}).empty());
        QVERIFY(!compiled->check(nlohmann::json{{"A", 1}}).empty());
        QVERIFY(compiled->check(nlohmann::json{{"b", 1}}).empty());
    }
};

GATEHOUSE_TEST_MAIN(TestJsonSchema)
#include "tst_jsonschema.moc"
