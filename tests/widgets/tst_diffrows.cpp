// Rows of a diff: made of random edits, they must give both texts back, whatever the layout.
#include "tests/support/testmain.h"
#include "widgets/diff/diffdocument.h"
#include "widgets/diff/diffline.h"

#include <QRandomGenerator>

#include <set>

using namespace gatehouse::widgets;

namespace {

// Some words, some lines that look like a patch's own, some without a line feed at the end.
std::string randomText(QRandomGenerator& random)
{
    static const std::vector<std::string> lines = {"",        "alpha beta", "alpha gamma",     "\tif (x)", "    if (x)",
                                                   "--- a/x", "+++ b/x",    "@@ -1,1 +1,1 @@", "x\r",      "diff --git a/a b/a",
                                                   "\\ No",   "trailing  "};
    std::string text;
    for (int count = random.bounded(40); count > 0; --count) {
        text += lines[std::size_t(random.bounded(int(lines.size())))];
        text += '\n';
    }
    if (!text.empty() && random.bounded(3) == 0) {
        text.pop_back();
        text += 'z'; // so that the last line is one
    }
    return text;
}

std::string edited(std::string text, QRandomGenerator& random)
{
    for (int edits = random.bounded(6); edits > 0 && !text.empty(); --edits) {
        const auto at = std::size_t(random.bounded(int(text.size())));
        switch (random.bounded(3)) {
        case 0:
            text.insert(at, random.bounded(2) == 0 ? "new line\n" : "w ");
            break;
        case 1:
            text.erase(at, std::size_t(random.bounded(30)));
            break;
        default:
            text[at] = char('a' + random.bounded(26));
        }
    }
    return text;
}

std::string columnOf(const DiffDocument& document, DiffLayout layout, DiffSide side)
{
    std::string text;
    for (const DiffRow& row : document.rows(layout)) {
        const int index = row.on(side);
        if (index < 0 || document.patch.lines[std::size_t(index)].kind < PatchLineKind::Context)
            continue;
        const PatchLine& line = document.patch.lines[std::size_t(index)];
        text += document.patch.text(line);
        if (line.end == LineEnd::Feed)
            text += '\n';
    }
    return text;
}

bool liesWithin(const std::vector<TextRange>& words, qsizetype length)
{
    int end = 0;
    for (const TextRange& word : words) {
        if (word.start < end || word.length <= 0 || word.start + word.length > length)
            return false;
        end = word.start + word.length;
    }
    return true;
}

} // namespace

