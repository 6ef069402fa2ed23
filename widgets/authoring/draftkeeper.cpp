#include "widgets/authoring/draftkeeper.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
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
// As much as a workflow may be.
constexpr qint64 largestDraft = (4 << 20) + qint64(draftHeading.size() + digestLength + 1);

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
    m_path =
        folder + u'/' + QString::fromLatin1(QCryptographicHash::hash(place, QCryptographicHash::Sha256).toHex()) + QStringLiteral(".draft");
    m_timer->setSingleShot(true);
    m_timer->setInterval(delayMilliseconds);
    connect(m_timer, &QTimer::timeout, this, &DraftKeeper::write);
    connect(&document, &WorkflowDocument::stateChanged, this, &DraftKeeper::look);
    connect(&document, &WorkflowDocument::textChanged, this, &DraftKeeper::textChanged);
    connect(&document, &WorkflowDocument::cleanChanged, this, &DraftKeeper::removeWhenClean);
    look();
}

DraftKeeper::~DraftKeeper()
{
    // An undecided one stays for the next time.
    if (m_found)
        return;
    m_unwanted->store(true);
    QFile::remove(m_path); // here, since the background thread may end before it gets to it
}

void DraftKeeper::look()
{
    if (m_looked || m_document.state() != WorkflowDocument::State::Ready)
        return;
    m_looked = true;
    inBackground(m_background, this, [path = m_path] { return read(path); }, [this](const Draft& draft) { take(draft); });
}

DraftKeeper::Draft DraftKeeper::read(const QString& path)
{
    QFile file(path);
    const QFileInfo info(path);
    if (!info.isFile() || info.size() > largestDraft || !file.open(QIODevice::ReadOnly))
        return {};
    const std::string bytes = file.read(largestDraft).toStdString();
    const std::size_t text = draftHeading.size() + digestLength + 1;
    if (!bytes.starts_with(draftHeading) || bytes.size() < text || bytes[text - 1] != '\n' || !isValidUtf8(bytes))
        return {};
    return {bytes.substr(text), bytes.substr(draftHeading.size(), digestLength), info.lastModified(), true};
}

void DraftKeeper::take(const Draft& draft)
{
    if (!draft.readable)
        return;
    if (draft.text == m_document.text())
        return removeWhenClean();
    m_draft = draft.text;
    m_foundAt = draft.at;
    m_fileChanged = draft.base != digestOf(m_document.text());
    setFound(true);
}

void DraftKeeper::textChanged()
{
    // Counted from the first change, so that who never stops typing loses no more than others.
    if (m_looked && !m_timer->isActive())
        m_timer->start();
}

void DraftKeeper::write()
{
    // While one that was found waits for its decision it must not be written over: it is the only copy.
    if (m_found || m_document.isClean() || m_document.state() != WorkflowDocument::State::Ready)
        return;
    inBackground(
        m_background, this,
        [path = m_path, text = m_document.text(), base = m_document.savedText(), unwanted = m_unwanted] {
            const QString folder = QFileInfo(path).absolutePath();
            if (unwanted->load() || !QDir().mkpath(folder))
                return false;
            QFile::setPermissions(folder, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
            const std::string bytes = std::string(draftHeading) + digestOf(base) + '\n' + text;
            const bool written = saveFile(QFile::encodeName(path).toStdString(), bytes, 0600).has_value();
            if (unwanted->load())
                QFile::remove(path);
            return written;
        },
        [](bool) {}); // a draft that can't be written is no reason to disturb: the document itself says when it can't be saved
}

void DraftKeeper::removeWhenClean()
{
    if (!m_document.isClean() || m_found)
        return;
    m_timer->stop();
    m_unwanted->store(true);
    m_unwanted = std::make_shared<std::atomic<bool>>(false);
    inBackground(m_background, this, [path = m_path] { return QFile::remove(path); }, [](bool) {});
}

void DraftKeeper::restore()
{
    if (!m_found)
        return;
    const TextEdit change = difference(m_document.text(), std::exchange(m_draft, {}));
    setFound(false);
    m_document.restore(change);
}

void DraftKeeper::discard()
{
    if (!m_found)
        return;
    m_draft.clear();
    setFound(false);
    m_document.isClean() ? removeWhenClean() : m_timer->start();
}

void DraftKeeper::setFound(bool found)
{
    if (std::exchange(m_found, found) != found)
        Q_EMIT foundChanged();
}

} // namespace gatehouse::widgets
