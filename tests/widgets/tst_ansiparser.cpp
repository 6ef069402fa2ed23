#include "tests/support/testmain.h"
#include "widgets/terminal/ansiline.h"
#include "widgets/text/markedtext.h"

#include <QCoreApplication>

#include <random>

using namespace gatehouse::widgets;

namespace {

struct Read {
    std::vector<AnsiLine> lines;
    std::uint64_t swallowed = 0;
    bool operator==(const Read&) const = default;
};

// All lines of the pieces, the last one also where no line feed ends it.
Read read(const std::vector<std::string_view>& pieces)
{
    Read result;
    AnsiParser parser;
    AnsiLineBuilder builder;
    for (std::string_view piece : pieces) {
        while (!piece.empty()) {
            const AnsiParser::Taken taken = parser.feed(piece, builder);
            piece.remove_prefix(taken.bytes);
            if (!taken.lineEnded)
                continue;
            result.lines.push_back(builder.line());
            builder.clear();
        }
    }
    parser.finish(builder);
    result.lines.push_back(builder.line());
    result.swallowed = parser.swallowed();
    return result;
}

Read read(std::string_view bytes)
{
    return read(std::vector<std::string_view>{bytes});
}

QString textOf(const Read& read)
{
    QStringList texts;
    for (const AnsiLine& line : read.lines)
        texts << line.text;
    return texts.join(u'\n');
}

AnsiStyle styleOf(std::string_view sequence)
{
    const AnsiLine line = read(std::string(sequence) + "x").lines.front();
    return line.spans.empty() ? AnsiStyle() : line.spans.front().style;
}

// Bytes that lead anywhere: escapes, their parts, characters whole and in pieces.
std::string randomBytes(std::mt19937& random, std::size_t pieces)
{
    static const std::vector<std::string> parts = {"\x1b",
                                                   "[",
                                                   "]",
                                                   "m",
                                                   "K",
                                                   "1;31",
                                                   "38;2;1;2;3",
                                                   "38:5:9",
                                                   "\r",
                                                   "\n",
                                                   "\b",
                                                   "\t",
                                                   "a",
                                                   "word ",
                                                   "\x07",
                                                   "\x1b\\",
                                                   "\x1b[0m",
                                                   "\x1b[2K",
                                                   "\x1b[999999999C",
                                                   "\x1b[5D",
                                                   "\x1b]0;title\x07",
                                                   "\xC2\x9B"
                                                   "31m",
                                                   "\xC2",
                                                   "\x9C",
                                                   "\xE4\xB8\xAD",
                                                   "\xF0\x9F\x94\x92",
                                                   "\xCC\x81",
                                                   "\xE2\x80\xAE",
                                                   "\xFF",
                                                   "\x1bP",
                                                   "\x18",
                                                   "P",
                                                   "\x1b[?25l",
                                                   std::string(1, '\0'),
                                                   "\x7F",
                                                   "\x1b[3G"};
    std::string bytes;
    for (std::size_t i = 0; i < pieces; ++i)
        bytes += random() % 4 == 0 ? std::string(1, char(random() % 256)) : parts[random() % parts.size()];
    return bytes;
}

} // namespace

class TestAnsiParser : public gatehouse::test::TestCase {
    Q_OBJECT

