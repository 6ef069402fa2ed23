#include "tests/support/testmain.h"
#include "widgets/style/tokens.h"

#include <QGuiApplication>

using namespace gatehouse::widgets;

class TestTokens : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void everyTextIsReadable_data()
    {
        QTest::addColumn<int>("theme");
        QTest::newRow("light") << int(Theme::Light);
        QTest::newRow("dark") << int(Theme::Dark);
        QTest::newRow("high contrast") << int(Theme::HighContrast);
        QTest::newRow("high contrast, dark") << int(Theme::HighContrastDark);
    }
    void everyTextIsReadable()
    {
        QFETCH(int, theme);
        const auto pairs = textPairs(tokensOf(Theme(theme)));
        QVERIFY(pairs.size() > 20);
        QStringList weak;
        for (const TextPair& pair : pairs)
            if (contrast(pair.text, pair.background) < 4.5)
                weak << QStringLiteral("%1: %2 on %3 is %4")
                            .arg(QString::fromLatin1(pair.name), pair.text.name(), pair.background.name())
                            .arg(contrast(pair.text, pair.background), 0, 'f', 2);
        QVERIFY2(weak.isEmpty(), qPrintable(weak.join(u'\n')));
    }

    void programsColoursStayApartInHighContrast()
    {
        for (const Theme theme : {Theme::HighContrast, Theme::HighContrastDark})
            for (const QColor& colour : tokensOf(theme).ansi)
                QVERIFY2(contrast(colour, tokensOf(theme).panel) >= 7, qPrintable(colour.name()));
    }

    // Any colour on any other; what can be read already stays as it is.
    void aColourFromElsewhereIsMadeReadable()
    {
        for (int text = 0; text < 27; ++text) {
            for (int ground = 0; ground < 27; ++ground) {
                const auto colour = [](int i) { return QColor(i % 3 * 127, i / 3 % 3 * 127, i / 9 * 127); };
                const QColor made = readable(colour(text), colour(ground));
                QVERIFY(contrast(made, colour(ground)) >= 4.5);
                if (contrast(colour(text), colour(ground)) >= 4.5)
                    QCOMPARE(made, colour(text));
            }
        }
    }

    void contrastIsThatOfTheStandard()
    {
        QCOMPARE(contrast(Qt::white, Qt::black), 21.0);
        QCOMPARE(contrast(Qt::red, Qt::red), 1.0);
        QVERIFY(qAbs(contrast(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01);
    }

    void inactiveWindowsKeepTheirColours()
    {
        const QPalette palette = paletteOf(tokensOf(Theme::Dark));
        for (int role = 0; role < QPalette::NColorRoles; ++role) {
            const auto which = QPalette::ColorRole(role);
            if (which != QPalette::NoRole)
                QCOMPARE(palette.color(QPalette::Inactive, which), palette.color(QPalette::Active, which));
        }
    }

    void highContrastHasNoTints()
    {
        for (const Theme theme : {Theme::HighContrast, Theme::HighContrastDark}) {
            const Tokens& t = tokensOf(theme);
            for (const QColor& tint : {t.okTint, t.askTint, t.denyTint, t.accentTint, t.added, t.removed})
                QCOMPARE(tint, t.panel);
            QCOMPARE(t.lineWidth, 2);
        }
    }
};

GATEHOUSE_TEST_MAIN_WITH(QGuiApplication, TestTokens)
#include "tst_tokens.moc"
