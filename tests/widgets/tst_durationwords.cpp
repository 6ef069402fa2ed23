// Durations in words: what a person types means what the document says, and reading it back changes nothing.
#include "core/workflow/quantities.h"
#include "tests/support/testmain.h"
#include "widgets/forms/durationwords.h"
#include "widgets/forms/fieldkinds.h"

#include <nlohmann/json.hpp>

#include <random>

using namespace gatehouse;
using namespace gatehouse::widgets;

class TestDurationWords : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void typed_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QByteArray>("duration"); // empty: none
        const auto row = [](const char* words, const char* duration) {
            QTest::newRow(words) << QString::fromUtf8(words) << QByteArray(duration);
        };
        row("30 min", "PT30M");
        row("30min", "PT30M");
        row(" 1 h 30 min ", "PT1H30M");
        row("90 seconds", "PT1M30S");
        row("2 days", "P2D");
        row("1 d 1 s", "P1DT1S");
        row("0 s", "PT0S");
        row("PT30M", "PT30M");
        row("pt0.5s", "PT0.5S");
        row("30\u00a0min", "PT30M");
        row("2 weeks", "P14D");
        row("30", "");
        row("30 m", ""); // ms? months?
        row("min", "");
        row("30 min 1 h", "");
        row("5 min 5 min", "");
        row("-5 min", "");
        row("1.5 h", "");
        row("30 min!", "");
        row("30 parsecs", "");
        row("999999999 days", "");
        row("", "");
    }
    void typed()
    {
        QFETCH(QString, words);
        QFETCH(QByteArray, duration);
        const auto found = durationOf(words);
        QCOMPARE(found.has_value(), !duration.isEmpty());
        if (found)
            QCOMPARE(QByteArray::fromStdString(*found), duration);
    }

    void shownAndReadBack()
    {
        QCOMPARE(durationWords("PT30M"), QStringLiteral("30 min"));
        QCOMPARE(durationWords("PT90M"), QStringLiteral("1 h 30 min"));
        QCOMPARE(durationWords("P1DT12H"), QStringLiteral("1 d 12 h"));
        QCOMPARE(durationWords("PT1.5S"), QStringLiteral("PT1.5S"));
        QCOMPARE(durationWords("PT0S"), QStringLiteral("0 s"));
        QCOMPARE(durationWords("soon"), QStringLiteral("soon"));
        std::mt19937 random(3);
        for (int i = 0; i < 2000; ++i) {
            const std::string duration = "PT" + std::to_string(random() % (i % 2 ? 100 : 4'000'000)) + "S";
            const auto back = durationOf(durationWords(duration));
            QVERIFY2(back, duration.c_str());
            QCOMPARE(workflow::parseDuration(*back)->count(), workflow::parseDuration(duration)->count());
        }
    }

    // A field that is looked at and left writes nothing: says() holds for what read() showed.
    void whatIsShownIsSaid()
    {
        const FieldKind duration = durationKind();
        const nlohmann::json none = "soon";
        QVERIFY(duration.says(duration.read(&none), &none));
        for (const char* text : {"PT30M", "PT90M", "P1DT12H", "PT1.5S", "PT0S", "P2W"}) {
            const nlohmann::json value = text;
            const QString words = duration.read(&value);
            QVERIFY2(duration.says(words, &value), text);
            QVERIFY(duration.fault(words).isEmpty());
            const nlohmann::json other = "PT31M";
            QVERIFY(!duration.says(words, &other));
        }
        const FieldKind count = countKind(1, 1'000'000);
        const nlohmann::json tokens = 200'000U;
        QCOMPARE(count.read(&tokens).remove(QLocale().groupSeparator()), QStringLiteral("200000"));
        QVERIFY(count.says(count.read(&tokens), &tokens));
        QVERIFY(count.fault(count.read(&tokens)).isEmpty());
        for (const char* text : {"1.5", "200,00", "1,5", "20,0000", "-1", "", "1,000.000"})
            QVERIFY2(!count.says(QString::fromLatin1(text), &tokens) && (!*text || !count.fault(QString::fromLatin1(text)).isEmpty()),
                     text);
        QVERIFY(count.says(QStringLiteral("200000"), &tokens));
        QVERIFY(count.says(QStringLiteral("200 000"), &tokens));
    }
};

GATEHOUSE_TEST_MAIN(TestDurationWords)
#include "tst_durationwords.moc"
