#include "core/policy/text.h"
#include "tests/support/testmain.h"

#include <QElapsedTimer>

#include <algorithm>

using namespace gatehouse::policy;

static std::string many(const std::string& piece, int count)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += piece;
    return text;
}

class TestPolicyText : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void someReadingHoldsTheWord_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* name, const char* text) { QTest::newRow(name) << QByteArray(text); };
        row("plain", "please delete it");
        row("JSON escape", "dele\\u0074e");
        row("nested JSON escape", "dele\\\\u0074e");
        row("five deep", "dele\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\u0074e");
        row("every letter escaped", "\\u0064\\u0065\\u006c\\u0065\\u0074\\u0065");
        row("hex", "dele\\x74e");
        row("octal", "dele\\164e");
        row("braces", "dele\\u{74}e");
        row("long escape", "dele\\U00000074e");
        row("escaped backslash of an escape", "dele\\u005cu0074e");
        row("full width", "ｄｅｌｅｔｅ");
        row("full width escape", "dele＼ｕ００７４e");
        row("zero width space", "del\u200Bete");
        row("soft hyphen", "del\u00ADete");
        row("word joiner", "d\u2060e\u2060l\u2060e\u2060t\u2060e");
        row("combining marks", "d\u0301el\u0308e\u0327te\u0301");
        row("precomposed", "délétë");
        row("Cyrillic", "d\u0435l\u0435t\u0435");
        row("Greek", "del\u03B5t\u03B5");
        row("small capitals", "\u1D05\u1D07\u029F\u1D07\u1D1B\u1D07");
        row("mathematical", "\U0001D41D\U0001D41E\U0001D425\U0001D41E\U0001D42D\U0001D41E");
        row("circled", "\u24D3\u24D4\u24DB\u24D4\u24E3\u24D4");
        row("negative squared", "\U0001F173\U0001F174\U0001F17B\U0001F174\U0001F183\U0001F174");
        row("regional indicators", "\U0001F1E9\U0001F1EA\U0001F1F1\U0001F1EA\U0001F1F9\U0001F1EA");
        row("tags", "hello\U000E0064\U000E0065\U000E006C\U000E0065\U000E0074\U000E0065");
        row("bidi", "de\u202Elete\u202C");
        row("variation selector", "del\uFE0Fete");
        row("Hangul filler", "del\u3164ete");
        row("control",
            "del\x01"
            "ete");
        row("invalid byte",
            "del\xff"
            "ete");
        row("shell quotes", "d\"el\"ete");
        row("shell backslash", "d\\elete");
        row("line continuation", "dele\\\nte");
        row("escaped zero width", "del\\u200bete");
        row("escaped look-alike", "d\\u0435lete");
        row("percent", "dele%74e");
        row("percent of percent", "dele%252574e");
        row("percent of UTF-8", "d%D0%B5lete");
        row("decimal reference", "dele&#116;e");
        row("hexadecimal reference", "dele&#X0074;e");
        row("reference without semicolon", "&#100elete");
        row("reference of a reference", "dele&amp;#116;e");
        row("escape of a percent sign", "dele\\u002574e");
        row("reference of an escape", "dele&#92;u0074e");
        row("full width percent", "dele\uFF0574e");
        row("percent joined by quotes", "%6\"\"4elete");
        row("percent joined by a backslash", "%6\\4elete");
        row("quotes in percent", "d%22%22elete");
        row("quotes as references", "d&quot;&quot;elete");
        row("escaped quotes in percent", "d%5C%22%5C%22elete");
        row("capital reference", "dele&AMP;#116;e");
        row("sixty layers of percent", ("%" + many("25", 60) + "64elete").c_str());
        row("sixty layers of references", ("&" + many("amp;", 60) + "#100;elete").c_str());
        row("layers in turn", ("&" + many("#37;26", 50) + "#100;elete").c_str());
    }

    // A text that is given up on says so: a rule that found nothing in it does not know.
    void whatIsGivenUpOnIsSaid()
    {
        QVERIFY(readings("dele%252574e").whole);
        const std::string deep = "&" + many("#37;26", 20000) + "#100;elete";
        QVERIFY(!readings(deep).whole);
        QVERIFY(readings(std::string(1 << 20, '%')).whole);
        QVERIFY(readings(many("&amp;", 200000)).whole);
    }

    void someReadingHoldsTheWord()
    {
        QFETCH(QByteArray, text);
        const auto all = readings(text.toStdString()).texts;
        const auto holdsWord = [](std::string reading) {
            std::ranges::transform(reading, reading.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
            return reading.find("delete") != std::string::npos;
        };
        QVERIFY(std::ranges::any_of(all, holdsWord));
    }

    void ordinaryTextHasOneReading() { QCOMPARE(readings("Calculate 5 plus 3").texts.size(), std::size_t(1)); }

    void whatIsNoReferenceStays()
    {
        for (const char* text : {"50% off", "a & b", "&#;", "&#x;", "&copy", "%", "%4", "&#1114112;", "100%zz", "&#xFFFFFFFFFFFFFFFF;"})
            QCOMPARE(webDecoded(text), std::string(text));
        QCOMPARE(webDecoded("&#x1F600;&#128512;&lt;&gt;&quot;&apos;"), std::string("\U0001F600\U0001F600<>\"'"));
    }

    void normalisingIsAFixedPoint()
    {
        for (const char* text : {"a\\\\\\u0041", "ﬁ\\n", "\\ud83d\\ude00", "\\", "\\u12", "x\\ud800y"}) {
            const std::string once = normalised(text);
            QCOMPARE(normalised(once), once);
        }
        QCOMPARE(normalised("\\ud83d\\ude00"), std::string("\U0001F600"));
    }

    void largeTextsTakeNoSquareOfTime_data()
    {
        QTest::addColumn<QByteArray>("piece");
        QTest::newRow("full width") << QByteArray("ｄ");
        QTest::newRow("decomposing") << QByteArray("é ﷺ");
        QTest::newRow("marks only") << QByteArray("\u0301");
        QTest::newRow("Hangul") << QByteArray("\u1112\u1161\u11ab");
        QTest::newRow("escapes") << QByteArray("\\u0301");
        QTest::newRow("invalid") << QByteArray("\xff");
        QTest::newRow("percent") << QByteArray("%25");
        QTest::newRow("references") << QByteArray("&amp;");
        QTest::newRow("endless reference") << QByteArray("&#0");
        QTest::newRow("zeros") << QByteArray("0");
    }

    void largeTextsTakeNoSquareOfTime()
    {
        QFETCH(QByteArray, piece);
        const std::string text = piece.repeated((1 << 20) / piece.size()).toStdString();
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!readings(text).texts.empty());
        QVERIFY2(timer.elapsed() < 5000, std::to_string(timer.elapsed()).c_str());
    }

    void piecesNormaliseAsTheWhole()
    {
        QString text;
        for (int i = 0; i < 300; ++i)
            text += QString::fromUtf8("e\u0301ｄ\u1112\u1161\u11abﬁ x\u0327\u0301한\u212B");
        QCOMPARE(QString::fromStdString(nfkc(text.toStdString())), text.normalized(QString::NormalizationForm_KC));
    }

    void aMegabyteOfBackslashesEnds() { QVERIFY(normalised(std::string(1 << 20, '\\') + "u0041").size() < 16); }
};

GATEHOUSE_TEST_MAIN(TestPolicyText)
#include "tst_policytext.moc"
