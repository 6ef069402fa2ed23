// The problems: their order, small changes of rows, the place they lead to, and the fixes that are certain.
#include "tests/support/testmain.h"
#include "tests/widgets/openworkflow.h"
#include "widgets/problems/problemsview.h"
#include "widgets/style/themer.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QPushButton>

#include <random>

using namespace gatehouse;
using namespace gatehouse::widgets;
using authoring::NodeId;
using authoring::NodeKind;

namespace {

Problem problem(Severity severity, const char* file, unsigned line, const char* text)
{
    return {severity, file, {line * 10u, line, 3}, "/x", Message(text), "rule"};
}

QStringList rows(const ProblemModel& model)
{
    QStringList out;
    for (int row = 0; row < model.rowCount(); ++row)
        out << model.index(row).data().toString();
    return out;
}

} // namespace

class TestProblems : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyLook(Theme::Light); }

    void errorsFirstThenByPlace()
    {
        ProblemModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QSignalSpy counts(&model, &ProblemModel::countChanged);
        model.setProblems(QStringLiteral("a"),
                          {problem(Severity::Warning, "/p/a", 1, "w"), problem(Severity::Error, "/p/b", 9, "late"),
                           problem(Severity::Error, "/p/b", 2, "early")});
        QCOMPARE(rows(model), (QStringList{QStringLiteral("early"), QStringLiteral("late"), QStringLiteral("w")}));
        QCOMPARE(counts.size(), 1);
        QCOMPARE(counts[0], (QList<QVariant>{2, 1}));
        // The project's check finds one of them too.
        model.setProblems(QStringLiteral("project"),
                          {problem(Severity::Error, "/p/b", 2, "early"), problem(Severity::Error, "/p/c", 1, "c")});
        QCOMPARE(rows(model), (QStringList{QStringLiteral("early"), QStringLiteral("late"), QStringLiteral("c"), QStringLiteral("w")}));
        model.removeSource(QStringLiteral("a"));
        QCOMPARE(rows(model), (QStringList{QStringLiteral("early"), QStringLiteral("c")}));
        QCOMPARE(model.index(0).data(ProblemModel::LineRole).toString(), QStringLiteral("/p/b:2:3: error: early [rule]"));
        QCOMPARE(model.index(0).data(ProblemModel::PlaceRole).toString(), QStringLiteral("b:2:3"));
        QVERIFY(model.index(0).data(Qt::AccessibleTextRole).toString().startsWith(QStringLiteral("Error: early")));
    }

    void textsFromElsewhereHideNothing()
    {
        ProblemModel model;
        Problem hostile = problem(Severity::Error, "/p/\u202egpj", 1, "Name %1");
        hostile.message.arguments = {"\u202e\n<b>"};
        model.setProblems(QStringLiteral("a"), {hostile});
        for (const int role :
             {int(Qt::DisplayRole), int(ProblemModel::PlaceRole), int(ProblemModel::LineRole), int(Qt::AccessibleTextRole)}) {
            const QString text = model.index(0).data(role).toString();
            QVERIFY(!text.contains(QChar(0x202e)) && !text.contains(u'\n'));
        }
        QVERIFY(!model.index(0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("<b>")));
    }

    void randomListsInSmallSteps()
    {
        ProblemModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        std::mt19937 random(23);
        for (int i = 0; i < 600; ++i) {
            std::vector<Problem> problems;
            std::set<std::pair<int, QString>> expected;
            for (unsigned n = random() % 6; n > 0; --n)
                problems.push_back(problem(random() % 2 ? Severity::Error : Severity::Warning, "/f", random() % 5 + 1, "x"));
            model.setProblems(QString::number(random() % 3), problems);
            QCOMPARE(model.errors() + model.warnings(), model.rowCount());
            for (int row = 1; row < model.rowCount(); ++row) {
                const Problem& a = *model.problem(model.index(row - 1));
                const Problem& b = *model.problem(model.index(row));
                QVERIFY(std::tie(a.severity, a.position.line) < std::tie(b.severity, b.position.line));
            }
        }
        QCOMPARE(reset.size(), 0);
    }

    void aProblemLeadsToItsPlace()
    {
        test::OpenWorkflow open;
        QVERIFY(open.isReady());
        ProblemModel model;
        ProblemsView view(model);
        view.addDocument(*open.document);
        view.resize(500, 200);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QVERIFY(model.rowCount() > 0);
        QCOMPARE(model.index(0).data().toString(), QStringLiteral("There is no agent \"auditor\" in this workflow"));
        QSignalSpy place(open.document.get(), &WorkflowDocument::placeRequested);
        QSignalSpy chosen(&view, &ProblemsView::placeChosen);
        view.list().setCurrentIndex(model.index(0));
        QTest::keyClick(&view.list(), Qt::Key_Return);
        QCOMPARE(place.size(), 1);
        QCOMPARE(place[0][0].value<std::size_t>(), open.document->text().find("\"auditor\""));
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(open.document->current(), std::optional(NodeId{NodeKind::Agent, "planner"}));
        QTest::keySequence(&view.list(), QKeySequence::Copy);
        QVERIFY(QApplication::clipboard()->text().endsWith(QStringLiteral("[unknown-agent]")));
    }

    void fixesAreUndoableEdits()
    {
        test::OpenWorkflow open;
        QVERIFY(open.isReady());
        ProblemModel model;
        ProblemsView view(model);
        view.addDocument(*open.document);
        view.list().setCurrentIndex(model.index(0));
        QCOMPARE(view.fixes().size(), 2u);
        QCOMPARE(view.fixes()[0].text, QStringLiteral("Create agent “auditor”"));
        QCOMPARE(view.findChildren<QPushButton*>().size(), 2);
        view.fix(0);
        QVERIFY(open.value("/agents/auditor").is_object());
        QCOMPARE(open.document->undoStack().undoText(), QStringLiteral("Create agent “auditor”"));
        open.document->undoStack().undo();
        QCOMPARE(open.document->text(), std::string(test::smallWorkflow));
        QVERIFY(open.isJudged());
        view.list().setCurrentIndex(model.index(0));
        QCOMPARE(view.fixes().size(), 2u);
        view.fix(1);
        QVERIFY(open.value("/agents/planner/handoffs") == nlohmann::json::parse(R"(["reviewer"])"));
    }

    // A menu that stood open while the workflow changed mends what it named, or nothing.
    void aFixIsOfTheProblemThatItWasOfferedFor()
    {
        test::OpenWorkflow open;
        QVERIFY(open.isReady());
        ProblemModel model;
        ProblemsView view(model);
        view.addDocument(*open.document);
        const Problem offered = *model.problem(model.index(0));
        QVERIFY(open.document->edit(QStringLiteral("x"), [&offered](authoring::Editor& editor) { return editor.remove(offered.pointer); }));
        QVERIFY(open.document->edit(QStringLiteral("y"),
                                    [](authoring::Editor& editor) { return editor.append("/agents/planner/handoffs", "another"); }));
        QVERIFY(open.isJudged());
        const std::string before = open.document->text();
        QSignalSpy refused(&view, &ProblemsView::refused);
        view.mend(offered, QStringLiteral("Create agent “auditor”"));
        view.mend(offered, QStringLiteral("Remove the handoff"));
        QCOMPARE(open.document->text(), before);
        QCOMPARE(refused.size(), 2);
        const Problem current = *model.problem(model.index(0));
        QCOMPARE(current.pointer, offered.pointer);
        view.mend(current, QStringLiteral("Remove the handoff"));
        QVERIFY(open.value("/agents/planner/handoffs") == nlohmann::json::parse(R"(["reviewer"])"));
    }

    void fixesOfOtherRules()
    {
        std::string text(test::smallWorkflow);
        const auto put = [&text](const std::string& old, const std::string& now) { text.replace(text.find(old), old.size(), now); };
        put(R"("tools": ["check"])", R"("tools": ["gone", "check"], "data": { "absent": "read" })");
        put(R"(["reviewer", "auditor"])", R"(["reviewer"])");
        test::OpenWorkflow open(text);
        QVERIFY(open.isReady());
        const auto fixesOf = [&open](const char* rule) {
            const auto& problems = open.document->problems();
            const auto found = std::ranges::find(problems, rule, &Problem::rule);
            return found == problems.end() ? std::vector<QuickFix>() : quickFixes(*open.document, *found);
        };
        QCOMPARE(fixesOf("unknown-tool").size(), 2u);
        QCOMPARE(fixesOf("unknown-entry").size(), 1u);
        QVERIFY(open.document->edit(QStringLiteral("x"), fixesOf("unknown-tool")[1].change));
        QVERIFY(open.value("/agents/planner/tools") == nlohmann::json::parse(R"(["check"])")); // Of an older text nothing is offered.
        QCOMPARE(fixesOf("unknown-entry").size(), 0u);
        QVERIFY(open.isJudged());
        QVERIFY(open.document->edit(QStringLiteral("x"), fixesOf("unknown-entry")[0].change));
        QVERIFY(open.value("/agents/planner/data").empty());
    }

    void aDocumentThatGoesTakesItsProblems()
    {
        ProblemModel model;
        ProblemsView view(model);
        {
            test::OpenWorkflow open;
            QVERIFY(open.isReady());
            view.addDocument(*open.document);
            QVERIFY(model.rowCount() > 0);
        }
        QCOMPARE(model.rowCount(), 0);
    }
};

GATEHOUSE_GUI_TEST_MAIN(TestProblems)
#include "tst_problems.moc"
