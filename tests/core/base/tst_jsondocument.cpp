#include "core/base/jsondocument.h"
#include "core/base/problem.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <sys/stat.h>

using namespace gatehouse;

class TestJsonDocument : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void knowsThePlaceOfEverything()
    {
        const std::string text = "{\n  \"ä\": {\"b\": [1, \"€\", {\"c/d~\": true}]},\n  \"z\": -0.5e1 }\n";
        GH_VALUE(const JsonDocument document, JsonDocument::parse(text, "a.json"));
        QCOMPARE(document.text(), text);
        QCOMPARE(document.where(""), std::string("a.json:1:1"));
        QCOMPARE(document.where("/ä"), std::string("a.json:2:8"));
        QCOMPARE(document.where("/ä/b/1"), std::string("a.json:2:18"));
        QCOMPARE(document.where("/ä/b/2/c~1d~0"), std::string("a.json:2:32")); // columns count characters, not bytes
        QCOMPARE(document.keyPosition("/z").line, 3u);
        QCOMPARE(document.keyPosition("/z").column, 3u);
        QCOMPARE(document.position("/z").column, 8u);
        const auto range = document.range("/ä/b/2");
        QVERIFY(range.has_value());
        QCOMPARE(text.substr(range->begin, range->end - range->begin), std::string("{\"c/d~\": true}"));
        const auto key = document.keyRange("/z");
        QVERIFY(key.has_value());
        QCOMPARE(text.substr(key->begin, key->end - key->begin), std::string("\"z\""));
        QVERIFY(!document.keyRange("/ä/b/0"));
        QVERIFY(document.value()["z"] == nlohmann::json(-5.0));
    }

    void whatIsMissingHasTheNearestPlace()
    {
        GH_VALUE(const JsonDocument document, JsonDocument::parse("{\n \"a\": [\n  7\n ]}", "a.json"));
        QCOMPARE(document.where("/a/1/x"), std::string("a.json:2:7"));
        QVERIFY(!document.contains("/a/1"));
        QVERIFY(!document.contains("/a/00"));
        QVERIFY(!document.contains("/a/x"));
        QVERIFY(!document.contains("a"));
        QVERIFY(document.contains("/a/0"));
    }

    void keysKeepTheirOrder()
    {
        GH_VALUE(const JsonDocument document, JsonDocument::parse("{\"z\":1,\"a\":2,\"\\u006d\":3}", "a"));
        QCOMPARE(document.keys(""), (std::vector<std::string>{"z", "a", "m"}));
        QVERIFY(document.contains("/m"));
        QVERIFY(document.keys("/z").empty());
    }

    void integersStayIntegers()
    {
        GH_VALUE(const JsonDocument document,
                 JsonDocument::parse("[9007199254740993,18446744073709551615,-9223372036854775808,1.0,0]", "a"));
        QCOMPARE(document.value()[0].get<std::uint64_t>(), std::uint64_t{9007199254740993});
        QVERIFY(document.value()[0].is_number_integer());
        QCOMPARE(document.value()[1].get<std::uint64_t>(), UINT64_MAX);
        QCOMPARE(document.value()[2].get<std::int64_t>(), INT64_MIN);
        QVERIFY(document.value()[3].is_number_float());
        QVERIFY(document.value()[4].is_number_unsigned());
    }

    void escapes()
    {
        GH_VALUE(const JsonDocument document, JsonDocument::parse("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\ud83d\\ude00\\u0000x\"]", "a"));
        QCOMPARE(document.value()[0].get<std::string>(), std::string("\"\\/\b\f\n\r\tä😀\0x", 16));
    }

    void refusesWithThePlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("why");
        const auto row = [](const char* name, QByteArray text, const char* where, const char* why) {
            QTest::newRow(name) << text << QString::fromUtf8(where) << QString::fromUtf8(why);
        };
        row("empty", "", "x:1:1", "empty");
        row("only space", " \n ", "x:2:2", "empty");
        row("duplicate", "{\"a\":1,\n \"a\":2}", "x:2:2", "\"a\" stands twice");
        row("duplicate by escape", "{\"a\":1,\"\\u0061\":2}", "x:1:8", "stands twice");
        row("lone high", "[\"\\ud800\"]", "x:1:3", "lone surrogate");
        row("lone low", "[\"\\udc00x\"]", "x:1:3", "lone surrogate");
        row("high then not low", "[\"\\ud800\\u0041\"]", "x:1:3", "lone surrogate");
        row("raw surrogate", "[\"\xED\xA0\x80\"]", "x:1:3", "not valid UTF-8");
        row("overlong", "[\"\xC0\xAF\"]", "x:1:3", "not valid UTF-8");
        row("cut UTF-8", "[\"\xE2\x82\"]", "x:1:3", "not valid UTF-8");
        row("invalid outside", "[\xFF]", "x:1:2", "not valid UTF-8");
        row("mark", "\xEF\xBB\xBF{}", "x:1:1", "byte order mark");
        row("trailing", "{} {}", "x:1:4", "follows the end");
        row("trailing comma", "[1,]", "x:1:3", "no comma before a closing bracket");
        row("trailing comma object", "{\"a\":1,}", "x:1:7", "no comma before a closing brace");
        row("trailing comma inside", "{\"a\":[1,2,\n]}", "x:1:10", "no comma before a closing bracket");
        row("comma first", "[,1]", "x:1:2", "value is expected");
        row("comma only", "{,}", "x:1:2", "key in quotes");
        row("bare key", "{a:1}", "x:1:2", "begin with a");
        row("no colon", "{\"a\" 1}", "x:1:6", "colon");
        row("no comma", "[1 2]", "x:1:4", "comma");
        row("mixed brackets", "[1}", "x:1:3", "comma");
        row("open object", "{\"a\":", "x:1:6", "ends where");
        row("open array", "[1", "x:1:3", "comma");
        row("open string", "[\"abc", "x:1:2", "never closed");
        row("line break", "[\"a\nb\"]", "x:1:2", "not closed on its line");
        row("control", QByteArray("[\"a\0\"]", 6), "x:1:4", "control character 00");
        row("control outside", QByteArray("[\0]", 3), "x:1:2", "control character 00");
        row("bad escape", "[\"\\x\"]", "x:1:3", "no such escape");
        row("short escape", "[\"\\u12\"]", "x:1:3", "four hexadecimal");
        row("leading zero", "[01]", "x:1:2", "zeros");
        row("minus zero zero", "[-01]", "x:1:2", "zeros");
        row("plus", "[+1]", "x:1:2", "begin with +");
        row("dot", "[1.]", "x:1:2", "not a number");
        row("bare dot", "[.5]", "x:1:2", "begin with .");
        row("bare minus", "[-]", "x:1:2", "not a number");
        row("exponent", "[1e]", "x:1:2", "not a number");
        row("huge", "[1e400]", "x:1:2", "beyond what a double");
        row("too large", "[18446744073709551616]", "x:1:2", "64 bits");
        row("too small", "[-9223372036854775809]", "x:1:2", "64 bits");
        row("NaN", "[NaN]", "x:1:2", "begin with N");
        row("word", "[nul]", "x:1:2", "begin with n");
        row("comment", "{} // x", "x:1:4", "no comments");
    }

    void refusesWithThePlace()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, where);
        QFETCH(QString, why);
        const auto document = JsonDocument::parse(text.toStdString(), "x");
        QVERIFY(!document);
        QVERIFY(document.error().code == ErrorCode::InvalidInput);
        QCOMPARE(QString::fromStdString(document.error().where), where);
        QVERIFY2(QString::fromStdString(document.error().why.format()).contains(why), document.error().toString().c_str());
    }

    void depthIsBounded()
    {
        const std::string good = std::string(maximumJsonDepth, '[') + std::string(maximumJsonDepth, ']');
        GH_VERIFY(JsonDocument::parse(good, "x"));
        QVERIFY(!JsonDocument::parse('[' + good + ']', "x"));
        QVERIFY(!JsonDocument::parse(std::string(1000000, '['), "x"));
        std::string objects;
        for (int i = 0; i < 1000; ++i)
            objects += "{\"a\":";
        QVERIFY(!JsonDocument::parse(objects, "x"));
    }

    void everyCutOfADocumentIsRefused()
    {
        const std::string text = "{\"a\":[1,-2.5e3,\"\\u00e4ö\"],\"b\":{\"c\":null,\"d\":[true,false]}}";
        GH_VERIFY(JsonDocument::parse(text, "x"));
        for (std::size_t size = 0; size < text.size(); ++size)
            QVERIFY2(!JsonDocument::parse(text.substr(0, size), "x"), text.substr(0, size).c_str());
    }

    void readsFilesButNotPipes()
    {
        test::TemporaryFolder folder;
        const std::string path = folder.write("a.json", "{\n}x");
        const auto document = JsonDocument::read(path);
        QVERIFY(!document);
        QCOMPARE(document.error().where, path + ":2:2");
        QCOMPARE(::mkfifo(folder.path("pipe").c_str(), 0600), 0);
        QVERIFY(!JsonDocument::read(folder.path("pipe")));
        QVERIFY(JsonDocument::read(folder.path("none")).error().code == ErrorCode::NotFound);
        QVERIFY(!JsonDocument::read(path, 3));
    }

    // Containers with many children are looked up in an index; each child is found, and nothing else.
    void manyChildren_data()
    {
        QTest::addColumn<int>("count");
        for (const int count : {1, 15, 16, 17, 300})
            QTest::newRow(qPrintable(QString::number(count))) << count;
    }
    void manyChildren()
    {
        QFETCH(int, count);
        nlohmann::json value;
        for (int i = 0; i < count; ++i) {
            value["o"]["k/~" + std::to_string(i * 7 % count) + "\n"] = i;
            value["a"].push_back(i);
        }
        std::string text = R"({"o": {)"; // not by key
        for (const auto& [key, each] : value["o"].items())
            text.insert(7, nlohmann::json(key).dump() + ": " + each.dump() + (text.size() > 7 ? ", " : ""));
        text += R"(}, "a": )" + value["a"].dump() + '}';
        GH_VALUE(const JsonDocument document, JsonDocument::parse(text, "a.json"));
        QCOMPARE(document.value().dump(), value.dump());
        for (const auto& [key, each] : value["o"].items()) {
            const auto range = document.range(childPointer("/o", std::string_view(key)));
            QVERIFY(range);
            QCOMPARE(text.substr(range->begin, range->end - range->begin), each.dump());
        }
        for (int i = 0; i < count; ++i) {
            const auto range = document.range("/a/" + std::to_string(i));
            QVERIFY(range);
            QCOMPARE(text.substr(range->begin, range->end - range->begin), std::to_string(i));
        }
        for (const std::string& none : {"/a/" + std::to_string(count), std::string("/a/00"), std::string("/a/-"), std::string("/a/"),
                                        std::string("/o/k"), std::string("/o/"), std::string("/o/k~1~0" + std::to_string(count) + "\n")})
            QVERIFY2(!document.contains(none), none.c_str());
    }

    void aProblemIsOneLine()
    {
        const Problem problem{Severity::Warning, "a.json", {10, 2, 3}, "/a", Message("The key \"%1\" is odd", {"a"}), "odd"};
        QCOMPARE(problem.line(), std::string("a.json:2:3: warning: The key \"a\" is odd [odd]"));
        QVERIFY(!hasErrors({problem}));
    }
};

GATEHOUSE_TEST_MAIN(TestJsonDocument)
#include "tst_jsondocument.moc"
