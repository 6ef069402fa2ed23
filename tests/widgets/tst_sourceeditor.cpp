// The source view: bytes and characters, text in step with the document both ways, undo, marks, the caret and the selection.
#include "tests/support/testmain.h"
#include "tests/widgets/openworkflow.h"
#include "widgets/source/lineindex.h"
#include "widgets/source/pointerat.h"
#include "widgets/source/shieldedtext.h"
#include "widgets/source/sourceeditor.h"
#include "widgets/source/textsearch.h"
#include "widgets/style/themer.h"
#include "widgets/text/jsonwords.h"

#include <QApplication>
#include <QClipboard>
#include <QInputMethodEvent>
#include <QMimeData>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextLayout>

#include <random>

using namespace gatehouse;
using namespace gatehouse::widgets;
using authoring::NodeId;
using authoring::NodeKind;

namespace {

const NodeId planner{NodeKind::Agent, "planner"};
const NodeId reviewer{NodeKind::Agent, "reviewer"};

class Shown {
public:
    explicit Shown(std::string_view text = test::smallWorkflow) : open(text)
    {
        QVERIFY2(open.isReady(), "the document was not read");
        editor = std::make_unique<SourceEditor>(*open.document);
        editor->resize(700, 300);
        editor->show();
        QVERIFY(QTest::qWaitForWindowExposed(editor.get()));
        editor->activateWindow();
        pane().setFocus();
        QVERIFY(QTest::qWaitFor([this] { return pane().hasFocus() && pane().source().isWhole(); }));
    }
    [[nodiscard]] SourcePane& pane() const { return editor->pane(); }
    [[nodiscard]] WorkflowDocument& document() const { return *open.document; }
    // What the editor shows, as bytes.
    [[nodiscard]] std::string text() const
    {
        return unshielded(pane().source().units(0, pane().QPlainTextEdit::document()->characterCount() - 1));
    }
    void putCaret(std::string_view before) const { pane().showPlace(document().text().find(before)); }
    [[nodiscard]] std::string beforeCaret(std::size_t count) const
    {
        const std::size_t caret = pane().caretOffset();
        return document().text().substr(caret - count, count);
    }

    test::OpenWorkflow open;
    std::unique_ptr<SourceEditor> editor;
};

std::string randomBytes(std::mt19937& random, std::size_t most, bool valid)
{
    static const std::vector<std::string> pieces = {"a",          "\n",         "\t",         "\r",     "\"",     "{",      "ä",
                                                    "–",          "😀",         "\u202e",     "\u200b", "\u00a0", "\ufeff", "\u2028",
                                                    "\U000E0041", "\U0010202e", "\U000F0041", "א",      "\x01"};
    std::string out;
    for (std::size_t i = random() % (most + 1); i > 0; --i)
        out += !valid && random() % 4 == 0 ? std::string(1, char(random() % 256)) : pieces[random() % pieces.size()];
    return out;
}

} // namespace

