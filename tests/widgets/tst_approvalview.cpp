#include "core/approval/action.h"
#include "core/policy/decision.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"
#include "tests/widgets/readwhole.h"
#include "widgets/approval/approvalview.h"
#include "widgets/approval/presentationtext.h"
#include "widgets/controls/keybutton.h"
#include "widgets/style/themer.h"

#include <QAccessible>
#include <QApplication>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>

using namespace gatehouse;
using namespace gatehouse::widgets;

namespace {

ApprovalPtr makeItem(const std::string& command, bool reasonRequired = false)
{
    execution::PreparedCall prepared;
    prepared.call = {"c1", "exec_command", "{}"};
    execution::ExecRequest request;
    request.argv = {"sh", "-c", command};
    prepared.effect = execution::CommandEffect{request};
    prepared.argv = request.argv;
    approval::ActionContext context;
    context.run = "run";
    context.executionClass = "delivery";
    context.agent = "planner";
    context.subject = "ann";
    context.nonce = "00112233445566778899aabbccddeeff";
    const auto action = approval::makeAction(context, prepared);
    if (!action)
        qFatal("%s", action.error().toString().c_str());
    auto item = std::make_shared<ApprovalItem>();
    item->status.request.id = ApprovalId("ap-000000000001");
    item->status.request.binding = *approval::bindingDigest(*action);
    item->status.request.tool = "exec_command";
    item->status.request.requester = "ann";
    item->status.request.rule = "P-3";
    item->status.request.executionClass = "delivery";
    item->status.request.obligations.reasonRequired = reasonRequired;
    item->runDirectory = "/runs/1";
    item->runName = "credit-note";
    item->agent = "planner";
    policy::Decision decision;
    decision.effect = policy::Effect::Ask;
    const auto presentation = approval::present(*action, prepared, decision, item->status.request,
                                                {"delivery", "none", std::nullopt, {"planner"}, "credit-note"});
    if (!presentation)
        qFatal("%s", presentation.error().toString().c_str());
    item->presentation = std::make_shared<const approval::Presentation>(*presentation);
    item->presentationDigest = "digest";
    return item;
}

// A card in a window, with a clock of its own; the dead time is over.
struct Fixture {
    explicit Fixture(const ApprovalPtr& item) : view(item, "ann", {}, [this] { return now; })
    {
        view.resize(900, 700);
        view.show();
        QApplication::setActiveWindow(&view);
        if (!QTest::qWaitForWindowExposed(&view))
            qFatal("no window");
        view.attend();
        now += 1000;
        QObject::connect(&view, &ApprovalView::voted, &view, [this](const approval::Vote& vote) { votes.push_back(vote); });
        QObject::connect(&view, &ApprovalView::closeRequested, &view, [this] { ++closed; });
    }
    void key(Qt::Key key) { QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : &view, key); }
    // 0: deny, 1: approve.
    KeyButton* button(int index) const { return view.findChildren<KeyButton*>().at(index + 1); }
    KeyButton* readOn() const { return view.findChildren<KeyButton*>().at(0); }
    bool read() { return test::readWhole(view); }
    bool says(const QString& text) const
    {
        const auto labels = view.findChildren<Label*>();
        return std::any_of(labels.begin(), labels.end(),
                           [&](const Label* label) { return label->isVisible() && label->text().contains(text); });
    }

    std::int64_t now = 10'000;
    ApprovalView view;
    std::vector<approval::Vote> votes;
    int closed = 0;
};

} // namespace

