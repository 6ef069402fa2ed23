// WorkflowDocument: a workflow that is open for editing: its text, its graph, its problems, what is selected in it, and one undo
// stack. Canvas, outline, inspector and source are views of it and edit only through it.
//
// Owner: its page. GUI thread; reading, writing and judging happen on the background thread.
#pragma once

#include <QObject>
#include <QString>
#include <QUndoStack>

#include "core/authoring/edits.h"
#include "core/base/problem.h"
#include "widgets/authoring/authoringcontext.h"
#include "widgets/background.h"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

class QFileSystemWatcher;
class QTimer;

namespace gatehouse::widgets {

class WorkflowDocument final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WorkflowDocument)
public:
    enum class State { Loading, Ready, Unreadable };

    WorkflowDocument(const QString& path, BackgroundThread& background, QObject* parent = nullptr);
    ~WorkflowDocument() override;

    [[nodiscard]] const QString& path() const { return m_path; }
    [[nodiscard]] QString title() const; // its name without ".workflow.json", safe to show
    [[nodiscard]] State state() const { return m_state; }
    // Why it can't be read, or was not saved; safe to show.
    [[nodiscard]] const QString& notice() const { return m_notice; }
    void load();
    // Writes what is there now; saved() or notSaved() answers. One that is asked for during another follows it.
    void save();
    // Back to what was last read or written, as one step.
    void revert();
    // What the file held when it was last read or written.
    [[nodiscard]] const std::string& savedText() const { return m_onDisk; }
    // To a text that was not saved in an earlier session, as one step.
    void restore(const TextEdit& change);
    [[nodiscard]] bool isClean() const { return m_undo.isClean(); }
    // The file changed under unsaved edits: the person chooses.
    [[nodiscard]] bool hasConflict() const { return m_conflict; }
    void takeFromDisk();
    void keepMine();

    // The text as it is, and the last one that could be parsed with its graph. They differ while a fault is being written.
    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] const JsonDocument* document() const { return m_document ? &*m_document : nullptr; }
    [[nodiscard]] const authoring::Graph& graph() const { return m_graph; }
    // Of every node of the graph, wherever "layout" says nothing too.
    [[nodiscard]] const std::map<authoring::NodeId, authoring::Place>& places() const { return m_places; }
    // The text can be parsed: canvas, outline and forms may edit.
    [[nodiscard]] bool canEdit() const { return m_state == State::Ready && m_document && m_parsed; }
    // Where the fault is that keeps it from being parsed; safe to show.
    [[nodiscard]] const QString& fault() const { return m_fault; }

    [[nodiscard]] QUndoStack& undoStack() { return m_undo; }
    // One step of the undo stack with this name. Steps with the same burst, no other edit between, become one. What refuses is the
    // error and changes nothing.
    using Change = std::function<Result<void>(authoring::Editor&)>;
    Result<void> edit(const QString& name, const Change& change, const QString& burst = {});
    // The source was typed in: an edit of the text, whatever becomes of its JSON.
    void type(const TextEdit& edit);

    // What is selected: nodes, or one wire; the current node is the last chosen. Pointers that the source's caret is in lead to nodes.
    [[nodiscard]] const std::set<authoring::NodeId>& selection() const { return m_selection; }
    [[nodiscard]] std::optional<authoring::NodeId> current() const { return m_current; }
    [[nodiscard]] const std::optional<std::pair<authoring::NodeId, authoring::NodeId>>& selectedWire() const { return m_wire; }
    void select(std::set<authoring::NodeId> nodes, std::optional<authoring::NodeId> current);
    void selectWire(const authoring::NodeId& from, const authoring::NodeId& to);
    void clearSelection() { select({}, std::nullopt); }

    // Of this document, in the order of the text, and of what it refers to.
    [[nodiscard]] const std::vector<Problem>& problems() const { return m_problems; }
    // They are of the text as it is.
    [[nodiscard]] bool areProblemsCurrent() const { return m_judged == m_revision; }
    [[nodiscard]] std::vector<const Problem*> problemsOf(const authoring::NodeId& node) const;
    [[nodiscard]] const AuthoringContext& context() const { return m_context; }

