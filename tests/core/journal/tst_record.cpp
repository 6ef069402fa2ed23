#include "core/foundation/hex.h"
#include "core/journal/checkpoint.h"
#include "core/journal/merkle.h"
#include "core/journal/record.h"
#include "core/journal/witness.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <nlohmann/json.hpp>

using namespace gatehouse;
using namespace gatehouse::journal;

class TestRecord : public test::TestCase {
    Q_OBJECT
private:
    static Record sample()
    {
        return {7,
                RunId("r"),
                std::string(64, 'a'),
                "2026-01-31T12:00:00.000Z",
                "boot",
                "12",
                "draft",
                {ActorKind::Agent, "planner"},
                EventType::ToolRequested,
                SpanId("0123456789abcdef"),
                {{"call", "c1"}, {"ä", nullptr}},
                {}};
    }
    static Sha256Digest digest(int n) { return sha256(std::to_string(n)); }

private Q_SLOTS:
    void thereAndBack()
    {
        const Record record = sample();
        GH_VALUE(const std::string line, formatRecord(record));
        GH_VALUE(const Record back, parseRecord(line));
        QCOMPARE(back.line, line);
        GH_VALUE(const std::string again, formatRecord(back));
        QCOMPARE(again, line);
        QVERIFY(back.type == EventType::ToolRequested && back.actor == record.actor && back.data == record.data && back.seq == 7);
    }

    void everyTypeHasItsOwnName()
    {
        for (const EventTypeName& entry : eventTypes()) {
            QVERIFY(eventTypeFromName(entry.name) == entry.type);
            QVERIFY(entry.name.find('.') != std::string_view::npos);
        }
        QVERIFY(!eventTypeFromName("run.Opened"));
        QVERIFY(!eventTypeFromName(""));
    }

    void refusesWhatIsNoRecord_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::newRow("version") << QByteArray("\"v\":1") << QByteArray("\"v\":2");
        QTest::newRow("version text") << QByteArray("\"v\":1") << QByteArray("\"v\":\"1\"");
        QTest::newRow("type") << QByteArray("tool.requested") << QByteArray("tool.invented");
        QTest::newRow("kind") << QByteArray("agent") << QByteArray("robot");
        QTest::newRow("no wall") << QByteArray(",\"wall\":\"2026-01-31T12:00:00.000Z\"") << QByteArray("");
        QTest::newRow("more") << QByteArray(",\"wall\"") << QByteArray(",\"vv\":1,\"wall\"");
        QTest::newRow("seq text") << QByteArray("\"seq\":7") << QByteArray("\"seq\":\"7\"");
        QTest::newRow("seq negative") << QByteArray("\"seq\":7") << QByteArray("\"seq\":-7");
        QTest::newRow("space") << QByteArray("\"seq\":7") << QByteArray("\"seq\": 7");
        QTest::newRow("data list") << QByteArray("{\"call\":\"c1\",\"\xC3\xA4\":null}") << QByteArray("[]");
        QTest::newRow("prev") << QByteArray("aaaa\"") << QByteArray("aaaA\"");
        QTest::newRow("mono") << QByteArray("\"12\"") << QByteArray("\"1x\"");
        QTest::newRow("span") << QByteArray("0123456789abcdef") << QByteArray("0123");
        QTest::newRow("actor more") << QByteArray("\"kind\":\"agent\"") << QByteArray("\"kind\":\"agent\",\"l\":1");
    }

    void refusesWhatIsNoRecord()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        GH_VALUE(const std::string line, formatRecord(sample()));
        QByteArray changed = QByteArray::fromStdString(line);
        QVERIFY(changed.contains(from));
        changed.replace(from, to);
        const auto parsed = parseRecord(changed.toStdString());
        QVERIFY(!parsed);
        QVERIFY(parsed.error().code == ErrorCode::Corrupt);
    }

    void rootsOfRfc6962()
    {
        // The reference tree of Certificate Transparency's test data.
        const std::vector<std::string> leaves = {
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
        const std::vector<std::string> roots = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                                "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                                "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                                "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
        MerkleTree tree;
        QCOMPARE(toHex(tree.root()), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        for (std::size_t i = 0; i < leaves.size(); ++i) {
            const auto bytes = fromHex(leaves[i]);
            tree.append(leafHash(std::string(bytes->begin(), bytes->end())));
            QCOMPARE(toHex(tree.root()), roots[i]);
        }
    }

    void checkpointsHaveOneSpelling()
    {
        const Checkpoint checkpoint{"gatehouse.dev/run/r", 12, digest(1)};
        const std::string text = formatCheckpoint(checkpoint);
        QVERIFY(parseCheckpoint(text) == checkpoint);
        for (std::size_t i = 0; i < text.size(); ++i)
            QVERIFY(!parseCheckpoint(text.substr(0, i)));
        QVERIFY(!parseCheckpoint(text + "\n"));
        QVERIFY(!parseCheckpoint("gatehouse.dev/run/r\n012\n" + text.substr(text.find('\n', 21) + 1)));
        QVERIFY(parseUnsealed(formatUnsealed(42)) == 42u);
        for (const char* bad : {"", "gatehouse unsealed from \n", "gatehouse unsealed from 042\n", "gatehouse unsealed from 42",
                                "gatehouse unsealed from -1\n"})
            QVERIFY(!parseUnsealed(bad));
    }

    void witnessNamesWhatHappened()
    {
        std::vector<Sha256Digest> written;
        for (int i = 0; i < 6; ++i)
            written.push_back(digest(i));
        QVERIFY(compareWithWitness(written, written).empty());
        auto lines = written;
        lines.erase(lines.begin() + 3);
        lines.push_back(written[3]); // moved to the end
        const auto moved = compareWithWitness(lines, written);
        QCOMPARE(moved.size(), std::size_t{1});
        QVERIFY(moved[0].kind == FindingKind::Swapped && moved[0].seq == 3);
        lines = written;
        lines[0] = digest(100);
        lines[5] = digest(101);
        const auto altered = compareWithWitness(lines, written);
        QCOMPARE(altered.size(), std::size_t{2});
        QVERIFY(altered[0].seq == 0 && altered[1].seq == 5);
        QCOMPARE(compareWithWitness({}, written).size(), std::size_t{6});
        QCOMPARE(compareWithWitness(written, {}).size(), std::size_t{6});
    }
};

GATEHOUSE_TEST_MAIN(TestRecord)
#include "tst_record.moc"
