#include "tests/support/fatalmessages.h"

#include <sys/stat.h>
#include <unistd.h>

#include <QByteArrayList>
#include <QMessageLogContext>
#include <QString>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace gatehouse::test {

// Qt Test installs its own handler while a test function runs; QTest::failOnWarning is set there by the test's init.
// This one covers what comes before and between: constructors, initTestCase data, destructors.
static void handle(QtMsgType type, const QMessageLogContext&, const QString& text)
{
    std::fprintf(stderr, "%s\n", qPrintable(text));
    if (text.startsWith(QLatin1StringView("This plugin does not support propagateSizeHints")))
        return; // the offscreen platform, of every window with a smallest size
    if (type == QtWarningMsg || type == QtCriticalMsg || type == QtFatalMsg) {
        std::fprintf(stderr, "FAIL: unexpected warning outside a test function\n");
        std::_Exit(70);
    }
}

// Qt warns about a missing one, which a bare root session has; a private folder serves.
static void ensureRuntimeFolder()
{
    if (!qEnvironmentVariableIsEmpty("XDG_RUNTIME_DIR"))
        return;
    const std::string folder = "/tmp/gatehouse-test-runtime-" + std::to_string(::getuid());
    ::mkdir(folder.c_str(), 0700);
    qputenv("XDG_RUNTIME_DIR", folder.c_str());
}

void failOnUnexpectedMessages()
{
    ensureRuntimeFolder();
    qInstallMessageHandler(handle);
}

} // namespace gatehouse::test
