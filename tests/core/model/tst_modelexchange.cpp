#include "core/model/modelclient.h"
#include "tests/core/model/recorder.h"
#include "tests/support/testmain.h"

using namespace gatehouse;
using namespace gatehouse::model;

// An exchange whose provider does what it should not.
class WildExchange final : public ModelExchange {
public:
    using ModelExchange::end;
    using ModelExchange::endWith;
    using ModelExchange::giveRetry;
    using ModelExchange::giveText;
    int released = 0;

private:
    void release() override { ++released; }
};

class TestModelExchange : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void exactlyOneEndWhateverComes_data()
    {
        QTest::addColumn<QByteArray>("acts"); // f finish, e error, t text, r retry, c cancel, - let the event loop run
        QTest::addColumn<QString>("outcome");
        const QString finished = QStringLiteral("finished"), failed = QStringLiteral("failed"), cancelled = QStringLiteral("cancelled");
        for (const char* acts : {"f", "fe", "ff", "f-e", "f-f", "fetr", "f-tr", "tf-c", "f-cc", "rtfer"})
            QTest::newRow(acts) << QByteArray(acts) << finished;
        for (const char* acts : {"e", "ef", "e-f", "etr", "e-tr", "e-c"})
            QTest::newRow(acts) << QByteArray(acts) << failed;
        for (const char* acts : {"c", "cc", "c-c", "cf", "ce", "c-f", "c-e", "ctr", "tc-tr", "fc", "ec", "fcc-c"})
            QTest::newRow(acts) << QByteArray(acts) << cancelled;
    }

    void exactlyOneEndWhateverComes()
    {
        QFETCH(QByteArray, acts);
        QFETCH(QString, outcome);
        auto* wild = new WildExchange;
        test::Recorder recorder{std::unique_ptr<ModelExchange>(wild)};
        int endsBefore = 0;
        for (const char act : acts) {
            if (act == 'f')
                wild->end({});
            if (act == 'e')
                wild->endWith({ErrorCode::Model, {}, "broken", {}});
            if (act == 't')
                wild->giveText("x");
            if (act == 'r')
                wild->giveRetry({});
            if (act == 'c')
                wild->cancel();
            if (act == '-')
                QCoreApplication::processEvents();
            else
                QCOMPARE(recorder.ends, endsBefore); // never from within a call
            endsBefore = recorder.ends;
        }
        recorder.wait();
        QCOMPARE(recorder.ends, 1);
        QCOMPARE(recorder.lateSignals, 0);
        QCOMPARE(wild->released, 1);
        const bool wasCancelled = recorder.error && recorder.error->code == ErrorCode::Cancelled;
        QCOMPARE(recorder.response  ? QStringLiteral("finished")
                     : wasCancelled ? QStringLiteral("cancelled")
                                    : QStringLiteral("failed"),
                 outcome);
    }

    void nothingComesFromADestroyedExchange()
    {
        auto* wild = new WildExchange;
        test::Recorder recorder{std::unique_ptr<ModelExchange>(wild)};
        wild->end({});
        recorder.exchange.reset();
        QCoreApplication::processEvents();
        QCOMPARE(recorder.ends, 0);
    }

    void aSlotMayDestroyTheExchange()
    {
        auto exchange = std::make_unique<WildExchange>();
        int ends = 0;
        QObject context;
        connect(exchange.get(), &ModelExchange::finished, &context, [&](const Response& response) {
            exchange.reset();
            ends += response.text == "still here" ? 1 : 0;
        });
        exchange->end({"still here", {}, {}, {}, {}});
        QCoreApplication::processEvents();
        QCOMPARE(ends, 1);
    }
};

GATEHOUSE_TEST_MAIN(TestModelExchange)
#include "tst_modelexchange.moc"
