// The forms: a field edit is one named step that keeps other bytes; what can't be stays in the field with its reason.
#include "tests/support/testmain.h"
#include "tests/widgets/openworkflow.h"
#include "widgets/forms/inspectorforms.h"
#include "widgets/forms/instructionsedit.h"
#include "widgets/forms/wirelist.h"
#include "widgets/style/themer.h"

#include <QAbstractItemView>
#include <QAccessible>
#include <QApplication>
#include <QPushButton>

using namespace gatehouse;
using namespace gatehouse::widgets;
using namespace gatehouse::authoring;

namespace {

const NodeId planner{NodeKind::Agent, "planner"};
const NodeId reviewer{NodeKind::Agent, "reviewer"};
const NodeId check{NodeKind::Tool, "check"};
const NodeId repo{NodeKind::Data, "repo"};
const NodeId notes{NodeKind::Data, "notes.md"};

class Shown {
public:
    explicit Shown(std::string_view text = test::smallWorkflow) : open(text)
    {
        QVERIFY2(open.isReady(), "the document was not read");
        forms = std::make_unique<InspectorForms>(*open.document);
        forms->resize(320, 900);
        forms->show();
        QVERIFY(QTest::qWaitForWindowExposed(forms.get()));
        forms->activateWindow();
    }
    [[nodiscard]] WorkflowDocument& document() const { return *open.document; }
    void select(const NodeId& node) const { document().select({node}, node); }
    [[nodiscard]] FormField* field(std::string_view key) const { return forms->form()->field(key); }
    [[nodiscard]] QLineEdit* line(std::string_view key) const { return qobject_cast<QLineEdit*>(field(key)->editor()); }
    [[nodiscard]] FieldTextEdit* area(std::string_view key) const { return qobject_cast<FieldTextEdit*>(field(key)->editor()); }
    [[nodiscard]] QComboBox* box(std::string_view key) const { return qobject_cast<QComboBox*>(field(key)->editor()); }
    [[nodiscard]] WireList* uses(std::string_view key) const { return qobject_cast<WireList*>(forms->uses()->field(key)); }
    void type(std::string_view key, const QString& text) const
    {
        QWidget* editor = field(key)->editor();
        editor->setFocus();
        if (auto* edit = qobject_cast<QLineEdit*>(editor))
            edit->selectAll();
        else
            area(key)->selectAll();
        QTest::keyClicks(editor, text);
    }
    void choose(std::string_view key, const QString& text) const
    {
        const int index = box(key)->findText(text);
        QVERIFY2(index >= 0, qPrintable(text));
        box(key)->setCurrentIndex(index);
        Q_EMIT box(key)->activated(index);
    }
    [[nodiscard]] QString step() const { return document().undoStack().undoText(); }

    test::OpenWorkflow open;
    std::unique_ptr<InspectorForms> forms;
};

std::string replaced(std::string text, const std::string& old, const std::string& now)
{
    return text.replace(text.find(old), old.size(), now);
}

const std::string original(test::smallWorkflow);

} // namespace

