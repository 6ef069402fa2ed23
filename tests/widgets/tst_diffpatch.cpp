#include "core/base/linediff.h"
#include "tests/support/testmain.h"
#include "widgets/diff/diffline.h"
#include "widgets/diff/patch.h"
#include "widgets/diff/worddiff.h"

#include <QRandomGenerator>

using namespace gatehouse;
using namespace gatehouse::widgets;

namespace {

QString diffText(const Patch& patch, const PatchLine& line)
{
    return line.kind == PatchLineKind::File ? patch.files[std::size_t(line.file)].name
                                            : diffLine(patch, int(&line - patch.lines.data())).text.text;
}

// As text: what a failing comparison should show.
QStringList printed(const Patch& patch)
{
    QStringList lines;
    for (const PatchLine& line : patch.lines) {
        static const QString signs = QStringLiteral("F.@ +-");
        lines << QStringLiteral("%1 %2 %3 %4")
                     .arg(signs.at(int(line.kind)))
                     .arg(line.oldNumber)
                     .arg(line.newNumber)
                     .arg(diffText(patch, line));
    }
    return lines;
}

std::string randomText(QRandomGenerator& random)
{
    std::string text;
    for (int lines = random.bounded(40); lines > 0; --lines) {
        text += char('a' + random.bounded(4));
        text += '\n';
    }
    return text;
}

// Puts the changes into before: must give after.
std::string applied(const std::string& before, const std::string& after)
{
    const auto a = splitLines(before);
    const auto b = splitLines(after);
    std::string made;
    int next = 0;
    const auto copy = [&](const std::vector<std::string_view>& from, int begin, int end) {
        for (int i = begin; i < end; ++i)
            made.append(from[std::size_t(i)]).append("\n");
    };
    for (const LineChange& change : lineDiff(a, b)) {
        copy(a, next, change.beforeStart);
        copy(b, change.afterStart, change.afterStart + change.afterCount);
        next = change.beforeStart + change.beforeCount;
    }
    copy(a, next, int(a.size()));
    return made;
}

QString line(const char* text)
{
    return QString::fromLatin1(text);
}

} // namespace

