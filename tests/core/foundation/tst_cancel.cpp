#include "core/foundation/cancel.h"
#include "tests/support/testmain.h"

#include <poll.h>

using namespace gatehouse;

class TestCancel : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void aTokenOutlivesItsSourceAndWakesPoll()
    {
        CancelToken token;
        QVERIFY(!token.cancelled());
        QCOMPARE(token.fd(), -1);
        {
            CancelSource source;
            token = source.token();
            source.cancel();
            source.cancel();
        }
        QVERIFY(token.cancelled());
        struct pollfd waiting = {token.fd(), POLLIN, 0};
        QCOMPARE(::poll(&waiting, 1, 0), 1);
    }
};

GATEHOUSE_TEST_MAIN(TestCancel)
#include "tst_cancel.moc"
