#include "core/workspace/pathname.h"

#include "tests/support/testmain.h"

using namespace gatehouse::workspace;

class TestPathName : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void quotesAsGitDoes()
    {
        QCOMPARE(quotedPath("a b/c"), std::string("a b/c"));
        QCOMPARE(quotedPath("a\"b\\c"), std::string("\"a\\\"b\\\\c\""));
        QCOMPARE(quotedPath("\a\b\t\n\v\f\r"), std::string("\"\\a\\b\\t\\n\\v\\f\\r\""));
        QCOMPARE(quotedPath("ö\x7f\x01"), std::string("\"\\303\\266\\177\\001\""));
    }

    void showsWithoutSurprises()
    {
        QCOMPARE(shownPath("Größe/日本"), std::string("Größe/日本"));
        QCOMPARE(shownPath("a\x1b[31m\n\\"), std::string("a\\x1b[31m\\n\\\\"));
        QCOMPARE(shownPath("\xff\xc3"), std::string("\\xff\\xc3"));
        QCOMPARE(shownPath("a\u202egpj.exe"), std::string("a\\xe2\\x80\\xaegpj.exe"));
        QCOMPARE(shownPath("\u0085"), std::string("\\xc2\\x85"));
        QCOMPARE(shownPath("\xed\xa0\x80\xc0\xaf"), std::string("\\xed\\xa0\\x80\\xc0\\xaf"));
    }

    void knowsWhatGitAccepts_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("accepted");
        for (const char* good :
             {"a", "a/b", ".gitignore", ".gitmodules", "git", "a.git", "git~2", ".github/x", "...", " ", ".git_", "gi~1"})
            QTest::newRow(good) << QByteArray(good) << true;
        for (const char* bad : {"", "/a", "a/", "a//b", ".", "..", "a/../b", ".git", ".GIT", "x/.gIt/y", "git~1", "Git~1", ".git ",
                                ".git...", ".git:x", ".g\u200dit", "\ufeff.git"})
            QTest::newRow(bad) << QByteArray(bad) << false;
        QTest::newRow("NUL") << QByteArray("a\0b", 3) << false;
    }
    void knowsWhatGitAccepts()
    {
        QFETCH(QByteArray, path);
        QFETCH(bool, accepted);
        QCOMPARE(gitAccepts(path.toStdString()), accepted);
    }
};

GATEHOUSE_TEST_MAIN(TestPathName)
#include "tst_pathname.moc"
