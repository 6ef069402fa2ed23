#include "tests/support/testmain.h"
#include "widgets/controls/factrow.h"
#include "widgets/controls/keybutton.h"
#include "widgets/controls/statuspill.h"
#include "widgets/controls/surface.h"
#include "widgets/style/fonts.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/style/icons.h"
#include "widgets/style/inks.h"
#include "widgets/style/themer.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPainter>
#include <QProgressBar>
#include <QTabBar>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <memory>

using namespace gatehouse::widgets;

// One of everything that the style paints.
static std::unique_ptr<QWidget> makeControls()
{
    auto page = std::make_unique<Surface>(SurfaceKind::Panel);
    auto* column = new QVBoxLayout(page.get());
    auto* primary = new QPushButton(QStringLiteral("Run"));
    setLook(primary, Look::Primary);
    auto* tabs = new QTabBar;
    tabs->addTab(QStringLiteral("One"));
    tabs->addTab(QStringLiteral("Two"));
    auto* tree = new QTreeWidget;
    tree->addTopLevelItem(new QTreeWidgetItem({QStringLiteral("row")}));
    auto* progress = new QProgressBar;
    progress->setValue(40);
    auto* combo = new QComboBox;
    combo->addItem(QStringLiteral("choice"));
    const std::initializer_list<QWidget*> controls = {primary,
                                                      new QPushButton(QStringLiteral("Plain")),
                                                      new KeyButton(QStringLiteral("Deny"), QStringLiteral("D")),
                                                      tabs,
                                                      tree,
                                                      progress,
                                                      new QLineEdit(QStringLiteral("text")),
                                                      combo,
                                                      new QCheckBox(QStringLiteral("check")),
                                                      new Chip(QStringLiteral("chip")),
                                                      new StatusPill({Tone::Ask, Glyph::Diamond, QStringLiteral("asks")}),
                                                      new FactRow(QStringLiteral("name"), QStringLiteral("value"))};
    for (QWidget* control : controls)
        column->addWidget(control);
    page->resize(420, 560);
    return page;
}

