// The outline: the graph as a tree that follows by small changes, and the edits made in it by keyboard.
#include "tests/support/testmain.h"
#include "tests/widgets/openworkflow.h"
#include "widgets/outline/outlinetree.h"
#include "widgets/style/themer.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QLineEdit>
#include <QMimeData>

#include <random>

using namespace gatehouse;
using namespace gatehouse::widgets;
using namespace gatehouse::authoring;

namespace {

const NodeId planner{NodeKind::Agent, "planner"};
const NodeId reviewer{NodeKind::Agent, "reviewer"};
const NodeId check{NodeKind::Tool, "check"};
const NodeId repo{NodeKind::Data, "repo"};
const NodeId notes{NodeKind::Data, "notes.md"};

QString asText(const QAbstractItemModel& model)
{
    QString out;
    for (int i = 0; i < model.rowCount(); ++i) {
        const QModelIndex top = model.index(i, 0);
        out += top.data().toString();
        QStringList children;
        for (int child = 0; child < model.rowCount(top); ++child)
            children << model.index(child, 0, top).data().toString();
        out += u'(' + children.join(u' ') + QStringLiteral(") ");
    }
    return out.trimmed();
}

// What follows by reading the graph anew.
QString expectedText(WorkflowDocument& document)
{
    const OutlineModel fresh(document);
    return asText(fresh);
}

QAction* actionOf(const QMenu& menu, const QString& text)
{
    for (QAction* action : menu.actions()) {
        if (action->text() == text)
            return action;
        if (action->menu()) {
            if (QAction* inside = actionOf(*action->menu(), text))
                return inside;
        }
    }
    return nullptr;
}

} // namespace

