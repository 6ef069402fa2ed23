// Every command in every workspace on every page, and seeds of what somebody does who does not look: nothing breaks, nothing is lost.
#include "tests/app/workbench/windowfixture.h"
#include "tests/support/samplejournal.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "widgets/actions/commandpalette.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDialog>
#include <QDockWidget>
#include <QFile>
#include <QMenu>
#include <QMenuBar>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QTabBar>
#include <QWhatsThis>

#include <algorithm>
#include <array>

using namespace gatehouse;
using namespace gatehouse::widgets;
using test::Fixture;
using workbench::MainWindow;

namespace {

// Whatever opened over the window is put away as Esc does.
void putAway(MainWindow& window)
{
    QCoreApplication::processEvents();
    if (QWhatsThis::inWhatsThisMode())
        QWhatsThis::leaveWhatsThisMode();
    if (QWidget* popup = QApplication::activePopupWidget())
        popup->close();
    for (QDialog* dialog : window.findChildren<QDialog*>())
        dialog->reject();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QCoreApplication::processEvents();
}

// What ends what is swept is not.
bool isSwept(const QAction& action)
{
    static constexpr std::array left = {"file.quit", "file.closeProject", "file.closeTab"};
    return std::ranges::none_of(left, [&](const char* id) { return action.objectName() == QLatin1StringView(id); });
}

QByteArray bytesOf(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
}

// A window on a project with runs, with a page of each kind open.
struct Opened {
    explicit Opened(const std::string& folder) : project(folder)
    {
        test::writeSampleProjectWithRuns(project);
        workflow = project + "/workflows/credit-note.workflow.json";
        text = bytesOf(workflow);
    }
    bool open()
    {
        if (!f.open(project) || !QTest::qWaitFor([&] { return f.window.runs().rowCount() == 3; }))
            return false;
        page = f.window.openRun(f.window.runs().entry(0)->info.directory);
        if (!QTest::qWaitFor([&] { return !page->approvals().empty(); }))
            return false;
        f.window.openWorkflow(QString::fromStdString(workflow));
        f.window.openDocument(QString::fromStdString(project + "/gatehouse.json"));
        const ApprovalPtr item = page->approvals().front();
        f.window.openApproval(item->runDirectory, item->status.request.id.text(), MainWindow::Focus::Take);
        tabs = f.window.findChild<QTabBar*>(QStringLiteral("pages"));
        return tabs->count() == 5;
    }

    std::string project;
    std::string workflow;
    QByteArray text;
    Fixture f;
    RunPage* page = nullptr;
    QTabBar* tabs = nullptr;
};

} // namespace

