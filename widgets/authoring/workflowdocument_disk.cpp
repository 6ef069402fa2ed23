// The half of WorkflowDocument that reads, writes and watches its file.
#include "widgets/authoring/workflowdocument.h"

#include <QFile>
#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QTimer>

#include "core/base/savefile.h"
#include "core/base/utf8.h"
#include "widgets/text/markedtext.h"

#include <sys/stat.h>

#include <utility>

namespace gatehouse::widgets {

// As core/workflow reads them.
static constexpr qint64 largestDocument = 4 << 20;

WorkflowDocument::DiskState WorkflowDocument::readDisk(const QString& path)
{
    DiskState out;
    out.gone = !QFileInfo::exists(path);
    // A named pipe would hold the thread for ever.
    if (QFileInfo(path).exists() && !QFileInfo(path).isFile()) {
        out.problem = tr("It is no regular file.");
        return out;
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        out.problem = tr("It can't be read: %1").arg(shown(file.errorString().toStdString()));
        return out;
    }
    const QByteArray bytes = file.read(largestDocument + 1);
    if (bytes.size() > largestDocument)
        out.problem = tr("It is larger than 4 MiB: too large for a workflow.");
    else if (!isValidUtf8(std::string_view(bytes.constData(), std::size_t(bytes.size()))))
        out.problem = tr("It is no UTF-8 text.");
    else
        out.text = bytes.toStdString();
    return out;
}

WorkflowDocument::DiskState WorkflowDocument::writeDisk(const QString& path, const std::optional<std::string>& expected,
                                                        const std::string& text)
{
    // A link is followed: what it leads to is the document.
    const QString real = QFileInfo(path).canonicalFilePath();
    const QString target = real.isEmpty() ? path : real;
    DiskState there;
    struct stat status = {};
    const bool exists = ::stat(QFile::encodeName(target).constData(), &status) == 0;
    if (exists && expected) {
        there = readDisk(target);
        there.differs = !there.problem.isEmpty() || there.text != *expected;
        if (there.differs)
            return there;
    }
    const auto saved = saveFile(QFile::encodeName(target).toStdString(), text, exists ? status.st_mode & 0777U : 0644U);
    there.written = saved.has_value();
    if (!saved)
        there.problem = shown(saved.error().toString());
    return there;
}

void WorkflowDocument::load()
{
    inBackground(m_background, this, [path = m_path] { return readDisk(path); }, [this](const DiskState& disk) { takeFirst(disk); });
}

void WorkflowDocument::takeFirst(const DiskState& disk)
{
    if (!disk.problem.isEmpty()) {
        m_state = State::Unreadable;
        say(disk.problem);
        return Q_EMIT stateChanged();
    }
    m_onDisk = disk.text;
    m_state = State::Ready;
    m_undo.clear();
    replaceText(disk.text, changesOf({difference(m_text, disk.text)}));
    watch();
    Q_EMIT stateChanged();
}

void WorkflowDocument::watch()
{
    // Saving replaces the file, which ends the watch on it; the folder's stays.
    const QFileInfo file(m_path);
    m_watcher->addPath(file.absolutePath());
    if (file.exists())
        m_watcher->addPath(m_path);
}

void WorkflowDocument::lookAtDisk()
{
    if (m_state == State::Ready && !m_saving)
        inBackground(m_background, this, [path = m_path] { return readDisk(path); }, [this](const DiskState& disk) { takeChange(disk); });
}

void WorkflowDocument::takeChange(const DiskState& disk)
{
    watch();
    if (m_saving)
        return;
    if (disk.gone) {
        m_undo.resetClean(); // what is shown stands in no file
        return say(tr("The file is gone. Saving writes it again."));
    }
    if (disk.problem.isEmpty() && disk.text == m_onDisk) {
        setConflict(false);
        return say({});
    }
    if (disk.problem.isEmpty() && (disk.text == m_text || isClean()))
        return replaceFromDisk(disk.text);
    takeConflict(disk);
}

void WorkflowDocument::takeConflict(const DiskState& disk)
{
    m_theirs = disk.text;
    m_theirsUnreadable = !disk.problem.isEmpty();
    m_undo.resetClean();
    say(disk.problem);
    setConflict(true);
}

void WorkflowDocument::replaceFromDisk(const std::string& text)
{
    m_onDisk = text;
    const TextEdit change = difference(m_text, text);
    if (!change.empty())
        push(tr("Take the file's text"), {}, {change});
    m_undo.setClean();
    setConflict(false);
    say({});
}

void WorkflowDocument::takeFromDisk()
{
    if (m_conflict && !m_theirsUnreadable)
        replaceFromDisk(std::string(m_theirs));
}

void WorkflowDocument::keepMine()
{
    if (!m_conflict)
        return;
    m_onDisk = m_theirs; // known now: saving may replace it
    m_replacesAnything = m_theirsUnreadable;
    m_undo.resetClean();
    setConflict(false);
}

void WorkflowDocument::revert()
{
    replaceFromDisk(std::string(m_onDisk));
}

void WorkflowDocument::setConflict(bool conflict)
{
    if (std::exchange(m_conflict, conflict) != conflict)
        Q_EMIT conflictChanged();
}

void WorkflowDocument::save()
{
    if (m_saving) {
        m_saveAgain = true;
        return;
    }
    if (m_state != State::Ready || m_conflict)
        return Q_EMIT notSaved();
    if (m_text.size() > std::size_t(largestDocument)) {
        say(tr("Not saved. It is larger than 4 MiB: nobody could open it again."));
        return Q_EMIT notSaved();
    }
    m_saving = true;
    const std::optional<std::string> expected = m_replacesAnything ? std::nullopt : std::optional(m_onDisk);
    inBackground(
        m_background, this, [path = m_path, expected, text = m_text] { return writeDisk(path, expected, text); },
        [this, text = m_text](const DiskState& disk) { takeSaved(text, disk); });
}

void WorkflowDocument::takeSaved(const std::string& text, const DiskState& disk)
{
    m_saving = false;
    const bool again = std::exchange(m_saveAgain, false);
    if (disk.differs) {
        takeConflict(disk);
        return Q_EMIT notSaved();
    }
    watch();
    if (!disk.written) {
        say(tr("Not saved. %1").arg(disk.problem));
        return Q_EMIT notSaved();
    }
    m_onDisk = text;
    m_replacesAnything = false;
    // Typed meanwhile, or taken back: no text of the stack is known to be the file's.
    m_text == text ? m_undo.setClean() : m_undo.resetClean();
    say({});
    if (again && m_text != text)
        return save();
    Q_EMIT saved();
}

} // namespace gatehouse::widgets
