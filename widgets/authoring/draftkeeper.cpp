#include "widgets/authoring/draftkeeper.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>
#include <QStandardPaths>
#include <QTimer>

#include "core/base/savefile.h"
#include "core/base/utf8.h"
#include "widgets/authoring/workflowdocument.h"

#include <utility>

namespace gatehouse::widgets {

namespace {

// A draft file: this line, the digest of the text that it was made from and a line feed, the text.
constexpr std::string_view draftHeading = "gatehouse draft 1\n";
constexpr std::size_t digestLength = 64;
// More than a workflow may be: what is too large to be saved must not be lost for that.
constexpr qint64 largestDraft = 64 << 20;
constexpr int retryMilliseconds = 1000;
constexpr std::size_t textAt = draftHeading.size() + digestLength + 1;

std::string digestOf(const std::string& text)
{
    return QCryptographicHash::hash(QByteArrayView(text.data(), qsizetype(text.size())), QCryptographicHash::Sha256).toHex().toStdString();
}

} // namespace

QString DraftKeeper::defaultFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) + QStringLiteral("/drafts");
}

DraftKeeper::DraftKeeper(WorkflowDocument& document, BackgroundThread& background, const QString& folder, QObject* parent)
    : QObject(parent), m_document(document), m_background(background), m_timer(new QTimer(this))
{
    const QString real = QFileInfo(document.path()).canonicalFilePath();
    const QByteArray place = (real.isEmpty() ? document.path() : real).toUtf8();
    m_path = folder + u'/' + QString::fromLatin1(QCryptographicHash::hash(place, QCryptographicHash::Sha256).toHex());
    m_timer->setSingleShot(true);
    m_timer->setInterval(delayMilliseconds);
    connect(m_timer, &QTimer::timeout, this, &DraftKeeper::write);
    connect(&document, &WorkflowDocument::stateChanged, this, &DraftKeeper::look);
    connect(&document, &WorkflowDocument::textChanged, this, &DraftKeeper::textChanged);
    connect(&document, &WorkflowDocument::cleanChanged, this, &DraftKeeper::cleanChanged);
    look();
}

DraftKeeper::~DraftKeeper()
{
    m_unwanted->store(true);
    if (m_lock)
        QFile::remove(draftPath()); // here, since the background thread may end before it gets to it
}

void DraftKeeper::look()
{
    if (m_looked || m_document.state() != WorkflowDocument::State::Ready)
        return;
    m_looked = true;
    inBackground(m_background, this, [path = m_path] { return takeOver(path); }, [this](const Draft& draft) { take(draft); });
}

// The lock, and what an ended program left, put aside so that new drafts do not write over it.
DraftKeeper::Draft DraftKeeper::takeOver(const QString& path)
{
    const QString folder = QFileInfo(path).absolutePath();
    if (!QDir().mkpath(folder))
        return {};
    QFile::setPermissions(folder, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    auto lock = std::make_shared<QLockFile>(path + QStringLiteral(".lock"));
    lock->setStaleLockTime(0); // held as long as its process lives
    if (!lock->tryLock(0))
        return {};
    const QString left = path + QStringLiteral(".draft");
    const QString found = path + QStringLiteral(".found");
    if (read(left).readable) {
        QFile::remove(found);
        QFile::rename(left, found);
    }
    Draft draft = read(found);
    draft.lock = std::move(lock);
    return draft;
}

DraftKeeper::Draft DraftKeeper::read(const QString& path)
{
    QFile file(path);
    const QFileInfo info(path);
    if (!info.isFile() || info.size() > largestDraft || !file.open(QIODevice::ReadOnly))
        return {};
    const std::string bytes = file.read(largestDraft).toStdString();
    if (!bytes.starts_with(draftHeading) || bytes.size() < textAt || bytes[textAt - 1] != '\n' || !isValidUtf8(bytes))
        return {};
    return {bytes.substr(textAt), bytes.substr(draftHeading.size(), digestLength), info.lastModified(), true, {}};
}

void DraftKeeper::take(const Draft& draft)
{
    m_lock = draft.lock;
    if (!m_lock) {
        // Another page or program has the file's drafts, or has just let go of them.
        QTimer::singleShot(retryMilliseconds, this, [this] {
            m_looked = false;
            look();
        });
        return;
    }
    if (!m_document.isClean())
        m_timer->start(); // edited while the drafts were looked for
    if (!draft.readable)
        return;
    if (draft.text == m_document.text())
        return removeFound();
    m_draft = draft.text;
    m_base = draft.base;
    m_foundAt = draft.at;
    setFound(true);
}

bool DraftKeeper::hasFileChanged() const
{
    return m_found && m_base != digestOf(m_document.savedText());
}

void DraftKeeper::textChanged()
{
    // Counted from the first change, so that who never stops typing loses no more than others.
    if (m_lock && !m_timer->isActive())
        m_timer->start();
}

void DraftKeeper::write()
{
    const bool tooLarge = m_document.text().size() + textAt > std::size_t(largestDraft);
    if (!m_lock || m_document.isClean() || m_document.state() != WorkflowDocument::State::Ready || tooLarge)
        return;
    inBackground(
        m_background, this,
        [path = draftPath(), text = m_document.text(), base = m_document.savedText(), unwanted = m_unwanted] {
            if (unwanted->load())
                return false;
            const std::string bytes = std::string(draftHeading) + digestOf(base) + '\n' + text;
            const bool written = saveFile(QFile::encodeName(path).toStdString(), bytes, 0600).has_value();
            if (unwanted->load())
                QFile::remove(path);
            return written;
        },
        [](bool) {}); // a draft that can't be written is no reason to disturb: the document itself says when it can't be saved
}

void DraftKeeper::cleanChanged()
{
    if (!m_lock)
        return;
    // Also of a text that did not change: its file is gone, or became another one.
    if (!m_document.isClean())
        return textChanged();
    m_timer->stop();
    m_unwanted->store(true);
    m_unwanted = std::make_shared<std::atomic<bool>>(false);
    inBackground(m_background, this, [path = draftPath()] { return QFile::remove(path); }, [](bool) {});
}

void DraftKeeper::removeFound()
{
    inBackground(m_background, this, [path = foundPath()] { return QFile::remove(path); }, [](bool) {});
}

void DraftKeeper::restore()
{
    if (!m_found)
        return;
    const TextEdit change = difference(m_document.text(), std::exchange(m_draft, {}));
    setFound(false);
    m_document.restore(change);
    write(); // before the found one goes
    removeFound();
}

void DraftKeeper::discard()
{
    if (!m_found)
        return;
    m_draft.clear();
    setFound(false);
    removeFound();
}

void DraftKeeper::setFound(bool found)
{
    if (std::exchange(m_found, found) != found)
        Q_EMIT foundChanged();
}

} // namespace gatehouse::widgets
