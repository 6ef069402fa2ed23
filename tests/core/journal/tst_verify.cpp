#include "core/journal/reader.h"
#include "core/journal/record.h"
#include "core/journal/verify.h"
#include "core/journal/witness.h"
#include "tests/core/journal/journalfixture.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <QFile>

#include <nlohmann/json.hpp>

using namespace gatehouse;
using namespace gatehouse::journal;
using test::JournalFixture;
using test::RunEnd;

Q_DECLARE_METATYPE(gatehouse::test::RunEnd)

class TestVerify : public test::TestCase {
    Q_OBJECT
private:
    static void sealedRuns()
    {
        QTest::addColumn<RunEnd>("end");
        QTest::newRow("paused") << RunEnd::Paused;
        QTest::newRow("finished") << RunEnd::Finished;
    }

    // Not ok and named so; showing and resuming refuse with the same place, and nothing in the folder has changed.
    static void refused(const JournalFixture& run, const std::string& place, const std::string& what)
    {
        const auto before = run.everything();
        const std::string found = test::verdict(run.path());
        QVERIFY2(found.starts_with(place), (what + ": expected " + place + ", found " + found).c_str());
        const auto shown = Reader::openVerified(run.path());
        QVERIFY2(!shown && shown.error().code == ErrorCode::Corrupt, what.c_str());
        QVERIFY2(shown.error().where.find(place) != std::string::npos, shown.error().where.c_str());
        test::FakeClock clock;
        const auto writer = Writer::open(run.path(), clock);
        QVERIFY2(!writer && writer.error().code == ErrorCode::Corrupt, what.c_str());
        QVERIFY2(writer.error().where.starts_with(place), writer.error().toString().c_str());
        QVERIFY2(run.everything() == before, what.c_str());
    }

private Q_SLOTS:
    void aGoodRunIsGood_data() { sealedRuns(); }
    void aGoodRunIsGood()
    {
        QFETCH(RunEnd, end);
        const JournalFixture run(end);
        GH_VALUE(const Verification verification, verify(run.path()));
        QVERIFY2(verification.ok, verification.ok ? "" : verification.error().toString().c_str());
        QVERIFY(verification.sealed);
        QVERIFY(verification.findings.empty());
        QCOMPARE(verification.records, std::uint64_t{10});
        GH_VERIFY(Reader::openVerified(run.path()));
        run.restore(); // the fixture's own restore is faithful
        QCOMPARE(test::verdict(run.path()), std::string("ok"));
    }

    void everyBitOfARecordIsNamed_data() { sealedRuns(); }
    void everyBitOfARecordIsNamed()
    {
        QFETCH(RunEnd, end);
        const JournalFixture run(end);
        const auto lines = test::linesOf(run.bytes("journal.jsonl"));
        for (const std::uint64_t seq : {std::uint64_t{0}, run.approvalSeq, std::uint64_t{lines.size() - 1}}) {
            const std::string place = recordName(seq) + " (journal.jsonl:" + std::to_string(seq + 1) + ")";
            for (std::size_t bit = 0; bit < lines[seq].size() * 8; ++bit) { // the newline included
                auto changed = lines;
                changed[seq] = test::flipped(changed[seq], bit);
                run.setBytes("journal.jsonl", test::joined(changed));
                const std::string found = test::verdict(run.path());
                QVERIFY2(found.starts_with(place), (std::to_string(seq) + " bit " + std::to_string(bit) + ": " + found).c_str());
                if (bit % 97 == 0 || bit + 8 >= lines[seq].size() * 8)
                    refused(run, place, "bit " + std::to_string(bit));
            }
        }
    }

    void deletedSwappedDoubledLines_data() { sealedRuns(); }
    void deletedSwappedDoubledLines()
    {
        QFETCH(RunEnd, end);
        const JournalFixture run(end);
        const auto lines = test::linesOf(run.bytes("journal.jsonl"));
        for (std::size_t i = 0; i < lines.size(); ++i) {
            auto changed = lines;
            changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
            run.setBytes("journal.jsonl", test::joined(changed));
            refused(run, recordName(i) + " (", "deleted");
            QVERIFY(test::verdict(run.path()).find("is missing") != std::string::npos);

            changed = lines;
            changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
            run.setBytes("journal.jsonl", test::joined(changed));
            refused(run, recordName(i) + " (journal.jsonl:" + std::to_string(i + 2), "doubled");
            QVERIFY(test::verdict(run.path()).find("again") != std::string::npos);

            for (std::size_t j = i + 1; j < lines.size(); ++j) {
                changed = lines;
                std::swap(changed[i], changed[j]);
                run.setBytes("journal.jsonl", test::joined(changed));
                refused(run, recordName(i) + " (", "swapped");
                QVERIFY(test::verdict(run.path()).find(recordName(j) + " stands there") != std::string::npos);
            }
        }
    }

