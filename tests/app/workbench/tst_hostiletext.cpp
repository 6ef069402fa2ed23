// Text from models, tools, documents and file names, everywhere in the window: plain, its odd characters visible, and never so long
// that the window stands still.
#include "app/workbench/documentpage.h"
#include "tests/app/workbench/windowfixture.h"
#include "tests/support/samplejournal.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "widgets/inspector/detailpane.h"
#include "widgets/project/startpage.h"
#include "widgets/timeline/eventtable.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QPlainTextEdit>
#include <QStandardPaths>
#include <QTabBar>
#include <QTextDocument>
#include <QTimer>
#include <QTreeView>

#include <sys/stat.h>

using namespace gatehouse;
using namespace gatehouse::widgets;
using test::Fixture;
using workbench::MainWindow;

namespace {

// Of a page: generous, since the machine may be busy; what it guards against takes minutes.
constexpr qint64 longestPause = 10'000;

// How long the window's thread did not come back to its event loop, at most.
class Heartbeat final : public QObject {
public:
    Heartbeat()
    {
        m_clock.start();
        m_timer.callOnTimeout(this, [this] { m_longest = std::max(m_longest, m_clock.restart()); });
        m_timer.start(5);
    }
    qint64 longest()
    {
        QTest::qWait(50);
        return m_longest;
    }

private:
    QTimer m_timer;
    QElapsedTimer m_clock;
    qint64 m_longest = 0;
};

bool isHidden(QChar c)
{
    return c.unicode() < 0x20 || (c.unicode() >= 0x7F && c.unicode() < 0xA0) || (c.unicode() >= 0x202A && c.unicode() <= 0x202E) ||
        (c.unicode() >= 0x2066 && c.unicode() <= 0x2069) || (c.unicode() >= 0x200B && c.unicode() <= 0x200F);
}

class Inspector {
public:
    explicit Inspector(const QWidget& root) : m_root(root) { }

    // What must not be, each with where it is.
    QStringList findings()
    {
        text(QStringLiteral("window title"), m_root.windowTitle());
        for (const QWidget* widget : m_root.findChildren<QWidget*>()) {
            const QString where = QString::fromLatin1(widget->metaObject()->className());
            text(where + QStringLiteral(" name"), widget->accessibleName());
            toolTip(where, widget->toolTip());
            if (const auto* label = qobject_cast<const QLabel*>(widget)) {
                text(where, label->text());
                if (!label->text().isEmpty() && label->textFormat() != Qt::PlainText)
                    m_findings << where + QStringLiteral(": not plain: ") + label->text();
            } else if (const auto* button = qobject_cast<const QAbstractButton*>(widget)) {
                text(where, button->text());
            } else if (const auto* combo = qobject_cast<const QComboBox*>(widget)) {
                model(where, *combo->model());
            } else if (const auto* tabs = qobject_cast<const QTabBar*>(widget)) {
                for (int i = 0; i < tabs->count(); ++i)
                    text(where, tabs->tabText(i));
            } else if (const auto* view = qobject_cast<const QAbstractItemView*>(widget)) {
                model(where, *view->model());
            } else if (const auto* code = qobject_cast<const CodeView*>(widget)) {
                for (std::size_t i = 0; i < std::min<std::size_t>(code->lines().size(), 2000); ++i)
                    text(where, code->lines()[i].text.text.left(5000));
            }
        }
        return m_findings;
    }

private:
    void text(const QString& where, const QString& shown)
    {
        for (const QChar c : shown)
            if (isHidden(c) && c != u'\n')
                return void(m_findings << QStringLiteral("%1: U+%2 in “%3”").arg(where).arg(int(c.unicode()), 4, 16).arg(shown.left(80)));
    }
    void toolTip(const QString& where, const QString& tip)
    {
        text(where + QStringLiteral(" tool tip"), tip);
        QString rest = tip;
        rest.remove(QStringLiteral("<qt>")).remove(QStringLiteral("</qt>")).remove(QStringLiteral("<br/>"));
        if (Qt::mightBeRichText(tip) && rest.contains(u'<'))
            m_findings << where + QStringLiteral(": rich tool tip: ") + tip;
    }
    void model(const QString& where, const QAbstractItemModel& items, const QModelIndex& parent = {})
    {
        for (int row = 0; row < std::min(items.rowCount(parent), 200); ++row)
            for (int column = 0; column < items.columnCount(parent); ++column) {
                const QModelIndex index = items.index(row, column, parent);
                text(where, index.data().toString());
                text(where, index.data(Qt::AccessibleTextRole).toString());
                toolTip(where, index.data(Qt::ToolTipRole).toString());
                if (items.hasChildren(index))
                    model(where, items, index);
            }
    }

