// One document for all views: edits and undo keep every byte, saving loses nobody's work, and a fault in the text takes nothing away.
#include <QSignalSpy>
#include <QUndoStack>

#include "core/authoring/arrange.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "widgets/authoring/workflowdocument.h"

#include <filesystem>
#include <random>
#include <sys/stat.h>

using namespace gatehouse;
using namespace gatehouse::authoring;
using namespace gatehouse::widgets;

static const char* const projectText = R"({ "schema": "gatehouse:project/1", "name": "p",
    "models": { "m": { "api": "chat-completions", "baseUrl": "http://127.0.0.1:1/v1", "model": "x" } }, "defaults": { "model": "m" } })";
static const char* const workflowText = R"({
  "schema": "gatehouse:workflow/1", "name": "w", "class": "draft",  "x-mine" : 1,
  "entry": "planner",
  "agents": { "planner": { "instructions": "Plan." }, "helper": { "instructions": "Help." } }
}
)";

static const NodeId planner{NodeKind::Agent, "planner"};

class TestWorkflowDocument : public test::TestCase {
    Q_OBJECT

    struct Fixture {
        test::TemporaryFolder folder;
        BackgroundThread background{QStringLiteral("test")};
        QString path;
        std::unique_ptr<WorkflowDocument> document;

        explicit Fixture(const char* text = workflowText)
        {
            folder.write("gatehouse.json", projectText);
            path = QString::fromStdString(folder.write("workflows/w.workflow.json", text));
            document = std::make_unique<WorkflowDocument>(path, background);
            document->load();
        }
        bool ready() const
        {
            return QTest::qWaitFor([this] { return document->state() != WorkflowDocument::State::Loading; });
        }
        bool judged() const
        {
            return QTest::qWaitFor([this] { return ready() && document->areProblemsCurrent(); });
        }
        std::string file() const { return test::readFile(path.toStdString()); }
        void overwrite(const std::string& text) const { test::writeFile(path.toStdString(), text); }
        // A letter typed before the first "Plan.".
        void type(const char* text) const
        {
            const std::size_t at = document->text().find("Plan.");
            document->type({{at, at}, text});
        }
    };

    static Result<void> addTool(Editor& editor)
    {
        GH_TRY(addNode(editor, NodeKind::Tool, "calc", {8, 8}));
        return {};
    }

private Q_SLOTS:
    void anEditIsOneStepAndComesBackWhole()
    {
        Fixture f;
        QVERIFY(f.ready());
        QSignalSpy graphs(f.document.get(), &WorkflowDocument::graphChanged);
        QVERIFY(f.document->edit(QStringLiteral("Add a tool"), addTool));
        QVERIFY(f.document->graph().find({NodeKind::Tool, "calc"}));
        QCOMPARE(f.document->undoStack().undoText(), QStringLiteral("Add a tool"));
        QCOMPARE(graphs.size(), 1);
        QVERIFY(!f.document->isClean());
        f.document->undoStack().undo();
        QCOMPARE(f.document->text(), std::string(workflowText));
        QVERIFY(f.document->isClean());
        f.document->undoStack().redo();
        QVERIFY(f.document->graph().find({NodeKind::Tool, "calc"}));
        QVERIFY(f.document->text().find("\"x-mine\" : 1") != std::string::npos);
    }

    void whatRefusesChangesNothing()
    {
        Fixture f;
        QVERIFY(f.ready());
        const auto refused = f.document->edit(QStringLiteral("x"), [](Editor& editor) -> Result<void> {
            GH_TRY(addTool(editor));
            return renameNode(editor, planner, "helper");
        });
        QVERIFY(!refused);
        QCOMPARE(f.document->text(), std::string(workflowText));
        QCOMPARE(f.document->undoStack().count(), 0);
    }

    // Views apply exactly this to what they hold.
    void changesAreToldAsTheyAre()
    {
        Fixture f;
        QVERIFY(f.ready());
        std::string held = f.document->text();
        QObject::connect(f.document.get(), &WorkflowDocument::textChanged, f.document.get(), [&](const std::vector<TextChange>& changes) {
            for (const auto& [begin, removed, added] : changes)
                held.replace(begin, removed, f.document->text().substr(begin, added));
        });
        std::mt19937 random(7);
        for (int i = 0; i < 120; ++i) {
            switch (random() % 5) {
            case 0:
                f.document->undoStack().undo();
                break;
            case 1:
                f.document->undoStack().redo();
                break;
            case 2:
                f.type("\xC3\xA9");
                break;
            case 3:
                (void)f.document->edit(QStringLiteral("m"),
                                       [&](Editor& e) { return moveNodes(e, {{planner, {double(random() % 99), 3}}}); });
                break;
            default:
                (void)f.document->edit(QStringLiteral("a"), addTool);
            }
            QVERIFY(held == f.document->text());
        }
        while (f.document->undoStack().canUndo())
            f.document->undoStack().undo();
        QCOMPARE(f.document->text(), std::string(workflowText));
    }

