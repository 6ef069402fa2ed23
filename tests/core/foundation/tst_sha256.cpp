#include "core/foundation/hex.h"
#include "core/foundation/sha256.h"
#include "tests/support/testmain.h"

#include <openssl/sha.h>

using namespace gatehouse;

class TestSha256 : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void publishedVectors()
    {
        QCOMPARE(sha256Hex(""), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(sha256Hex("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(sha256Hex(std::string(1000000, 'a')), std::string("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
    }

    void agreesWithOpenSslAtEveryLengthAndSplit()
    {
        std::string bytes;
        for (int length = 0; length < 300; ++length) {
            Sha256Digest expected;
            ::SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), expected.data());
            Sha256 hash;
            const std::size_t split = bytes.size() * 2 / 3;
            hash.update(std::string_view(bytes).substr(0, split));
            hash.update(std::string_view(bytes).substr(split));
            QCOMPARE(hash.finish(), expected);
            bytes += static_cast<char>(length * 7);
        }
    }

    void hexHasOneSpelling()
    {
        QCOMPARE(toHex(*fromHex("00ff10")), std::string("00ff10"));
        QVERIFY(!fromHex("0"));
        QVERIFY(!fromHex("FF"));
        QVERIFY(!fromHex("g0"));
    }
};

GATEHOUSE_TEST_MAIN(TestSha256)
#include "tst_sha256.moc"
