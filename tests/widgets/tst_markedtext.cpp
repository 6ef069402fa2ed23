#include "tests/support/testmain.h"
#include "widgets/text/markedtext.h"

using namespace gatehouse::widgets;

class TestMarkedText : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void whatCantBeSeenIsAMark_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("marks");
        QTest::newRow("plain") << QByteArray("sh tests/run.sh") << QStringLiteral("sh tests/run.sh") << 0;
        QTest::newRow("right to left override") << QByteArray("a\xE2\x80\xAE"
                                                              "b")
                                                << QStringLiteral("a[U+202E]b") << 1;
        QTest::newRow("carriage return") << QByteArray("good\rbad") << QStringLiteral("good[U+000D]bad") << 1;
        QTest::newRow("escape") << QByteArray("\x1B[2J") << QStringLiteral("[U+001B][2J") << 1;
        QTest::newRow("nothing") << QByteArray() << QString() << 0;
        QTest::newRow("zero") << QByteArray("a\0b", 3) << QStringLiteral("a[U+0000]b") << 1;
        QTest::newRow("said, not meant") << QByteArray("[U+202E]") << QStringLiteral("[U+202E]") << 0;
    }
    void whatCantBeSeenIsAMark()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, text);
        QFETCH(int, marks);
        const MarkedText marked = markedText(std::string_view(bytes.data(), std::size_t(bytes.size())));
        QCOMPARE(marked.text, text);
        QCOMPARE(int(marked.marks.size()), marks);
    }

    void tabsAreColumnsInCodeAndMarksInPayloads()
    {
        QCOMPARE(markedText("a\tb").text, QStringLiteral("a   b"));
        QCOMPARE(markedText("a\tb", Tabs::Mark).text, QStringLiteral("a[U+0009]b"));
    }

    void aLastLineFeedStartsNoLine()
    {
        QCOMPARE(int(markedLines("one\ntwo\n").size()), 2);
        QCOMPARE(int(markedLines("one\n\ntwo").size()), 3);
        QVERIFY(markedLines("").empty());
    }

    void labelsAreBounded()
    {
        QVERIFY(shown(std::string(10 << 20, 'x')).size() < 5000);
        QString wide;
        for (int cut = 0; cut < 4; ++cut) {
            wide = shown(std::string(std::size_t(cut), 'x') + QByteArray("\xE6\xBC\xA2").repeated(5000).toStdString());
            QVERIFY2(!wide.contains(u'\u27E6'), qPrintable(wide.right(20))); // no character was cut into invalid bytes
        }
        QCOMPARE(shown("short"), QStringLiteral("short"));
        QVERIFY(bounded(QString(10000, u'x')).size() < 5000);
    }

    void toolTipsAreNeverMarkup()
    {
        QCOMPARE(plainToolTip(QStringLiteral("a < b & c")), QStringLiteral("a < b & c"));
        const QString tip = plainToolTip(QStringLiteral("<b>x</b>\n&"));
        QVERIFY2(!tip.contains(QStringLiteral("<b>")) && tip.contains(QStringLiteral("&lt;b&gt;x")), qPrintable(tip));
        QCOMPARE(withoutMnemonics(QStringLiteral("a & b")), QStringLiteral("a && b"));
    }
};

GATEHOUSE_TEST_MAIN(TestMarkedText)
#include "tst_markedtext.moc"