    const QWidget& m_root;
    QStringList m_findings;
};

} // namespace

class TestHostileText : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("gatehouse-test"));
        applyLook(Theme::Light);
    }

    void everywhereItIsPlain_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("mark"); // as it must be seen
        QTest::newRow("markup") << QByteArray("<b>bold</b><img src=\"file:///etc/passwd\">&amp;") << QStringLiteral("<b>bold</b>");
        QTest::newRow("escape sequences") << QByteArray("\x1B[2J\rgood\b\x07") << QStringLiteral("U+0007");
        QTest::newRow("right to left override") << QByteArray("a\xE2\x80\xAEtxt.exe") << QStringLiteral("U+202E");
        QTest::newRow("isolates and zero width") << QByteArray("a\xE2\x81\xA6\xE2\x80\x8B"
                                                               "b")
                                                 << QStringLiteral("U+2066");
        QTest::newRow("zero") << QByteArray("a\0b", 3) << QStringLiteral("U+0000");
        QTest::newRow("not UTF-8") << QByteArray("a\xFF\xFE\xC3(") << QStringLiteral("FF FE");
    }
    void everywhereItIsPlain()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, mark);
        const std::string hostile = bytes.toStdString();
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        // Where JSON or an argument vector can't hold it, something else stands.
        const std::string text = QString::fromUtf8(bytes).contains(QChar::ReplacementCharacter) ? "odd" : hostile;
        const bool argument = !bytes.contains('\0');
        test::SampleRun run(project, "run & " + text);
        run.open(hostile);
        run.modelTurn(hostile);
        run.command("echo " + text, 1, hostile + "\nsecond line " + hostile);
        const std::string id = argument ? run.askForCommand("echo '" + hostile + "'") : run.askForPatch();
        Fixture f;
        QVERIFY(f.open(project));
        QTRY_COMPARE(f.window.runs().rowCount(), 1);
        RunPage* page = f.window.openRun(run.directory());
        QTRY_VERIFY(!page->approvals().empty());
        for (int row = 0; row < page->model().rowCount(); ++row) {
            page->selectRow(row);
            QTRY_VERIFY(page->isDetailShown());
            const QStringList found = Inspector(f.window).findings();
            QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
            if (page->model().row(row)->kind != RowKind::Call || !page->model().row(row)->approval.empty())
                continue;
            QString all;
            for (const DetailPane::Tab tab : {DetailPane::Arguments, DetailPane::Record})
                for (const CodeLine& line : page->detail().codeView(tab).lines())
                    all += line.text.text;
            const LogView& output = page->detail().output().view();
            for (std::uint64_t line = 0; line < output.store().endLine(); ++line)
                all += output.lineText(line);
            QVERIFY2(all.contains(mark), qPrintable(all.left(2000)));
        }
        f.window.openApproval(run.directory(), id, MainWindow::Focus::Leave);
        QVERIFY(f.window.currentApproval());
        QString payload;
        for (const CodeLine& line : f.window.currentApproval()->payload().lines())
            payload += line.text.text;
        QVERIFY2(!argument || payload.contains(mark), qPrintable(payload));
        const QStringList found = Inspector(f.window).findings();
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    }

    // Documents whose names and words want to be more than words; the task field holds what it holds and says what can't be seen.
    void documentsAndTheirNames()
    {
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        const std::string odd = "<b>x&y\xE2\x80\xAE\nz";
        const std::string policy = project + "/policies/" + odd + ".policy.json";
        test::writeFile(policy, "{ \"schema\": \"<i>\xE2\x80\xAE</i>\" ");
        folder.write("project/profiles/" + odd + ".profile.json", "\xFF");
        Fixture f;
        QVERIFY(f.open(project));
        f.window.startPage().findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("Do a\u202Eb"));
        f.window.openDocument(QString::fromStdString(policy));
        auto* page = f.window.findChild<workbench::DocumentPage*>();
        QVERIFY(page);
        QTRY_VERIFY(!page->findChild<CodeView*>()->lines().empty());
        QStringList found = Inspector(f.window).findings();
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
        bool said = false;
        for (const QLabel* label : f.window.startPage().findChildren<QLabel*>())
            said = said || (label->isVisibleTo(&f.window.startPage()) && label->text().contains(QStringLiteral("[U+202E]")));
        QVERIFY(said);
        // No ampersand of a name became a shortcut.
        for (const QTabBar* tabs : f.window.findChildren<QTabBar*>())
            for (int i = 0; i < tabs->count(); ++i)
                QVERIFY2(QString(tabs->tabText(i)).remove(QStringLiteral("&&")).count(u'&') == 0, qPrintable(tabs->tabText(i)));
    }

    // A document that is none holds nobody, and one that is cut says so.
    void documentsThatAreNotRead()
    {
        test::TemporaryFolder folder;
        const std::string fifo = folder.path("x.policy.json");
        QCOMPARE(::mkfifo(fifo.c_str(), 0600), 0);
        const workbench::DocumentText none = workbench::readDocument(QString::fromStdString(fifo));
        QVERIFY2(none.problem.contains(QStringLiteral("not a regular file")), qPrintable(none.problem));
        QVERIFY(none.lines.empty());
        QVERIFY(!workbench::readDocument(QString::fromStdString(folder.path("nowhere"))).problem.isEmpty());
        const std::string longest = (QByteArray(1023, 'x') + '\n').repeated(4096).toStdString();
        folder.write("whole.json", longest);
        folder.write("long.json", longest + "y");
        const auto last = [&folder](const char* name) {
            const workbench::DocumentText read = workbench::readDocument(QString::fromStdString(folder.path(name)));
            return read.problem.isEmpty() && !read.lines.empty() ? read.lines.back().text.text : read.problem;
        };
        QCOMPARE(last("whole.json"), QString(1023, u'x'));
        QVERIFY2(last("long.json").contains(QStringLiteral("larger than 4 MiB")), qPrintable(last("long.json")));
    }

    void hugeTextLeavesTheWindowAlive_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("10 MB in one line") << QByteArray(10 << 20, 'x');
        QTest::newRow("10 MB of a wide character") << QByteArray("\xE6\xBC\xA2").repeated(10 * (1 << 20) / 3);
        QByteArray lines;
        for (int i = 0; i < 100'000; ++i)
            lines += "line " + QByteArray::number(i) + '\n';
        QTest::newRow("100,000 lines") << lines;
        QTest::newRow("10 MB that is not UTF-8") << QByteArray(10 << 20, '\xFF');
    }
    void hugeTextLeavesTheWindowAlive()
    {
        QFETCH(QByteArray, bytes);
        test::TemporaryFolder folder;
        const std::string project = folder.path("project");
        test::writeSampleProject(project);
        test::SampleRun run(project, "huge");
        run.open(bytes.toStdString());
        run.command("cat huge", 0, bytes.toStdString());
        const std::string id = run.askForCommand(bytes.toStdString());
        Fixture f;
        Heartbeat heart;
        QVERIFY(f.open(project));
        RunPage* page = f.window.openRun(run.directory());
        QTRY_VERIFY_WITH_TIMEOUT(!page->approvals().empty(), 120'000);
        for (int row = 0; row < page->model().rowCount(); ++row) {
            page->selectRow(row);
            QTRY_VERIFY_WITH_TIMEOUT(page->isDetailShown(), 120'000);
        }
        const qint64 run1 = heart.longest();
        f.window.openApproval(run.directory(), id, MainWindow::Focus::Take);
        ApprovalView* view = f.window.currentApproval();
        QVERIFY(view);
        QTest::keyClick(view, Qt::Key_End);
        // All of it is there, whatever its size.
        qint64 characters = 0;
        for (const CodeLine& line : view->payload().lines())
            characters += line.text.text.size();
        QVERIFY(characters >= QString::fromUtf8(bytes).remove(u'\n').size());
        f.window.resize(1000, 700);
        const qint64 card = heart.longest();
        qInfo("the window's thread was away for at most %lld ms with the run, %lld ms with the card", static_cast<long long>(run1),
              static_cast<long long>(card));
        QVERIFY2(card < longestPause, qPrintable(QString::number(card)));
    }
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestHostileText)
#include "tst_hostiletext.moc"
