#include "core/model/ssedecoder.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

using namespace gatehouse;
using model::SseDecoder;
using model::SseEvent;

using Events = std::vector<SseEvent>;

static Result<Events> decode(const std::vector<std::string>& pieces, std::size_t line = 1000, std::size_t event = 2000)
{
    SseDecoder decoder(line, event);
    Events all;
    for (const std::string& piece : pieces) {
        GH_ASSIGN(const Events events, decoder.feed(piece));
        all.insert(all.end(), events.begin(), events.end());
    }
    GH_ASSIGN(const Events last, decoder.finish());
    all.insert(all.end(), last.begin(), last.end());
    return all;
}

static QByteArray shown(const Events& events)
{
    QByteArray out;
    for (const SseEvent& event : events)
        out += "[" + QByteArray::fromStdString(event.type) + "|" + QByteArray::fromStdString(event.data) + "]";
    return out;
}

class TestSseDecoder : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void streams_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QByteArray>("events");
        QTest::newRow("plain") << QByteArray("data: a\n\ndata: b\n\n") << QByteArray("[|a][|b]");
        QTest::newRow("CR LF") << QByteArray("data: a\r\n\r\ndata: b\r\n\r\n") << QByteArray("[|a][|b]");
        QTest::newRow("CR") << QByteArray("data: a\r\rdata: b\r\r") << QByteArray("[|a][|b]");
        QTest::newRow("mixed ends") << QByteArray("data: a\r\n\ndata: b\n\r\ndata: c\r\n\r") << QByteArray("[|a][|b][|c]");
        QTest::newRow("lines join") << QByteArray("data: a\ndata: b\ndata\ndata:c\n\n") << QByteArray("[|a\nb\n\nc]");
        QTest::newRow("one space goes") << QByteArray("data:  a \n\n") << QByteArray("[| a ]");
        QTest::newRow("comments") << QByteArray(": hello\n\n:\ndata: a\n: inside\n\n") << QByteArray("[|a]");
        QTest::newRow("other fields") << QByteArray("id: 1\nretry: 5\nevent: ping\ndata: a\nwhatever: b\n\n") << QByteArray("[ping|a]");
        QTest::newRow("type alone is no event") << QByteArray("event: ping\n\ndata: a\n\n") << QByteArray("[|a]");
        QTest::newRow("empty data is one") << QByteArray("data\n\n") << QByteArray("[|]");
        QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf"
                                                       "data: a\n\n")
                                         << QByteArray("[|a]");
        QTest::newRow("no last empty line") << QByteArray("data: a\n\ndata: [DONE]\n") << QByteArray("[|a][|[DONE]]");
        QTest::newRow("no last line end") << QByteArray("data: a\n\ndata: [DONE]") << QByteArray("[|a][|[DONE]]");
        QTest::newRow("UTF-8") << QByteArray("data: grüß 世界 🧾\n\n") << QByteArray("[|grüß 世界 🧾]");
        QTest::newRow("NUL and bad UTF-8 pass") << QByteArray("data: a\0\xff\n\n", 11) << QByteArray("[|a\0\xff]", 6);
        QTest::newRow("many empty lines") << QByteArray("\n\n\r\n\rdata: a\n\n\n\n") << QByteArray("[|a]");
        QTest::newRow("nothing") << QByteArray() << QByteArray();
    }

    void streams()
    {
        QFETCH(QByteArray, stream);
        QFETCH(QByteArray, events);
        const std::string bytes = stream.toStdString();
        std::vector<std::string> single;
        for (const char c : bytes)
            single.emplace_back(1, c);
        GH_VALUE(const Events oneByOne, decode(single));
        QCOMPARE(shown(oneByOne), events);
        for (std::size_t a = 0; a <= bytes.size(); ++a) {
            for (std::size_t b = a; b <= bytes.size(); ++b) {
                GH_VALUE(const Events split, decode({bytes.substr(0, a), bytes.substr(a, b - a), bytes.substr(b)}));
                QCOMPARE(shown(split), events);
            }
        }
    }

    void boundsAreHeldHoweverTheBytesCome_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QString>("reason");
        QTest::newRow("line") << "data: " + QByteArray(101, 'x') << QStringLiteral("A line of the stream is longer than 100 bytes");
        QTest::newRow("comment") << ":" + QByteArray(101, 'x') << QStringLiteral("A line of the stream is longer than 100 bytes");
        QTest::newRow("event") << QByteArray("data: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n").repeated(6)
                               << QStringLiteral("An event of the stream is larger than 200 bytes");
        QTest::newRow("event of empty lines") << QByteArray("data\n").repeated(300)
                                              << QStringLiteral("An event of the stream is larger than 200 bytes");
    }

    void boundsAreHeldHoweverTheBytesCome()
    {
        QFETCH(QByteArray, stream);
        QFETCH(QString, reason);
        for (const qsizetype size : {qsizetype(1), qsizetype(7), stream.size()}) {
            std::vector<std::string> pieces;
            for (qsizetype at = 0; at < stream.size(); at += size)
                pieces.push_back(stream.mid(at, size).toStdString());
            const auto events = decode(pieces, 100, 200);
            QVERIFY(!events);
            QCOMPARE(QString::fromStdString(events.error().why.format()), reason);
        }
    }

    void whatIsNoStreamIsSaid()
    {
        const auto events = decode({"<html>\n<body\x1b[31m>\n"});
        QVERIFY(!events);
        QCOMPARE(events.error().why.format(), std::string("This is not an event stream; it begins with: <html>"));
    }
};

GATEHOUSE_TEST_MAIN(TestSseDecoder)
#include "tst_ssedecoder.moc"
