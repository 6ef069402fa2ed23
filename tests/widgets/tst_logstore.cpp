#include "tests/support/testmain.h"
#include "widgets/terminal/logrows.h"
#include "widgets/terminal/logsearch.h"

#include <QCoreApplication>

#include <random>

using namespace gatehouse::widgets;

namespace {

QStringList textsOf(const LogStore& store)
{
    QStringList texts;
    for (std::uint64_t line = store.firstLine(); line < store.endLine(); ++line)
        texts << store.line(line)->text;
    return texts;
}

std::string numbered(int from, int to)
{
    std::string text;
    for (int i = from; i < to; ++i)
        text += "line " + std::to_string(i) + '\n';
    return text;
}

} // namespace

class TestLogStore : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void linesAsTheyCome()
    {
        LogStore store;
        QVERIFY(store.isEmpty());
        store.append(LogStream::Output, "one\ntw");
        QCOMPARE(textsOf(store), QStringList({QStringLiteral("one"), QStringLiteral("tw")}));
        QVERIFY(store.isLastOpen());
        store.append(LogStream::Output, "o\r\n\nfour");
        QCOMPARE(textsOf(store), QStringList({QStringLiteral("one"), QStringLiteral("two"), QString(), QStringLiteral("four")}));
        store.append(LogStream::Output, "\rF");
        QCOMPARE(textsOf(store).back(), QStringLiteral("Four"));
        QCOMPARE(store.width(0), 3);
        QCOMPARE(store.width(99), 0);
        QVERIFY(store.line(99)->text.isEmpty());
    }

    // Each stream has its own colours, and its own line; a character that another stream broke into stands where it ended.
    void streamsStayApart()
    {
        LogStore store;
        store.append(LogStream::Output, "\x1b[31mred\xE4\xB8");
        store.append(LogStream::Error, "plain\n");
        store.append(LogStream::Output, "\xAD more\n");
        QCOMPARE(textsOf(store), QStringList({QStringLiteral("red"), QStringLiteral("plain"), QString::fromUtf8("\xE4\xB8\xAD more")}));
        QVERIFY(store.stream(1) == LogStream::Error);
        QVERIFY(store.line(1)->spans.empty());
        QVERIFY(store.line(2)->spans.at(0).style.ink == AnsiColour::indexed(1));
        QVERIFY(store.hasStream(LogStream::Error) && !store.hasStream(LogStream::Says));
    }

    // What one speaker leaves unfinished does not govern the next.
    void anotherSpeakerBeginsAnew()
    {
        LogStore store;
        store.append(LogStream::Output, "\x1b[31mred\x1b]0;a title without an end");
        store.append(LogStream::Says, "half \xE4\xB8");
        store.beginAnew();
        store.append(LogStream::Output, "seen\n");
        store.append(LogStream::Says, "heard\n");
        QCOMPARE(textsOf(store).mid(textsOf(store).size() - 2), QStringList({QStringLiteral("seen"), QStringLiteral("heard")}));
        QVERIFY(store.line(store.endLine() - 2)->spans.empty());
    }

    // Random bytes in random pieces: the lines are those of the bytes read at once, and each width is that of its line.
    void anyPiecesGiveTheSameLines()
    {
        std::mt19937 random(7);
        static const std::vector<std::string> parts = {"\n",           "\r",           "\x1b[31m", "\x1b[0m", "word ",
                                                       "\xE4\xB8\xAD", "\x1b[K",       "\t",       "\xFF",    "\x1b]0;t\n\x07",
                                                       "\r\n",         "plain text\n", "\x1b[2C",  "\b",      "\x1b\n"};
        for (int round = 0; round < 300; ++round) {
            std::string bytes;
            for (int i = 0; i < 40; ++i)
                bytes += parts[random() % parts.size()];
            LogStore whole;
            whole.append(LogStream::Output, bytes);
            LogStore pieces;
            for (std::size_t at = 0; at < bytes.size();) {
                const std::size_t length = 1 + random() % 9;
                pieces.append(LogStream::Output, std::string_view(bytes).substr(at, length));
                at += length;
                if (random() % 3 == 0)
                    (void)pieces.line(pieces.endLine() - 1); // looking changes nothing
            }
            QCOMPARE(textsOf(pieces), textsOf(whole));
            for (std::uint64_t line = 0; line < whole.endLine(); ++line) {
                QCOMPARE(whole.width(line), whole.line(line)->width);
                std::size_t length = 0;
                std::string scratch;
                if (const char* plain = whole.plainText(line, length, scratch))
                    QCOMPARE(QString::fromLatin1(plain, qsizetype(length)), whole.line(line)->text);
            }
        }
    }

    void memoryIsLittleMoreThanTheBytes()
    {
        LogStore store;
        const std::string text = "\x1b[32m   Compiling\x1b[0m gatehouse-core v0.3.1 (/src/core/journal)\n";
        for (int i = 0; i < 200'000; ++i)
            store.append(LogStream::Output, text);
        QCOMPARE(store.endLine(), std::uint64_t(200'000));
        QVERIFY2(store.footprint() < store.bytesTaken() * 5 / 4, qPrintable(QString::number(store.footprint())));
        QCOMPARE(store.line(123'456)->text, QStringLiteral("   Compiling gatehouse-core v0.3.1 (/src/core/journal)"));
    }

    void theFirstLinesGoAndTheOthersKeepTheirNumbers()
    {
        LogStore store({.bytes = 1 << 20, .lines = 1'000'000});
        for (int i = 0; i < 400; ++i)
            store.append(LogStream::Output, numbered(i * 1000, (i + 1) * 1000));
        QVERIFY(store.firstLine() > 300'000);
        QVERIFY(store.footprint() < 3 << 20);
        QCOMPARE(store.endLine(), std::uint64_t(400'000));
        QCOMPARE(store.line(399'999)->text, QStringLiteral("line 399999"));
        QCOMPARE(store.line(store.firstLine())->text, QStringLiteral("line %1").arg(store.firstLine()));
        QVERIFY(store.line(0)->text.isEmpty());
        LogStore few({.bytes = 1 << 20, .lines = 10});
        few.append(LogStream::Output, std::string(1000, '\n'));
        QCOMPARE(few.endLine() - few.firstLine(), std::uint64_t(10));
    }

    // A line that never ends costs no more than its rendering, and each byte is parsed once however often it is looked at.
    void aLineWithoutAnEnd()
    {
        LogStore store;
        for (int i = 0; i < 200'000; ++i) {
            store.append(LogStream::Output, "\r\x1b[K\x1b[33m[=====>      ] " + std::to_string(i) + " of 200000");
            if (i % 100 == 0)
                QVERIFY(store.line(0)->text.contains(QString::number(i)));
        }
        QCOMPARE(store.endLine(), std::uint64_t(1));
        QVERIFY(store.line(0)->text.endsWith(QStringLiteral("199999 of 200000")));
        QVERIFY2(store.footprint() < 100'000, qPrintable(QString::number(store.footprint())));
        store.append(LogStream::Output, "\ndone\n");
        QVERIFY(store.line(0)->text.endsWith(QStringLiteral("199999 of 200000")));
        QCOMPARE(store.line(1)->text, QStringLiteral("done"));
        QCOMPARE(store.width(0), store.line(0)->width);
        LogStore large;
        large.append(LogStream::Output, std::string(10'000'000, 'x') + "\nafter\n");
        QVERIFY(large.line(0)->cut);
        QCOMPARE(large.line(1)->text, QStringLiteral("after"));
        QVERIFY(large.footprint() < 1 << 20);
    }

    // The columns that lines reach without text cost what their bytes allow, also where every line is a new one.
    void manyLinesThatReachFarStayBounded()
    {
        std::string bytes;
        for (int i = 0; i < 2000; ++i)
            bytes += "\x1b[16000Cx\n";
        LogStore store;
        store.append(LogStream::Output, bytes);
        std::uint64_t columns = 0;
        for (std::uint64_t line = 0; line < store.endLine(); ++line)
            columns += std::uint64_t(store.width(line));
        const std::uint64_t most = AnsiLineBuilder::fullCredit + store.bytesTaken() * AnsiLineBuilder::creditPerByte;
        QVERIFY2(columns <= most, qPrintable(QString::number(columns)));
        QVERIFY(!store.isCut(0) && store.isCut(1999));
        QCOMPARE(store.width(0), 16'001);
        LogStore pieces({.bytes = 64 << 20, .lines = 500});
        for (std::size_t at = 0; at < bytes.size(); at += 7)
            pieces.append(LogStream::Output, std::string_view(bytes).substr(at, 7));
        for (std::uint64_t line = pieces.firstLine(); line < pieces.endLine(); ++line) {
            QVERIFY(*pieces.line(line) == *store.line(line));
            QCOMPARE(pieces.width(line), store.line(line)->width);
        }
        // What was spent comes back with text.
        store.append(LogStream::Output, std::string(5000, 'x') + "\n\x1b[16000Cx\n");
        QVERIFY(!store.isCut(store.endLine() - 1));
        QCOMPARE(store.width(store.endLine() - 1), 16'001);
    }

    void rowsOfWrappedLines()
    {
        LogStore store({.bytes = 1 << 20, .lines = 100});
        LogRows rows(20);
        rows.follow(store);
        QCOMPARE(rows.count(), 0);
        store.append(LogStream::Output, std::string(50, 'x') + "\nshort\n" + std::string(20, 'y'));
        rows.follow(store);
        QCOMPARE(rows.count(), 5);
        QCOMPARE(rows.at(2).line, std::uint64_t(0));
        QCOMPARE(rows.at(2).row, 2);
        QCOMPARE(rows.at(3).line, std::uint64_t(1));
        QCOMPARE(rows.rowOf(2), 4);
        store.append(LogStream::Output, "z");
        rows.follow(store);
        QCOMPARE(rows.count(), 6);
        QCOMPARE(rows.starts(store, 2), std::vector<int>({0, 20}));
        store.append(LogStream::Output, "\n" + numbered(0, 99));
        rows.follow(store);
        QCOMPARE(store.firstLine(), std::uint64_t(2));
        QCOMPARE(rows.count(), 101);
        QCOMPARE(rows.at(0).line, std::uint64_t(2));
        QCOMPARE(rows.rowOf(3), 2);
        LogRows unwrapped;
        unwrapped.follow(store);
        QCOMPARE(unwrapped.count(), 100);
        store.clear();
        rows.follow(store);
        QCOMPARE(rows.count(), 0);
    }

    void wordsAreWrappedBetweenWords()
    {
        LogStore store;
        store.append(LogStream::Says, "The sum subtracts, and the heading says invoice.\n");
        store.append(LogStream::Says, "The \xE2\x82\xAC subtracts, and the heading says invoice.\n"); // rendered: the same places
        LogRows rows(20);
        rows.follow(store);
        QCOMPARE(rows.count(), 6);
        QCOMPARE(rows.starts(store, 0), std::vector<int>({0, 19, 35}));
        QCOMPARE(rows.starts(store, 1), std::vector<int>({0, 17, 33}));
    }

    void aCutLineHasARowToSaySo()
    {
        LogStore store;
        store.append(LogStream::Output, std::string(20'000, 'x') + "\n" + std::string(16'384, 'y') + "\n");
        QVERIFY(store.isCut(0) && !store.isCut(1));
        LogRows rows(64); // the width is a multiple: the last row of text is full
        rows.follow(store);
        QCOMPARE(rows.count(), 257 + 256);
        QCOMPARE(rows.starts(store, 0).back(), 16'384);
        QCOMPARE(rows.rowOf(1), 257);
    }

    // A long log is laid out anew in parts, whatever comes and goes between them.
    void rowsInParts()
    {
        LogStore store({.bytes = 1 << 20, .lines = 2000});
        const std::string words = "The sum subtracts, and the heading says invoice.\n";
        for (int i = 0; i < 1500; ++i)
            store.append(LogStream::Says, words);
        LogRows rows(20);
        int calls = 0;
        while (!rows.follow(store, QDeadlineTimer(0))) {
            ++calls;
            if (calls < 50)
                for (int i = 0; i < 12; ++i)
                    store.append(LogStream::Says, i % 2 == 0 ? "short\n" : words + "and half of");
        }
        QVERIFY2(calls > 50, qPrintable(QString::number(calls)));
        QVERIFY(store.firstLine() > 0);
        LogRows whole(20);
        whole.follow(store);
        QCOMPARE(rows.count(), whole.count());
        for (std::uint64_t line = store.firstLine(); line <= store.endLine(); ++line)
            QCOMPARE(rows.rowOf(line), whole.rowOf(line));
    }

    void foundAsItComes()
    {
        LogStore store;
        LogSearch search(store);
        search.setNeedle(QStringLiteral("Error"), Qt::CaseInsensitive);
        store.append(LogStream::Output, "an error, an ERROR\nnone\n\x1b[31merror\x1b[0m in colour\nhalf an err");
        search.follow();
        QTRY_VERIFY(search.isDone());
        QCOMPARE(search.hits(), std::vector<LogHit>({{0, 3, 5}, {0, 13, 5}, {2, 0, 5}}));
        store.append(LogStream::Output, "or\n\xE4\xB8\xAD error\n");
        search.follow();
        QTRY_VERIFY(search.isDone());
        QCOMPARE(search.hits().size(), std::size_t(5));
        QCOMPARE(search.hits()[3], (LogHit{3, 8, 5}));
        QCOMPARE(search.hits()[4], (LogHit{4, 3, 5})); // columns, not characters
        search.setNeedle(QStringLiteral("ERROR"), Qt::CaseSensitive);
        QTRY_VERIFY(search.isDone());
        QCOMPARE(search.hits().size(), std::size_t(1));
        search.setNeedle({}, Qt::CaseSensitive);
        QVERIFY(search.hits().empty());
    }

    // A hit is as wide as what it stands on, also where a mark is drawn over it.
    void hitsHaveAWidth()
    {
        LogStore store;
        store.append(LogStream::Output, "e\xCC\x81 x e\n\xE4\xB8\xAD\xF0\x9F\x94\x92z\n");
        LogSearch search(store);
        search.setNeedle(QStringLiteral("e"), Qt::CaseSensitive);
        QTRY_VERIFY(search.isDone());
        QCOMPARE(search.hits(), std::vector<LogHit>({{0, 0, 1}, {0, 4, 1}}));
        search.setNeedle(QString::fromUtf8("\xF0\x9F\x94\x92"), Qt::CaseSensitive);
        QTRY_VERIFY(search.isDone());
        QCOMPARE(search.hits(), std::vector<LogHit>({{1, 2, 2}}));
    }

    void foundAgainWhenTheFirstOnesGo()
    {
        LogStore store({.bytes = 1 << 20, .lines = 150});
        for (int i = 0; i < 120; ++i)
            store.append(LogStream::Output, std::string(1000, 'a') + '\n');
        LogSearch search(store);
        search.setNeedle(QStringLiteral("a"), Qt::CaseSensitive);
        QTRY_VERIFY(search.isDone() && search.hasMore());
        const auto append = [&](int lines, char text) {
            for (int i = 0; i < lines; ++i)
                store.append(LogStream::Output, std::string(1, text) + '\n');
            search.follow();
        };
        append(100, 'b'); // 70 of the first lines go
        QTRY_VERIFY(search.isDone());
        QVERIFY(!search.hasMore());
        QCOMPARE(search.hits().size(), std::size_t(50'000));
        QCOMPARE(search.hits().front(), (LogHit{70, 0, 1}));
        QCOMPARE(search.hits().back(), (LogHit{119, 999, 1}));
        append(150, 'b');
        QTRY_VERIFY(search.isDone());
        QVERIFY(search.hits().empty());
        append(1, 'a');
        QTRY_COMPARE(search.hits().size(), std::size_t(1));
    }

    void tooManyAreSaid()
    {
        LogStore store;
        for (int i = 0; i < 120; ++i)
            store.append(LogStream::Output, std::string(1000, 'a') + '\n');
        LogSearch search(store);
        search.setNeedle(QStringLiteral("a"), Qt::CaseSensitive);
        QTRY_VERIFY(search.isDone());
        QCOMPARE(search.hits().size(), LogSearch::mostHits);
        QVERIFY(search.hasMore());
    }
};

GATEHOUSE_TEST_MAIN(TestLogStore)
#include "tst_logstore.moc"
