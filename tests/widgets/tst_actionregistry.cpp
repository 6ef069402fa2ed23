#include "tests/support/testmain.h"
#include "widgets/actions/actionregistry.h"

#include <QApplication>
#include <QWidget>

using namespace gatehouse::widgets;

class TestActionRegistry : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void actionsAreFoundByTheirIds()
    {
        QWidget window;
        ActionRegistry registry(&window);
        QAction* run = registry.add({QStringLiteral("run.start"),
                                     QStringLiteral("Run"),
                                     Glyph::Play,
                                     {QKeySequence(Qt::Key_F5)},
                                     QStringLiteral("Runs."),
                                     TokenRole::Second});
        QCOMPARE(registry.action(QStringLiteral("run.start")), run);
        QVERIFY(!registry.action(QStringLiteral("run.stop")));
        QVERIFY(window.actions().contains(run));
        QCOMPARE(run->whatsThis(), QStringLiteral("Runs."));
    }
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestActionRegistry)
#include "tst_actionregistry.moc"
