#include "tests/support/fatalmessages.h"

#include <QByteArrayList>
#include <QMessageLogContext>
#include <QString>

#include <cstdio>
#include <cstdlib>

namespace gatehouse::test {

// Qt Test installs its own handler while a test function runs; QTest::failOnWarning is set there by the test's init.
// This one covers what comes before and between: constructors, initTestCase data, destructors.
static void handle(QtMsgType type, const QMessageLogContext&, const QString& text)
{
    std::fprintf(stderr, "%s\n", qPrintable(text));
    if (type == QtWarningMsg || type == QtCriticalMsg || type == QtFatalMsg) {
        std::fprintf(stderr, "FAIL: unexpected warning outside a test function\n");
        std::_Exit(70);
    }
}

void failOnUnexpectedMessages()
{
    qInstallMessageHandler(handle);
}

} // namespace gatehouse::test