class TestSourceEditor : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyLook(Theme::Light); }

    void shieldedTextLosesNothing()
    {
        std::mt19937 random(3);
        for (int i = 0; i < 4000; ++i) {
            const std::string bytes = randomBytes(random, 12, false);
            const QString text = shielded(bytes);
            QCOMPARE(unshielded(text), bytes);
            QCOMPARE(unshieldedSize(text), bytes.size());
            for (const QChar c : text)
                QVERIFY2(c == u'\n' || c == u'\t' || c.category() != QChar::Other_Control, qPrintable(text));
        }
        QCOMPARE(shielded("a\u202eb").size(), 4);
        QCOMPARE(hiddenName(QChar::surrogateToUcs4(shielded("\u202e")[0], shielded("\u202e")[1])), QStringLiteral("U+202E"));
        QCOMPARE(hiddenName(QChar::surrogateToUcs4(shielded("\xff")[0], shielded("\xff")[1])), QStringLiteral("0xFF"));
        QCOMPARE(hiddenName(U'a'), QString());
        const QString mixed = shielded("aä–😀\u202e");
        QCOMPARE(unitsBefore(mixed, 0), 0);
        QCOMPARE(unitsBefore(mixed, 1), 1);
        QCOMPARE(unitsBefore(mixed, 2), 1); // inside of ä
        QCOMPARE(unitsBefore(mixed, 3), 2);
        QCOMPARE(unitsBefore(mixed, 6), 3);
        QCOMPARE(unitsBefore(mixed, 10), 5);
        QCOMPARE(unitsBefore(mixed, 13), 7);
    }

    void linesAreFoundLikeByReadingTheText()
    {
        std::mt19937 random(5);
        std::string text;
        for (int i = 0; i < 4000; ++i)
            text += std::string(random() % 5, 'x') + '\n';
        LineIndex index;
        index.assign(text);
        for (int i = 0; i < 400; ++i) {
            const std::size_t begin = random() % (text.size() + 1);
            const std::size_t removed = std::min(text.size() - begin, std::size_t(random() % (i % 20 == 0 ? 5000 : 4)));
            std::string added;
            for (std::size_t j = random() % (i % 20 == 10 ? 4000 : 4); j > 0; --j)
                added += random() % 3 == 0 ? '\n' : 'y';
            text.replace(begin, removed, added);
            index.update(text, begin, removed, added.size());
            QCOMPARE(index.bytes(), text.size());
            QCOMPARE(index.lines(), std::size_t(std::ranges::count(text, '\n')) + 1);
            const std::size_t offset = random() % (text.size() + 1);
            const auto line = std::size_t(std::count(text.begin(), text.begin() + std::ptrdiff_t(offset), '\n'));
            QCOMPARE(index.lineAt(offset), line);
            const std::size_t before = offset == 0 ? std::string::npos : text.rfind('\n', offset - 1);
            QCOMPARE(index.begin(line), before == std::string::npos ? 0 : before + 1);
        }
    }

    void wordsOfALine()
    {
        const auto words = jsonWords(u"  \"a\\\"\": [\"b\", -1.5e3, true, x] }");
        QCOMPARE(words.size(), 4u);
        QVERIFY(words[0] == (SyntaxSpan{2, 5, SyntaxKind::Type}));
        QVERIFY(words[1] == (SyntaxSpan{10, 3, SyntaxKind::String}));
        QVERIFY(words[2] == (SyntaxSpan{15, 6, SyntaxKind::Number}));
        QVERIFY(words[3] == (SyntaxSpan{23, 4, SyntaxKind::Keyword}));
        QCOMPARE(jsonWords(u"\"open").size(), 1u);
        QCOMPARE(jsonBrackets(u"{\"}\": [").size(), 2u);
    }

    void occurrencesAreFoundByBytes()
    {
        QCOMPARE(occurrences("Ab aB", "ab", Case::Ignored).size(), 2u);
        QCOMPARE(occurrences("Ab aB", "aB", Case::Counts).size(), 1u);
        QCOMPARE(occurrences("aaaa", "aa", Case::Counts).size(), 2u);
        QCOMPARE(occurrences("x", "", Case::Ignored).size(), 0u);
        QCOMPARE(occurrences(std::string(5000, 'a'), "a", Case::Ignored, 10).size(), 10u);
    }

    void pointersOfPlaces()
    {
        const auto document = JsonDocument::parse(R"({"a": {"b~/": [1, 22]}, "c": 3})", "x");
        QVERIFY(document);
        QCOMPARE(pointerAt(*document, 0), std::string(""));
        QCOMPARE(pointerAt(*document, 2), std::string("/a"));
        QCOMPARE(pointerAt(*document, 18), std::string("/a/b~0~1/1"));
        QCOMPARE(pointerAt(*document, 20), std::string("/a/b~0~1/1"));
        QCOMPARE(pointerAt(*document, 29), std::string("/c"));
        QCOMPARE(pointerAt(*document, 900), std::string(""));
    }

    void theTextIsShownAsItIs()
    {
        Shown shown;
        QCOMPARE(shown.text(), std::string(test::smallWorkflow));
        for (const char* word : {"Gutschrift", "\"agents\"", "– first", "\"ä\""}) {
            const std::size_t offset = test::smallWorkflow.find(word);
            const int position = shown.pane().source().position(offset);
            QCOMPARE(shown.pane().source().offset(position), offset);
            QCOMPARE(unshielded(shown.pane().source().units(position, position + 1)), unshielded(QString::fromUtf8(word).left(1)));
        }
    }

    void typingIsAnEditOfTheDocument()
    {
        Shown shown;
        shown.putCaret("credit-note");
        QSignalSpy changed(&shown.document(), &WorkflowDocument::textChanged);
        QTest::keyClicks(&shown.pane(), QStringLiteral("my "));
        QVERIFY(shown.open.value("/name") == "my credit-note");
        QCOMPARE(changed.size(), 3);
        const auto changes = changed[0][0].value<std::vector<TextChange>>();
        QCOMPARE(changes.size(), 1u);
        QCOMPARE(changes[0].removed, 0u);
        QCOMPARE(changes[0].added, 1u);
        QCOMPARE(shown.text(), shown.document().text());
        QTest::keyClick(&shown.pane(), Qt::Key_Backspace);
        QVERIFY(shown.open.value("/name") == "mycredit-note");
    }

    void aBurstIsOneStepAndUndoIsTheDocuments()
    {
        Shown shown;
        shown.putCaret("credit-note");
        QTest::keyClicks(&shown.pane(), QStringLiteral("abc"));
        QCOMPARE(shown.document().undoStack().count(), 1);
        QTest::keyClick(&shown.pane(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(shown.document().text(), std::string(test::smallWorkflow));
        QCOMPARE(shown.text(), std::string(test::smallWorkflow));
        QTest::keyClick(&shown.pane(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(shown.open.value("/name") == "abccredit-note");
        QCOMPARE(shown.beforeCaret(3), std::string("abc"));
        QVERIFY(!shown.pane().QPlainTextEdit::document()->isUndoRedoEnabled());
    }

    void whatComesFromTheClipboardAndInputMethods()
    {
        Shown shown;
        shown.putCaret("credit-note");
        QApplication::clipboard()->setText(QStringLiteral("x\u202e😀\r\ny\u00a0"));
        shown.pane().paste();
        QVERIFY(shown.document().text().find("\"x\u202e😀\ny\u00a0credit-note") != std::string::npos);
        QCOMPARE(shown.text(), shown.document().text());
        QVERIFY(!shown.pane().toPlainText().contains(QChar(0x202e)));
        QTest::keyClick(&shown.pane(), Qt::Key_Z, Qt::ControlModifier);
        shown.putCaret("credit-note");
        QInputMethodEvent composing(QStringLiteral("\u00e9"), {});
        QApplication::sendEvent(&shown.pane(), &composing);
        QCOMPARE(shown.document().text(), std::string(test::smallWorkflow)); // not before it is finished
        QInputMethodEvent done;
        done.setCommitString(QStringLiteral("\u00e9\u200b"));
        QApplication::sendEvent(&shown.pane(), &done);
        QVERIFY(shown.open.value("/name") == "\u00e9\u200bcredit-note");
        QCOMPARE(shown.text(), shown.document().text());
        // What is copied is what the document holds.
        shown.pane().selectAll();
        shown.pane().copy();
        QCOMPARE(QApplication::clipboard()->text().toStdString(), shown.document().text());
    }

    void editsFromElsewhereKeepTheCaret()
    {
        Shown shown;
        shown.putCaret("Review\"");
        const QTextCursor before = shown.pane().textCursor();
        QVERIFY(shown.document().edit(QStringLiteral("more"),
                                      [](authoring::Editor& editor) { return editor.set("/name", "a longer name ✓"); }));
        QCOMPARE(shown.text(), shown.document().text());
        QCOMPARE(shown.document().text().substr(shown.pane().caretOffset(), 6), std::string("Review"));
        QCOMPARE(shown.pane().textCursor().blockNumber(), before.blockNumber());
    }

    void aLineAboveDoesNotScrollTheView()
    {
        std::string text(test::smallWorkflow);
        std::string lines;
        for (int i = 0; i < 200; ++i)
            lines += "    \"key" + std::to_string(i) + "\": 1,\n";
        text.replace(text.find("\"kept\""), 0, "\n" + lines);
        Shown shown(text);
        shown.pane().verticalScrollBar()->setValue(100);
        const QString top = shown.pane().cursorForPosition(QPoint(5, 5)).block().text();
        QVERIFY(!top.isEmpty());
        QVERIFY(shown.document().edit(QStringLiteral("up"), [](authoring::Editor& editor) {
            return editor.set("/x-note/key1", nlohmann::json::parse(R"({"a": [1, 2, 3], "b": {"c": 1}})"));
        }));
        QCOMPARE(shown.pane().cursorForPosition(QPoint(5, 5)).block().text(), top);
        QCOMPARE(shown.text(), shown.document().text());
    }

    void problemsAreMarked()
    {
        Shown shown;
        QVERIFY(shown.open.isJudged());
        const std::string text = shown.document().text();
        const auto mark = std::ranges::find_if(shown.pane().marks(), [&](const SourcePane::Mark& each) {
            return text.substr(each.begin, each.end - each.begin) == "\"auditor\"";
        });
        QVERIFY(mark != shown.pane().marks().end());
        QCOMPARE(mark->severity, Severity::Error);
        const std::size_t begin = mark->begin;
        const auto underlined = [&shown] {
            return std::ranges::count_if(shown.pane().extraSelections(), [](const QTextEdit::ExtraSelection& selection) {
                return selection.format.underlineStyle() == QTextCharFormat::WaveUnderline &&
                    selection.cursor.selectedText() == QStringLiteral("\"auditor\"");
            });
        };
        shown.putCaret("\"auditor\"");
        QCOMPARE(underlined(), 1);
        // They move with the text until it is judged again.
        shown.putCaret("credit-note");
        QTest::keyClicks(&shown.pane(), QStringLiteral("123"));
        QVERIFY(std::ranges::any_of(shown.pane().marks(), [begin](const auto& each) { return each.begin == begin + 3; }));
        QCOMPARE(underlined(), 1);
    }

    void theCaretChoosesItsNode()
    {
        Shown shown;
        shown.putCaret("\"offline\"");
        QTRY_COMPARE(shown.document().current(), std::optional(planner));
        shown.putCaret("Checks");
        QTRY_COMPARE(shown.document().current(), std::optional(NodeId{NodeKind::Tool, "check"}));
        const auto lines = shown.pane().nodeLines();
        QVERIFY(lines);
        QVERIFY(shown.pane().QPlainTextEdit::document()->findBlockByNumber(lines->first).text().contains(QStringLiteral("\"check\"")));
        QCOMPARE(lines->second - lines->first, 4);
    }

    void aChosenNodeIsShownAndTakesNoFocus()
    {
        Shown shown;
        QLineEdit other(shown.editor.get());
        other.show();
        other.setFocus();
        QVERIFY(QTest::qWaitFor([&other] { return other.hasFocus(); }));
        shown.editor->resize(700, 90);
        const NodeId notes{NodeKind::Data, "notes.md"};
        shown.document().select({notes}, notes);
        QVERIFY(other.hasFocus());
        const auto lines = shown.pane().nodeLines();
        QVERIFY(lines);
        QVERIFY(shown.pane().isLineOnScreen(lines->first));
        QCOMPARE(shown.pane().caretOffset(), 0u);
        Q_EMIT shown.document().placeRequested(shown.document().text().find("auditor"));
        QVERIFY(QTest::qWaitFor([&shown] { return QApplication::focusWidget() == &shown.pane(); }));
        QCOMPARE(shown.document().text().substr(shown.pane().caretOffset(), 7), std::string("auditor"));
        QVERIFY(shown.pane().isLineOnScreen(shown.pane().textCursor().blockNumber()));
    }

    void enterTabAndBackTab()
    {
        Shown shown;
        QCOMPARE(shown.pane().indentation(), QStringLiteral("  "));
        QTextCursor cursor = shown.pane().textCursor();
        cursor.setPosition(shown.pane().source().position(shown.document().text().find("\"planner\": {") + 12));
        shown.pane().setTextCursor(cursor);
        QTest::keyClick(&shown.pane(), Qt::Key_Return);
        QCOMPARE(shown.beforeCaret(8), std::string("{\n      ")); // a step deeper than its line
        QTest::keyClick(&shown.pane(), Qt::Key_Z, Qt::ControlModifier);
        shown.putCaret("\"name\"");
        QTest::keyClick(&shown.pane(), Qt::Key_Tab);
        QVERIFY(shown.document().text().find("\n    \"name\"") != std::string::npos);
        QTest::keyClick(&shown.pane(), Qt::Key_Backtab);
        QCOMPARE(shown.document().text(), std::string(test::smallWorkflow));
        shown.pane().selectAll();
        QTest::keyClick(&shown.pane(), Qt::Key_Tab);
        QVERIFY(shown.document().text().find("\n    \"name\"") != std::string::npos);
        QTest::keyClick(&shown.pane(), Qt::Key_Backtab);
        QCOMPARE(shown.document().text(), std::string(test::smallWorkflow));
    }

    // A form replaces a value; where somebody reads in it, the source stays.
    void anEditAroundTheCaretLeavesItThere()
    {
        Shown shown;
        shown.putCaret("first read");
        const int before = shown.pane().textCursor().position();
        QVERIFY(shown.document().edit(QStringLiteral("x"), [](authoring::Editor& editor) {
            return editor.set("/agents/planner/instructions", "Mend {{repo}} – first read task.md, then the tests");
        }));
        QCOMPARE(shown.text(), shown.document().text());
        QCOMPARE(shown.pane().textCursor().position(), before);
    }

    void bracketsAreMatched()
    {
        Shown shown;
        const auto matched = [&shown] {
            QList<int> out;
            for (const auto& selection : shown.pane().extraSelections()) {
                if (selection.format.fontWeight() == QFont::Bold)
                    out << selection.cursor.selectionStart();
            }
            return out;
        };
        QTextCursor cursor = shown.pane().textCursor();
        cursor.setPosition(0);
        shown.pane().setTextCursor(cursor);
        const int last = shown.pane().QPlainTextEdit::document()->characterCount() - 3;
        QTRY_COMPARE(matched(), (QList<int>{0, last}));
        const int inner = int(shown.pane().toPlainText().indexOf(u'{', 1));
        cursor.setPosition(inner);
        shown.pane().setTextCursor(cursor);
        QTRY_COMPARE(matched().first(), inner);
        const int partner = matched().last();
        QVERIFY(partner > inner && partner < last);
        // Backwards.
        cursor.setPosition(last + 1);
        shown.pane().setTextCursor(cursor);
        QTRY_COMPARE(matched(), (QList<int>{last, 0}));
    }

    void findAndGoToLine()
    {
        Shown shown;
        QTest::keyClick(&shown.pane(), Qt::Key_F, Qt::ControlModifier);
        QVERIFY(shown.editor->bar().isVisible());
        QVERIFY(QTest::qWaitFor([&shown] { return shown.editor->bar().field().hasFocus(); }));
        QTest::keyClicks(&shown.editor->bar().field(), QStringLiteral("INSTRUCTIONS"));
        QCOMPARE(shown.editor->bar().countText(), QStringLiteral("1 of 2"));
        QTest::keyClick(&shown.editor->bar().field(), Qt::Key_Return);
        QCOMPARE(shown.editor->bar().countText(), QStringLiteral("2 of 2"));
        QTest::keyClick(&shown.editor->bar().field(), Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(shown.editor->bar().countText(), QStringLiteral("1 of 2"));
        QCOMPARE(shown.pane().textCursor().selectedText(), QStringLiteral("instructions"));
        QTest::keyClicks(&shown.editor->bar().field(), QStringLiteral("zz"));
        QCOMPARE(shown.editor->bar().countText(), QStringLiteral("Not found"));
        QTest::keyClick(&shown.editor->bar().field(), Qt::Key_Escape);
        QVERIFY(!shown.editor->bar().isVisible());
        QVERIFY(shown.pane().hasFocus());
        QTest::keyClick(&shown.pane(), Qt::Key_G, Qt::ControlModifier);
        QTest::keyClicks(&shown.editor->bar().field(), QStringLiteral("9:6"));
        QTest::keyClick(&shown.editor->bar().field(), Qt::Key_Return);
        QCOMPARE(shown.pane().textCursor().blockNumber(), 8);
        QCOMPARE(shown.pane().textCursor().positionInBlock(), 5);
    }

    void aFaultIsTypedAndMended()
    {
        Shown shown;
        shown.putCaret("\"class\"");
        QTest::keyClicks(&shown.pane(), QStringLiteral("}"));
        QVERIFY(!shown.document().canEdit());
        QTest::keyClick(&shown.pane(), Qt::Key_Backspace);
        QVERIFY(shown.document().canEdit());
        QCOMPARE(shown.document().text(), std::string(test::smallWorkflow));
    }

    void whatCantBeReadIsNotEdited()
    {
        test::OpenWorkflow open;
        QVERIFY(open.isReady());
        WorkflowDocument gone(QString::fromStdString(open.folder.path("workflows/none.workflow.json")), open.background);
        gone.load();
        QTRY_COMPARE(gone.state(), WorkflowDocument::State::Unreadable);
        SourceEditor editor(gone);
        QVERIFY(editor.pane().isReadOnly());
        QVERIFY(!editor.note().isEmpty());
    }

    void aVeryLongLineIsNotLaidOut()
    {
        std::string text(test::smallWorkflow);
        text.replace(text.find("as it is"), 8, std::string(SourceText::longestLine + 1, 'x'));
        Shown shown(text);
        QVERIFY(shown.pane().source().hasLongLine());
        QVERIFY(shown.pane().isReadOnly());
        QVERIFY(!shown.editor->note().isEmpty());
        QCOMPARE(shown.pane().QPlainTextEdit::document()->characterCount(), 1);
        QVERIFY(
            shown.document().edit(QStringLiteral("mend"), [](authoring::Editor& editor) { return editor.set("/x-note/kept", "short"); }));
        QTRY_VERIFY(shown.pane().source().isWhole() && !shown.pane().source().hasLongLine());
        QCOMPARE(shown.text(), shown.document().text());
        QVERIFY(!shown.pane().isReadOnly());
    }

    void longTextsComeInSlices()
    {
        std::string text(test::smallWorkflow);
        std::string lines;
        for (int i = 0; i < 20'000; ++i)
            lines += "    \"kéy" + std::to_string(i) + "\": [1, 2, 3],\n";
        text.replace(text.find("\"kept\""), 0, "\n" + lines);
        test::OpenWorkflow open(text);
        QVERIFY(open.isReady());
        SourceEditor editor(*open.document);
        QVERIFY(!editor.pane().source().isWhole());
        QVERIFY(editor.pane().isReadOnly());
        // An edit from elsewhere meanwhile.
        QVERIFY(open.document->edit(QStringLiteral("name"), [](authoring::Editor& edit) { return edit.set("/name", "other"); }));
        QTRY_VERIFY(editor.pane().source().isWhole());
        QVERIFY(!editor.pane().isReadOnly());
        const int end = editor.pane().QPlainTextEdit::document()->characterCount() - 1;
        QCOMPARE(unshielded(editor.pane().source().units(0, end)), open.document->text());
        const std::size_t offset = open.document->text().find("\"kéy19000\"");
        QCOMPARE(editor.pane().source().offset(editor.pane().source().position(offset)), offset);
    }

    // Whatever is typed, pasted, undone and edited elsewhere: the editor's text is the document's.
    void randomEditsKeepThemInStep()
    {
        Shown shown;
        std::mt19937 random(11);
        const int steps = 700;
        for (int i = 0; i < steps; ++i) {
            SourcePane& pane = shown.pane();
            const int length = pane.QPlainTextEdit::document()->characterCount();
            QTextCursor cursor = pane.textCursor();
            switch (random() % 12) {
            case 0:
            case 1:
            case 2:
                cursor.setPosition(int(random() % unsigned(length)));
                if (random() % 3 == 0)
                    cursor.setPosition(std::min(length - 1, cursor.position() + int(random() % 30)), QTextCursor::KeepAnchor);
                pane.setTextCursor(cursor);
                break;
            case 3:
                cursor.insertText(QString::fromStdString(randomBytes(random, 5, true)));
                break;
            case 4:
                QTest::keyClick(&pane, random() % 2 ? Qt::Key_Backspace : Qt::Key_Delete);
                break;
            case 5:
                QTest::keyClick(&pane, random() % 2 ? Qt::Key_Return : Qt::Key_Tab);
                break;
            case 6:
                QTest::keyClick(&pane, Qt::Key_Backtab);
                break;
            case 7:
                QTest::keyClicks(&pane, QStringLiteral("\"x"));
                break;
            case 8:
                (void)shown.document().edit(QStringLiteral("edit"), [&random](authoring::Editor& editor) {
                    return editor.set("/task", randomBytes(random, 6, true));
                });
                break;
            case 9:
            case 10:
                for (unsigned n = random() % 6; n > 0; --n)
                    random() % 3 ? shown.document().undoStack().undo() : shown.document().undoStack().redo();
                break;
            default:
                (void)shown.document().edit(QStringLiteral("add"), [&random](authoring::Editor& editor) -> Result<void> {
                    GH_ASSIGN(const NodeId made, authoring::addNode(editor, random() % 2 ? NodeKind::Agent : NodeKind::Tool, {}, {}));
                    return random() % 2 ? authoring::renameNode(editor, made, "n" + std::to_string(random() % 1000)) : Result<void>();
                });
            }
            if (!pane.source().isWhole())
                QTRY_VERIFY(pane.source().isWhole());
            if (shown.text() != shown.document().text())
                qWarning("after step %d", i);
            QCOMPARE(shown.text(), shown.document().text());
            const std::size_t caret = pane.caretOffset();
            QCOMPARE(pane.source().offset(pane.source().position(caret)), caret);
        }
        while (shown.document().undoStack().canUndo())
            shown.document().undoStack().undo();
        QTRY_VERIFY(shown.pane().source().isWhole());
        QCOMPARE(shown.text(), std::string(test::smallWorkflow));
    }
};

GATEHOUSE_GUI_TEST_MAIN(TestSourceEditor)
#include "tst_sourceeditor.moc"
