// DraftKeeper: what is not saved of a workflow survives a crash: the text is written beside the person's own settings shortly after
// each change, and taken away when it is saved or let go of. A draft that an ended program left is put aside and offered when the
// workflow is opened again; nobody's text is replaced without being asked, and nobody's draft is deleted before it was.
//
// One keeper at a time has a file's drafts, whichever program it lives in: a lock says so, and the others keep none. Owner: the
// document's page. GUI thread; but for the last removal the files are read and written on the background thread. A draft is read as
// any document is: bounded, and UTF-8 or nothing.
#pragma once

#include <QDateTime>
#include <QObject>
#include <QString>

#include "widgets/background.h"

#include <atomic>
#include <memory>
#include <string>

class QLockFile;
class QTimer;

namespace gatehouse::widgets {

class WorkflowDocument;

class DraftKeeper final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DraftKeeper)
public:
    // How long what was typed may be in no file.
    static constexpr int delayMilliseconds = 600;

    // Looks for a draft once the document has been read. folder: defaultFolder() but for tests.
    DraftKeeper(WorkflowDocument& document, BackgroundThread& background, const QString& folder, QObject* parent = nullptr);
    // The page is closed: whoever closed it has been asked. The draft goes; one that was found and not decided stays.
    ~DraftKeeper() override;

    [[nodiscard]] static QString defaultFolder();
    [[nodiscard]] QString draftPath() const { return m_path + QStringLiteral(".draft"); }
    [[nodiscard]] QString foundPath() const { return m_path + QStringLiteral(".found"); }

    // A draft of before waits for a decision.
    [[nodiscard]] bool hasFound() const { return m_found; }
    [[nodiscard]] QDateTime foundAt() const { return m_foundAt; }
    // The file has another text now than the one that the draft was made from.
    [[nodiscard]] bool hasFileChanged() const;
    void restore(); // as one step that can be undone
    void discard();

Q_SIGNALS:
    void foundChanged();

private:
    struct Draft {
        std::string text;
        std::string base; // SHA-256 of the file's text that it was made from
        QDateTime at;
        bool readable = false;
        std::shared_ptr<QLockFile> lock; // null: another keeper has it
    };
    [[nodiscard]] static Draft read(const QString& path);
    [[nodiscard]] static Draft takeOver(const QString& path);
    void look();
    void take(const Draft& draft);
    void textChanged();
    void write();
    void cleanChanged();
    void removeFound();
    void setFound(bool found);

    WorkflowDocument& m_document;
    BackgroundThread& m_background;
    QString m_path; // without an ending
    QTimer* m_timer;
    std::shared_ptr<QLockFile> m_lock; // null: the drafts are not ours, or not yet
    // Set when what is being written is no longer wanted; each write has the one of its time.
    std::shared_ptr<std::atomic<bool>> m_unwanted = std::make_shared<std::atomic<bool>>(false);
    std::string m_draft; // the one that was found
    std::string m_base;
    QDateTime m_foundAt;
    bool m_found = false;
    bool m_looked = false;
};

} // namespace gatehouse::widgets