class TestApprovalView : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyLook(Theme::Light); }

    void denyHasTheFocusAndIsTheDefault()
    {
        Fixture card(makeItem("true"));
        QVERIFY(QTest::qWaitFor([&] { return card.button(0)->hasFocus(); }));
        QVERIFY(card.button(0)->isDefault());
        card.key(Qt::Key_Return);
        QCOMPARE(int(card.votes.size()), 1);
        QVERIFY(card.votes[0].decision == approval::VoteDecision::Deny);
        QCOMPARE(card.votes[0].channel, std::string("window"));
        QCOMPARE(card.votes[0].binding, card.view.item()->presentation->binding);
    }

    void armThenConfirm()
    {
        for (const Qt::Key confirm : {Qt::Key_A, Qt::Key_Return, Qt::Key_Enter}) {
            Fixture card(makeItem("true"));
            QVERIFY(card.read());
            QTRY_VERIFY(card.view.gate().canApprove());
            card.key(Qt::Key_A);
            QVERIFY(card.view.gate().isArmed());
            QVERIFY(card.says(QStringLiteral("Armed: exec_command")));
            QVERIFY(card.votes.empty());
            card.key(confirm);
            QCOMPARE(int(card.votes.size()), 1);
            QVERIFY(card.votes[0].decision == approval::VoteDecision::Approve);
        }
    }

    // A tab or a window may be closed at any time; its focus is lost on the way.
    void anArmedCardCanGo()
    {
        std::vector<approval::Vote> votes;
        {
            Fixture card(makeItem("true"));
            QObject::connect(&card.view, &ApprovalView::voted, &card.view, [&votes](const approval::Vote& vote) { votes.push_back(vote); });
            QVERIFY(card.read());
            QTRY_VERIFY(card.view.gate().canApprove());
            card.key(Qt::Key_A);
            QVERIFY(card.view.gate().isArmed());
        }
        QVERIFY(votes.empty());
    }

    void escapeDisarmsThenClosesAndNeverDecides()
    {
        Fixture card(makeItem("true"));
        QTRY_VERIFY(card.view.gate().canApprove());
        card.key(Qt::Key_A);
        card.key(Qt::Key_Escape);
        QVERIFY(!card.view.gate().isArmed());
        QCOMPARE(card.closed, 0);
        card.key(Qt::Key_Escape);
        QCOMPARE(card.closed, 1);
        QVERIFY(card.votes.empty());
    }

    void keysAreDeadAtFirst()
    {
        Fixture card(makeItem("true"));
        QTRY_VERIFY(card.view.gate().canApprove());
        card.view.attend(); // gains the focus now
        card.now += ApprovalGate::deadMilliseconds - 1;
        for (const Qt::Key key : {Qt::Key_A, Qt::Key_Return, Qt::Key_D, Qt::Key_Space, Qt::Key_Escape, Qt::Key_A})
            card.key(key);
        QTest::mouseClick(card.button(0), Qt::LeftButton);
        QVERIFY(card.votes.empty());
        QCOMPARE(card.closed, 0);
        QVERIFY(!card.view.gate().isArmed());
        card.now += 1;
        card.key(Qt::Key_D);
        QCOMPARE(int(card.votes.size()), 1);
    }

    void byMouse()
    {
        Fixture card(makeItem("true"));
        QTRY_VERIFY(card.view.gate().canApprove());
        QTest::mouseClick(card.button(1), Qt::LeftButton);
        QVERIFY(card.view.gate().isArmed());
        QTest::mouseClick(card.button(1), Qt::LeftButton);
        QCOMPARE(int(card.votes.size()), 1);
        QVERIFY(card.votes[0].decision == approval::VoteDecision::Approve);
    }

    void lettersInTheReasonAreText()
    {
        Fixture card(makeItem("true", true));
        auto* reason = card.view.findChild<QLineEdit*>();
        QTRY_VERIFY(card.view.payload().wholeTextSeen());
        QVERIFY(!card.view.gate().canApprove()); // a reason is demanded
        reason->setFocus();
        card.now += 1000;
        QTest::keyClicks(reason, QStringLiteral("a dad"));
        QCOMPARE(reason->text(), QStringLiteral("a dad"));
        QVERIFY(card.votes.empty());
        QTRY_VERIFY(card.view.gate().canApprove());
        QTest::keyClick(reason, Qt::Key_Return);
        QVERIFY(card.votes.empty());
    }

    void approvingWaitsForEveryLine()
    {
        std::string command;
        for (int i = 0; i < 400; ++i)
            command += "echo " + std::to_string(i) + "\n";
        Fixture card(makeItem(command));
        QTest::qWait(0);
        QVERIFY(!card.view.gate().canApprove());
        card.key(Qt::Key_A);
        QVERIFY(!card.view.gate().isArmed());
        QVERIFY(!card.button(1)->isEnabled());
        // The end alone does not do: what lies between was not on screen.
        QScrollBar& bar = *card.view.payload().verticalScrollBar();
        bar.setValue(bar.maximum());
        QTest::qWait(50); // time for a repaint that must not be enough
        QVERIFY(!card.view.gate().canApprove());
        const int left = card.view.payload().unseenRows();
        QVERIFY(left > 300);
        QVERIFY(card.says(QString::number(left) + QStringLiteral(" lines of what will run have not been on screen")));
        // The mouse can read on too.
        QVERIFY(card.readOn()->isVisible());
        QTest::mouseClick(card.readOn(), Qt::LeftButton);
        QTRY_VERIFY(card.view.payload().unseenRows() < left);
        QVERIFY(card.read());
        QTRY_VERIFY(card.view.gate().canApprove());
        QVERIFY(card.says(QStringLiteral("Everything has been on screen.")));
    }

    // The window is so low that the payload itself is cut: End scrolls the card as well.
    void everyLineCanBeReachedInALowWindow()
    {
        Fixture card(makeItem(std::string(4000, 'x')));
        card.view.resize(700, 330);
        QVERIFY(card.read());
        QTRY_VERIFY(card.view.gate().canApprove());
    }

    // A screen reader turns pages: that shows what was not on screen, in the payload and in the card around it.
    void everyLineCanBeReachedByAccessibleActions()
    {
        Fixture card(makeItem(std::string(4000, 'x')));
        card.view.resize(700, 330);
        CodeView& payload = card.view.payload();
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(&payload);
        QVERIFY(face->actionInterface()->actionNames().contains(QAccessibleActionInterface::nextPageAction()));
        QVERIFY(QTest::qWaitFor([&] { return payload.unseenRows() < payload.rowCount(); }));
        for (int left = payload.unseenRows(); left > 0; left = payload.unseenRows()) {
            face->actionInterface()->doAction(QAccessibleActionInterface::nextPageAction());
            QVERIFY(QTest::qWaitFor([&] { return payload.unseenRows() < left; }));
        }
        QTRY_VERIFY(card.view.gate().canApprove());
        const int end = payload.verticalScrollBar()->value();
        face->actionInterface()->doAction(QAccessibleActionInterface::previousPageAction());
        QVERIFY(payload.verticalScrollBar()->value() < end);
    }

    // PageDown shows the card to its end, then what will run, a page at a time and no line left out; PageUp goes back.
    void pagesTurnByKeys()
    {
        std::string command;
        for (int i = 0; i < 300; ++i)
            command += "echo " + std::to_string(i) + "\n";
        Fixture card(makeItem(command));
        card.view.resize(700, 400);
        CodeView& payload = card.view.payload();
        const QScrollBar& bar = *payload.verticalScrollBar();
        const QScrollBar& around = *card.view.findChild<QScrollArea*>()->verticalScrollBar();
        QTRY_VERIFY(around.maximum() > 0);
        int pages = 0;
        while (bar.value() < bar.maximum() && ++pages < 300) {
            const bool atEnd = around.value() == around.maximum();
            const int before = bar.value();
            card.key(Qt::Key_PageDown);
            QVERIFY(atEnd ? bar.value() > before : bar.value() == before);
            QCoreApplication::processEvents();
        }
        QTRY_VERIFY(payload.wholeTextSeen());
        QVERIFY(card.votes.empty());
        while ((bar.value() > 0 || around.value() > 0) && ++pages < 600)
            card.key(Qt::Key_PageUp);
        QCOMPARE(bar.value(), 0);
        QCOMPARE(around.value(), 0);
    }

    // Who can't see that the button is grey is told what it waits for.
    void whatApprovingNeedsIsSaidWithIt()
    {
        Fixture card(makeItem("echo hello"));
        for (const KeyButton* button : {card.button(1), card.readOn()})
            QVERIFY(button->accessibleDescription().contains(QStringLiteral("every line on screen once")));
        QVERIFY(card.button(0)->accessibleDescription().isEmpty());
    }

    void whatIsDecidedElsewhereBecomesAReceipt()
    {
        Fixture card(makeItem("true"));
        QTRY_VERIFY(card.view.gate().canApprove());
        card.key(Qt::Key_A);
        auto decided = std::make_shared<ApprovalItem>(*card.view.item());
        decided->status.state = approval::RequestState::Resolved;
        decided->status.decision = approval::VoteDecision::Approve;
        decided->status.votes.push_back(
            {decided->status.request.id, "bob", approval::VoteDecision::Approve, "", "command-line", decided->status.request.binding});
        card.view.setItem(decided);
        QVERIFY(!card.button(0)->isVisible());
        card.key(Qt::Key_Return);
        card.key(Qt::Key_A);
        QVERIFY(card.votes.empty());
        QVERIFY(card.says(QStringLiteral("Confirmed by one person: bob")));
    }

    void aRefusedVoteCanBeGivenAgain()
    {
        Fixture card(makeItem("true"));
        card.key(Qt::Key_D);
        QCOMPARE(int(card.votes.size()), 1);
        card.key(Qt::Key_D);
        QCOMPARE(int(card.votes.size()), 1);
        card.view.voteFailed(QStringLiteral("the disk is full"));
        card.key(Qt::Key_D);
        QCOMPARE(int(card.votes.size()), 2);
    }

    // What is shown, put together, is what would be executed: nothing hidden, nothing added.
    void hostilePayloadsAreShownWhole_data()
    {
        QTest::addColumn<QByteArray>("command");
        QTest::newRow("one long line") << QByteArray(1'000'000, 'x');
        QTest::newRow("many lines") << QByteArray("line\n").repeated(10'000);
        QTest::newRow("right to left") << QByteArray("rm \xE2\x80\xAE"
                                                     "gpj.exe");
        QTest::newRow("carriage return") << QByteArray("rm -rf /\recho hello");
        QTest::newRow("escape sequence") << QByteArray("\x1B[8mhidden\x1B[0m");
        QTest::newRow("homoglyph") << QByteArray("cu\xD0\xB3l example.com");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("blanks to the right") << QByteArray("true") + QByteArray(3000, ' ') + "; rm -rf /";
        QTest::newRow("invalid UTF-8") << QByteArray("a\xFF\xFE"
                                                     "b");
    }
    void hostilePayloadsAreShownWhole()
    {
        QFETCH(QByteArray, command);
        const ApprovalPtr item = makeItem(command.toStdString());
        const auto lines = payloadLines(*item->presentation);
        std::vector<CodeLine> fresh = lines;
        CodeView view;
        view.setWrapping(Wrapping::On);
        view.resize(700, 400);
        view.setLines(std::move(fresh));
        // The command is the last argument: its lines are those of its block, one for one.
        const auto& blocks = item->presentation->payload;
        const auto block = std::find_if(blocks.begin(), blocks.end(),
                                        [](const approval::Block& b) { return b.kind == approval::BlockKind::Argument && b.index == 2; });
        QVERIFY(block != blocks.end());
        GH_VALUE(const std::string bytes, approval::blockBytes(*block));
        QVERIFY(bytes == command.toStdString());
        std::size_t first = 0;
        for (auto b = blocks.begin(); b != block; ++b)
            first += std::max<std::size_t>(1, b->lines.size());
        for (std::size_t i = 0; i < block->lines.size(); ++i) {
            QString whole;
            for (const approval::Span& span : block->lines[i]) {
                const QString text = QString::fromStdString(span.text);
                whole += span.kind == approval::SpanKind::Text || span.kind == approval::SpanKind::Homoglyph ? text : u'[' + text + u']';
            }
            QCOMPARE(view.lineText(int(first + i)), whole);
            for (const QChar c : whole)
                QVERIFY(!c.isNull() && c != u'\r' && c != u'\x1b' && c != QChar(0x202E));
        }
    }

    void everythingFocusableHasAName()
    {
        Fixture card(makeItem("true"));
        for (const QWidget* widget : card.view.findChildren<QWidget*>()) {
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible())
                continue;
            QAccessibleInterface* face = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
            QVERIFY2(face && !face->text(QAccessible::Name).isEmpty(), widget->metaObject()->className());
        }
    }
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestApprovalView)
#include "tst_approvalview.moc"
