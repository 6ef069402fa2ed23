// The mains of our tests: GATEHOUSE_TEST_MAIN (QCoreApplication) and GATEHOUSE_GUI_TEST_MAIN (QApplication).
// Every test class derives from TestCase, whose init() turns an unexpected warning into a failure.
#pragma once

#include "tests/support/fatalmessages.h"

#include <QObject>
#include <QRegularExpression>
#include <QTest>

namespace gatehouse::test {

// Any warning but the one that the offscreen platform gives for every window with a smallest size.
inline QRegularExpression unexpectedWarning()
{
    return QRegularExpression(QStringLiteral("^(?!This plugin does not support propagateSizeHints)"));
}

// Calls before each test function: QTest::failOnWarning lasts for one function only.
class TestCase : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(unexpectedWarning()); }
};

} // namespace gatehouse::test

#define GATEHOUSE_TEST_MAIN_WITH(Application, TestClass)                                                                                   \
    int main(int argc, char** argv)                                                                                                        \
    {                                                                                                                                      \
        gatehouse::test::failOnUnexpectedMessages();                                                                                       \
        Application app(argc, argv);                                                                                                       \
        TestClass test;                                                                                                                    \
        QTEST_SET_MAIN_SOURCE_PATH                                                                                                         \
        return QTest::qExec(&test, argc, argv);                                                                                            \
    }
#define GATEHOUSE_TEST_MAIN(TestClass) GATEHOUSE_TEST_MAIN_WITH(QCoreApplication, TestClass)
#define GATEHOUSE_GUI_TEST_MAIN(TestClass) GATEHOUSE_TEST_MAIN_WITH(QApplication, TestClass)
