// The view of a patch: both layouts, its keys, what it copies, what it says to a screen reader.
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "widgets/diff/diffline.h"
#include "widgets/diff/diffpane.h"
#include "widgets/style/themer.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QProcess>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace gatehouse::widgets;

namespace {

constexpr const char* twoFiles =
    "diff --git a/a.sh b/a.sh\n--- a/a.sh\n+++ b/a.sh\n@@ -1,4 +1,4 @@ total()\n one\n-for n in x; do :; done\n"
    "+for m in x; do :; done\n three\n four\n@@ -20,2 +20,3 @@\n twenty\n+new\n last\n"
    "diff --git a/b.txt b/c.txt\nsimilarity index 90%\nrename from b.txt\nrename to c.txt\n--- a/b.txt\n+++ b/c.txt\n"
    "@@ -1,1 +1,1 @@\n-\told\n+\tnew\n";

std::string longPatch(int lines)
{
    std::string patch =
        "diff --git a/long b/long\n--- a/long\n+++ b/long\n@@ -1," + std::to_string(lines) + " +1," + std::to_string(lines) + " @@\n";
    for (int i = 0; i < lines; ++i)
        patch += i % 10 == 5 ? "-old " + std::to_string(i) + "\n+new " + std::to_string(i) + '\n' : " same " + std::to_string(i) + '\n';
    return patch;
}

struct Shown {
    explicit Shown(const std::string& patch, int width = 900)
    {
        pane.resize(width, 400);
        pane.setDocument(makeDiffDocument(patch));
        pane.show();
        ready = QTest::qWaitForWindowExposed(&pane);
        pane.view().setFocus();
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) { QTest::keyClick(&pane.view(), key, modifiers); }
    QString currentText() const
    {
        const PatchView& view = pane.view();
        return view.spokenRow(view.currentRow());
    }

    DiffPane pane;
    bool ready = false;
};

std::string git(const QString& folder, QStringList arguments)
{
    QProcess process;
    process.setWorkingDirectory(folder);
    arguments = QStringList{QStringLiteral("-c"), QStringLiteral("user.name=t"),
                            QStringLiteral("-c"), QStringLiteral("user.email=t@localhost"),
                            QStringLiteral("-c"), QStringLiteral("core.autocrlf=false")} +
        arguments;
    process.start(QStringLiteral("git"), arguments);
    process.waitForFinished();
    return process.readAllStandardOutput().toStdString();
}

} // namespace

