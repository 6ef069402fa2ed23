#include "core/base/jsonschema.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <nlohmann/json.hpp>

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
        row("empty list", "{\"name\":\"a\",\"capabilities\":[]}", "f:1:28: error: This list must not be empty [schema/minItems]\n");
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
    }

    void refusesSchemasThatItCantCheck_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("elsewhere") << QByteArray("{\"$ref\":\"https://example.com/x.json\"}");
        QTest::newRow("file") << QByteArray("{\"properties\":{\"a\":{\"$ref\":\"other.json#/x\"}}}");
        QTest::newRow("nowhere") << QByteArray("{\"items\":{\"$ref\":\"#/definitions/none\"}}");
        QTest::newRow("pattern") << QByteArray("{\"pattern\":\"(\"}");
        QTest::newRow("length") << QByteArray("{\"maxLength\":100000}");
        QTest::newRow("no schema") << QByteArray("7");
        QTest::newRow("bad type") << QByteArray("{\"type\":\"text\"}");
        QTest::newRow("bad properties") << QByteArray("{\"properties\":[1]}");
    }

    void refusesSchemasThatItCantCheck()
    {
        QFETCH(QByteArray, text);
        const auto compiled = JsonSchema::compile(nlohmann::json::parse(text.toStdString()), "s");
        QVERIFY(!compiled);
        QCOMPARE(compiled.error().where, std::string("s"));
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