class TestOutlineModel : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyLook(Theme::Light); }

    void agentsWithWhatTheyUse()
    {
        test::OpenWorkflow open;
        QVERIFY(open.isReady());
        OutlineModel model(*open.document);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QCOMPARE(asText(model), QStringLiteral("planner(repo notes.md check shell filesystem reviewer auditor) reviewer(repo notes.md)"));
        const OutlineRow* row = model.row(model.index(0, 0));
        QVERIFY(row->entry);
        QCOMPARE(row->mark, OutlineRow::Mark::Error);
        const QModelIndex auditor = model.index(6, 0, model.index(0, 0));
        QVERIFY(model.row(auditor)->missing);
        QVERIFY(model.row(auditor)->handoff);
        QVERIFY(model.row(model.index(0, 0, model.index(0, 0)))->implied);
        const QString spoken = model.index(0, 0).data(Qt::AccessibleTextRole).toString();
        for (const char* word : {"planner", "agent", "entry agent", "offline", "error", "auditor"})
            QVERIFY2(spoken.contains(QLatin1String(word)), qPrintable(spoken));
        QVERIFY(auditor.data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("not defined")));
    }

    void whatNoAgentUsesStandsAtTheEnd()
    {
        test::OpenWorkflow open;
        QVERIFY(open.isReady());
        OutlineModel model(*open.document);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QVERIFY(open.document->edit(QStringLiteral("x"), [](Editor& editor) { return disconnectNodes(editor, planner, check); }));
        QCOMPARE(asText(model).section(QStringLiteral(") "), -1), QStringLiteral("Not used(check)"));
        QVERIFY(!(model.index(2, 0).flags() & Qt::ItemIsSelectable));
        open.document->undoStack().undo();
        QCOMPARE(model.rowCount(), 2);
    }

    void smallEditsAreSmallChanges()
    {
        test::OpenWorkflow open;
        QVERIFY(open.isReady());
        OutlineModel model(*open.document);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        const QPersistentModelIndex kept = model.index(1, 0);
        QVERIFY(open.document->edit(QStringLiteral("x"), [](Editor& editor) { return connectNodes(editor, reviewer, check); }));
        QCOMPARE(inserted.size(), 1);
        QCOMPARE(removed.size(), 0);
        QVERIFY(open.document->edit(QStringLiteral("x"), [](Editor& editor) { return renameNode(editor, reviewer, "critic"); }));
        QCOMPARE(inserted.size(), 1); // the same row with another name
        QCOMPARE(removed.size(), 0);
        QCOMPARE(kept.data().toString(), QStringLiteral("critic"));
        QCOMPARE(reset.size(), 0);
    }

    void renameInPlace()
    {
        test::OpenWorkflow open;
        QVERIFY(open.isReady());
        OutlineTree tree(*open.document);
        tree.resize(300, 400);
        tree.show();
        QVERIFY(QTest::qWaitForWindowExposed(&tree));
        tree.activateWindow();
        tree.setFocus();
        tree.setCurrentIndex(tree.rows().index(0, 0));
        QTest::keyClick(&tree, Qt::Key_F2);
        auto* field = tree.findChild<QLineEdit*>();
        QVERIFY(field);
        QCOMPARE(field->text(), QStringLiteral("planner"));
        field->selectAll();
        QTest::keyClicks(field, QStringLiteral("leader"));
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_VERIFY(open.value("/agents/leader").is_object());
        QVERIFY(open.value("/entry") == "leader");
        QCOMPARE(open.document->undoStack().count(), 1);
        QCOMPARE(open.document->current(), std::optional(NodeId{NodeKind::Agent, "leader"}));
        // A name that can't be is refused in words.
        QSignalSpy refused(&tree, &OutlineTree::refused);
        QTest::ignoreMessage(QtWarningMsg, "This plugin does not support raise()"); // of the tool tip, offscreen
        QVERIFY(!tree.rows().setData(tree.rows().index(0, 0), QStringLiteral("reviewer")));
        QCOMPARE(refused.size(), 1);
        QVERIFY(!refused[0][0].toString().isEmpty());
    }

    void theSelectionIsTheDocuments()
    {
        test::OpenWorkflow open;
        QVERIFY(open.isReady());
        OutlineTree tree(*open.document);
        tree.setCurrentIndex(tree.rows().index(2, 0, tree.rows().index(0, 0)));
        QCOMPARE(open.document->current(), std::optional(check));
        open.document->select({reviewer}, reviewer);
        QCOMPARE(tree.rows().row(tree.currentIndex())->node, reviewer);
        QCOMPARE(tree.selectionModel()->selectedRows().size(), 1);
        QCOMPARE(tree.selectionModel()->selectedRows().first(), tree.rows().index(1, 0));
        open.document->clearSelection();
        QVERIFY(!tree.selectionModel()->hasSelection());
    }

    void deleteTakesTheUseThenTheNode()
    {
        test::OpenWorkflow open;
        QVERIFY(open.isReady());
        OutlineTree tree(*open.document);
        tree.setCurrentIndex(tree.rows().index(2, 0, tree.rows().index(0, 0)));
        tree.removeCurrent();
        QCOMPARE(open.value("/agents/planner/tools").size(), 0u);
        QVERIFY(open.value("/tools/check").is_object());
        open.document->select({check}, check);
        tree.removeCurrent();
        QVERIFY(open.value("/tools/check").is_null());
        open.document->undoStack().undo();
        open.document->undoStack().undo();
        QCOMPARE(open.document->text(), std::string(test::smallWorkflow));
        tree.setCurrentIndex(tree.rows().index(0, 0, tree.rows().index(1, 0)));
        tree.removeCurrent(); // what was implied is said, without repo
        QVERIFY(open.value("/agents/reviewer/data").is_object());
        QVERIFY(!open.value("/agents/reviewer/data").contains("repo"));
    }

    void connectByMenuAndByDrag()
    {
        test::OpenWorkflow open;
        QVERIFY(open.isReady());
        OutlineTree tree(*open.document);
        tree.setCurrentIndex(tree.rows().index(1, 0));
        const auto menu = tree.makeConnectMenu();
        QAction* action = actionOf(*menu, QStringLiteral("check (tool)"));
        QVERIFY(action);
        action->trigger();
        QVERIFY(open.value("/agents/reviewer/tools") == nlohmann::json::parse(R"(["check"])"));
        QCOMPARE(open.document->undoStack().undoText(), QStringLiteral("Connect reviewer to check"));
        open.document->undoStack().undo();
        const std::unique_ptr<QMimeData> dragged(tree.rows().mimeData({tree.rows().index(2, 0, tree.rows().index(0, 0))}));
        QVERIFY(tree.rows().canDropMimeData(dragged.get(), Qt::LinkAction, -1, -1, tree.rows().index(1, 0)));
        QVERIFY(!tree.rows().canDropMimeData(dragged.get(), Qt::LinkAction, -1, -1, tree.rows().index(0, 0))); // has it
        tree.rows().dropMimeData(dragged.get(), Qt::LinkAction, -1, -1, tree.rows().index(1, 0));
        QVERIFY(open.value("/agents/reviewer/tools") == nlohmann::json::parse(R"(["check"])"));
    }

    void menusOfRows()
    {
        test::OpenWorkflow open;
        QVERIFY(open.isReady());
        OutlineTree tree(*open.document);
        tree.setCurrentIndex(tree.rows().index(1, 0));
        auto menu = tree.makeMenu();
        actionOf(*menu, QStringLiteral("Make the entry agent"))->trigger();
        QVERIFY(open.value("/entry") == "reviewer");
        tree.setCurrentIndex(tree.rows().index(0, 0, tree.rows().index(0, 0)));
        menu = tree.makeMenu();
        actionOf(*menu, QStringLiteral("Read"))->trigger();
        QVERIFY(open.value("/agents/planner/data/repo") == "read");
        menu = tree.makeMenu();
        actionOf(*menu, QStringLiteral("Tool"))->trigger();
        QCOMPARE(open.document->current(), std::optional(NodeId{NodeKind::Tool, "tool"}));
        QVERIFY(open.value("/tools/tool").is_object());
        QCOMPARE(tree.rows().row(tree.currentIndex())->node.name, std::string("tool"));
    }

    void nothingIsEditedWhileTheTextHasAFault()
    {
        test::OpenWorkflow open;
        QVERIFY(open.isReady());
        OutlineTree tree(*open.document);
        open.document->type({{0, 0}, "x"});
        QVERIFY(!open.document->canEdit());
        const QModelIndex agent = tree.rows().index(0, 0);
        QVERIFY(agent.isValid());
        QVERIFY(!(agent.flags() & Qt::ItemIsEditable));
        tree.setCurrentIndex(agent);
        tree.removeEverywhere();
        QVERIFY(open.document->text().starts_with("x{"));
        QCOMPARE(open.document->text().size(), test::smallWorkflow.size() + 1);
    }

    void randomEdits()
    {
        test::OpenWorkflow open;
        QVERIFY(open.isReady());
        OutlineModel model(*open.document);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        std::mt19937 random(17);
        const auto any = [&]() -> NodeId {
            const auto& nodes = open.document->graph().nodes;
            return nodes.empty() ? planner : nodes[random() % nodes.size()].id;
        };
        constexpr int steps = 500;
        for (int i = 0; i < steps; ++i) {
            const NodeId a = any();
            const NodeId b = any();
            const unsigned what = random() % 9;
            if (what == 8) {
                random() % 2 ? open.document->undoStack().undo() : open.document->undoStack().redo();
            } else {
                (void)open.document->edit(QStringLiteral("x"), [&](Editor& editor) -> Result<void> {
                    switch (what) {
                    case 0:
                        return removeNodes(editor, {a});
                    case 1:
                    case 2: {
                        const NodeKind kind = std::array{NodeKind::Agent, NodeKind::Tool, NodeKind::Data}[random() % 3];
                        const auto made = addNode(editor, kind, {}, {});
                        return made ? Result<void>() : std::unexpected(made.error());
                    }
                    case 3:
                        return renameNode(editor, a, "name" + std::to_string(random() % 50));
                    case 4:
                        return disconnectNodes(editor, a, b);
                    case 5:
                        return setEntry(editor, a);
                    default:
                        return connectNodes(editor, a, b);
                    }
                });
            }
            QCOMPARE(asText(model), expectedText(*open.document));
        }
        QCOMPARE(reset.size(), 0);
    }
};

GATEHOUSE_GUI_TEST_MAIN(TestOutlineModel)
#include "tst_outlinemodel.moc"