    void typingIsOneStepUntilALineEnds()
    {
        Fixture f;
        QVERIFY(f.ready());
        for (const char* letter : {"a", "b", "c"})
            f.type(letter);
        QCOMPARE(f.document->undoStack().count(), 1);
        f.type("\\n"); // two characters, no line's end
        QCOMPARE(f.document->undoStack().count(), 1);
        const std::size_t end = f.document->text().size();
        f.document->type({{end, end}, "\n"});
        f.document->type({{end, end}, " "});
        QCOMPARE(f.document->undoStack().count(), 2);
        f.document->undoStack().undo();
        f.document->undoStack().undo();
        QCOMPARE(f.document->text(), std::string(workflowText));
    }

    void burstsAreOneStep()
    {
        Fixture f;
        QVERIFY(f.ready());
        const auto move = [&](double x, const char* burst) {
            return f.document->edit(
                QStringLiteral("Move"), [x](Editor& e) { return moveNodes(e, {{planner, {x, 0}}}); }, QString::fromLatin1(burst));
        };
        QVERIFY(move(8, "a") && move(16, "a") && move(24, "a"));
        QCOMPARE(f.document->undoStack().count(), 1);
        QVERIFY(move(32, "b"));
        QCOMPARE(f.document->undoStack().count(), 2);
    }

    void aFaultLeavesTheLastGraph()
    {
        Fixture f;
        QVERIFY(f.ready());
        f.document->type({{0, 1}, "["});
        QVERIFY(!f.document->canEdit());
        QVERIFY2(f.document->fault().startsWith(QStringLiteral("2:11: ")), qPrintable(f.document->fault()));
        QVERIFY(f.document->graph().find(planner));
        QVERIFY(!f.document->edit(QStringLiteral("x"), addTool));
        f.document->undoStack().undo();
        QVERIFY(f.document->canEdit());
        QVERIFY(f.document->fault().isEmpty());
    }

    void problemsAreLive()
    {
        Fixture f;
        QVERIFY(f.judged());
        QCOMPARE(f.document->problems().size(), std::size_t(1)); // the key that nobody here knows
        QCOMPARE(f.document->problems().front().rule, std::string("unknown-key"));
        QVERIFY(f.document->edit(QStringLiteral("x"), [](Editor& e) { return e.append("/agents/planner/handoffs", "nobody"); }));
        QVERIFY(!f.document->areProblemsCurrent());
        QVERIFY(f.judged());
        QVERIFY(!f.document->problemsOf(planner).empty());
        QVERIFY(f.document->problemsOf({NodeKind::Agent, "helper"}).empty());
        QVERIFY(!f.document->problemsOf({NodeKind::Agent, "nobody"}).empty()); // missing: at what names it
        QCOMPARE(f.document->context().defaultModel, QStringLiteral("m"));
    }

    void nodesStayWhereTheyAreShown()
    {
        Fixture f;
        QVERIFY(f.ready());
        const auto before = f.document->places();
        QVERIFY(f.document->edit(QStringLiteral("x"), [](Editor& e) { return moveNodes(e, {{planner, {400, 400}}}); }));
        for (const auto& [node, place] : before)
            if (node != planner)
                QCOMPARE(f.document->places().at(node), place);
        // What changes no graph writes no layout.
        f.document->undoStack().undo();
        QVERIFY(f.document->edit(QStringLiteral("x"), [](Editor& e) { return e.set("/description", "d"); }));
        QVERIFY(f.document->text().find("layout") == std::string::npos);
    }

    void theSelectionIsOfWhatIsThere()
    {
        Fixture f;
        QVERIFY(f.ready());
        QSignalSpy changes(f.document.get(), &WorkflowDocument::selectionChanged);
        f.document->select({planner}, planner);
        f.document->select({planner}, planner);
        QCOMPARE(changes.size(), 1);
        QVERIFY(f.document->edit(QStringLiteral("x"), [](Editor& e) { return removeNodes(e, {planner}); }));
        QVERIFY(f.document->selection().empty() && !f.document->current());
    }

