// The canvas: what it shows, what the mouse and the keyboard do, what it refuses, and what a screen reader finds.
#include "tests/support/testmain.h"
#include "tests/widgets/canvasfixture.h"
#include "widgets/style/themer.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>
#include <QUrl>

#include <random>

using namespace gatehouse;
using namespace gatehouse::authoring;
using gatehouse::test::CanvasFixture;

namespace {

const NodeId planner{NodeKind::Agent, "planner"};
const NodeId reviewer{NodeKind::Agent, "reviewer"};
const NodeId check{NodeKind::Tool, "check"};
const NodeId repo{NodeKind::Data, "repo"};
const NodeId auditor{NodeKind::Agent, "auditor"};

const QByteArray small = R"({
  "schema": "gatehouse:workflow/1",
  "name": "a",
  "class": "draft",
  "entry": "planner",
  "task": "Do it.",
  "agents": {
    "planner": {
      "instructions": "Mend {{repo}}.",
      "model": "offline",
      "capabilities": ["shell"],
      "tools": ["check"],
      "data": { "repo": "read" },
      "handoffs": ["reviewer", "auditor"]
    },
    "reviewer": { "instructions": "", "capabilities": [], "data": {} }
  },
  "tools": {
    "check": { "description": "", "parameters": { "type": "object" }, "command": ["sh", "check.sh"] }
  },
  "manifest": { "version": 1, "root": "/workspace", "entries": { "repo": { "type": "dir" } } }
}
)";

QByteArray many(int agents)
{
    nlohmann::json root = nlohmann::json::parse(small.toStdString());
    for (int i = 0; i < agents; ++i) {
        root["agents"]["a" + std::to_string(i)] = {
            {"instructions", ""}, {"capabilities", nlohmann::json::array()}, {"tools", {"check"}}, {"data", nlohmann::json::object()}};
        root["layout"]["nodes"]["agent:a" + std::to_string(i)] = {(i % 25) * 280, (i / 25) * 140};
    }
    return QByteArray::fromStdString(root.dump(2));
}

} // namespace