    static void addCase(const char* name, const std::string& bytes, const std::string& text, int swallowed = 0)
    {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString::fromStdString(text) << swallowed;
    }

private Q_SLOTS:
    void whatIsShown_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("swallowed");
        addCase("plain", "hello", "hello");
        addCase("lines", "a\nb\r\nc", "a\nb\nc");
        addCase("overwritten", "progress 10%\rprogress 20%", "progress 20%");
        addCase("overwritten in part", "abcdef\rXY", "XYcdef");
        addCase("backspace", "ab\b\bX", "Xb");
        addCase("backspace at the start", "\b\b\ba", "a");
        addCase("tab", "a\tb\t\tc", "a       b               c");
        addCase("tab at the end", "a\t", "a");
        addCase("tab over text", "abcdefghij\r\tX", "abcdefghXj");
        addCase("erased to the end", "abcdef\x1b[3D\x1b[K", "abc");
        addCase("erased to the start", "abcdef\x1b[3D\x1b[1K", "    ef");
        addCase("erased", "abcdef\x1b[2Kx", "      x");
        addCase("forward and back", "ab\x1b[3Cc\x1b[4Dd", "abd  c");
        addCase("to a column", "abc\x1b[1Gx\x1b[5Gy", "xbc y");
        addCase("far away", "a\x1b[999999999Cb\rc", "c");
        addCase("colours", "\x1b[31mred\x1b[0m \x1b[1;38;2;1;2;3mx\x1b[m", "red x");
        addCase("title",
                "a\x1b]0;rm -rf /\x07"
                "b",
                "ab", 1);
        addCase("title ended by ST", "a\x1b]2;t\x1b\\b", "ab", 1);
        addCase("clipboard",
                "a\x1b]52;c;ZXZpbA==\x07"
                "b",
                "ab", 1);
        addCase("link", "\x1b]8;;https://x.example\x1b\\here\x1b]8;;\x1b\\", "here", 2);
        addCase("DCS, APC, PM, SOS", "a\x1bPq#0\x1b\\b\x1b_x\x1b\\c\x1b^y\x1b\\d\x1bXz\x1b\\e", "abcde", 4);
        addCase("BEL ends only OSC", "a\x1bPx\x07y\x1b\\b", "ab", 1);
        addCase("cursor to a place, screen cleared", "a\x1b[2J\x1b[1;1Hb", "ab", 2);
        addCase("private modes", "\x1b[?25la\x1b[?2004h\x1b[>4m", "a", 3);
        addCase("two letters",
                "a\x1b"
                "cb\x1b(Bc\x1bMd",
                "abcd", 3);
        addCase("C1 in UTF-8",
                "a\xC2\x9B"
                "31mb\xC2\x9D"
                "0;t\xC2\x9C"
                "c\xC2\x85"
                "d",
                "abcd", 2);
        addCase("line feed in a string",
                "a\x1b]0;x\ny\x07"
                "b",
                "ab", 1);
        addCase("line feed breaks a CSI", "a\x1b[3\nb", "a\nb", 1);
        addCase("escape at the end", "a\x1b", "a");
        addCase("escape in an escape", "a\x1b\x1b[31mb", "ab", 1);
        addCase("cancelled",
                "a\x1b[3\x18"
                "b\x1b]0;\x1a"
                "c",
                "abc", 2);
        addCase("too many parameters", "\x1b[" + std::string(100, '1') + "mx", "x", 1);
        addCase("a sequence without an end", "\x1b[" + std::string(300, '1'), std::string(45, '1'), 1);
        addCase("other controls", std::string("a\0\x07\x7F", 4), "a[U+0000 U+0007 U+007F]");
        addCase("bidi",
                "a\xE2\x80\xAE"
                "b",
                "a[U+202E]b");
        addCase("invisible",
                "a\xE2\x80\x8B"
                "b\xC2\xA0"
                "c",
                "a[U+200B]b[U+00A0]c");
        addCase("not UTF-8",
                "a\xFF\xFE"
                "b\xC3(",
                "a[FF FE]b[C3](");
        addCase("half a character at the end", "a\xE4\xB8", "a[E4 B8]");
        addCase("surrogate and overlong", "\xED\xA0\x80\xC0\x80", "[ED A0 80 C0 80]");
        addCase("a combining mark", "e\xCC\x81x", "e\xCC\x81x");
        addCase("too many combining marks", "e\xCC\x81\xCC\x82\xCC\x83",
                "e\xCC\x81\xCC\x82"
                "[U+0303]");
        addCase("a combining mark alone", "\xCC\x81", "[U+0301]");
        addCase("wide", "\xE4\xB8\xAD\xE6\x96\x87x", "\xE4\xB8\xAD\xE6\x96\x87x");
        addCase("wide, half overwritten",
                "\xE4\xB8\xAD"
                "a\rx",
                "x a");
        addCase("wide, its end overwritten",
                "\xE4\xB8\xAD"
                "a\r\x1b[1Cx",
                " xa");
    }

    // Whole, and split at every byte.
    void whatIsShown()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, text);
        QFETCH(int, swallowed);
        const std::string_view all(bytes.constData(), std::size_t(bytes.size()));
        const Read whole = read(all);
        QCOMPARE(textOf(whole), text);
        QCOMPARE(int(whole.swallowed), swallowed);
        for (std::size_t at = 0; at <= all.size(); ++at)
            QVERIFY2(read({all.substr(0, at), all.substr(at)}) == whole, qPrintable(QString::number(at)));
    }

    void styles_data()
    {
        QTest::addColumn<QByteArray>("sequence");
        QTest::addColumn<quint32>("ink");
        QTest::addColumn<quint32>("ground");
        QTest::addColumn<int>("flags");
        constexpr quint32 none = ~0U;
        constexpr quint32 rgb = 1U << 30;
        const auto row = [](const char* sequence, quint32 ink, quint32 ground, int flags) {
            QTest::newRow(sequence) << QByteArray("\x1b[") + sequence + "m" << ink << ground << flags;
        };
        row("31", 1, none, 0);
        row("97", 15, none, 0);
        row("44", none, 4, 0);
        row("100", none, 8, 0);
        row("38;5;208", 208, none, 0);
        row("48;5;17", none, 17, 0);
        row("38;2;255;128;0", 0xFF8000 | rgb, none, 0);
        row("38:2::255:128:0", 0xFF8000 | rgb, none, 0);
        row("38:2:255:128:0", 0xFF8000 | rgb, none, 0);
        row("38:5:9;1", 9, none, AnsiStyle::Bold);
        row("1;2;3;4;7", none, none, 31);
        row("1;2;22", none, none, 0);
        row("4:3", none, none, AnsiStyle::Underline);
        row("4;4:0", none, none, 0);
        row("58;5;1;32", 2, none, 0);
        row("31;", none, none, 0);
        row("31;39;41;49", none, none, 0);
        row("38;5;300;1", none, none, AnsiStyle::Bold);
        row("38;2;1;2", none, none, 0);
        row("38", none, none, 0);
        row("8", none, none, 0); // concealed text is shown
    }
    void styles()
    {
        QFETCH(QByteArray, sequence);
        QFETCH(quint32, ink);
        QFETCH(quint32, ground);
        QFETCH(int, flags);
        const auto number = [](AnsiColour colour) {
            return colour.kind() == AnsiColour::Kind::Default ? ~0U
                                                              : colour.value() | (colour.kind() == AnsiColour::Kind::Rgb ? 1U << 30 : 0);
        };
        const AnsiStyle style = styleOf(sequence.toStdString());
        QCOMPARE(number(style.ink), ink);
        QCOMPARE(number(style.ground), ground);
        QCOMPARE(int(style.flags), flags);
    }

    void theColourStaysOverLines()
    {
        const Read both = read("\x1b[31ma\nb");
        QCOMPARE(int(both.lines[1].spans.size()), 1);
        QVERIFY(both.lines[1].spans[0].style.ink == AnsiColour::indexed(1));
    }

    void columnsOfWideCharacters()
    {
        const AnsiLine line = read("a\xE4\xB8\xAD\xF0\x9F\x94\x92z").lines.front();
        QCOMPARE(line.width, 6);
        QCOMPARE(line.columnAt(1), 1);
        QCOMPARE(line.columnAt(2), 3);
        QCOMPARE(line.unitAt(3), 2);
        QCOMPARE(line.unitAt(5), 4);
        QCOMPARE(line.textBetween(1, 3), QString::fromUtf8("\xE4\xB8\xAD"));
    }

    // Bytes of any kind: never more than the bounds, always the same however they are split.
    void anyBytesInAnyPieces()
    {
        std::mt19937 random(20'260'101);
        for (int round = 0; round < 400; ++round) {
            const std::string bytes = randomBytes(random, 60);
            const std::string_view all(bytes);
            const Read whole = read(all);
            std::vector<std::string_view> pieces;
            for (std::size_t at = 0; at < all.size();) {
                const std::size_t length = 1 + random() % 7;
                pieces.push_back(all.substr(at, length));
                at += length;
            }
            QVERIFY2(read(pieces) == whole, QByteArray::fromStdString(bytes).toHex().constData());
            for (const AnsiLine& line : whole.lines) {
                QVERIFY(line.width <= AnsiLineBuilder::mostColumns);
                QVERIFY(line.columns.empty() || line.columns.size() == std::size_t(line.text.size()));
                for (const QChar c : line.text)
                    QVERIFY(c.unicode() >= u' ' && c.unicode() != 0x7F && !(c.unicode() >= 0x202A && c.unicode() <= 0x202E));
            }
        }
    }

    // Each of these costs about what reading it costs; with anything quadratic in them the test would not end in its time.
    void hostileLinesStayBounded()
    {
        const auto repeated = [](std::string_view part, int times) {
            std::string bytes;
            for (int i = 0; i < times; ++i)
                bytes += part;
            return bytes;
        };
        const Read large = read(std::string(10'000'000, 'x'));
        QCOMPARE(large.lines[0].width, AnsiLineBuilder::mostColumns);
        QVERIFY(large.lines[0].cut);
        QCOMPARE(read(repeated("\r", 1'000'000) + "x").lines[0].text, QStringLiteral("x"));
        QVERIFY(read(repeated("\x1b[31mx\x1b[32my", 500'000)).lines[0].spans.size() <= std::size_t(AnsiLineBuilder::mostColumns));
        const Read far = read(repeated("\x1b[16000Cx\x1b[2K\r", 100'000));
        QVERIFY(far.lines[0].cut);
        (void)read(repeated("\x1b[16000Cx\x1b[1K\r", 100'000));
        (void)read(repeated("\x1b[1000000000C\x1b[1K", 200'000));
        (void)read("e" + repeated("\xCC\x81", 200'000));
        const Read endless = read("a\x1b]0;" + std::string(1'000'000, 'x'));
        QCOMPARE(int(endless.swallowed), 1);
        QVERIFY(endless.lines[0].text.startsWith(QStringLiteral("axx"))); // given up: shown again
    }

    // Where nothing is interpreted the text is the one of every other view.
    void marksAreThoseOfOtherViews()
    {
        for (const std::string bytes :
             {"a\xE2\x80\xAE\xE2\x80\xACz", "\xFF\xFE\xC3(", "tag\xF3\xA0\x80\x81", "x\xEF\xBF\xBEy", "\xE2\xA0\x80"})
            QCOMPARE(read(bytes).lines[0].text, markedText(bytes).text);
    }
};

GATEHOUSE_TEST_MAIN(TestAnsiParser)
#include "tst_ansiparser.moc"
