// The command palette: what matches, in which order, and that the keyboard alone does it.
#include "tests/support/testmain.h"
#include "widgets/actions/actionregistry.h"
#include "widgets/actions/commandpalette.h"
#include "widgets/style/themer.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QApplication>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>

#include <random>

using namespace gatehouse::widgets;

namespace {

QString marked(const char* pattern, const char* text)
{
    const auto match = FuzzyMatch::find(QString::fromUtf8(pattern), QString::fromUtf8(text));
    if (!match)
        return QStringLiteral("no");
    QString out = QString::fromUtf8(text);
    for (auto at = match->positions.rbegin(); at != match->positions.rend(); ++at)
        out.replace(*at, 1, out[*at].toUpper());
    return out;
}

std::vector<PaletteEntry> entries(std::initializer_list<const char*> texts, QStringList* done = nullptr)
{
    std::vector<PaletteEntry> out;
    for (const char* text : texts) {
        const QString words = QString::fromUtf8(text);
        out.push_back({words, words, QStringLiteral("Command"), {}, true, [done, words] {
                           if (done)
                               *done << words;
                       }});
    }
    return out;
}

QStringList words(std::initializer_list<const char*> texts)
{
    QStringList out;
    for (const char* text : texts)
        out << QString::fromUtf8(text);
    return out;
}

QStringList shownRows(const PaletteModel& model)
{
    QStringList rows;
    for (int row = 0; row < model.rowCount(); ++row)
        rows << model.entry(row)->text;
    return rows;
}

} // namespace

class TestCommandPalette : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyLook(Theme::Light); }

    void lettersAreFoundWhereAPersonMeansThem()
    {
        QCOMPARE(marked("nr", "new run"), QStringLiteral("New Run"));
        QCOMPARE(marked("run", "return run"), QStringLiteral("return RUN"));
        QCOMPARE(marked("cp", "close project"), QStringLiteral("Close Project"));
        QCOMPARE(marked("hc", "aHighContrast"), QStringLiteral("aHighContrast"));
        QCOMPARE(marked("new  run", "new run"), QStringLiteral("NEW RUN"));
        QCOMPARE(marked("14", "#14 credit-note"), QStringLiteral("#14 credit-note"));
        QCOMPARE(marked("über", "x über"), QStringLiteral("x ÜBER"));
        QCOMPARE(marked("", "any"), QStringLiteral("any"));
        QCOMPARE(marked("nur", "run"), QStringLiteral("no"));
        QCOMPARE(marked("runs", "run"), QStringLiteral("no"));
    }

    // A match is the pattern's letters in their order, and there is one exactly when they stand in the text in that order.
    void matchesAreSubsequences()
    {
        std::mt19937 random(7);
        const auto word = [&random](int longest) {
            QString out;
            for (int i = int(random() % unsigned(longest + 1)); i > 0; --i)
                out += QChar(char16_t(u'a' + random() % 3));
            return out;
        };
        for (int i = 0; i < 3000; ++i) {
            const QString pattern = word(4);
            const QString text = word(9);
            qsizetype at = 0;
            for (const QChar c : text)
                at += at < pattern.size() && c == pattern[at];
            const auto match = FuzzyMatch::find(pattern, text);
            QCOMPARE(match.has_value(), at == pattern.size());
            if (!match)
                continue;
            QString letters;
            for (const int position : match->positions)
                letters += text[position];
            QCOMPARE(letters, pattern);
            QVERIFY(std::is_sorted(match->positions.begin(), match->positions.end()));
        }
    }

    void theBestMatchComesFirstAndWhatCantBeDoneLast()
    {
        PaletteModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        auto all = entries({"Next request", "New run", "Return", "Close project", "Stop"});
        all[4].enabled = false;
        model.setEntries(all, {QStringLiteral("Close project"), QStringLiteral("Stop")});
        QCOMPARE(shownRows(model), (words({"Close project", "Next request", "New run", "Return", "Stop"})));
        model.setPattern(QStringLiteral("ne"));
        QCOMPARE(shownRows(model).first(), QStringLiteral("New run"));
        model.setPattern(QStringLiteral("st"));
        QCOMPARE(shownRows(model), (words({"Next request", "Close project", "Stop"}))); // though “Stop” matches best
        QVERIFY(!(model.flags(model.index(2)) & Qt::ItemIsEnabled));
        model.setPattern(QStringLiteral("zz"));
        QCOMPARE(model.rowCount(), 0);
        model.setPattern({});
        QCOMPARE(model.rowCount(), 5);
    }

    void byKeyboardOnly()
    {
        QWidget window;
        window.resize(900, 600);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QLineEdit other(&window);
        other.setFocusPolicy(Qt::StrongFocus);
        other.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        other.setFocus();
        CommandPalette palette(&window);
        QStringList done;
        QSignalSpy chosen(&palette, &CommandPalette::chosen);
        palette.open(entries({"Open project", "New run", "Next request"}, &done), {});
        QTest::keyClicks(&palette.line(), QStringLiteral("ne"));
        QTest::keyClick(&palette.line(), Qt::Key_Down);
        QTest::keyClick(&palette.line(), Qt::Key_Return);
        QCOMPARE(done, words({"Next request"}));
        QCOMPARE(chosen.count(), 1);
        QVERIFY(!palette.isVisible());
        QVERIFY(other.hasFocus()); // back where it was
        // Around the ends; Esc does nothing.
        palette.open(entries({"Open project", "New run", "Next request"}, &done), {});
        QTest::keyClick(&palette.line(), Qt::Key_Up);
        QCOMPARE(palette.findChild<QListView*>()->currentIndex().row(), 2);
        QTest::keyClick(&palette.line(), Qt::Key_Escape);
        QVERIFY(!palette.isVisible());
        QCOMPARE(done.size(), 1);
        // Nothing matches: Enter does nothing, and it is said.
        palette.open(entries({"Open project"}, &done), {});
        QTest::keyClicks(&palette.line(), QStringLiteral("zzz"));
        QTest::keyClick(&palette.line(), Qt::Key_Return);
        QVERIFY(palette.isVisible());
        QCOMPARE(done.size(), 1);
        // Whatever takes the focus closes it.
        other.setFocus();
        QVERIFY(!palette.isVisible());
    }

    void byMouse()
    {
        QWidget window;
        window.resize(900, 600);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        CommandPalette palette(&window);
        QStringList done;
        palette.open(entries({"Open project", "New run"}, &done), {});
        auto* list = palette.findChild<QListView*>();
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(palette.model().index(1)).center());
        QCOMPARE(done, words({"New run"}));
    }

    // Markup in a name from elsewhere is a name; every part has one for a screen reader.
    void namesArePlain()
    {
        QWidget window;
        window.resize(900, 600);
        window.show();
        CommandPalette palette(&window);
        palette.open(entries({"<b>#4</b> run"}), {});
        QCOMPARE(palette.model().data(palette.model().index(0)).toString(), QStringLiteral("<b>#4</b> run"));
        QCOMPARE(palette.model().data(palette.model().index(0), Qt::AccessibleTextRole).toString(),
                 QStringLiteral("<b>#4</b> run, Command"));
        for (QWidget* part : {static_cast<QWidget*>(&palette), static_cast<QWidget*>(&palette.line()),
                              static_cast<QWidget*>(palette.findChild<QListView*>())})
            QVERIFY(!QAccessible::queryAccessibleInterface(part)->text(QAccessible::Name).isEmpty());
    }
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestCommandPalette)
#include "tst_commandpalette.moc"