class TestCanvas : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { widgets::applyLook(widgets::Theme::Light); }

    void aDragIsOneNamedStepOnTheGridAndWritesNothingBefore()
    {
        CanvasFixture f(small);
        QVERIFY(f.ready);
        const std::string before = f.document->text();
        const Place start = f.document->places().at(reviewer);
        const QPoint at = f.cardAt(reviewer);
        QTest::mousePress(&f.view(), Qt::LeftButton, {}, at);
        for (int i = 1; i <= 8; ++i)
            QTest::mouseMove(&f.view(), at + QPoint(i * 9, i * 5));
        QVERIFY(f.view().isDragging());
        QCOMPARE(f.document->text(), before);
        QCOMPARE(f.document->undoStack().count(), 0);
        QTest::mouseRelease(&f.view(), Qt::LeftButton, {}, at + QPoint(72, 40));
        QCOMPARE(f.document->undoStack().count(), 1);
        QCOMPARE(f.document->undoStack().undoText(), QStringLiteral("Move reviewer"));
        const Place end = f.document->places().at(reviewer);
        QVERIFY(end != start);
        QCOMPARE(std::fmod(end.x, 8.0), 0.0);
        QCOMPARE(std::fmod(end.y, 8.0), 0.0);
        f.document->undoStack().undo();
        QCOMPARE(f.document->text(), before);
        QCOMPARE(f.document->places().at(reviewer), start);
    }

    void aBurstOfKeysIsOneStep()
    {
        CanvasFixture f(small);
        f.choose(reviewer);
        const Place start = f.document->places().at(reviewer);
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(&f.view(), Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(f.document->undoStack().count(), 1);
        QCOMPARE(f.document->places().at(reviewer).x, start.x + 24);
        f.choose(check);
        QTest::keyClick(&f.view(), Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(f.document->undoStack().count(), 2);
    }

    void wiresAreMadeByTheKeyboardAlone()
    {
        CanvasFixture f(small);
        f.choose(reviewer);
        QTest::keyClick(&f.view(), Qt::Key_L, Qt::ControlModifier);
        QVERIFY(f.view().wiring().isActive());
        QVERIFY(f.page->line().startsWith(QStringLiteral("Wire from reviewer: ")));
        QTest::keyClicks(&f.view(), QStringLiteral("ch"));
        QCOMPARE(f.page->line(), QStringLiteral("Wire from reviewer to check: Enter connects, Esc cancels"));
        QTest::keyClick(&f.view(), Qt::Key_Return);
        QVERIFY(f.document->graph().wire(reviewer, check));
        QCOMPARE(f.document->undoStack().undoText(), QStringLiteral("Connect reviewer to check"));

        QTest::keyClick(&f.view(), Qt::Key_L, Qt::ControlModifier);
        QTest::keyClick(&f.view(), Qt::Key_Escape);
        QVERIFY(!f.view().wiring().isActive());
        QCOMPARE(f.page->line(), QString());
    }

    void badWiresAreRefusedInWords()
    {
        CanvasFixture f(small);
        const Graph& graph = f.document->graph();
        QCOMPARE(widgets::wireRefusal(graph, planner, planner), QStringLiteral("planner can't be joined to itself"));
        QCOMPARE(widgets::wireRefusal(graph, check, repo), QStringLiteral("check and repo can't be joined: one of them must be an agent"));
        QCOMPARE(widgets::wireRefusal(graph, planner, check), QStringLiteral("planner and check are joined already"));
        QCOMPARE(widgets::wireRefusal(graph, reviewer, auditor), QStringLiteral("auditor is named, but not defined: define it first"));
        QCOMPARE(widgets::wireRefusal(graph, reviewer, repo), QString());
        f.choose(planner);
        QTest::keyClick(&f.view(), Qt::Key_L, Qt::ControlModifier);
        QTest::keyClicks(&f.view(), QStringLiteral("check"));
        QCOMPARE(f.page->line(), QStringLiteral("planner and check are joined already"));
        QTest::keyClick(&f.view(), Qt::Key_Return);
        QVERIFY(f.view().wiring().isActive());
        QCOMPARE(f.document->undoStack().count(), 0);
    }

    void portsConnectByTheMouse()
    {
        CanvasFixture f(small);
        const QRectF card = f.view().scene().find(reviewer)->rect;
        const QPoint port = f.view().toView(widgets::CanvasScene::portAt(card, widgets::CanvasSide::Right)).toPoint();
        QTest::mouseMove(&f.view(), port);
        QTest::mousePress(&f.view(), Qt::LeftButton, {}, port);
        QVERIFY(f.view().wiring().isActive());
        QTest::mouseMove(&f.view(), f.cardAt(check));
        QTest::mouseRelease(&f.view(), Qt::LeftButton, {}, f.cardAt(check));
        QVERIFY(!f.view().wiring().isActive());
        QVERIFY(f.document->graph().wire(reviewer, check));
    }

    void wiresAreSelectedAndDeleted()
    {
        CanvasFixture f(small);
        f.choose(planner);
        QTest::keyClick(&f.view(), Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(f.document->selectedWire());
        const auto wire = *f.document->selectedWire();
        QTest::keyClick(&f.view(), Qt::Key_Delete);
        QVERIFY(!f.document->graph().wire(wire.first, wire.second));
        QVERIFY(f.document->undoStack().undoText().startsWith(QStringLiteral("Disconnect ")));
    }

    void arrowsGoWhereTheyPointAndTabLineByLine()
    {
        CanvasFixture f(small);
        f.choose(planner);
        QTest::keyClick(&f.view(), Qt::Key_Left);
        QCOMPARE(f.document->current(), std::optional(repo));
        QTest::keyClick(&f.view(), Qt::Key_Right);
        QVERIFY(f.document->current()->kind == NodeKind::Agent);
        std::set<NodeId> visited;
        QTest::keyClick(&f.view(), Qt::Key_Home);
        for (std::size_t i = 0; i < f.view().scene().nodes().size(); ++i) {
            visited.insert(*f.document->current());
            if (i + 1 < f.view().scene().nodes().size())
                QTest::keyClick(&f.view(), Qt::Key_Tab);
        }
        QCOMPARE(visited.size(), f.view().scene().nodes().size());
        // Letters lead to a name; those that lead nowhere behind the ones before begin anew, however fast they come.
        QTest::keyClicks(&f.view(), QStringLiteral("rev"));
        QCOMPARE(f.document->current(), std::optional(reviewer));
        QTest::keyClicks(&f.view(), QStringLiteral("che"));
        QCOMPARE(f.document->current(), std::optional(check));
    }

    void aNameIsEditedInPlaceAndATakenOneRefused()
    {
        CanvasFixture f(small);
        f.choose(planner);
        QTest::keyClick(&f.view(), Qt::Key_F2);
        QLineEdit* edit = f.page->nameEdit();
        QVERIFY(edit);
        edit->setText(QStringLiteral("reviewer"));
        QCOMPARE(f.page->line(), QStringLiteral("reviewer is taken: choose another name"));
        QTest::keyClick(edit, Qt::Key_Return);
        QVERIFY(f.page->nameEdit());
        QCOMPARE(f.document->undoStack().count(), 0);
        edit->setText(QStringLiteral("lead"));
        QSignalSpy opened(f.page.get(), &widgets::CanvasPage::openRequested);
        QTest::keyClick(edit, Qt::Key_Return);
        QVERIFY(!f.page->nameEdit());
        QVERIFY(opened.isEmpty()); // Enter ends the name and goes no further
        QVERIFY(f.document->graph().find({NodeKind::Agent, "lead"}));
        QCOMPARE(f.document->undoStack().undoText(), QStringLiteral("Rename planner"));
        QVERIFY(f.document->graph().find({NodeKind::Agent, "lead"})->entry);
    }

    void aScreenReaderFindsTheNodesWithTheirWires()
    {
        CanvasFixture f(small);
        QTRY_VERIFY(f.document->areProblemsCurrent());
        QAccessibleInterface* canvas = QAccessible::queryAccessibleInterface(&f.view());
        QVERIFY(canvas);
        QCOMPARE(canvas->role(), QAccessible::List);
        QStringList names;
        QAccessibleInterface* found = nullptr;
        for (int i = 0; i < int(f.view().scene().nodes().size()); ++i) {
            names << canvas->child(i)->text(QAccessible::Name);
            QCOMPARE(canvas->indexOfChild(canvas->child(i)), i);
            if (names.last().startsWith(QStringLiteral("planner, agent, entry, model offline")))
                found = canvas->child(i);
        }
        QVERIFY2(found, qPrintable(names.join(u'\n')));
        QCOMPARE(found->role(), QAccessible::ListItem);
        QCOMPARE(found->text(QAccessible::Description),
                 QStringLiteral("reads repo; uses shell; uses check; hands off to reviewer; hands off to auditor"));
        QSignalSpy opened(f.page.get(), &widgets::CanvasPage::openRequested);
        found->actionInterface()->doAction(QAccessibleActionInterface::setFocusAction());
        QCOMPARE(f.document->current(), std::optional(planner));
        QVERIFY(found->state().selected);
        found->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
        QCOMPARE(opened.size(), 1);
    }

    void filesOfTheProjectBecomeDataAndOthersAreRefused()
    {
        CanvasFixture f(small);
        QFile file(f.folder() + QStringLiteral("/notes.txt"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(file.fileName()), QUrl::fromLocalFile(QStringLiteral("/etc/passwd"))});
        QDragEnterEvent enter(QPoint(300, 300), Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(&f.view(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(300, 300), Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(&f.view(), &drop);
        QTRY_VERIFY(f.document->graph().find({NodeKind::Data, "notes.txt"}));
        QVERIFY(f.document->text().find("\"../notes.txt\"") != std::string::npos);
        QCOMPARE(f.page->line(), QStringLiteral("passwd lies outside the project: copy it into the project first"));
        QCOMPARE(f.document->undoStack().count(), 1);
    }

    void hostileClipboardTextIsRefusedAndChangesNothing()
    {
        CanvasFixture f(small);
        const std::string before = f.document->text();
        // As it is copied, with these nodes.
        const auto part = [](const char* nodes) {
            return QStringLiteral("{\"schema\":\"gatehouse:workflow-part/1\",\"nodes\":%1,\"places\":{\"agent:a\":[1e300,0]}}")
                .arg(QString::fromUtf8(nodes));
        };
        for (const QString& text : {QStringLiteral("hello"), QStringLiteral("{}"), QString(100'000, u'['), QString(QChar(0x202e)),
                                    QStringLiteral("{\"schema\":3}"), part(R"({})"), part(R"([1])"), part(R"({"agent:a": 3})"),
                                    part(R"({"agent:": {}})"), part(R"({"data:../../etc": {}})"), part(R"({"tool:exec_command": {}})"),
                                    part(R"({"capability:shell": {}})"), part(R"({"elsewhere:x": {}})"), QString(QChar(0xd800))}) {
            QGuiApplication::clipboard()->setText(text);
            QVERIFY(f.does("canvas.paste"));
            QCOMPARE(f.document->text(), before);
        }
    }

    void onlyWhatIsInSightIsPaintedAndOnlyWhatChangedIsMade()
    {
        CanvasFixture f(many(500));
        f.view().setZoom(1, QPointF(0, 0));
        f.view().centreOn({600, 400});
        f.view().grab();
        QVERIFY(f.view().paintedCards() > 0);
        QVERIFY2(f.view().paintedCards() < 80, qPrintable(QString::number(f.view().paintedCards())));
        f.choose({NodeKind::Agent, "a7"});
        QVERIFY(f.does("canvas.moveRight"));
        QCOMPARE(f.view().lastUpdate().made, 0);
        QCOMPARE(f.view().lastUpdate().routed, 1); // the one wire of the agent that moved
        QVERIFY(f.page->commands().size() > 20);
    }

    void aFaultInTheSourceTurnsEditingOff()
    {
        CanvasFixture f(small);
        f.document->type({{0, 1}, "["});
        QVERIFY(!f.document->canEdit());
        QVERIFY(!f.page->command("canvas.addAgent")->isEnabled());
        QVERIFY(f.page->command("canvas.undo")->isEnabled());
        QVERIFY(f.view().scene().find(planner));
        QVERIFY(f.does("canvas.undo"));
        QVERIFY(f.page->command("canvas.addAgent")->isEnabled());
    }

    void everyCommandHasAStableNameOnce()
    {
        CanvasFixture f(small);
        QStringList names;
        QList<QKeySequence> keys;
        for (const QAction* action : f.page->commands()) {
            QVERIFY(action->objectName().startsWith(QStringLiteral("canvas.")));
            QVERIFY(!names.contains(action->objectName()));
            QVERIFY(!action->whatsThis().isEmpty());
            QCOMPARE(action->shortcutContext(), Qt::WidgetWithChildrenShortcut);
            names << action->objectName();
            for (const QKeySequence& key : action->shortcuts()) {
                QVERIFY2(!keys.contains(key), qPrintable(key.toString()));
                keys << key;
            }
        }
    }

    // Whatever is done: every text in between parses, all of it can be undone to the file's bytes, and redone.
    void everythingCanBeUndone_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 6; ++seed)
            QTest::addRow("%u", seed) << seed;
    }
    void everythingCanBeUndone()
    {
        QFETCH(unsigned, seed);
        CanvasFixture f(small);
        const std::string before = f.document->text();
        std::mt19937 random(seed);
        const auto upTo = [&](std::size_t count) { return std::size_t(random() % count); };
        const std::vector<const char*> commands{
            "canvas.addAgent",  "canvas.addTool", "canvas.addData",  "canvas.addMcp",   "canvas.giveShell", "canvas.giveFilesystem",
            "canvas.makeEntry", "canvas.access",  "canvas.delete",   "canvas.cut",      "canvas.copy",      "canvas.paste",
            "canvas.duplicate", "canvas.arrange", "canvas.moveLeft", "canvas.moveDown", "canvas.nextWire",  "canvas.undo"};
        for (int i = 0; i < 60; ++i) {
            const auto& nodes = f.document->graph().nodes;
            if (!nodes.empty() && upTo(3) != 0)
                f.choose(nodes[upTo(nodes.size())].id);
            if (upTo(5) == 0 && f.does("canvas.connect")) {
                QTest::keyClick(&f.view(), Qt::Key_Tab);
                QTest::keyClick(&f.view(), Qt::Key_Return);
                f.view().cancelWire();
            } else {
                (void)f.does(commands[upTo(commands.size())]);
            }
            const auto parsed = JsonDocument::parse(f.document->text(), "a");
            QVERIFY2(parsed.has_value(), f.document->text().c_str());
        }
        while (f.document->undoStack().canRedo())
            f.document->undoStack().redo();
        const std::string after = f.document->text();
        while (f.document->undoStack().canUndo())
            f.document->undoStack().undo();
        QCOMPARE(f.document->text(), before);
        while (f.document->undoStack().canRedo())
            f.document->undoStack().redo();
        QCOMPARE(f.document->text(), after);
    }

    // Panning paints only strips; together they are the picture that would be painted anew.
    void panningIsTheSamePicture()
    {
        CanvasFixture f(many(40));
        f.view().setZoom(1, {});
        f.view().grab();
        std::mt19937 random(3);
        for (int i = 0; i < 30; ++i) {
            f.view().panBy({double(int(random() % 161)) - 80, double(int(random() % 121)) - 60});
            const QImage scrolled = f.view().grab().toImage();
            f.document->select({}, std::nullopt);
            f.document->select({planner}, planner); // forgets the picture
            f.document->select({}, std::nullopt);
            QCOMPARE(f.view().grab().toImage(), scrolled);
        }
    }
};

GATEHOUSE_GUI_TEST_MAIN(TestCanvas)
#include "tst_canvas.moc"
