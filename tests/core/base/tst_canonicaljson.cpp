#include "core/base/canonicaljson.h"
#include "core/base/jsondocument.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <QElapsedTimer>

#include <nlohmann/json.hpp>

using namespace gatehouse;
using nlohmann::json;

class TestCanonicalJson : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void writesTheRfc_data()
    {
        QTest::addColumn<QByteArray>("in");
        QTest::addColumn<QByteArray>("out");
        QTest::newRow("order by UTF-16") // RFC 8785, 3.2.3
            << QByteArray(
                   R"({"\u20ac":"Euro","\r":"CR","\ufb33":"Dalet","1":"One","\ud83d\ude00":"Emoji","\u0080":"Control","\u00f6":"o"})")
            << QByteArray("{\"\\r\":\"CR\",\"1\":\"One\",\"\xC2\x80\":\"Control\",\"ö\":\"o\",\"€\":\"Euro\",\"😀\":\"Emoji\","
                          "\"\xEF\xAC\xB3\":\"Dalet\"}");
        QTest::newRow("escapes") << QByteArray(R"(["\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"\/\u007f\b\f\t\u001F"])")
                                 << QByteArray("[\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\x7F\\b\\f\\t\\u001f\"]");
        QTest::newRow("literals") << QByteArray(R"([null, true, false, {}, []])") << QByteArray("[null,true,false,{},[]]");
        QTest::newRow("prefix keys") << QByteArray(R"({"ab":1,"a":2,"":3})") << QByteArray(R"({"":3,"a":2,"ab":1})");
        QTest::newRow("safe integers") << QByteArray("[9007199254740991,-9007199254740991,0]")
                                       << QByteArray("[9007199254740991,-9007199254740991,0]");
        QTest::newRow("minus zero") << QByteArray("[-0]") << QByteArray("[0]");
    }

    void writesTheRfc()
    {
        QFETCH(QByteArray, in);
        QFETCH(QByteArray, out);
        GH_VALUE(const JsonDocument document, JsonDocument::parse(in.toStdString(), "in"));
        GH_VALUE(const std::string canonical, canonicalJson(document.value()));
        QCOMPARE(QByteArray::fromStdString(canonical), out);
        GH_VERIFY(checkCanonicalJson(canonical));
        GH_VALUE(const json again, parseCanonical(canonical));
        QVERIFY(again == document.value());
    }

    void doubles_data()
    {
        QTest::addColumn<quint64>("bits");
        QTest::addColumn<QByteArray>("out");
        // RFC 8785, appendix B.
        const auto row = [](quint64 bits, const char* out) { QTest::newRow(out) << bits << QByteArray(out); };
        QTest::newRow("minus zero") << quint64{0x8000000000000000} << QByteArray("0");
        row(0x0000000000000001, "5e-324");
        row(0x8000000000000001, "-5e-324");
        row(0x7fefffffffffffff, "1.7976931348623157e+308");
        row(0x4340000000000000, "9007199254740992");
        row(0xc340000000000000, "-9007199254740992");
        row(0x4430000000000000, "295147905179352830000");
        row(0x44b52d02c7e14af5, "9.999999999999997e+22");
        row(0x44b52d02c7e14af6, "1e+23");
        row(0x444b1ae4d6e2ef4e, "999999999999999700000");
        row(0x444b1ae4d6e2ef50, "1e+21");
        row(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7");
        row(0x3eb0c6f7a0b5ed8d, "0.000001");
        row(0x41b3de4355555553, "333333333.3333332");
        row(0xbecbf647612f3696, "-0.0000033333333333333333");
        row(0x43143ff3c1cb0959, "1424953923781206.2");
    }

    void doubles()
    {
        QFETCH(quint64, bits);
        QFETCH(QByteArray, out);
        const json value = std::bit_cast<double>(std::uint64_t{bits});
        GH_VALUE(const std::string canonical, canonicalJson(value, CanonicalNumbers::Any));
        QCOMPARE(QByteArray::fromStdString(canonical), out);
        QVERIFY(!canonicalJson(value));
    }

    void refusesToWrite()
    {
        QVERIFY(!canonicalJson(json(maximumSafeInteger + 1)));
        QVERIFY(!canonicalJson(json(-maximumSafeInteger - 1)));
        QVERIFY(!canonicalJson(json(UINT64_MAX)));
        QVERIFY(!canonicalJson(json(1.0)));
        QVERIFY(!canonicalJson(json("\xFF")));
        QVERIFY(!canonicalJson(json{{"a", {{"b\xC0", 1}}}}));
        QVERIFY(!canonicalJson(json(std::numeric_limits<double>::infinity()), CanonicalNumbers::Any));
        QVERIFY(!canonicalJson(json::binary({1, 2})));
        const auto failed = canonicalJson(json{{"a", {{"b", 1.5}}}});
        QCOMPARE(failed.error().where, std::string("/a/b"));
        std::string out = "kept";
        QVERIFY(!appendCanonicalJson(out, json{{"a", 1}, {"b", 1.5}}));
        QCOMPARE(out, std::string("kept"));
        json deep;
        for (unsigned i = 0; i <= maximumJsonDepth; ++i)
            deep = json::array({deep});
        QVERIFY(!canonicalJson(deep));
    }

    void refusesWhatIsNotCanonical_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"",
                                 " 1",
                                 "1 ",
                                 "{ }",
                                 "[1, 2]",
                                 "{\"a\": 1}",
                                 "{\"b\":1,\"a\":2}",
                                 "{\"a\":1,\"a\":2}",
                                 "-0",
                                 "00",
                                 "01",
                                 "-01",
                                 "1.0",
                                 "1e2",
                                 "9007199254740992",
                                 "-9007199254740992",
                                 "99999999999999999999",
                                 "\"\\/\"",
                                 "\"\\u0041\"",
                                 "\"\\u000A\"",
                                 "\"\\u000a\"",
                                 "\"\\u001F\"",
                                 "\"\\u007f\"",
                                 "\"\\ud83d\\ude00\"",
                                 "\"\\u0000",
                                 "\"\x01\"",
                                 "\"\xC0\xAF\"",
                                 "\"\xED\xA0\x80\"",
                                 "\"12345678\xFF\"",
                                 "[1,]",
                                 "{\"a\":1,}",
                                 "tru",
                                 "nul",
                                 "[",
                                 "{",
                                 "\"",
                                 "{\"a\"",
                                 "{\"a\":",
                                 "{1:2}",
                                 "+1",
                                 "-",
                                 "[1 2]",
                                 "{\"\xEE\x80\x80\":1,\"\xF0\x90\x80\x80\":2}",
                                 "{\"\\n\":1,\"\\b\":2}",
                                 "{\"1\":1,\"\\n\":2}"})
            QTest::newRow(text) << QByteArray(text);
    }

    void refusesWhatIsNotCanonical()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!checkCanonicalJson(text.toStdString()));
        QVERIFY(!parseCanonical(text.toStdString()));
    }

    void utf16OrderIsNotByteOrder()
    {
        QVERIFY(compareUtf16("\xF0\x90\x80\x80", "\xEE\x80\x80") < 0); // U+10000 is D800 DC00
        QVERIFY(compareUtf16("\xF0\x90\x80\x80", "\xED\x9F\xBF") > 0);
        QVERIFY(compareUtf16("a", "ab") < 0);
        QCOMPARE(compareUtf16("ab", "ab"), 0);
        GH_VALUE(const std::string text, canonicalJson(json{{"\xEE\x80\x80", 1}, {"\xF0\x90\x80\x80", 2}}));
        QCOMPARE(text, std::string("{\"\xF0\x90\x80\x80\":2,\"\xEE\x80\x80\":1}"));
        GH_VERIFY(parseCanonical(text));
    }

    void sizesAreForetold()
    {
        for (const std::string text : {"", "plain", "\"\\\n\x01", "ä€😀", "\x1f\x7f"}) {
            std::string out;
            QVERIFY(appendCanonicalString(out, text));
            QCOMPARE(canonicalStringSize(text), out.size());
        }
    }

    void everyFlippedBitChangesTheValueOrIsRefused()
    {
        const std::string text = R"({"a":[1,-20,"x\n\u0001ä"],"b":{"c":null,"d":true},"e":"0123456789"})";
        GH_VALUE(const json value, parseCanonical(text));
        for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
            std::string flipped = text;
            flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
            const auto read = parseCanonical(flipped);
            QVERIFY(!read || *read != value);
            QCOMPARE(checkCanonicalJson(flipped).has_value(), read.has_value());
        }
    }

    void checkingIsFast()
    {
        std::string text = "[";
        for (int i = 0; i < 20000; ++i) {
            text +=
                R"({"actor":{"id":"planner","kind":"agent"},"data":{"call":"c1","text":"The quick brown fox jumps over the lazy dog; it does so without any escape."},"seq":)" +
                std::to_string(i) + R"(,"type":"tool.result"},)";
        }
        text.back() = ']';
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 5; ++i)
            GH_VERIFY(checkCanonicalJson(text));
        const double check = static_cast<double>(text.size()) * 5 / (static_cast<double>(timer.nsecsElapsed()) / 1e3);
        timer.restart();
        GH_VALUE(const json value, parseCanonical(text));
        const double parse = static_cast<double>(text.size()) / (static_cast<double>(timer.nsecsElapsed()) / 1e3);
        timer.restart();
        GH_VALUE(const std::string again, canonicalJson(value));
        const double write = static_cast<double>(text.size()) / (static_cast<double>(timer.nsecsElapsed()) / 1e3);
        QCOMPARE(again, text);
        qInfo("check %.0f MB/s, parse %.0f MB/s, write %.0f MB/s", check, parse, write);
    }
};

GATEHOUSE_TEST_MAIN(TestCanonicalJson)
#include "tst_canonicaljson.moc"
