// The window shows a card over a real run while a command line of another process decides: the card becomes a receipt at once.
#include "tests/app/commandline.h"
#include "tests/support/places.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include "app/services/engineservices.h"
#include "app/workbench/enginecontroller.h"
#include "app/workbench/mainwindow.h"

#include <QApplication>
#include <QDateTime>
#include <QSignalSpy>
#include <QStandardPaths>

using namespace gatehouse;
using namespace gatehouse::widgets;
using workbench::MainWindow;

class TestCommandLineVote : public test::TestCase {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("gatehouse-test"));
        applyLook(Theme::Light);
    }

    void theCardClosesWhenAnotherProcessDecides_data()
    {
        QTest::addColumn<QString>("verb");
        QTest::addColumn<bool>("runClosed");
        QTest::newRow("approve") << QStringLiteral("approve") << false;
        QTest::newRow("deny") << QStringLiteral("deny") << false;
        QTest::newRow("approve, the run's page closed") << QStringLiteral("approve") << true;
    }
    void theCardClosesWhenAnotherProcessDecides()
    {
        QFETCH(QString, verb);
        QFETCH(bool, runClosed);
        test::CommandLine cli;
        QCOMPARE(cli.makeProject().status, 0);
        qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(cli.folder().path("cache")));
        app::EngineServices services({test::programPath("gatehouse-worker"), {}});
        GH_VERIFY(services.start());
        JournalThread journals;
        Themer themer;
        MainWindow window(journals, themer,
                          [&](const std::string& project) { return std::make_unique<workbench::EngineController>(services, project); });
        window.show();
        QSignalSpy loaded(&window, &MainWindow::projectLoaded);
        window.openProject(cli.project());
        QVERIFY(loaded.wait(60'000));
        window.actions().action(QStringLiteral("run.start"))->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(window.approvals().openCount(), 1, 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(window.currentRun() && !window.currentRun()->approvals().empty(), 60'000);
        RunPage* page = window.currentRun();
        const ApprovalPtr item = page->approvals().front();
        window.openApproval(item->runDirectory, item->status.request.id.text(), MainWindow::Focus::Take);
        ApprovalView* view = window.currentApproval();
        QVERIFY(view && view->item()->status.open());
        if (runClosed) {
            window.openRun(item->runDirectory);
            window.actions().action(QStringLiteral("file.closeTab"))->trigger();
            QVERIFY(!window.currentRun() || window.currentRun()->runDirectory() != item->runDirectory);
        }
        qint64 closed = 0;
        connect(page, &RunPage::approvalsChanged, this, [&] {
            if (closed == 0 && !view->item()->status.open())
                closed = QDateTime::currentMSecsSinceEpoch();
        });
        QStringList vote = {QStringLiteral("approvals"), verb, QString::fromStdString(item->status.request.id.text())};
        if (verb == QLatin1StringView("deny"))
            vote << QStringLiteral("--reason") << QStringLiteral("not now");
        const auto process = cli.start(vote);
        QTRY_VERIFY_WITH_TIMEOUT(closed != 0, 60'000);
        QTRY_COMPARE_WITH_TIMEOUT(process->state(), QProcess::NotRunning, 60'000);
        QCOMPARE(process->exitCode(), 0);
        qint64 resolved = 0;
        for (const auto& record : cli.records("last"))
            if (record.value("type", "") == "approval.resolved")
                resolved = QDateTime::fromString(QString::fromStdString(record.value("wall", "")), Qt::ISODateWithMs).toMSecsSinceEpoch();
        QVERIFY(resolved != 0);
        qInfo("the card closed %lld ms after the decision was journaled", static_cast<long long>(closed - resolved));
        QVERIFY(closed - resolved < 10'000); // a second on a machine that is not busy with other things
        QVERIFY(view->gate().isDecided());
        QTRY_COMPARE_WITH_TIMEOUT(window.approvals().openCount(), 0, 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(!window.runs().entry(0) || window.runs().entry(0)->info.over, 60'000);
    }
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestCommandLineVote)
#include "tst_commandlinevote.moc"
