#include "widgets/authoring/workflowdocument.h"

#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QTimer>

#include "core/authoring/arrange.h"
#include "core/workflow/profile.h"
#include "core/workflow/project.h"
#include "core/workflow/validate.h"
#include "widgets/authoring/undostep.h"
#include "widgets/text/markedtext.h"

#include <algorithm>
#include <utility>

namespace gatehouse::widgets {

using namespace authoring;

// Another program may write the file for ever, and each time is a step.
static constexpr int mostSteps = 1000;
// Of one step, that stay apart.
static constexpr std::size_t mostEdits = 16;

WorkflowDocument::WorkflowDocument(const QString& path, BackgroundThread& background, QObject* parent)
    : QObject(parent), m_path(path), m_background(background), m_watcher(new QFileSystemWatcher(this)), m_settle(new QTimer(this))
{
    m_undo.setUndoLimit(mostSteps);
    m_settle->setSingleShot(true);
    m_settle->setInterval(100); // an editor's save is several changes
    connect(m_settle, &QTimer::timeout, this, &WorkflowDocument::lookAtDisk);
    connect(m_watcher, &QFileSystemWatcher::fileChanged, m_settle, qOverload<>(&QTimer::start));
    connect(m_watcher, &QFileSystemWatcher::directoryChanged, m_settle, qOverload<>(&QTimer::start));
    connect(&m_undo, &QUndoStack::cleanChanged, this, &WorkflowDocument::cleanChanged);
}

WorkflowDocument::~WorkflowDocument()
{
    // Its steps know the document; nobody is told of their going.
    m_undo.disconnect();
}

QString WorkflowDocument::title() const
{
    QString name = QFileInfo(m_path).fileName();
    if (name.endsWith(QStringLiteral(".workflow.json")))
        name.chop(14);
    return shown(name.toStdString());
}

Result<void> WorkflowDocument::edit(const QString& name, const Change& change, const QString& burst)
{
    if (!canEdit())
        return fail(ErrorCode::InvalidInput, m_path.toStdString(), "The source has a fault: mend it there first");
    Editor editor(*m_document, m_graph);
    if (auto done = change(editor); !done)
        return done;
    if (editor.edits().empty())
        return {};
    Graph graph = readGraph(editor.document());
    std::map<NodeId, Place> places = authoring::placed(graph);
    if (const auto kept = keptPlaces(graph, places); !kept.empty()) {
        GH_TRY(moveNodes(editor, kept));
        graph = readGraph(editor.document());
        places = authoring::placed(graph);
    }
    // Each edit of a step is a copy of the text: of many the one that comes to the same.
    std::vector<TextEdit> edits = editor.edits();
    if (edits.size() > mostEdits)
        edits = {difference(m_text, editor.document().text())};
    m_prepared = Reading{std::move(editor).take(), std::move(graph), std::move(places)};
    push(name, burst, std::move(edits));
    m_prepared.reset();
    return {};
}

WorkflowDocument::Reading WorkflowDocument::read(JsonDocument document)
{
    Graph graph = readGraph(document);
    std::map<NodeId, Place> places = authoring::placed(graph);
    return {std::move(document), std::move(graph), std::move(places)};
}

// Where nodes are shown that an edit of something else would arrange anew, by "layout"'s silence.
std::map<NodeId, Place> WorkflowDocument::keptPlaces(const Graph& after, const std::map<NodeId, Place>& places) const
{
    std::map<NodeId, Place> kept;
    bool moved = false;
    for (const GraphNode& node : after.nodes) {
        const auto before = m_places.find(node.id);
        if (node.place || before == m_places.end())
            continue;
        kept.insert(*before);
        moved = moved || places.at(node.id) != before->second;
    }
    return moved ? kept : std::map<NodeId, Place>();
}

void WorkflowDocument::type(const TextEdit& edit)
{
    if (m_state != State::Ready || edit.empty())
        return;
    push(tr("Typing"), UndoStep::typing(), {edit});
}

void WorkflowDocument::restore(const TextEdit& change)
{
    if (m_state == State::Ready && !change.empty())
        push(tr("Restore what was not saved"), {}, {change});
}

void WorkflowDocument::push(const QString& name, const QString& burst, std::vector<TextEdit> edits)
{
    m_undo.push(new UndoStep(name, burst, std::move(edits), m_text,
                             [this](std::string text, const std::vector<TextChange>& changes) { replaceText(std::move(text), changes); }));
}

void WorkflowDocument::replaceText(std::string text, const std::vector<TextChange>& changes)
{
    const std::vector<TextChange> smaller = smallest(m_text, text, changes);
    m_text = std::move(text);
    ++m_revision;
    parse();
    if (!smaller.empty())
        Q_EMIT textChanged(smaller);
    judge();
}

void WorkflowDocument::forget(Reading old)
{
    if (std::exchange(m_forgetting, true))
        return; // that thread is busy: what waits for it would pile up
    const auto gone = std::make_shared<std::optional<Reading>>(std::move(old));
    inBackground(
        m_background, this,
        [gone] {
            gone->reset();
            return true;
        },
        [this](bool) { m_forgetting = false; });
}

void WorkflowDocument::parse()
{
    std::optional<Reading> reading = std::exchange(m_prepared, {});
    if (!reading || reading->document.text() != m_text) {
        auto document = JsonDocument::parse(m_text, m_path.toStdString());
        if (!document) {
            std::string place = document.error().where;
            if (place.starts_with(m_path.toStdString() + ':'))
                place.erase(0, m_path.toStdString().size() + 1);
            m_parsed = false;
            return setFault(tr("%1: %2").arg(shown(place), shown(document.error().why.format())));
        }
        reading = read(*std::move(document));
    }
    const bool changed = reading->graph != m_graph || reading->places != m_places;
    if (m_document)
        forget({*std::exchange(m_document, {}), std::move(m_graph), std::move(m_places)});
    m_document = std::move(reading->document);
    m_graph = std::move(reading->graph);
    m_places = std::move(reading->places);
    const bool couldNot = !std::exchange(m_parsed, true);
    setFault({});
    if (couldNot)
        Q_EMIT canEditChanged();
    mapProblems();
    if (changed)
        Q_EMIT graphChanged();
    dropGoneSelection();
}

void WorkflowDocument::setFault(const QString& fault)
{
    if (std::exchange(m_fault, fault) != fault && !fault.isEmpty())
        Q_EMIT canEditChanged();
}

void WorkflowDocument::select(std::set<NodeId> nodes, std::optional<NodeId> current)
{
    if (nodes == m_selection && current == m_current && !m_wire)
        return;
    m_selection = std::move(nodes);
    m_current = std::move(current);
    m_wire.reset();
    Q_EMIT selectionChanged();
}

void WorkflowDocument::selectWire(const NodeId& from, const NodeId& to)
{
    if (m_wire == std::pair(from, to))
        return;
    m_selection.clear();
    m_current.reset();
    m_wire = {from, to};
    Q_EMIT selectionChanged();
}

void WorkflowDocument::dropGoneSelection()
{
    const auto isGone = [&](const NodeId& id) { return m_graph.find(id) == nullptr; };
    std::set<NodeId> left = m_selection;
    std::erase_if(left, isGone);
    if (m_wire && !m_graph.wire(m_wire->first, m_wire->second))
        return clearSelection();
    if (left != m_selection || (m_current && isGone(*m_current)))
        select(left, left.empty() ? std::optional<NodeId>() : *left.begin());
}

std::vector<const Problem*> WorkflowDocument::problemsOf(const NodeId& node) const
{
    const auto found = m_problemsOf.find(node);
    return found == m_problemsOf.end() ? std::vector<const Problem*>() : found->second;
}

// Once for all nodes: views ask for each of them whenever something changes.
void WorkflowDocument::mapProblems()
{
    m_problemsOf.clear();
    std::map<std::string_view, const GraphNode*> missing;
    for (const GraphNode& node : m_graph.nodes)
        if (node.definition == Definition::Missing)
            missing.emplace(node.pointer, &node);
    for (const Problem& problem : m_problems) {
        if (problem.file != m_path.toStdString())
            continue;
        if (const GraphNode* owner = m_graph.at(problem.pointer))
            m_problemsOf[owner->id].push_back(&problem);
        if (const auto named = missing.find(problem.pointer); named != missing.end())
            m_problemsOf[named->second->id].push_back(&problem);
    }
}

// One at a time; what was typed meanwhile is judged next. A keystroke's judgement takes some milliseconds, so this is "live".
void WorkflowDocument::judge()
{
    if (m_judging)
        return;
    m_judging = true;
    struct Judgement {
        std::vector<Problem> problems;
        AuthoringContext context;
    };
    inBackground(
        m_background, this,
        [path = m_path.toStdString(), text = m_text] {
            Judgement out;
            out.problems = workflow::validateWorkflowText(path, text);
            out.context = readAuthoringContext(path);
            return out;
        },
        [this, revision = m_revision](Judgement judgement) {
            takeProblems(revision, std::move(judgement.problems), std::move(judgement.context));
        });
}

void WorkflowDocument::takeProblems(quint64 revision, std::vector<Problem> problems, AuthoringContext context)
{
    m_judging = false;
    m_judged = revision;
    m_problems = std::move(problems);
    mapProblems();
    m_context = std::move(context);
    Q_EMIT problemsChanged();
    if (m_judged != m_revision)
        judge();
}

void WorkflowDocument::say(const QString& notice)
{
    if (std::exchange(m_notice, notice) != notice)
        Q_EMIT noticeChanged();
}

} // namespace gatehouse::widgets
