// What is not saved survives a program that just ends, and nothing else is left behind.
#include "tests/support/testmain.h"
#include "tests/widgets/openworkflow.h"
#include "widgets/authoring/draftkeeper.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>
#include <QTimer>

#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::widgets;

class TestDraftKeeper : public test::TestCase {
    Q_OBJECT

    struct Opened {
        explicit Opened(const test::OpenWorkflow& open, const QString& folder)
            : document(QString::fromStdString(open.path), background), drafts(document, background, folder)
        {
            document.load();
        }
        [[nodiscard]] bool isReady()
        {
            return QTest::qWaitFor([this] { return document.state() == WorkflowDocument::State::Ready; });
        }
        void add(const char* name)
        {
            QVERIFY(document.edit(QStringLiteral("Add"), [name](authoring::Editor& editor) -> Result<void> {
                GH_TRY(authoring::addNode(editor, authoring::NodeKind::Agent, name, {}));
                return {};
            }));
        }
        BackgroundThread background{QStringLiteral("drafts")};
        WorkflowDocument document;
        DraftKeeper drafts;
    };

    // What a program that was killed leaves: the draft as it was.
    static QByteArray crash(Opened& opened)
    {
        QFile file(opened.drafts.draftPath());
        if (!QTest::qWaitFor([&] { return QFileInfo::exists(file.fileName()); }) || !file.open(QIODevice::ReadOnly))
            return {};
        return file.readAll();
    }
    static void put(const QString& path, const QByteArray& bytes)
    {
        QFile file(path);
        QVERIFY(QDir().mkpath(QFileInfo(path).absolutePath()) && file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), qint64(bytes.size()));
    }

    // With all that was asked for so far.
    static bool isBackgroundDone(Opened& opened)
    {
        bool done = false;
        inBackground(opened.background, &opened.document, [] { return true; }, [&done](bool) { done = true; });
        return QTest::qWaitFor([&done] { return done; });
    }

    test::OpenWorkflow m_open;
    test::TemporaryFolder m_folder;
    [[nodiscard]] QString folder() const { return QString::fromStdString(m_folder.path()) + QStringLiteral("/drafts"); }