class TestDiffPatch : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void rowsOfAPatch()
    {
        const Patch patch = parsePatch(
            "diff --git a/a.sh b/a.sh\nindex 1..2 100644\n--- a/a.sh\n+++ b/a.sh\n@@ -3,3 +3,4 @@ total()\n one\n-two\n+2\n+2b\n three\n");
        const QStringList wanted = {line("F 0 0 a.sh"), line("@ 0 0 @@ -3,3 +3,4 @@ total()"),
                                    line("  3 3 one"),  line("- 4 0 two"),
                                    line("+ 0 4 2"),    line("+ 0 5 2b"),
                                    line("  5 6 three")};
        QCOMPARE(printed(patch), wanted);
        QCOMPARE(int(patch.files.size()), 1);
        QCOMPARE(patch.files[0].added, 2);
        QCOMPARE(patch.files[0].removed, 1);
        QCOMPARE(patch.lines[3].partner, 4);
        QCOMPARE(patch.lines[5].partner, -1);
    }

    // Lines of a hunk that look like headers are content: counts decide, not looks.
    void contentCantForgeAHeader()
    {
        const Patch patch = parsePatch("diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n--- a/secret\n+++ b/secret\n same\n");
        QCOMPARE(int(patch.files.size()), 1);
        const QStringList wanted = {line("- 1 0 -- a/secret"), line("+ 0 1 ++ b/secret"), line("  2 2 same")};
        QCOMPARE(printed(patch).mid(2), wanted);
    }

    void whatIsNoPatchIsShownAllTheSame_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("lines");
        QTest::newRow("words") << QByteArray("just\nwords\n") << 2;
        QTest::newRow("a hunk that lies") << QByteArray("@@ -1,99 +1,99 @@\n-a\n") << 2;
        QTest::newRow("a hunk that lies over a file")
            << QByteArray("@@ -1,99 +1,99 @@\n-a\ndiff --git a/b b/b\n@@ -1 +1 @@\n-c\n+d\n") << 6;
        QTest::newRow("the largest number") << QByteArray("@@ -2147483647,2 +2147483647,2 @@\n-a\n-b\n") << 3;
        QTest::newRow("a negative number") << QByteArray("@@ --5,-5 +1,1 @@\n") << 1;
        QTest::newRow("more lines than counted") << QByteArray("@@ -1,1 +1,1 @@\n-a\n+b\n+c\n-d\n") << 5;
        QTest::newRow("an end of nothing") << QByteArray("\\ No newline at end of file\n") << 1;
        QTest::newRow("NULs") << QByteArray("diff --git a/\0 b/\0\n@@ -1,1 +1,1 @@\n-\0\n+\n", 40) << 4;
        QTest::newRow("a number too large") << QByteArray("@@ -99999999999999999999,1 +1,1 @@\n") << 1;
        QTest::newRow("no number") << QByteArray("@@ -x +y @@\n") << 1;
        QTest::newRow("empty") << QByteArray() << 0;
        QTest::newRow("binary") << QByteArray("diff --git a/p b/p\nBinary files differ\n") << 2;
    }
    void whatIsNoPatchIsShownAllTheSame()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, lines);
        QCOMPARE(int(parsePatch(bytes.toStdString()).lines.size()), lines);
    }

    // Counts that lie about one hunk take nothing from the next file.
    void aLyingHunkEndsAtWhatIsNoContent()
    {
        const Patch patch = parsePatch("@@ -1,99 +1,99 @@\n-a\ndiff --git a/b b/b\n@@ -1 +1 @@\n-c\n+d\n");
        QCOMPARE(int(patch.files.size()), 1);
        QCOMPARE(patch.files[0].name, line("b"));
        QCOMPARE(patch.files[0].removed, 1);
    }

    void filesSayWhatHappened_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("words");
        QTest::newRow("modified") << QByteArray("diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n") << line("f") << QString();
        QTest::newRow("new") << QByteArray("diff --git a/f b/f\nnew file mode 100755\nindex 0..2\n--- /dev/null\n+++ b/f\n") << line("f")
                             << line("new, executable");
        QTest::newRow("deleted") << QByteArray("diff --git a/f b/f\ndeleted file mode 100644\n--- a/f\n+++ /dev/null\n") << line("f")
                                 << line("deleted");
        QTest::newRow("renamed") << QByteArray("diff --git a/old name b/new\nsimilarity index 90%\nrename from old name\nrename to new\n")
                                 << line("new") << line("renamed from old name|90 % alike");
        QTest::newRow("mode") << QByteArray("diff --git a/f b/f\nold mode 100644\nnew mode 100755\n") << line("f")
                              << line("now executable");
        QTest::newRow("binary") << QByteArray("diff --git a/p b/p\nindex 1..2\nBinary files a/p and b/p differ\n") << line("p")
                                << line("binary");
        QTest::newRow("quoted") << QByteArray("diff --git \"a/\\303\\244\" \"b/\\303\\244\"\n--- \"a/\\303\\244\"\n")
                                << QStringLiteral("\u00E4") << QString();
        QTest::newRow("a name that is a riddle") << QByteArray("diff --git a/x b/y b/x b/y\n") << line("x b/y") << QString();
        QTest::newRow("plain and new") << QByteArray("--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+x\n") << line("f") << line("new");
    }
    void filesSayWhatHappened()
    {
        QFETCH(QByteArray, header);
        QFETCH(QString, name);
        QFETCH(QString, words);
        const Patch patch = parsePatch(header.toStdString());
        QCOMPARE(int(patch.files.size()), 1);
        QCOMPARE(patch.files[0].name, name);
        QCOMPARE(fileWords(patch.files[0]).join(u'|'), words);
    }

    // Names that contradict each other are all shown.
    void aSecondNameIsNotHidden()
    {
        const Patch patch = parsePatch("diff --git a/f b/f\n--- a/f\n+++ b/secret\n@@ -1 +1 @@\n-a\n+b\n");
        QVERIFY2(printed(patch).contains(line(". 0 0 +++ b/secret")), qPrintable(printed(patch).join(u'|')));
    }

    void aMissingLineFeedIsAFactOfItsLine()
    {
        const Patch patch = diffSides({{"f", "a\nb", "a\nb\n"}});
        QCOMPARE(int(patch.lines.size()), 5);
        QVERIFY(patch.lines[3].kind == PatchLineKind::Removed && patch.lines[3].end == LineEnd::None);
        QVERIFY(patch.lines[4].kind == PatchLineKind::Added && patch.lines[4].end == LineEnd::Feed);
        QVERIFY(diffLine(patch, 3).text.text.contains(line("no line feed")));
        QCOMPARE(patch.lines[3].partner, 4);
    }

    void sidesBecomeAPatch()
    {
        const Patch patch = diffSides({{"a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"}});
        const QStringList wanted = {line("F 0 0 a.txt"), line("@ 0 0 @@ -2,7 +2,7 @@"),
                                    line("  2 2 2"),     line("  3 3 3"),
                                    line("  4 4 4"),     line("- 5 0 5"),
                                    line("+ 0 5 five"),  line("  6 6 6"),
                                    line("  7 7 7"),     line("  8 8 8")};
        QCOMPARE(printed(patch), wanted);
        const Patch made = diffSides({{"new", std::nullopt, "x\ny\n"}});
        QCOMPARE(made.files[0].added, 2);
        const Patch gone = diffSides({{"old", "x\n", std::nullopt}});
        QCOMPARE(gone.files[0].removed, 1);
    }

    void differencesApplied()
    {
        QRandomGenerator random(20261121);
        for (int i = 0; i < 3000; ++i) {
            const std::string before = randomText(random);
            const std::string after = randomText(random);
            QCOMPARE(applied(before, after), after);
        }
    }

    // Each way through equal lines is as long as the text: past a bound the middle counts as replaced, which is right too.
    void manyEqualLines()
    {
        std::string before;
        std::string after;
        for (int i = 0; i < 1'000'000; ++i) {
            before += "x\n";
            after += i % 500 == 250 ? "y" + std::to_string(i) + '\n' : "x\n";
        }
        QVERIFY(applied(before, after) == after);
        QVERIFY(applied(after, before) == before);
    }

    void wordsThatChanged()
    {
        const WordDiff diff = wordDiff(QStringLiteral("sum=$((sum - n))"), QStringLiteral("sum=$((sum + n))"));
        const std::vector<TextRange> sign = {{11, 1}};
        QVERIFY(diff.before == sign);
        QVERIFY(diff.after == sign);
        QVERIFY(wordDiff(QStringLiteral("alpha beta"), QStringLiteral("wholly other")).before.empty());
        QVERIFY(wordDiff(QString(5000, u'a'), QStringLiteral("b")).after.empty());
    }
};

GATEHOUSE_TEST_MAIN(TestDiffPatch)
#include "tst_diffpatch.moc"