class TestActionSweep : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    // In place of the usual one: popups ask the offscreen platform for more that it does not have.
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support (propagateSizeHints|raise|grabbing the keyboard))")));
    }

    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("gatehouse-test"));
        applyLook(Theme::Light);
    }

    void everyCommandEverywhere()
    {
        test::TemporaryFolder folder;
        Opened opened(folder.path("project"));
        QVERIFY(opened.open());
        MainWindow& window = opened.f.window;
        int triggered = 0;
        for (const Workspace workspace : allWorkspaces) {
            for (int tab = 0; tab < 5; ++tab) {
                for (QAction* action : window.actions().actions()) {
                    if (!isSwept(*action))
                        continue;
                    window.setWorkspace(workspace);
                    opened.tabs->setCurrentIndex(std::min(tab, opened.tabs->count() - 1));
                    if (!action->isEnabled())
                        continue;
                    action->trigger();
                    ++triggered;
                    putAway(window);
                    QVERIFY2(window.isVisible(), qPrintable(action->objectName()));
                }
            }
        }
        QVERIFY2(triggered > 200, qPrintable(QString::number(triggered)));
        // No command decides, and none writes what was not asked to be written.
        QVERIFY(opened.f.controller->votes.empty());
        QCOMPARE(bytesOf(opened.workflow), opened.text);
    }

    void aimlessHands_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 6; ++seed)
            QTest::newRow(qPrintable(QString::number(seed))) << seed;
    }

    // Keys, clicks, drags, panes and themes at random; nothing of it decides.
    void aimlessHands()
    {
        QFETCH(quint32, seed);
        test::TemporaryFolder folder;
        Opened opened(folder.path("project"));
        QVERIFY(opened.open());
        MainWindow& window = opened.f.window;
        QRandomGenerator random(seed);
        static constexpr std::array keys = {Qt::Key_Tab,  Qt::Key_Up,     Qt::Key_Down,     Qt::Key_Left,  Qt::Key_Right, Qt::Key_Home,
                                            Qt::Key_End,  Qt::Key_PageUp, Qt::Key_PageDown, Qt::Key_Space, Qt::Key_F2,    Qt::Key_F7,
                                            Qt::Key_Plus, Qt::Key_Minus,  Qt::Key_Delete,   Qt::Key_X,     Qt::Key_Escape};
        // What decides is left alone. So are the menus and the palette, where a click may choose Quit; the sweep has their commands.
        const auto isLeftAlone = [&window](const QWidget* widget) {
            const auto* button = qobject_cast<const QAbstractButton*>(widget);
            const QString name = button ? button->accessibleName() : QString();
            const auto* palette = window.findChild<const CommandPalette*>();
            return qobject_cast<const QMenuBar*>(widget) || (palette && palette->isAncestorOf(widget)) ||
                name.startsWith(QStringLiteral("Deny")) || name.startsWith(QStringLiteral("Approve ")) ||
                name.startsWith(QStringLiteral("Confirm"));
        };
        const auto target = [&]() -> QWidget* {
            QWidget* at = window.childAt(random.bounded(window.width()), random.bounded(window.height()));
            return isLeftAlone(at) ? nullptr : at;
        };
        for (int step = 0; step < 400; ++step) {
            QWidget* at = target();
            const quint32 kind = random.bounded(8u);
            // What is there afterwards may be gone.
            const QString place = at ? QString::fromLatin1(at->metaObject()->className()) + u' ' + at->accessibleName() : QString();
            switch (kind) {
            case 0:
            case 1:
            case 2:
                if (QWidget* focus = QApplication::focusWidget(); focus && window.isAncestorOf(focus))
                    QTest::keyClick(focus, isLeftAlone(focus) ? Qt::Key_Tab : keys[random.bounded(quint32(keys.size()))]);
                break;
            case 3:
            case 4:
                if (at)
                    QTest::mouseClick(at, Qt::LeftButton, {}, {random.bounded(at->width() + 1), random.bounded(at->height() + 1)});
                break;
            case 5:
                if (at) {
                    QTest::mousePress(at, Qt::LeftButton, {}, {at->width() / 2, at->height() / 2});
                    if (QApplication::activePopupWidget() != nullptr)
                        break; // a menu: letting go in it would choose any command, also those that end the sweep
                    for (int move = 0; move < 3; ++move)
                        QTest::mouseMove(at, {random.bounded(at->width() + 1), random.bounded(at->height() + 1)});
                    QTest::mouseRelease(at, Qt::LeftButton, {}, {random.bounded(at->width() + 1), random.bounded(at->height() + 1)});
                }
                break;
            case 6:
                window.setWorkspace(allWorkspaces[random.bounded(quint32(allWorkspaces.size()))]);
                break;
            default:
                if (const auto docks = window.findChildren<QDockWidget*>(); random.bounded(2) == 0)
                    docks[random.bounded(docks.size())]->toggleViewAction()->trigger();
                else
                    opened.f.themer.setChoice(ThemeChoice(random.bounded(4)));
            }
            putAway(window);
            QVERIFY2(window.isVisible(), qPrintable(QStringLiteral("step %1, kind %2, %3").arg(step).arg(kind).arg(place)));
        }
        QVERIFY(opened.f.controller->votes.empty());
        QCOMPARE(bytesOf(opened.workflow), opened.text);
    }
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestActionSweep)
#include "tst_actionsweep.moc"