class TestForms : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyLook(Theme::Light); }

    void theFormIsThatOfTheSelection()
    {
        Shown shown;
        QVERIFY(!shown.forms->form()->node());
        QCOMPARE(shown.forms->title(), QStringLiteral("small"));
        QCOMPARE(shown.line("/name")->text(), QStringLiteral("credit-note"));
        shown.select(planner);
        QCOMPARE(shown.forms->title(), QStringLiteral("planner"));
        QCOMPARE(shown.line("/limits/turns")->text(), QStringLiteral("40"));
        QCOMPARE(shown.area("/instructions")->text(), QStringLiteral("Mend {{repo}} – first read task.md"));
        shown.select(check);
        QCOMPARE(shown.area("/command")->text(), QStringLiteral("sh\ncheck.sh"));
        shown.select(notes);
        QCOMPARE(shown.area("/content")->text(), QStringLiteral("ä"));
        shown.document().clearSelection();
        QVERIFY(!shown.forms->form()->node());
    }

    void aBurstIsOneNamedStepThatKeepsTheRest()
    {
        Shown shown;
        shown.select(planner);
        shown.type("/limits/turns", QStringLiteral("123"));
        QCOMPARE(shown.document().text(), replaced(original, "40", "123"));
        QCOMPARE(shown.document().undoStack().count(), 1);
        QCOMPARE(shown.step(), QStringLiteral("Change the turns of planner"));
        // Leaving the field and coming back begins another step.
        shown.area("/instructions")->setFocus();
        shown.type("/limits/turns", QStringLiteral("7"));
        QCOMPARE(shown.document().undoStack().count(), 2);
        QTest::keyClick(shown.line("/limits/turns"), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(shown.line("/limits/turns")->text(), QStringLiteral("123"));
        QTest::keyClick(shown.line("/limits/turns"), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(shown.document().text(), original);
        QCOMPARE(shown.line("/limits/turns")->text(), QStringLiteral("40"));
    }

    // In the words of whoever typed it while they type, in the field's own when it is left.
    void whatIsTypedIsShownInTheFieldsWords()
    {
        Shown shown;
        shown.select(planner);
        shown.type("/limits/run", QStringLiteral("pt90m"));
        QVERIFY(shown.open.value("/agents/planner/limits/run") == "PT90M");
        QCOMPARE(shown.line("/limits/run")->text(), QStringLiteral("pt90m"));
        shown.area("/instructions")->setFocus();
        QCOMPARE(shown.line("/limits/run")->text(), QStringLiteral("1 h 30 min"));
        QVERIFY(shown.open.value("/agents/planner/limits/run") == "PT90M");
        shown.type("/limits/run", QStringLiteral("half an hour"));
        shown.area("/instructions")->setFocus();
        QCOMPARE(shown.line("/limits/run")->text(), QStringLiteral("half an hour")); // a fault stays where it can be mended
    }

    void anEmptiedOptionalValueGoes()
    {
        Shown shown;
        shown.select(planner);
        shown.line("/limits/turns")->setFocus();
        shown.line("/limits/turns")->selectAll();
        QTest::keyClick(shown.line("/limits/turns"), Qt::Key_Delete);
        QVERIFY(shown.open.value("/agents/planner/limits/turns").is_null());
        shown.type("/limits/cost", QStringLiteral("2.00 USD"));
        QVERIFY(shown.open.value("/agents/planner/limits/cost") == "2.00 USD");
    }

    void whatCantBeIsKeptAndNotWritten_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("wrong");
        QTest::newRow("turns: no number") << "/limits/turns" << "4O";
        QTest::newRow("turns: none") << "/limits/turns" << "0";
        QTest::newRow("turns: too many") << "/limits/turns" << "100001";
        QTest::newRow("tokens: negative") << "/limits/tokens" << "-1";
        QTest::newRow("cost: no currency") << "/limits/cost" << "2.00";
        QTest::newRow("time: words") << "/limits/run" << "half an hour";
    }
    void whatCantBeIsKeptAndNotWritten()
    {
        QFETCH(QString, key);
        QFETCH(QString, wrong);
        Shown shown;
        shown.select(planner);
        const std::string name = key.toStdString();
        QLineEdit* line = shown.line(name);
        line->setFocus();
        line->setText(wrong);
        Q_EMIT line->textEdited(wrong);
        QCOMPARE(shown.document().text(), original);
        QVERIFY(!shown.field(name)->reason().isEmpty());
        QCOMPARE(line->accessibleDescription(), shown.field(name)->reason());
        // An edit elsewhere leaves it alone.
        QVERIFY(shown.document().edit(QStringLiteral("x"), [](Editor& editor) { return editor.set("/name", "n"); }));
        QCOMPARE(line->text(), wrong);
        QVERIFY(!shown.field(name)->reason().isEmpty());
    }

    void fieldsFollowWithoutLosingTheCaret()
    {
        Shown shown;
        shown.select(planner);
        FieldTextEdit* area = shown.area("/instructions");
        area->setFocus();
        QTextCursor cursor = area->textCursor();
        cursor.setPosition(20);
        area->setTextCursor(cursor);
        QVERIFY(shown.document().edit(QStringLiteral("x"), [](Editor& editor) {
            return editor.set("/agents/planner/instructions", "Mend {{repo}} – first read task.md, then the rest");
        }));
        QVERIFY(area->text().endsWith(QStringLiteral("then the rest")));
        QCOMPARE(area->textCursor().position(), 20);
        QVERIFY(area->hasFocus());
        QLineEdit* turns = shown.line("/limits/turns");
        turns->setFocus();
        turns->setCursorPosition(1);
        QVERIFY(
            shown.document().edit(QStringLiteral("x"), [](Editor& editor) { return editor.set("/agents/planner/limits/turns", 4123); }));
        QCOMPARE(turns->text().remove(QLocale().groupSeparator()), QStringLiteral("4123"));
        QCOMPARE(turns->cursorPosition(), 1);
    }

    void choicesWithTheProjectsDefault()
    {
        Shown shown;
        shown.select(planner);
        QCOMPARE(shown.box("/model")->currentText(), QStringLiteral("offline"));
        shown.choose("/model", QStringLiteral("other"));
        QCOMPARE(shown.document().text(), replaced(original, "\"offline\"", "\"other\""));
        QCOMPARE(shown.step(), QStringLiteral("Change the model of planner"));
        shown.choose("/model", QStringLiteral("The project's default: offline"));
        QVERIFY(shown.open.value("/agents/planner/model").is_null());
        QVERIFY(shown.document().edit(QStringLiteral("x"), [](Editor& editor) { return editor.set("/agents/planner/model", "gone"); }));
        QCOMPARE(shown.box("/model")->currentText(), QStringLiteral("gone (unknown)"));
    }

    void aRenameGoesEverywhereAndKeepsTheFocus()
    {
        Shown shown;
        shown.select(reviewer);
        auto* name = qobject_cast<QLineEdit*>(shown.field("")->editor());
        name->setFocus();
        name->selectAll();
        QTest::keyClicks(name, QStringLiteral("planner"));
        QVERIFY(!shown.field("")->reason().isEmpty()); // taken
        QTest::keyClick(name, Qt::Key_Return);
        QCOMPARE(shown.document().text(), original);
        name->selectAll();
        QTest::keyClicks(name, QStringLiteral("critic"));
        QCOMPARE(shown.document().text(), original); // not before it is finished
        QTest::keyClick(name, Qt::Key_Return);
        QVERIFY(shown.open.value("/agents/critic").is_object());
        QVERIFY(shown.open.value("/agents/planner/handoffs/0") == "critic");
        QCOMPARE(shown.document().current(), std::optional(NodeId{NodeKind::Agent, "critic"}));
        QCOMPARE(shown.forms->title(), QStringLiteral("critic"));
        QVERIFY(name->hasFocus());
        shown.type("/limits/turns", QStringLiteral("3"));
        QVERIFY(shown.open.value("/agents/critic/limits/turns") == 3);
    }

    // What a screen reader or dictation writes was never typed, and toggling is no click.
    void fieldsTakeWhatAccessibleActionsGive()
    {
        Shown shown;
        shown.select(reviewer);
        const auto write = [&](std::string_view key, const QString& text) {
            auto* editable = QAccessible::queryAccessibleInterface(shown.field(key)->editor())->editableTextInterface();
            QVERIFY(editable);
            const qsizetype before = shown.line(key) ? shown.line(key)->text().size() : shown.area(key)->text().size();
            editable->replaceText(0, int(before), text);
        };
        write("/limits/turns", QStringLiteral("7"));
        QVERIFY(shown.open.value("/agents/reviewer/limits/turns") == 7);
        write("/instructions", QStringLiteral("Look twice"));
        QVERIFY(shown.open.value("/agents/reviewer/instructions") == "Look twice");
        write("", QStringLiteral("planner")); // taken
        QVERIFY(!shown.field("")->reason().isEmpty());
        QVERIFY(shown.open.value("/agents/reviewer").is_object());
        write("", QStringLiteral("critic"));
        QVERIFY(shown.open.value("/agents/critic").is_object());
        QCOMPARE(shown.document().current(), std::optional(NodeId{NodeKind::Agent, "critic"}));
        auto* tick = shown.forms->form()->findChild<QCheckBox*>();
        QVERIFY(tick);
        QAccessible::queryAccessibleInterface(tick)->actionInterface()->doAction(QAccessibleActionInterface::toggleAction());
        QVERIFY(shown.open.value("/entry") == "critic");
    }

    void toolsDataAndHandoffsAreTicked()
    {
        Shown shown;
        shown.select(reviewer);
        shown.uses("/tools")->tick(check)->click();
        QVERIFY(shown.open.value("/agents/reviewer/tools") == nlohmann::json::parse(R"(["check"])"));
        QCOMPARE(shown.step(), QStringLiteral("Connect reviewer to check"));
        shown.uses("/tools")->tick(check)->click();
        QCOMPARE(shown.open.value("/agents/reviewer/tools").size(), 0u);
        shown.uses("/capabilities")->tick({NodeKind::Capability, "shell"})->click();
        QVERIFY(shown.open.value("/agents/reviewer/capabilities") == nlohmann::json::parse(R"(["shell"])"));
        shown.uses("/handoffs")->tick(planner)->click();
        QVERIFY(shown.open.value("/agents/reviewer/handoffs") == nlohmann::json::parse(R"(["planner"])"));
        QComboBox* access = shown.uses("/data")->access(notes);
        access->setCurrentIndex(0);
        Q_EMIT access->activated(0);
        QVERIFY(shown.open.value("/agents/reviewer/data/notes.md") == "read");
        QVERIFY(!shown.open.value("/agents/reviewer/data/repo").is_null()); // what was implied is said
        shown.select(planner);
        QVERIFY(shown.uses("/handoffs")->tick({NodeKind::Agent, "auditor"})->isChecked()); // not defined, and there
        // The same from the other end.
        shown.select(check);
        auto* agents = qobject_cast<WireList*>(shown.field("/"));
        QVERIFY(agents->tick(planner)->isChecked());
        agents->tick(planner)->click();
        QCOMPARE(shown.open.value("/agents/planner/tools").size(), 0u);
    }

    void aCommandIsAListOfWords()
    {
        Shown shown;
        shown.select(check);
        FieldTextEdit* area = shown.area("/command");
        area->setFocus();
        area->moveCursor(QTextCursor::End);
        QTest::keyClick(area, Qt::Key_Return);
        QTest::keyClicks(area, QStringLiteral("two words"));
        QVERIFY(shown.open.value("/tools/check/command") == nlohmann::json::parse(R"(["sh", "check.sh", "two words"])"));
        area->selectAll();
        QTest::keyClick(area, Qt::Key_Delete);
        QVERIFY(!shown.field("/command")->reason().isEmpty());
        QCOMPARE(shown.open.value("/tools/check/command").size(), 3u);
    }

    void parametersAreCheckedWhileTheyAreTyped()
    {
        Shown shown;
        shown.select(check);
        FieldTextEdit* area = shown.area("/parameters");
        area->setFocus();
        QVERIFY(area->text().contains(QStringLiteral("additionalProperties")));
        QTextCursor cursor = area->document()->find(QStringLiteral("\"properties\": {"));
        cursor.movePosition(QTextCursor::Right, QTextCursor::MoveAnchor, 0);
        cursor.clearSelection();
        area->setTextCursor(cursor);
        QTest::keyClicks(area, QStringLiteral("\"city\": {\"type\": \"string\"}"));
        QVERIFY(shown.open.value("/tools/check/parameters/properties/city/type") == "string"); // What was not touched keeps its bytes.
        QVERIFY(shown.document().text().find(R"("type": "object",)") != std::string::npos);
        QVERIFY(shown.document().text().find(R"("additionalProperties": false)") != std::string::npos);
        QTest::keyClicks(area, QStringLiteral(","));
        QVERIFY(!shown.field("/parameters")->reason().isEmpty());
        QVERIFY(area->text().contains(QStringLiteral("},"))); // kept
        QTest::keyClick(area, Qt::Key_Backspace);
        QVERIFY(shown.field("/parameters")->reason().isEmpty());
        area->selectAll();
        QTest::keyClicks(area, QStringLiteral("{\"type\": \"array\"}"));
        QVERIFY(!shown.field("/parameters")->reason().isEmpty());
    }

    void theKindOfAnEntryBringsItsFields()
    {
        Shown shown;
        shown.select(repo);
        QVERIFY(!shown.field("/src")->isVisible());
        shown.choose("/type", QStringLiteral("Git repository"));
        QVERIFY(shown.open.value("/manifest/entries/repo") ==
                nlohmann::json::parse(R"({"type": "git_repo", "repo": "", "host": "local"})"));
        QVERIFY(shown.field("/repo")->isVisible());
        shown.type("/repo", QStringLiteral("../src"));
        QVERIFY(shown.open.value("/manifest/entries/repo/repo") == "../src");
        shown.choose("/type", QStringLiteral("Folder of this machine"));
        QVERIFY(shown.open.value("/manifest/entries/repo") == nlohmann::json::parse(R"({"type": "local_dir", "src": ""})"));
        shown.document().undoStack().undo();
        QVERIFY(shown.open.value("/manifest/entries/repo/repo") == "../src");
    }

    void theWorkflowsOwnFields()
    {
        Shown shown;
        shown.choose("/class", QStringLiteral("Delivery"));
        QVERIFY(shown.open.value("/class") == "delivery");
        shown.choose("/entry", QStringLiteral("reviewer"));
        QVERIFY(shown.open.value("/entry") == "reviewer");
        shown.type("/artifacts", QStringLiteral("repo/out.txt"));
        QVERIFY(shown.open.value("/artifacts") == nlohmann::json::parse(R"(["repo/out.txt"])"));
        shown.type("/manifest/environment/value", QStringLiteral("LANG=C.UTF-8"));
        QVERIFY(shown.open.value("/manifest/environment/value/LANG") == "C.UTF-8");
        // Another name for a variable keeps what else is said of it.
        const auto ephemeral = [](Editor& editor) { return editor.set("/manifest/environment/value/LANG/ephemeral", true); };
        const auto object = [](Editor& editor) { return editor.set("/manifest/environment/value/LANG", {{"value", "C.UTF-8"}}); };
        QVERIFY(shown.open.document->edit(QStringLiteral("x"), object) && shown.open.document->edit(QStringLiteral("x"), ephemeral));
        QTextCursor behindTheName(shown.area("/manifest/environment/value")->document());
        behindTheName.setPosition(4);
        shown.area("/manifest/environment/value")->setTextCursor(behindTheName);
        QTest::keyClicks(shown.area("/manifest/environment/value"), QStringLiteral("U"));
        QVERIFY(shown.open.value("/manifest/environment/value/LANGU") ==
                nlohmann::json::parse(R"({"value": "C.UTF-8", "ephemeral": true})"));
        shown.type("/manifest/environment/value", QStringLiteral("2X=1"));
        QVERIFY(!shown.field("/manifest/environment/value")->reason().isEmpty());
    }

    void problemsStandAtTheirFields()
    {
        Shown shown(replaced(original, "Mend {{repo}}", "Mend {{repoo}}"));
        shown.select(planner);
        QVERIFY2(shown.field("/instructions")->reason().contains(QStringLiteral("repoo")),
                 qPrintable(shown.field("/instructions")->reason()));
        QVERIFY(shown.uses("/handoffs")->reason().contains(QStringLiteral("auditor")));
        QVERIFY(shown.field("/model")->reason().isEmpty());
        auto* instructions = qobject_cast<InstructionsEdit*>(shown.area("/instructions"));
        QCOMPARE(instructions->unknownEntries(), QStringList(QStringLiteral("repoo")));
        QVERIFY(
            shown.document().edit(QStringLiteral("x"), [](Editor& editor) { return editor.set("/agents/planner/instructions", "Mend"); }));
        QVERIFY(shown.open.isJudged());
        QVERIFY(shown.field("/instructions")->reason().isEmpty());
    }

    void entriesAreCompleted()
    {
        Shown shown;
        shown.select(planner);
        auto* area = qobject_cast<InstructionsEdit*>(shown.area("/instructions"));
        area->setFocus();
        QVERIFY(QTest::qWaitFor([area] { return area->hasFocus(); }));
        area->moveCursor(QTextCursor::End);
        for (const char* offscreen : {"This plugin does not support raise()", "This plugin does not support grabbing the keyboard"})
            QTest::ignoreMessage(QtWarningMsg, offscreen);
        QTest::keyClicks(area, QStringLiteral(" {{not"));
        QVERIFY(area->completer().popup()->isVisible());
        QTest::keyClick(area->completer().popup(), Qt::Key_Return);
        QVERIFY2(area->text().endsWith(QStringLiteral("task.md {{notes.md}}")), qPrintable(area->text()));
        QVERIFY(area->unknownEntries().isEmpty());
    }

    void aMissingNodeCanBeCreated()
    {
        Shown shown;
        const NodeId auditor{NodeKind::Agent, "auditor"};
        shown.select(auditor);
        auto* create = shown.forms->form()->findChild<QPushButton*>();
        QVERIFY(create);
        create->click();
        QVERIFY(shown.open.value("/agents/auditor").is_object());
        QCOMPARE(shown.document().current(), std::optional(auditor));
        QVERIFY(shown.field("/instructions"));
    }

    void nothingIsEditedWhileTheTextHasAFault()
    {
        Shown shown;
        shown.select(planner);
        shown.document().type({{0, 0}, "x"});
        QVERIFY(shown.line("/limits/turns")->isReadOnly());
        QVERIFY(!shown.box("/model")->isEnabled());
        QCOMPARE(shown.line("/limits/turns")->text(), QStringLiteral("40"));
        shown.document().type({{0, 1}, ""});
        QVERIFY(!shown.line("/limits/turns")->isReadOnly());
    }

    void hiddenCharactersOfAValueShowAndStay()
    {
        Shown shown(replaced(original, "Review\"", "Rev\u202eiew\""));
        shown.select(reviewer);
        QVERIFY(!shown.area("/instructions")->text().contains(QChar(0x202e)));
        shown.area("/instructions")->setFocus();
        shown.area("/instructions")->moveCursor(QTextCursor::End);
        QTest::keyClicks(shown.area("/instructions"), QStringLiteral("!"));
        QVERIFY(shown.open.value("/agents/reviewer/instructions") == "Rev\u202eiew!");
    }

    void everyFieldHasANameAndABuddy()
    {
        Shown shown;
        for (const auto& node : {std::optional<NodeId>(), std::optional(planner), std::optional(check), std::optional(repo)}) {
            shown.document().select(node ? std::set{*node} : std::set<NodeId>(), node);
            for (const FormField* field : shown.forms->form()->fields()) {
                QVERIFY(!field->editor()->accessibleName().isEmpty());
                const auto labels = field->findChildren<QLabel*>();
                QVERIFY(std::ranges::any_of(labels, [field](const QLabel* label) { return label->buddy() == field->editor(); }));
            }
        }
    }
};

GATEHOUSE_GUI_TEST_MAIN(TestForms)
#include "tst_forms.moc"