    void savingKeepsModeAndLink()
    {
        Fixture f;
        QVERIFY(f.ready());
        const std::string real = f.folder.path("workflows/real.json");
        std::filesystem::rename(f.path.toStdString(), real);
        std::filesystem::create_symlink("real.json", f.path.toStdString());
        QCOMPARE(::chmod(real.c_str(), 0640), 0);
        QVERIFY(f.document->edit(QStringLiteral("x"), addTool));
        QSignalSpy saved(f.document.get(), &WorkflowDocument::saved);
        f.document->save();
        QVERIFY(saved.wait());
        QVERIFY(f.document->isClean());
        QCOMPARE(test::readFile(real), f.document->text());
        QVERIFY(std::filesystem::is_symlink(f.path.toStdString()));
        struct stat status = {};
        QCOMPARE(::stat(real.c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777U, 0640U);
    }

    // Taken back while it was written: the file holds what is not shown any more.
    void cleanMeansThatTheFileHoldsIt()
    {
        Fixture f;
        QVERIFY(f.ready());
        QVERIFY(f.document->edit(QStringLiteral("x"), addTool));
        QSignalSpy saved(f.document.get(), &WorkflowDocument::saved);
        f.document->save();
        f.document->undoStack().undo();
        QVERIFY(saved.wait());
        QVERIFY(f.file() != f.document->text());
        QVERIFY(!f.document->isClean());
        f.document->revert();
        QCOMPARE(f.document->text(), f.file());
        QVERIFY(f.document->isClean());
        std::filesystem::remove(f.path.toStdString());
        QTRY_VERIFY(!f.document->isClean());
        f.document->save();
        QVERIFY(saved.wait());
        QCOMPARE(f.document->text(), f.file());
    }

    // Nobody could open it again.
    void whatIsTooLargeIsNotWritten()
    {
        Fixture f;
        QVERIFY(f.ready());
        f.document->type({{1, 1}, std::string(4u << 20, ' ')});
        QSignalSpy refused(f.document.get(), &WorkflowDocument::notSaved);
        f.document->save();
        QCOMPARE(refused.size(), 1);
        QVERIFY(f.document->notice().contains(QStringLiteral("4 MiB")));
        QCOMPARE(f.file(), std::string(workflowText));
    }

    void nobodysTextIsOverwritten()
    {
        Fixture f;
        QVERIFY(f.ready());
        f.type("Mine. ");
        f.overwrite("{}\n");
        QSignalSpy conflicts(f.document.get(), &WorkflowDocument::conflictChanged);
        f.document->save(); // even before the change was noticed
        QTRY_VERIFY(f.document->hasConflict());
        QCOMPARE(f.file(), std::string("{}\n"));
        f.document->keepMine();
        QSignalSpy saved(f.document.get(), &WorkflowDocument::saved);
        f.document->save();
        QVERIFY(saved.wait());
        QCOMPARE(f.file(), f.document->text());
    }

    void theirsCanBeTakenAndTakenBack()
    {
        Fixture f;
        QVERIFY(f.ready());
        f.type("Mine. ");
        const std::string mine = f.document->text();
        f.overwrite("{ \"name\": \"theirs\" }\n");
        QTRY_VERIFY(f.document->hasConflict());
        f.document->takeFromDisk();
        QCOMPARE(f.document->text(), f.file());
        QVERIFY(f.document->isClean());
        f.document->undoStack().undo();
        QCOMPARE(f.document->text(), mine);
    }

    void aCleanDocumentFollowsItsFile()
    {
        Fixture f;
        QVERIFY(f.ready());
        // As editors save: a new file in the old one's place.
        const std::string beside = f.folder.write("workflows/new", "{ \"name\": \"after\" }\n");
        std::filesystem::rename(beside, f.path.toStdString());
        QTRY_COMPARE(f.document->text(), std::string("{ \"name\": \"after\" }\n"));
        QVERIFY(f.document->isClean() && !f.document->hasConflict());
        f.overwrite("{ \"name\": \"again\" }\n"); // and the new one is watched
        QTRY_COMPARE(f.document->text(), std::string("{ \"name\": \"again\" }\n"));
    }

    void whatCantBeReadSaysWhy_data()
    {
        QTest::addColumn<QString>("make");
        QTest::addColumn<QString>("words");
        QTest::newRow("a pipe") << QStringLiteral("pipe") << QStringLiteral("no regular file");
        QTest::newRow("too large") << QStringLiteral("large") << QStringLiteral("4 MiB");
        QTest::newRow("no text") << QStringLiteral("bytes") << QStringLiteral("UTF-8");
        QTest::newRow("not there") << QStringLiteral("none") << QStringLiteral("can't be read");
    }
    void whatCantBeReadSaysWhy()
    {
        QFETCH(QString, make);
        QFETCH(QString, words);
        test::TemporaryFolder folder;
        BackgroundThread background(QStringLiteral("test"));
        const std::string path = folder.path("w.workflow.json");
        if (make == u"pipe")
            QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
        else if (make == u"large")
            test::writeFile(path, std::string((4u << 20) + 1, ' '));
        else if (make == u"bytes")
            test::writeFile(path, "{\xFF}");
        WorkflowDocument document(QString::fromStdString(path), background);
        document.load();
        QTRY_COMPARE(document.state(), WorkflowDocument::State::Unreadable);
        QVERIFY2(document.notice().contains(words), qPrintable(document.notice()));
        QVERIFY(!document.canEdit());
        document.type({{0, 0}, "x"});
        QVERIFY(document.text().empty());
    }
};

GATEHOUSE_GUI_TEST_MAIN(TestWorkflowDocument)
#include "tst_workflowdocument.moc"