private Q_SLOTS:
    void initTestCase() { QVERIFY(m_open.isReady()); }
    void cleanup() { QDir(folder()).removeRecursively(); }

    void unsavedTextComesBack()
    {
        QByteArray left;
        QString path;
        std::string text;
        {
            Opened first(m_open, folder());
            QVERIFY(first.isReady());
            first.add("lost");
            left = crash(first);
            QVERIFY(left.contains("\"lost\""));
            text = first.document.text();
            path = first.drafts.draftPath();
            QCOMPARE(QFileInfo(path).permissions() & (QFileDevice::ReadGroup | QFileDevice::ReadOther), QFileDevice::Permissions());
            QCOMPARE(QFileInfo(folder()).permissions() & (QFileDevice::ReadGroup | QFileDevice::ReadOther), QFileDevice::Permissions());
        }
        QVERIFY(!QFileInfo::exists(path)); // closed by a person: nothing stays
        put(path, left);
        Opened second(m_open, folder());
        QVERIFY(second.isReady());
        QTRY_VERIFY(second.drafts.hasFound());
        QVERIFY(!second.drafts.hasFileChanged());
        QVERIFY(second.document.isClean()); // nothing happens unasked
        second.drafts.restore();
        QCOMPARE(second.document.text(), text);
        QVERIFY(!second.document.isClean() && !second.drafts.hasFound());
        second.document.undoStack().undo();
        QVERIFY(second.document.isClean());
        QTRY_VERIFY(!QFileInfo::exists(path));
    }

    void savedTextLeavesNone()
    {
        Opened opened(m_open, folder());
        QVERIFY(opened.isReady());
        const std::string before = opened.document.text();
        opened.add("kept");
        QVERIFY(!crash(opened).isEmpty());
        opened.document.save();
        QTRY_VERIFY(opened.document.isClean());
        QTRY_VERIFY(!QFileInfo::exists(opened.drafts.draftPath()));
        opened.document.undoStack().undo();
        QCOMPARE(opened.document.text(), before);
        opened.document.save();
        QTRY_VERIFY(opened.document.isClean());
    }

    // What waits for a decision is not written over, and what is typed meanwhile is kept too.
    void anUndecidedDraftStays()
    {
        const QByteArray draft = "gatehouse draft 1\n" + QByteArray(64, '0') + "\n{}\n";
        {
            Opened opened(m_open, folder());
            put(opened.drafts.draftPath(), draft);
            QVERIFY(opened.isReady());
            QTRY_VERIFY(opened.drafts.hasFound());
            QVERIFY(opened.drafts.hasFileChanged());
            opened.add("more");
            QVERIFY(crash(opened).contains("\"more\""));
        }
        Opened again(m_open, folder());
        QVERIFY(again.isReady());
        QTRY_VERIFY(again.drafts.hasFound());
        QFile file(again.drafts.foundPath());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), draft);
        again.drafts.discard();
        QTRY_VERIFY(!file.exists());
        QVERIFY(again.document.isClean());
    }

    // Closed before it was looked for, or while the document can't be read: nothing is deleted.
    void anUnseenDraftStays()
    {
        const QByteArray draft = "gatehouse draft 1\n" + QByteArray(64, '0') + "\n{}\n";
        QString path;
        {
            Opened opened(m_open, folder());
            path = opened.drafts.draftPath();
            put(path, draft);
        }
        Opened again(m_open, folder());
        QVERIFY(again.isReady());
        QTRY_VERIFY(again.drafts.hasFound());
    }

    // A program that was killed lets go of nothing: its lock is still there, and holds nobody up.
    void theLockOfAKilledProgramHoldsNobodyUp()
    {
        QString path;
        {
            Opened opened(m_open, folder());
            path = opened.drafts.draftPath();
        }
        put(path, "gatehouse draft 1\n" + QByteArray(64, '0') + "\n{}\n");
        const QString lock = path.chopped(qsizetype(strlen(".draft"))) + QStringLiteral(".lock");
        const pid_t killed = ::fork();
        if (killed == 0) {
            QLockFile held(lock);
            ::_exit(held.tryLock(0) ? 0 : 1); // without its destructor
        }
        int status = -1;
        QCOMPARE(::waitpid(killed, &status, 0), killed);
        QCOMPARE(status, 0);
        QVERIFY(QFileInfo::exists(lock));
        Opened opened(m_open, folder());
        QVERIFY(opened.isReady());
        QTRY_VERIFY(opened.drafts.hasFound());
    }

    // Two windows on one file: the drafts are the first one's.
    void aLivingKeepersDraftIsNobodyElses()
    {
        Opened first(m_open, folder());
        QVERIFY(first.isReady() && isBackgroundDone(first));
        first.add("mine");
        QVERIFY(!crash(first).isEmpty());
        {
            Opened second(m_open, folder());
            QVERIFY(second.isReady() && isBackgroundDone(second));
            QVERIFY(!second.drafts.hasFound());
            second.add("theirs");
        }
        QVERIFY(crash(first).contains("\"mine\""));
    }

    // A text that nobody typed in is unsaved when its file goes.
    void aFileThatGoesLeavesADraft()
    {
        test::OpenWorkflow own;
        QVERIFY(own.isReady());
        Opened opened(own, folder());
        QVERIFY(opened.isReady() && isBackgroundDone(opened));
        QVERIFY(QFile::remove(QString::fromStdString(own.path)));
        QTRY_VERIFY(!opened.document.isClean());
        QVERIFY(!crash(opened).isEmpty());
    }

    void foreignFilesAreNoDrafts_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const QByteArray heading = "gatehouse draft 1\n" + QByteArray(64, 'a');
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("another heading") << QByteArray("gatehouse draft 2\n" + QByteArray(64, 'a') + "\n{}");
        QTest::newRow("cut") << heading;
        QTest::newRow("no text at all") << QByteArray(heading + ' ');
        QTest::newRow("no UTF-8") << QByteArray(heading + "\n\xFF\xFE");
        QTest::newRow("too large") << QByteArray(heading + '\n' + QByteArray((64 << 20) + 1, ' '));
    }
    void foreignFilesAreNoDrafts()
    {
        QFETCH(QByteArray, bytes);
        Opened opened(m_open, folder());
        put(opened.drafts.draftPath(), bytes);
        QVERIFY(opened.isReady());
        QVERIFY(isBackgroundDone(opened));
        QVERIFY(!opened.drafts.hasFound());
    }
};

GATEHOUSE_TEST_MAIN(TestDraftKeeper)
#include "tst_draftkeeper.moc"
