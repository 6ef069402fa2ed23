// The kept end of a stream is its end, whatever the pieces it came in.
#include "sandbox/worker/outputbuffer.h"
#include "tests/support/testmain.h"

using gatehouse::worker::OutputBuffer;

class TestOutputBuffer : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void everyPieceSize()
    {
        std::string all;
        for (int i = 0; i < 997; ++i)
            all += static_cast<char>('a' + i % 26);
        for (std::uint64_t limit : {0u, 1u, 2u, 10u, 101u, 996u, 997u, 998u})
            for (std::size_t piece = 1; piece < 200; piece += 7) {
                OutputBuffer buffer(limit, OutputBuffer::Mode::Kept);
                std::string now;
                for (std::size_t at = 0; at < all.size(); at += piece)
                    now += buffer.take(std::string_view(all).substr(at, piece));
                QCOMPARE(buffer.total(), std::uint64_t(all.size()));
                QCOMPARE(now, all.substr(0, limit));
                QCOMPARE(buffer.tail(), limit < all.size() ? all.substr(all.size() - limit / 2) : std::string());
            }
    }

    void aStreamedOneKeepsNothing()
    {
        OutputBuffer buffer(4, OutputBuffer::Mode::Streamed);
        QVERIFY(buffer.take("abc") == "abc");
        QVERIFY(buffer.take("defghi") == "defghi");
        QCOMPARE(buffer.total(), std::uint64_t(9));
        QVERIFY(!buffer.truncated() && buffer.tail().empty());
    }
};

GATEHOUSE_TEST_MAIN(TestOutputBuffer)
#include "tst_outputbuffer.moc"