class TestDiffRows : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void columnsAreTheTexts()
    {
        QRandomGenerator random(20261126);
        for (int i = 0; i < 3000; ++i) {
            const std::string before = randomText(random);
            const std::string after = random.bounded(4) == 0 ? randomText(random) : edited(before, random);
            if (before == after)
                continue;
            const DiffDocumentPtr document = makeDiffDocument(diffSides({{"f", before, after}}, -1));
            for (const DiffLayout layout : {DiffLayout::Inline, DiffLayout::SideBySide}) {
                QCOMPARE(columnOf(*document, layout, DiffSide::Old), before);
                QCOMPARE(columnOf(*document, layout, DiffSide::New), after);
            }
        }
    }

    void everyLineStandsOnce()
    {
        QRandomGenerator random(7);
        for (int i = 0; i < 500; ++i) {
            const std::string before = randomText(random);
            const DiffDocumentPtr document = makeDiffDocument(
                diffSides({{"f", before, edited(before, random)}, {"g", randomText(random), std::nullopt}}, random.bounded(4)));
            for (const DiffLayout layout : {DiffLayout::Inline, DiffLayout::SideBySide}) {
                std::multiset<int> lines;
                for (const DiffRow& row : document->rows(layout)) {
                    QVERIFY(row.left >= 0 || row.right >= 0);
                    for (const int line : std::set<int>{row.left, row.right})
                        if (line >= 0)
                            lines.insert(line);
                }
                QCOMPARE(lines.size(), document->patch.lines.size());
                QCOMPARE(std::set<int>(lines.begin(), lines.end()).size(), document->patch.lines.size());
            }
        }
    }

    // Of each pair, and of lines that have nothing in common.
    void wordsLieWithinTheirLines()
    {
        QRandomGenerator random(11);
        for (int i = 0; i < 300; ++i) {
            const std::string before = randomText(random);
            const DiffDocumentPtr document = makeDiffDocument(diffSides({{"f", before, edited(before, random)}}));
            const Patch& patch = document->patch;
            for (int line = 0; line < int(patch.lines.size()); ++line) {
                const int partner = patch.lines[std::size_t(line)].partner;
                if (partner < 0 || patch.lines[std::size_t(line)].kind != PatchLineKind::Removed)
                    continue;
                QCOMPARE(patch.lines[std::size_t(partner)].partner, line);
                const ChangedWords words = changedWords(patch, line, partner);
                QVERIFY(liesWithin(words.before, diffLine(patch, line).text.text.size()));
                QVERIFY(liesWithin(words.after, diffLine(patch, partner).text.text.size()));
                CodeLine shown = diffLine(patch, partner);
                shown.words = words.after;
                const auto length = shown.text.text.size();
                showBlanks(shown, patch, partner);
                QCOMPARE(shown.text.text.size(), length);
            }
        }
    }

    // A line that was put before another must not make the other look changed.
    void similarLinesShareARow()
    {
        const DiffDocumentPtr document =
            makeDiffDocument(diffSides({{"f", "int total = sum(items);\n", "// What they cost.\nint total = sum(items, tax);\n"}}));
        const std::vector<DiffRow> wanted = {{0, 0}, {1, 1}, {-1, 3}, {2, 4}};
        QVERIFY(document->sideRows == wanted);
    }

    // 25,000 lines replaced by as many: nothing is looked for, and nothing takes long.
    void aLargeRunIsPairedInOrder()
    {
        std::string before;
        std::string after;
        for (int i = 0; i < 25'000; ++i) {
            before += "old " + std::to_string(i) + '\n';
            after += "new " + std::to_string(i) + '\n';
        }
        const DiffDocumentPtr document = makeDiffDocument(diffSides({{"f", before, after}}));
        QCOMPARE(document->inlineRows.size(), std::size_t(50'002));
        QCOMPARE(document->sideRows.size(), std::size_t(25'002));
        QCOMPARE(document->sideRows.back().left, 25'001);
        QCOMPARE(document->sideRows.back().right, 50'001);
    }

    void tabsAndBlanksAreTold()
    {
        const Patch patch = parsePatch("diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n-\tif (x)\n+    if (x)\n-end\n+end \n");
        CodeLine tab = diffLine(patch, 2);
        CodeLine blanks = diffLine(patch, 3);
        QCOMPARE(tab.text.text, blanks.text.text);
        ChangedWords words = changedWords(patch, 2, 3);
        const std::vector<TextRange> indentation = {{0, 4}};
        QVERIFY(words.before == indentation && words.after == indentation);
        tab.words = words.before;
        blanks.words = words.after;
        showBlanks(tab, patch, 2);
        showBlanks(blanks, patch, 3);
        QCOMPARE(tab.text.text, QStringLiteral("\u2192   if (x)"));
        QCOMPARE(blanks.text.text, QStringLiteral("\u00B7\u00B7\u00B7\u00B7if (x)"));
        CodeLine end = diffLine(patch, 5);
        showBlanks(end, patch, 5);
        QCOMPARE(end.text.text, QStringLiteral("end\u00B7"));
        QCOMPARE(copiedLine(patch, 2), QStringLiteral("\tif (x)"));
    }

    // A line of ten megabytes is shown as its beginning and says how much more there is; it has no words.
    void longLinesAreCut()
    {
        const std::string line(10'000'000, 'x');
        const Patch patch = diffSides({{"f", line + "a\n", line + "b\n"}});
        const CodeLine shown = diffLine(patch, 2);
        QVERIFY(shown.text.text.size() < 9000);
        QVERIFY2(shown.text.text.contains(QStringLiteral("more bytes")), qPrintable(shown.text.text.right(80)));
        QVERIFY(changedWords(patch, 2, 3).before.empty());
    }

    void whatCantBeSeenIsMarked()
    {
        const Patch patch = parsePatch("diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-x\r\n+x\xE2\x80\xAE\n");
        QCOMPARE(diffLine(patch, 2).text.text, QStringLiteral("x[U+000D]"));
        QCOMPARE(diffLine(patch, 3).text.text, QStringLiteral("x[U+202E]"));
        QCOMPARE(int(diffLine(patch, 3).text.marks.size()), 1);
    }
};

GATEHOUSE_TEST_MAIN(TestDiffRows)
#include "tst_diffrows.moc"
