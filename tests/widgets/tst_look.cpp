#include "tests/support/testmain.h"
#include "widgets/controls/factrow.h"
#include "widgets/controls/keybutton.h"
#include "widgets/controls/statuspill.h"
#include "widgets/controls/surface.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/style/icons.h"
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
