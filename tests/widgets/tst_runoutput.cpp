// The log of a whole run: everything that is written and said, in order, under whose it is.
#include "tests/support/samplejournal.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "widgets/style/themer.h"
#include "widgets/timeline/runoutput.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::widgets;

namespace {

QStringList linesOf(const RunOutput& output)
{
    const LogView& view = output.pane().view();
    QStringList lines;
    for (std::uint64_t line = view.store().firstLine(); line < view.store().endLine(); ++line)
        lines << view.lineText(line);
    return lines;
}

} // namespace

class TestRunOutput : public test::TestCase {
    Q_OBJECT
    JournalThread m_thread;

private Q_SLOTS:
    void initTestCase() { applyLook(Theme::Light); }

    void everythingInOrderUnderWhoseItIs()
    {
        test::TemporaryFolder folder;
        test::SampleRun run(folder.path(), "whole");
        run.open("Mend it.");
        run.modelTurn("I look.");
        run.command("ls", 0, "one\ntwo\n", "careful\n");
        RunFeed feed(run.directory(), m_thread);
        QObject::connect(&feed, &RunFeed::batchReady, &feed, [&feed] { feed.acknowledge(); });
        RunOutput output(feed);
        feed.start();
        output.resize(600, 300);
        output.show();
        const QStringList before = {QStringLiteral("model"), QStringLiteral("I look."), QStringLiteral("exec_command  ls"),
                                    QStringLiteral("one"),   QStringLiteral("two"),     QStringLiteral("careful")};
        QTRY_COMPARE(linesOf(output).mid(linesOf(output).indexOf(QStringLiteral("model"))), before);
        run.startCommand("make");
        run.output("a\n");
        run.output("b\n");
        run.endCommand(0, "c\n");
        QTRY_COMPARE(linesOf(output).mid(linesOf(output).indexOf(QStringLiteral("careful")) + 1),
                     QStringList({QStringLiteral("exec_command  make"), QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}));
        const LogView& view = output.pane().view();
        QVERIFY(view.store().stream(view.store().endLine() - 4) == LogStream::Note); // ours, so no command can claim to be another
    }

    // Nothing is read for a dock that nobody opened; of a long past only the end.
    void itIsReadWhenItIsShownAndFromNearTheEnd_data()
    {
        QTest::addColumn<bool>("shownBefore");
        QTest::newRow("opened later") << false;
        QTest::newRow("open already") << true; // the past's end is not known yet
    }
    void itIsReadWhenItIsShownAndFromNearTheEnd()
    {
        QFETCH(bool, shownBefore);
        test::TemporaryFolder folder;
        test::SampleRun run(folder.path(), "long");
        run.open();
        const std::string megabyte((1 << 20) - 1, 'x');
        for (int i = 0; i < 8; ++i)
            run.command("cat " + std::to_string(i), 0, megabyte + '\n');
        for (int i = 0; i < 200; ++i)
            run.deniedCommand("curl x"); // more records than are read at once
        run.finish();
        run.close();
        RunFeed feed(run.directory(), m_thread);
        QObject::connect(&feed, &RunFeed::batchReady, &feed, [&feed] { feed.acknowledge(); });
        bool caughtUp = false;
        QObject::connect(&feed, &RunFeed::caughtUp, &feed, [&caughtUp] { caughtUp = true; });
        RunOutput output(feed);
        output.resize(600, 300);
        if (shownBefore)
            output.show();
        feed.start();
        QTRY_VERIFY(caughtUp);
        if (!shownBefore)
            QVERIFY(output.pane().view().store().isEmpty());
        output.show();
        QTRY_VERIFY(linesOf(output).contains(QStringLiteral("exec_command  cat 7")) && linesOf(output).size() > 200);
        const QStringList lines = linesOf(output);
        QVERIFY2(lines.front().contains(QStringLiteral("before this stand with their events")), qPrintable(lines.front().left(200)));
        QVERIFY(!lines.contains(QStringLiteral("exec_command  cat 1")));
    }
};

GATEHOUSE_GUI_TEST_MAIN(TestRunOutput)
#include "tst_runoutput.moc"
