// The head of a run leads to what the run waits for, as long as somebody can decide it.
#include "tests/app/workbench/windowfixture.h"
#include "tests/support/samplejournal.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "widgets/approval/approvalcard.h"

#include <QApplication>
#include <QPushButton>
#include <QStandardPaths>

using namespace gatehouse;
using namespace gatehouse::widgets;
using test::Fixture;
using test::says;

namespace {

QPushButton* buttonOf(const QWidget& page, const QString& text)
{
    for (QPushButton* button : page.findChildren<QPushButton*>())
        if (button->text() == text)
            return button;
    return nullptr;
}

} // namespace

class TestRunHead : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("gatehouse-test"));
        applyLook(Theme::Light);
    }

    // By mouse and by keyboard; what is shown then is noted as presented once, when it has been painted.
    void reviewLeadsToTheRequest()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        test::SampleRun run(project, "credit-note");
        run.open();
        const std::string id = run.askForPatch();
        run.pause();
        run.close();
        Fixture f;
        QVERIFY(f.open(project));
        const RunPage* page = f.window.openRun(run.directory());
        QPushButton* review = buttonOf(*page, QStringLiteral("Review…"));
        QVERIFY(review);
        QTRY_VERIFY(review->isVisible());
        QVERIFY(!buttonOf(*page, QStringLiteral("Resume"))->isVisible());
        QVERIFY(says(*page, QStringLiteral("waits for a person")));
        QVERIFY(f.controller->presented.empty());
        review->setFocus(Qt::TabFocusReason);
        QTest::keyClick(review, Qt::Key_Space);
        QTRY_VERIFY(f.window.currentApproval());
        QCOMPARE(f.window.currentApproval()->item()->status.request.id.text(), id);
        QTRY_COMPARE(f.controller->presented.size(), std::size_t(1));
        QCOMPARE(f.controller->presented[0], id);
        // Its card in the list says that it is shown, and offers nothing more.
        const QWidget* card = f.window.approvals().findChild<ApprovalCard*>();
        QVERIFY(card);
        QTRY_VERIFY(!card->findChild<QPushButton*>()->isVisible());
        f.window.openRun(run.directory());
        QVERIFY(!f.window.currentApproval());
        QVERIFY(card->findChild<QPushButton*>()->isVisible());
        QTest::mouseClick(review, Qt::LeftButton);
        QTRY_VERIFY(f.window.currentApproval());
        f.window.currentApproval()->update();
        QTest::qWait(50); // time for a second note that must not come
        QCOMPARE(f.controller->presented.size(), std::size_t(1));
    }

    // When the time to decide is over, the head says so by itself, and offers what can still be done.
    void whatIsTooLateIsNotOffered()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        test::SampleRun run(project, "credit-note");
        run.open();
        Fixture f;
        QVERIFY(f.open(project));
        const RunPage* page = f.window.openRun(run.directory());
        QPushButton* review = buttonOf(*page, QStringLiteral("Review…"));
        QTRY_VERIFY(says(*page, QStringLiteral("Read task.md")));
        QVERIFY(!review->isVisible());
        run.setTimeToDecide(std::chrono::seconds(5));
        (void)run.askForPatch();
        run.pause();
        run.close();
        QTRY_VERIFY(review->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(!review->isVisible(), 20'000);
        QVERIFY(buttonOf(*page, QStringLiteral("Resume"))->isVisible());
        QVERIFY(says(*page, QStringLiteral("The time to decide on apply_patch is over")));
        buttonOf(*page, QStringLiteral("Resume"))->click();
        QCOMPARE(f.controller->resumed, std::vector<std::string>{run.directory()});
    }
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestRunHead)
#include "tst_runhead.moc"