Q_SIGNALS:
    void stateChanged();
    void noticeChanged();
    void conflictChanged();
    void saved();    // what was there when it was asked for; more may have been typed since
    void notSaved(); // notice() or hasConflict() says why
    // The text and the graph are already the new ones; see changesOf() in core/base/jsonedit.h.
    void textChanged(const std::vector<gatehouse::TextChange>& changes);
    void graphChanged();   // nodes, wires, or places
    void canEditChanged(); // also when the fault changed
    void selectionChanged();
    void problemsChanged();
    void cleanChanged();
    // Somebody wants the source to show this place: a problem was chosen.
    void placeRequested(std::size_t offset);

private:
    // What came of looking at the file, or of writing it.
    struct DiskState {
        std::string text;
        QString problem; // safe to show
        bool written = false;
        bool differs = false; // from what was expected there, or unreadable; then nothing was written
        bool gone = false;
    };
    // A text and what is read from it.
    struct Reading {
        JsonDocument document;
        authoring::Graph graph;
        std::map<authoring::NodeId, authoring::Place> places;
    };
    [[nodiscard]] static Reading read(JsonDocument document);
    void push(const QString& name, const QString& burst, std::vector<TextEdit> edits);
    // changes: from the text there is to this one.
    void replaceText(std::string text, const std::vector<TextChange>& changes);
    // What is no longer shown is freed where nobody waits for it.
    void forget(Reading old);
    void parse();
    void setFault(const QString& fault);
    void judge();
    void takeProblems(quint64 revision, std::vector<Problem> problems, AuthoringContext context);
    void takeFirst(const DiskState& disk);
    void takeChange(const DiskState& disk);
    void takeSaved(const std::string& text, const DiskState& disk);
    void replaceFromDisk(const std::string& text);
    void watch();
    void lookAtDisk();
    void say(const QString& notice);
    void setConflict(bool conflict);
    void dropGoneSelection();
    [[nodiscard]] std::map<authoring::NodeId, authoring::Place>
    keptPlaces(const authoring::Graph& after, const std::map<authoring::NodeId, authoring::Place>& places) const;
    [[nodiscard]] static DiskState readDisk(const QString& path);
    // expected: what the file holds; none: whatever it holds, the person knows.
    [[nodiscard]] static DiskState writeDisk(const QString& path, const std::optional<std::string>& expected, const std::string& text);
    void takeConflict(const DiskState& disk);
    void mapProblems();

    QString m_path;
    BackgroundThread& m_background;
    QUndoStack m_undo;
    State m_state = State::Loading;
    QString m_notice;
    QString m_fault;
    std::string m_text;
    std::string m_onDisk; // as last read or written
    std::optional<JsonDocument> m_document;
    bool m_forgetting = false;
    std::optional<Reading> m_prepared; // of the edit that is being pushed: its text needs no second reading
    authoring::Graph m_graph;
    std::map<authoring::NodeId, authoring::Place> m_places;
    std::set<authoring::NodeId> m_selection;
    std::optional<authoring::NodeId> m_current;
    std::optional<std::pair<authoring::NodeId, authoring::NodeId>> m_wire;
    std::vector<Problem> m_problems;
    std::map<authoring::NodeId, std::vector<const Problem*>> m_problemsOf; // into m_problems
    AuthoringContext m_context;
    QFileSystemWatcher* m_watcher;
    QTimer* m_settle;
    quint64 m_revision = 0;
    quint64 m_judged = 0;
    std::string m_theirs; // what stands in the file while there is a conflict
    bool m_theirsUnreadable = false;
    bool m_replacesAnything = false; // the person chose so, of a file that can't be read
    bool m_saveAgain = false;
    bool m_parsed = false;
    bool m_conflict = false;
    bool m_judging = false;
    bool m_saving = false;
};

} // namespace gatehouse::widgets