class TestLook : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyLook(Theme::Light); }

    void thereAndBackIsPixelIdentical()
    {
        Themer themer;
        themer.setChoice(ThemeChoice::Light);
        const auto page = makeControls();
        page->show();
        QVERIFY(QTest::qWaitForWindowExposed(page.get()));
        page->setFocus();
        const QImage before = page->grab().toImage();
        themer.setChoice(ThemeChoice::Dark);
        const QImage dark = page->grab().toImage();
        QVERIFY(dark != before);
        themer.setChoice(ThemeChoice::HighContrast);
        QVERIFY(page->grab().toImage() != dark);
        themer.setChoice(ThemeChoice::Light);
        QCoreApplication::processEvents();
        QCOMPARE(page->grab().toImage(), before);
    }

    void switchedIsLikeMadeSo()
    {
        Themer themer;
        themer.setChoice(ThemeChoice::Light);
        const auto switched = makeControls();
        switched->show();
        QVERIFY(QTest::qWaitForWindowExposed(switched.get()));
        themer.setChoice(ThemeChoice::Dark);
        switched->setFocus();
        QCoreApplication::processEvents(); // Qt hands the palette to windows in an event of its own
        const QImage after = switched->grab().toImage();
        switched->hide();
        const auto fresh = makeControls();
        fresh->show();
        QVERIFY(QTest::qWaitForWindowExposed(fresh.get()));
        fresh->setFocus();
        const QImage made = fresh->grab().toImage();
        QCOMPARE(after, made);
    }

    void theDesktopsWishCountsOnlyForSystem()
    {
        Themer themer;
        themer.setChoice(ThemeChoice::System);
        themer.setDesktopWish({true, false});
        QCOMPARE(currentTheme(), Theme::Dark);
        themer.setDesktopWish({true, true});
        QCOMPARE(currentTheme(), Theme::HighContrastDark);
        themer.setChoice(ThemeChoice::Light);
        QCOMPARE(currentTheme(), Theme::Light);
        themer.setDesktopWish({false, false});
        QCOMPARE(currentTheme(), Theme::Light);
    }

    void choicesHaveNames()
    {
        for (const ThemeChoice choice : {ThemeChoice::System, ThemeChoice::Light, ThemeChoice::Dark, ThemeChoice::HighContrast})
            QVERIFY(themeChoiceFromName(themeChoiceName(choice)) == choice);
        QVERIFY(!themeChoiceFromName(QStringLiteral("pink")));
    }

    void everyGlyphPaintsSomething()
    {
        for (const Glyph glyph : allGlyphs()) {
            if (glyph == Glyph::None)
                continue;
            QImage image(32, 32, QImage::Format_ARGB32_Premultiplied);
            image.fill(Qt::transparent);
            QPainter painter(&image);
            paintGlyph(painter, image.rect(), glyph, Qt::black);
            painter.end();
            int inked = 0;
            for (int y = 0; y < 32; ++y)
                for (int x = 0; x < 32; ++x)
                    inked += qAlpha(image.pixel(x, y)) > 128;
            QVERIFY2(inked > 20 && inked < 900, qPrintable(QStringLiteral("glyph %1 inks %2 pixels").arg(int(glyph)).arg(inked)));
        }
    }

    // In every theme: where the focus is can be seen, and so can what can't be used now.
    void focusAndDisabledAreSeen_data()
    {
        QTest::addColumn<Theme>("theme");
        QTest::newRow("light") << Theme::Light;
        QTest::newRow("dark") << Theme::Dark;
        QTest::newRow("high contrast") << Theme::HighContrast;
        QTest::newRow("dark high contrast") << Theme::HighContrastDark;
    }
    void focusAndDisabledAreSeen()
    {
        QFETCH(Theme, theme);
        applyLook(theme);
        const auto page = makeControls();
        page->show();
        page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(page.get()));
        page->setAttribute(Qt::WA_KeyboardFocusChange); // as the first Tab does
        int focusable = 0;
        for (QWidget* control : page->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly)) {
            if (auto* line = qobject_cast<QLineEdit*>(control))
                line->setReadOnly(true); // its frame has to show it, not the text caret
            page->setFocus();
            const QImage plain = control->grab().toImage();
            if (control->focusPolicy() != Qt::NoFocus && !control->inherits("QAbstractItemView")) { // there the delegate shows it
                ++focusable;
                control->setFocus(Qt::TabFocusReason);
                QVERIFY2(control->grab().toImage() != plain, control->metaObject()->className());
            }
            if (!control->inherits("QPushButton") && !control->inherits("QCheckBox") && !control->inherits("QComboBox"))
                continue;
            page->setFocus();
            control->setEnabled(false);
            QVERIFY2(control->grab().toImage() != plain, control->metaObject()->className());
        }
        QVERIFY2(focusable >= 7, qPrintable(QString::number(focusable)));
        const double ofDisabled = contrast(disabledInk(), tokens().panel);
        QVERIFY2(ofDisabled < contrast(tokens().second, tokens().panel), qPrintable(QString::number(ofDisabled)));
        QVERIFY2(!tokens().highContrast || ofDisabled >= 4.5, qPrintable(QString::number(ofDisabled)));
        applyLook(Theme::Light);
    }

    // A choice that has no room ends in an ellipsis, and leaves the arrow alone.
    void aLongChoiceIsElided()
    {
        const auto shownAs = [](const QString& text) {
            QComboBox box;
            box.addItem(text);
            box.setFixedSize(120, box.sizeHint().height());
            return box.grab().toImage();
        };
        const QImage longest = shownAs(QString(60, u'W'));
        const QImage none = shownAs(QString());
        int clear = longest.width();
        for (int x = longest.width() - 1; x >= 0; --x) {
            const QRect column(x, 0, 1, longest.height());
            if (longest.copy(column) != none.copy(column))
                break;
            clear = x;
        }
        QVERIFY2(clear < longest.width() - px(16), qPrintable(QString::number(clear)));
        QVERIFY(clear > longest.width() / 2);
        // The last that is inked is an ellipsis, on the line that letters stand on; a W that is cut would be as high as one.
        int top = longest.height();
        for (int x = clear - px(5); x < clear; ++x)
            for (int y = 0; y < top; ++y)
                if (longest.pixel(x, y) != none.pixel(x, y))
                    top = y;
        QVERIFY2(top > longest.height() / 2, qPrintable(QString::number(top)));
    }

    void noStyleSheetAnywhere()
    {
        QVERIFY(qApp->styleSheet().isEmpty());
        const auto page = makeControls();
        for (const QWidget* widget : page->findChildren<QWidget*>())
            QVERIFY(widget->styleSheet().isEmpty());
    }
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestLook)
#include "tst_look.moc"