    void truncatedAndExtendedFiles_data() { sealedRuns(); }
    void truncatedAndExtendedFiles()
    {
        QFETCH(RunEnd, end);
        const JournalFixture run(end);
        const std::string whole = run.bytes("journal.jsonl");
        const auto lines = test::linesOf(whole);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            run.setBytes("journal.jsonl", whole.substr(0, size));
            const auto seq = static_cast<std::uint64_t>(std::ranges::count(whole.substr(0, size), '\n'));
            const std::string found = test::verdict(run.path());
            QVERIFY2(found.starts_with(recordName(seq) + " ("), found.c_str());
            if (size % 301 == 0)
                refused(run, recordName(seq), "truncated");
        }
        const std::string extra = recordName(lines.size()) + " (journal.jsonl:" + std::to_string(lines.size() + 1);
        for (const std::string& more : {std::string("x"), std::string("\n"), std::string("{}\n"), std::string(100000, 'y') + '\n'}) {
            run.setBytes("journal.jsonl", whole + more);
            refused(run, extra, "extended");
        }
        // A record that chains: made here as a forger would.
        GH_VALUE(Record forged, parseRecord(std::string_view(lines.back()).substr(0, lines.back().size() - 1)));
        forged.seq = lines.size();
        forged.prev = sha256Hex(forged.line);
        forged.type = EventType::ApprovalVote;
        GH_VALUE(const std::string line, formatRecord(forged));
        run.setBytes("journal.jsonl", whole + line + '\n');
        refused(run, extra, "forged");
        const Sha256Digest leaf = leafHash(line);
        run.setBytes("leaves", run.bytes("leaves") + std::string(leaf.begin(), leaf.end()));
        refused(run, extra, "forged with its leaf");
        // Both cut back to an earlier whole line.
        run.setBytes("journal.jsonl", test::joined({lines.begin(), lines.end() - 2}));
        run.setBytes("leaves", run.bytes("leaves").substr(0, (lines.size() - 2) * 32));
        refused(run, recordName(lines.size() - 2), "cut back");
    }

    void everyBitOfThePackIsNamed_data() { sealedRuns(); }
    void everyBitOfThePackIsNamed()
    {
        QFETCH(RunEnd, end);
        const JournalFixture run(end);
        const std::string pack = run.bytes("blobs.pack");
        QCOMPARE(pack.size(), std::size_t{80 + 40 + 80 + 7});
        for (std::size_t bit = 0; bit < pack.size() * 8; ++bit) {
            run.setBytes("blobs.pack", test::flipped(pack, bit));
            const std::uint64_t seq = bit / 8 < 120 ? run.firstBlobSeq : run.secondBlobSeq;
            const std::string found = test::verdict(run.path());
            QVERIFY2(found.starts_with(recordName(seq) + " (blobs.pack)"), (std::to_string(bit) + ": " + found).c_str());
            if (bit % 61 == 0)
                refused(run, recordName(seq), "pack");
        }
        for (std::size_t size = 0; size < pack.size(); ++size) {
            run.setBytes("blobs.pack", pack.substr(0, size));
            QVERIFY2(test::verdict(run.path()).starts_with(recordName(size < 120 ? run.firstBlobSeq : run.secondBlobSeq)),
                     std::to_string(size).c_str());
        }
        run.setBytes("blobs.pack", pack + "x");
        refused(run, "blobs.pack", "extended pack");
    }

    void everyBitOfTheSmallFiles_data() { sealedRuns(); }
    void everyBitOfTheSmallFiles()
    {
        QFETCH(RunEnd, end);
        const JournalFixture run(end);
        const std::string leaves = run.bytes("leaves");
        for (std::size_t bit = 0; bit < leaves.size() * 8; ++bit) {
            run.setBytes("leaves", test::flipped(leaves, bit));
            const std::string found = test::verdict(run.path());
            QVERIFY2(found.starts_with(recordName(bit / 256) + " (leaves)"), found.c_str());
        }
        refused(run, recordName(leaves.size() / 32 - 1), "leaf");
        run.setBytes("leaves", leaves.substr(0, leaves.size() - 1));
        refused(run, recordName(leaves.size() / 32 - 1) + " (leaves)", "short leaves");
        run.setBytes("leaves", leaves + leaves);
        refused(run, "leaves", "long leaves");
        run.restore();
        const std::string checkpoint = run.bytes("checkpoint");
        for (std::size_t bit = 0; bit < checkpoint.size() * 8; ++bit) {
            run.setBytes("checkpoint", test::flipped(checkpoint, bit));
            const std::string found = test::verdict(run.path());
            QVERIFY2(found.starts_with("checkpoint"), (std::to_string(bit) + ": " + found).c_str());
        }
        refused(run, "checkpoint", "checkpoint bit");
        for (const char* name : {"checkpoint", "leaves", "blobs.pack", "journal.jsonl"}) {
            run.restore();
            QVERIFY(QFile::remove(QString::fromStdString(run.file(name))));
            QVERIFY2(test::verdict(run.path()) != "ok", name);
        }
    }

    void theUnsealedTailIsWatchedToo()
    {
        const JournalFixture run(RunEnd::Crashed);
        GH_VALUE(const Verification verification, verify(run.path()));
        QVERIFY(verification.ok);
        QVERIFY(!verification.sealed);
        const auto lines = test::linesOf(run.bytes("journal.jsonl"));
        for (std::size_t seq = 0; seq < lines.size(); ++seq) {
            for (std::size_t bit = seq % 5; bit < lines[seq].size() * 8; bit += bit + 9 < lines[seq].size() * 8 ? 7 : 1) {
                auto changed = lines;
                changed[seq] = test::flipped(changed[seq], bit);
                run.setBytes("journal.jsonl", test::joined(changed));
                const std::string found = test::verdict(run.path());
                QVERIFY2(found.starts_with(recordName(seq) + " (journal"),
                         (std::to_string(seq) + " bit " + std::to_string(bit) + ": " + found).c_str());
            }
        }
        run.restore();
        // With no leaf to witness the chain still tells, one record late at worst; a lost marker makes the tail extra lines.
        run.setBytes("leaves", "");
        QCOMPARE(test::verdict(run.path()), std::string("ok"));
        auto changed = lines;
        changed[4] = test::flipped(changed[4], 8 * 40);
        run.setBytes("journal.jsonl", test::joined(changed));
        QVERIFY2(test::verdict(run.path()).starts_with("record 4"), test::verdict(run.path()).c_str());
        run.restore();
        QVERIFY(QFile::remove(QString::fromStdString(run.file("unsealed"))));
        QVERIFY(test::verdict(run.path()) != "ok");
    }

    void twoDamagesAreTwoFindings()
    {
        const JournalFixture run(RunEnd::Finished);
        auto lines = test::linesOf(run.bytes("journal.jsonl"));
        lines[2] = test::flipped(lines[2], 100);
        lines.erase(lines.begin() + 6);
        run.setBytes("journal.jsonl", test::joined(lines));
        GH_VALUE(const Verification verification, verify(run.path()));
        QCOMPARE(verification.findings.size(), std::size_t{2});
        QVERIFY(verification.findings[0].kind == FindingKind::Altered && verification.findings[0].seq == 2u);
        QVERIFY(verification.findings[1].kind == FindingKind::Missing && verification.findings[1].seq == 6u);
    }

    void nothingThereIsAnError()
    {
        const test::TemporaryFolder folder;
        QVERIFY(verify(folder.path("none")).error().code == ErrorCode::NotFound);
        GH_VALUE(const Verification verification, verify(folder.path()));
        QVERIFY(!verification.ok);
    }

    void aHostileFileInAFilesPlaceHoldsNobody()
    {
        const JournalFixture run(RunEnd::Finished);
        for (const char* name : {"journal.jsonl", "leaves", "checkpoint", "blobs.pack", "unsealed"}) {
            run.restore();
            QFile::remove(QString::fromStdString(run.file(name)));
            QVERIFY(QFile::link(QStringLiteral("/etc/passwd"), QString::fromStdString(run.file(name))));
            const auto verification = verify(run.path());
            QVERIFY2(!verification || !verification->ok, name);
        }
    }
};

GATEHOUSE_TEST_MAIN(TestVerify)
#include "tst_verify.moc"
