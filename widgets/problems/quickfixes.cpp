#include "widgets/problems/quickfixes.h"

#include <QCoreApplication>

#include "widgets/outline/nodewords.h"

#include <algorithm>

namespace gatehouse::widgets {

using namespace authoring;

namespace {

struct Fixes {
    Q_DECLARE_TR_FUNCTIONS(QuickFixes)
};

class Fixer {
public:
    Fixer(const WorkflowDocument& document, const Problem& problem) : m_document(document), m_problem(problem) { }

    std::vector<QuickFix> fixes()
    {
        if (m_problem.rule == "unknown-agent")
            agent();
        else if (m_problem.rule == "unknown-tool")
            tool();
        else if (m_problem.rule == "unknown-entry")
            remove(Fixes::tr("Remove it from the agent's data"));
        else if (m_problem.rule == "duplicate-name")
            remove(Fixes::tr("Remove the second"));
        else if (m_problem.rule == "unused-key")
            remove(Fixes::tr("Remove the key"));
        else if (m_problem.rule == "unknown-model" && m_problem.pointer.ends_with("/model") && !m_document.context().defaultModel.isEmpty())
            remove(Fixes::tr("Use the project's default model"));
        return std::move(m_fixes);
    }

private:
    // The text that stands at the problem's place.
    [[nodiscard]] std::optional<std::string> text() const
    {
        const JsonDocument& document = *m_document.document();
        const auto range = document.range(m_problem.pointer);
        if (!range)
            return std::nullopt;
        const auto value = nlohmann::json::parse(document.text().substr(range->begin, range->end - range->begin), nullptr, false);
        return value.is_string() ? std::optional(value.get<std::string>()) : std::nullopt;
    }

    void remove(const QString& words)
    {
        m_fixes.push_back({words, [pointer = m_problem.pointer](Editor& editor) { return editor.remove(pointer); }});
    }

    void create(NodeKind kind, const std::string& name)
    {
        if (nameFault(kind, name))
            return;
        const NodeId node{kind, name};
        const Place place = freePlace(m_document, kind);
        const QString words = kind == NodeKind::Agent ? Fixes::tr("Create agent “%1”") : Fixes::tr("Create tool “%1”");
        m_fixes.push_back({words.arg(nodeName(node)), [node, place](Editor& editor) -> Result<void> {
                               GH_ASSIGN(const NodeId made, addNode(editor, node.kind, node.name, place));
                               (void)made;
                               return {};
                           }});
    }

    [[nodiscard]] bool isDefined(const NodeId& node) const
    {
        const GraphNode* found = m_document.graph().find(node);
        return found && found->definition == Definition::Here;
    }

    void agent()
    {
        const auto name = text();
        if (!name)
            return;
        if (!isDefined({NodeKind::Agent, *name}))
            create(NodeKind::Agent, *name);
        if (m_problem.pointer != "/entry") {
            remove(Fixes::tr("Remove the handoff"));
            return;
        }
        for (const GraphNode& node : m_document.graph().nodes) {
            if (node.id.kind != NodeKind::Agent || !isDefined(node.id))
                continue;
            m_fixes.push_back({Fixes::tr("Make %1 the entry agent").arg(nodeName(node.id)),
                               [id = node.id](Editor& editor) { return setEntry(editor, id); }});
            return;
        }
    }

    void tool()
    {
        const auto name = text();
        if (!name)
            return;
        if (!name->starts_with("mcp:") && !isDefined({NodeKind::Tool, *name}))
            create(NodeKind::Tool, *name);
        remove(Fixes::tr("Remove the tool"));
    }

    const WorkflowDocument& m_document;
    const Problem& m_problem;
    std::vector<QuickFix> m_fixes;
};

} // namespace

std::vector<QuickFix> quickFixes(const WorkflowDocument& document, const Problem& problem)
{
    // Of an older text the pointer may name something else.
    if (!document.canEdit() || !document.areProblemsCurrent() || problem.file != document.path().toStdString() ||
        !document.document()->contains(problem.pointer))
        return {};
    return Fixer(document, problem).fixes();
}

} // namespace gatehouse::widgets