class TestDiffView : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(QStringLiteral("gatehouse-test"));
        QCoreApplication::setApplicationName(QStringLiteral("tst_diffview"));
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_settings.path());
        applyLook(Theme::Light);
    }
    void cleanup() { QSettings().clear(); }

    void theLayoutIsChosenAndRemembered()
    {
        Shown f(twoFiles);
        QVERIFY(f.ready);
        QVERIFY(f.pane.view().shownLayout() == DiffLayout::Inline);
        const int rows = f.pane.view().rowCount();
        f.key(Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(f.pane.view().shownLayout() == DiffLayout::SideBySide);
        QCOMPARE(f.pane.view().rowCount(), rows - 2); // two pairs share a row
        QVERIFY(DiffPane().chosenLayout() == DiffLayout::SideBySide);
        auto* choice = f.pane.findChild<QTabBar*>();
        QCOMPARE(choice->currentIndex(), 1);
        choice->setCurrentIndex(0);
        QVERIFY(f.pane.view().shownLayout() == DiffLayout::Inline);
        QVERIFY(DiffPane().chosenLayout() == DiffLayout::Inline);
    }

    void tooNarrowItIsInlineAndSaysSo()
    {
        Shown f(twoFiles, 400);
        QVERIFY(f.ready);
        f.pane.chooseLayout(DiffLayout::SideBySide);
        QVERIFY(f.pane.view().chosenLayout() == DiffLayout::SideBySide);
        QVERIFY(f.pane.view().shownLayout() == DiffLayout::Inline);
        const auto saysSo = [&f] {
            for (const Label* label : f.pane.findChildren<Label*>())
                if (label->isVisible() && label->text().contains(QStringLiteral("narrow")))
                    return true;
            return false;
        };
        QVERIFY(saysSo());
        f.pane.resize(1200, 400);
        QTRY_VERIFY(f.pane.view().shownLayout() == DiffLayout::SideBySide);
        QVERIFY(!saysSo());
    }

    // The current line stays current in the other layout.
    void theCurrentLineStays()
    {
        Shown f(longPatch(400));
        f.pane.view().setCurrentRow(300);
        const QString line = f.currentText();
        f.pane.chooseLayout(DiffLayout::SideBySide);
        QVERIFY2(f.currentText().contains(line), qPrintable(line + u'|' + f.currentText()));
        QVERIFY(!f.pane.view().rowRect(f.pane.view().currentRow()).isEmpty());
    }

    void keysGoToChangesAndFiles()
    {
        Shown f(twoFiles);
        f.key(Qt::Key_F7);
        QCOMPARE(f.currentText(), QStringLiteral("removed, line 2: for n in x; do :; done"));
        f.key(Qt::Key_F7);
        QCOMPARE(f.currentText(), QStringLiteral("added, line 21: new"));
        f.key(Qt::Key_F7);
        QCOMPARE(f.currentText(), QStringLiteral("removed, line 1:     old"));
        f.key(Qt::Key_F7); // there is no other
        QCOMPARE(f.currentText(), QStringLiteral("removed, line 1:     old"));
        f.key(Qt::Key_F7, Qt::ShiftModifier);
        QCOMPARE(f.currentText(), QStringLiteral("added, line 21: new"));
        f.key(Qt::Key_F7, Qt::ControlModifier);
        QVERIFY2(f.currentText().startsWith(QStringLiteral("file c.txt, renamed from b.txt, 90 % alike")), qPrintable(f.currentText()));
        QCOMPARE(f.pane.files().currentIndex().row(), 1);
        f.key(Qt::Key_F7, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(f.currentText().startsWith(QStringLiteral("file a.sh")));
        QCOMPARE(f.pane.files().currentIndex().row(), 0);
        f.pane.files().setCurrentIndex(f.pane.files().model()->index(1, 0));
        QVERIFY(f.currentText().startsWith(QStringLiteral("file c.txt")));
    }

    void hunksAndFilesFold()
    {
        Shown f(twoFiles);
        const int rows = f.pane.view().rowCount();
        f.pane.view().setCurrentRow(1);
        f.key(Qt::Key_Left);
        QCOMPARE(f.pane.view().rowCount(), rows - 5);
        QCOMPARE(f.pane.view().currentRow(), 1);
        f.key(Qt::Key_Right);
        QCOMPARE(f.pane.view().rowCount(), rows);
        f.key(Qt::Key_Up);
        f.key(Qt::Key_Space);
        QCOMPARE(f.pane.view().rowCount(), rows - 10);
        f.pane.view().unfoldAll();
        QCOMPARE(f.pane.view().rowCount(), rows);
    }

    void copiesTheSideThatIsCurrent()
    {
        Shown f(twoFiles);
        f.pane.chooseLayout(DiffLayout::SideBySide);
        f.key(Qt::Key_A, Qt::ControlModifier);
        f.key(Qt::Key_Left, Qt::ControlModifier);
        f.key(Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("one\nfor n in x; do :; done\nthree\nfour\ntwenty\nlast\n\told"));
        f.key(Qt::Key_Right, Qt::ControlModifier);
        f.key(Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("one\nfor m in x; do :; done\nthree\nfour\ntwenty\nnew\nlast\n\tnew"));
        f.pane.chooseLayout(DiffLayout::Inline);
        f.key(Qt::Key_F7);
        f.key(Qt::Key_Home);
        f.key(Qt::Key_F7);
        f.key(Qt::Key_Down, Qt::ShiftModifier);
        f.key(Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("for n in x; do :; done\nfor m in x; do :; done"));
        QCOMPARE(f.pane.view().selectedPatch(), QStringLiteral("-for n in x; do :; done\n+for m in x; do :; done"));
    }

    void theHeadingStaysOnTop()
    {
        Shown f(longPatch(400));
        PatchView& view = f.pane.view();
        QCOMPARE(view.stickyFile(), -1);
        view.verticalScrollBar()->setValue(50);
        QCOMPARE(view.stickyFile(), 0);
        // The current row is never under it.
        view.setCurrentRow(30);
        QVERIFY(view.rowRect(30).top() >= view.rowHeight());
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPoint(view.viewport()->width() / 2, 3));
        QCOMPARE(view.currentRow(), 0);
        QCOMPARE(view.stickyFile(), -1);
    }

    // Both sides are one view: one scroll position, along and down.
    void bothSidesScrollTogether()
    {
        const std::string wide(300, 'w');
        Shown f("diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-x\n+" + wide + "\n");
        f.pane.chooseLayout(DiffLayout::SideBySide);
        PatchView& view = f.pane.view();
        QVERIFY(view.horizontalScrollBar()->maximum() > 0);
        const auto picture = [&view](int from) {
            return view.viewport()->grab(QRect(from, 2 * view.rowHeight(), view.viewport()->width() / 2 - 4, view.rowHeight())).toImage();
        };
        const QImage left = picture(0);
        const QImage right = picture(view.viewport()->width() / 2);
        view.horizontalScrollBar()->setValue(view.horizontalScrollBar()->maximum());
        QVERIFY(picture(0) != left);
        QVERIFY(picture(view.viewport()->width() / 2) != right);
    }

    // A patch that was scrolled is replaced by one with fewer lines, or none.
    void whatWasScrolledIsReplaced()
    {
        Shown f(longPatch(500));
        QVERIFY(f.ready);
        f.pane.view().verticalScrollBar()->setValue(400);
        f.pane.setDocument(makeDiffDocument(longPatch(300)));
        QCOMPARE(f.pane.view().verticalScrollBar()->value(), 0);
        QCOMPARE(f.pane.view().currentFile(), 0);
        f.pane.view().verticalScrollBar()->setValue(200);
        f.pane.setDocument(nullptr);
        QCOMPARE(f.pane.view().currentFile(), -1);
    }

    // A sentence behind a hunk is about the file, not part of what was folded.
    void foldingHidesNoNote()
    {
        Shown f("diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,1 +1,1 @@\n-x\n+y\nThis stands behind the hunk\n");
        PatchView& view = f.pane.view();
        const auto spoken = [&view] {
            QStringList rows;
            for (int i = 0; i < view.rowCount(); ++i)
                rows << view.spokenRow(i);
            return rows.join(u'|');
        };
        QVERIFY2(spoken().contains(QStringLiteral("This stands behind the hunk")), qPrintable(spoken()));
        view.foldAllHunks();
        QVERIFY2(!spoken().contains(QStringLiteral("removed, line")), qPrintable(spoken()));
        QVERIFY2(spoken().contains(QStringLiteral("This stands behind the hunk")), qPrintable(spoken()));
    }

    void everyRowIsAccessible()
    {
        Shown f(twoFiles);
        PatchView& view = f.pane.view();
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(&view);
        QVERIFY(face);
        QCOMPARE(face->role(), QAccessible::List);
        QCOMPARE(face->childCount(), view.rowCount());
        QStringList names;
        for (int i = 0; i < face->childCount(); ++i) {
            QCOMPARE(face->indexOfChild(face->child(i)), i);
            names << face->child(i)->text(QAccessible::Name);
        }
        for (const char* wanted : {"removed, line 2: for n in x; do :; done", "added, line 2: for m in x; do :; done", "line 1: one"})
            QVERIFY2(names.contains(QLatin1StringView(wanted)), qPrintable(names.join(u'|')));
        QVERIFY(names.constFirst().startsWith(QStringLiteral("file a.sh")));
        QAccessibleInterface* heading = face->child(1);
        QVERIFY(heading->state().expanded);
        view.toggleFold(1);
        QVERIFY(!heading->isValid());
        QVERIFY(face->child(1)->state().collapsed);
        QCOMPARE(face->childCount(), view.rowCount());
        view.unfoldAll();
        f.pane.chooseLayout(DiffLayout::SideBySide);
        names.clear();
        for (int i = 0; i < face->childCount(); ++i)
            names << face->child(i)->text(QAccessible::Name);
        QVERIFY2(names.contains(QStringLiteral("removed, line 2: for n in x; do :; done; added, line 2: for m in x; do :; done")),
                 qPrintable(names.join(u'|')));
    }

    // In a window that reads from right to left code does not.
    void codeStaysLeftToRight()
    {
        Shown f(twoFiles);
        PatchView& view = f.pane.view();
        const QRect row(0, 3 * view.rowHeight(), view.viewport()->width() - 20, view.rowHeight());
        const auto isPainted = [](const PatchView& painted) { return syntaxEngineName().isEmpty() || painted.hasColours(); };
        QTRY_VERIFY(isPainted(view));
        const QImage usual = view.viewport()->grab(row).toImage();
        QApplication::setLayoutDirection(Qt::RightToLeft);
        Shown mirrored(twoFiles);
        QTRY_VERIFY(isPainted(mirrored.pane.view()));
        const QImage other = mirrored.pane.view().viewport()->grab(row).toImage();
        QApplication::setLayoutDirection(Qt::LeftToRight);
        QVERIFY(usual == other);
    }

    void filesAreListed()
    {
        FileListModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setDocument(makeDiffDocument(std::string(twoFiles)));
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(1).data().toString(), QStringLiteral("c.txt"));
        QVERIFY(model.index(1).data(Qt::AccessibleTextRole).toString().startsWith(QStringLiteral("c.txt, renamed from b.txt")));
        Shown f(twoFiles);
        QVERIFY(f.pane.files().isVisible());
        f.pane.setDocument(makeDiffDocument(longPatch(20)));
        QVERIFY(!f.pane.files().isVisible());
    }

    void coloursComeForWhatIsSeen()
    {
        // Without KSyntaxHighlighting the answer comes too, and every word is plain.
        const bool coloured = !syntaxEngineName().isEmpty();
        DiffInk ink;
        ink.setDocument(makeDiffDocument(std::string(twoFiles)));
        QSignalSpy changed(&ink, &DiffInk::changed);
        ink.beginFrame();
        QVERIFY(ink.line(3).syntax.empty());
        ink.wantColours(0, 5);
        QVERIFY(changed.wait());
        QCOMPARE(!ink.line(3).syntax.empty(), coloured);
        QVERIFY(!coloured || ink.line(3).syntax.front().kind == SyntaxKind::Keyword);
        const std::vector<TextRange> word = {{4, 1}};
        QVERIFY(ink.line(3).words == word);
        ink.wantColours(0, 5);
        QVERIFY(ink.hasColours());
        // An answer for what is no longer shown is dropped.
        ink.setDocument(makeDiffDocument(longPatch(20)));
        ink.wantColours(0, 5);
        ink.setDocument(makeDiffDocument(std::string(twoFiles)));
        QVERIFY(ink.line(3).syntax.empty());
    }

    void hostilePatchesArePainted_data()
    {
        QTest::addColumn<QByteArray>("patch");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("words") << QByteArray("just words");
        QTest::newRow("a line of a megabyte") << "@@ -1,1 +1,1 @@\n-" + QByteArray(1'000'000, 'x') + "\n+" +
                QByteArray("\xE2\x80\xAE").repeated(400'000);
        QTest::newRow("a hunk without lines") << QByteArray("@@ -1,0 +1,0 @@\n@@ -1,9 +1,9 @@\n");
        QTest::newRow("a long hunk heading") << "@@ -1,1 +1,1 @@ " + QByteArray(1'000'000, 'f') + "\n x\n";
        QTest::newRow("a long name") << "diff --git a/x b/" + QByteArray(1'000'000, 'n') + "\n@@ -1,1 +1,1 @@\n x\n";
    }
    void hostilePatchesArePainted()
    {
        QFETCH(QByteArray, patch);
        Shown f(patch.toStdString());
        QVERIFY(f.ready);
        for (const DiffLayout layout : {DiffLayout::SideBySide, DiffLayout::Inline}) {
            f.pane.chooseLayout(layout);
            f.key(Qt::Key_End);
            f.key(Qt::Key_F7);
            f.pane.view().horizontalScrollBar()->setValue(f.pane.view().horizontalScrollBar()->maximum());
            (void)f.pane.grab();
        }
    }

    // What git says, shown: the right column is the file as it stands on the disk, the left one as it was committed.
    void gitsOwnDiffs()
    {
        gatehouse::test::TemporaryFolder folder;
        const QString path = QString::fromStdString(folder.path());
        const std::vector<std::pair<std::string, std::string>> files = {{"a b/plain.txt", "one\ntwo\nthree\n"},
                                                                        {"\xC3\xA4.sh", "for i in 1; do\n\techo\ndone"},
                                                                        {"gone.txt", "x\n"},
                                                                        {"crlf.txt", "a\r\nb\r\n"}};
        for (const auto& [name, text] : files)
            folder.write(name, text);
        (void)git(path, {QStringLiteral("init"), QStringLiteral("-q")});
        (void)git(path, {QStringLiteral("add"), QStringLiteral("-A")});
        (void)git(path, {QStringLiteral("commit"), QStringLiteral("-q"), QStringLiteral("-m"), QStringLiteral("x")});
        const std::vector<std::pair<std::string, std::string>> changed = {{"a b/plain.txt", "one\n2\nthree\n-- a/gone.txt\n"},
                                                                          {"\xC3\xA4.sh", "for i in 1; do\n    echo\ndone\n"},
                                                                          {"crlf.txt", "a\nb\r\n"}};
        for (const auto& [name, text] : changed)
            folder.write(name, text);
        QVERIFY(QFile::remove(path + QStringLiteral("/gone.txt")));
        QVERIFY(QFile::setPermissions(path + QStringLiteral("/crlf.txt"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        const std::string patch = git(path, {QStringLiteral("diff"), QStringLiteral("--unified=1000")});
        QVERIFY(!patch.empty());
        Shown f(patch);
        for (const DiffLayout layout : {DiffLayout::Inline, DiffLayout::SideBySide}) {
            f.pane.chooseLayout(layout);
            QHash<QString, std::string> right;
            QHash<QString, std::string> left;
            const PatchView& view = f.pane.view();
            const Patch& shownPatch = view.document().patch;
            for (int i = 0; i < view.rowCount(); ++i) {
                for (const DiffSide side : {DiffSide::Old, DiffSide::New}) {
                    const int index = view.row(i).on(side);
                    if (index < 0 || shownPatch.lines[std::size_t(index)].kind < PatchLineKind::Context)
                        continue;
                    const PatchLine& line = shownPatch.lines[std::size_t(index)];
                    std::string& text = (side == DiffSide::Old ? left : right)[shownPatch.files[std::size_t(line.file)].name];
                    text += shownPatch.text(line);
                    text += line.end == LineEnd::Feed ? "\n" : "";
                }
            }
            for (const auto& [name, text] : files)
                QCOMPARE(left.value(QString::fromStdString(name)), text);
            for (const auto& [name, text] : changed)
                QCOMPARE(right.value(QString::fromStdString(name)), text);
            QCOMPARE(right.value(QStringLiteral("gone.txt")), std::string());
        }
        QStringList words;
        for (const PatchFile& file : f.pane.view().document().patch.files)
            words << file.name + u':' + fileWords(file).join(u',');
        QVERIFY2(words.contains(QStringLiteral("gone.txt:deleted")), qPrintable(words.join(u'|')));
        QVERIFY2(words.contains(QStringLiteral("crlf.txt:now executable")), qPrintable(words.join(u'|')));
    }

private:
    QTemporaryDir m_settings;
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestDiffView)
#include "tst_diffview.moc"
