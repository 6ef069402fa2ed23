#include "core/approval/span.h"
#include "core/base/utf8.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <nlohmann/json.hpp>

#include <random>

using namespace gatehouse;
using namespace gatehouse::approval;

// "text(rm )bidi(U+202E)…" for comparing.
static QByteArray shown(const Spans& spans)
{
    QByteArray result;
    for (const Span& span : spans)
        result += QByteArray(spanKindName(span.kind).data()) + '(' + QByteArray::fromStdString(span.text) + ')';
    return result;
}

// Nothing that a terminal or a text layout would act on.
static bool isSafe(const std::string& text)
{
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint c = codePointAt(text, at);
        const bool control = c.value < 0x20 || (c.value >= 0x7F && c.value < 0xA0);
        const bool bidi = (c.value >= 0x202A && c.value <= 0x202E) || (c.value >= 0x2066 && c.value <= 0x2069) || c.value == 0x200E ||
            c.value == 0x200F || c.value == 0x61C;
        if (!c.valid || control || bidi || c.value == 0x200B || c.value == 0xAD || c.value == 0x2028)
            return false;
        at += c.length;
    }
    return true;
}

class TestSpan : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void kinds_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* name, const QByteArray& bytes, const char* expected) {
            QTest::newRow(name) << bytes << QByteArray(expected);
        };
        row("empty", "", "");
        row("plain", "ls -l", "text(ls -l)");
        row("accents", "café", "text(café)");
        row("Russian", "привет мир", "text(привет мир)");
        row("RTL override", "a\u202Eb", "text(a)bidi(U+202E)text(b)");
        row("isolates", "\u2066\u2069", "bidi(U+2066 U+2069)");
        row("NUL", QByteArray("a\0b", 3), "text(a)control(U+0000)text(b)");
        row("escape", "\x1b[2J", "control(U+001B)text([2J)");
        row("carriage return", "safe\rrm", "text(safe)control(U+000D)text(rm)");
        row("tab", "a\tb", "text(a)control(U+0009)text(b)");
        row("C1", "\u009b", "control(U+009B)");
        row("line separator", "a\u2028b", "text(a)control(U+2028)text(b)");
        row("zero width", "r\u200Bm", "text(r)invisible(U+200B)text(m)");
        row("soft hyphen", "r\u00ADm", "text(r)invisible(U+00AD)text(m)");
        row("no-break space", "a\u00A0b", "text(a)invisible(U+00A0)text(b)");
        row("tags", "a\U000E0064", "text(a)invisible(U+E0064)");
        row("private use", "\uE000", "invisible(U+E000)");
        row("variation selector", "a\uFE0F", "text(a)invisible(U+FE0F)");
        row("mark without a letter", "\u0301a", "invisible(U+0301)text(a)");
        row("mark on a letter", "e\u0301", "text(e\u0301)");
        row("mixed script", "p\u0430th", "text(p)homoglyph(а)text(th)");
        row("whole word in disguise", "rm /\u0435\u0445\u0440", "text(rm /)homoglyph(ехр)");
        row("full width", "ｒm", "homoglyph(ｒ)text(m)");
        row("division slash", "a\u2215b", "text(a)homoglyph(∕)text(b)");
        row("our own marks", "\u27E6U+202E\u27E7", "homoglyph(⟦)text(U+202E)homoglyph(⟧)");
        row("invalid", "a\xff\xfe", "text(a)invalid(FF FE)");
        row("overlong", "\xc0\x80", "invalid(C0 80)");
        row("cut", "\xe2\x82", "invalid(E2 82)");
        row("surrogate", "\xed\xa0\x80", "invalid(ED A0 80)");
        row("emoji", "🙂", "text(🙂)");
    }

    void kinds()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, expected);
        const Spans spans = escape(bytes.toStdString());
        QCOMPARE(shown(spans), expected);
        GH_VALUE(const std::string back, unescape(spans));
        QCOMPARE(QByteArray::fromStdString(back), bytes);
        GH_VALUE(const Spans read, spansFromJson(toJson(spans)));
        QCOMPARE(shown(read), expected);
        QVERIFY(isSafe(plain(spans)));
    }

    void anyBytesComeBackAndAreSafe()
    {
        std::mt19937 random(1);
        static constexpr char32_t pool[] = {'a',    ' ',   0x430, 0x202E,  0x200B,   0,      0x1B, 0x27E6,
                                            0xFF52, 0x301, 0x3B1, 0xE0041, 0x10FFFF, 0xFFFE, '\n'};
        for (int i = 0; i < 3000; ++i) {
            std::string bytes;
            for (int j = static_cast<int>(random() % 40); j > 0; --j) {
                if (random() % 4 == 0)
                    bytes += static_cast<char>(random());
                else
                    appendUtf8(bytes, pool[random() % std::size(pool)]);
            }
            const Spans spans = escape(bytes);
            GH_VALUE(const std::string back, unescape(spans));
            QVERIFY(back == bytes);
            QVERIFY(isSafe(plain(spans)));
            for (const Span& span : spans)
                QVERIFY(isSafe(span.text));
            QVERIFY(isValidUtf8(toJson(spans).dump()));
        }
    }

    void forgedSpansAreRefused()
    {
        const Spans forged[] = {
            {{SpanKind::Text, "a\u202E"}},   // a mark left out
            {{SpanKind::Control, "U+0041"}}, // a letter hidden in a mark
            {{SpanKind::Bidi, "U+202E; rm"}},  {{SpanKind::Invalid, "41"}},
            {{SpanKind::Invalid, ""}},         {{SpanKind::Control, "U+"}},
            {{SpanKind::Control, "U+110000"}}, {{SpanKind::Text, "a"}, {SpanKind::Text, "b"}},
            {{SpanKind::Homoglyph, "a"}},      {{SpanKind::Text, ""}},
        };
        for (const Spans& spans : forged) {
            QVERIFY2(!unescape(spans), shown(spans).constData());
            QVERIFY(!spansFromJson(toJson(spans)));
        }
        for (const char* text : {"1", "{}", "[1]", "[[\"text\"]]", "[[\"colour\",\"a\"]]", "[[\"text\",1]]"})
            QVERIFY2(!spansFromJson(nlohmann::json::parse(text)), text);
    }

    void marksCantBeForgedInPlainText()
    {
        QCOMPARE(plain("a\u202E"), std::string("a⟦U+202E⟧"));
        QCOMPARE(plain("a⟦U+202E⟧"), std::string("a⟦U+27E6⟧U+202E⟦U+27E7⟧"));
        QCOMPARE(plain("p\u0430th"), std::string("pа⟦U+0430⟧th"));
    }
};

GATEHOUSE_TEST_MAIN(TestSpan)
#include "tst_span.moc"
