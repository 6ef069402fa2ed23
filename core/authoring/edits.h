// Edits of a workflow document as a person means them: add an agent, connect, rename everywhere, paste. Each is carried out whole
// or not at all; what is not edited keeps its bytes (core/base/jsonedit.h).
//
// An Editor takes a document and collects the edits made to it, one after the other; the caller applies them to its own text, and
// undoes them backwards. Values; any thread.
#pragma once

#include "core/authoring/graph.h"
#include "core/base/jsonedit.h"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace gatehouse::authoring {

class Editor {
public:
    explicit Editor(JsonDocument document) : m_own(std::move(document)) { }
    // Of a document and its graph that outlive the editor; they are not copied.
    Editor(const JsonDocument& document, const Graph& graph) : m_base(&document), m_graph(&graph) { }

    // As it is after the edits so far.
    [[nodiscard]] const JsonDocument& document() const { return m_own ? *m_own : *m_base; }
    // Of document(), where somebody has read it; else null.
    [[nodiscard]] const Graph* graph() const { return m_own ? nullptr : m_graph; }
    // The document after the edits, of which there is at least one.
    [[nodiscard]] JsonDocument take() && { return *std::move(m_own); }
    // Each in the text that the one before left.
    [[nodiscard]] const std::vector<TextEdit>& edits() const { return m_edits; }

    // Objects on the way are made. An absent value is added at the end of its object.
    [[nodiscard]] Result<void> set(std::string_view pointer, const nlohmann::json& value);
    // A value that is not there is no error.
    [[nodiscard]] Result<void> remove(std::string_view pointer);
    [[nodiscard]] Result<void> rename(std::string_view pointer, std::string_view key);
    // To the end of an array, which is made if need be.
    [[nodiscard]] Result<void> append(std::string_view array, const nlohmann::json& value);

    // To the end of an object, which is made if need be.
    [[nodiscard]] Result<void> appendAll(std::string_view object, const std::vector<std::pair<std::string, nlohmann::json>>& members);
    // Values that are there.
    [[nodiscard]] Result<void> removeAll(const std::set<std::string>& pointers);
    // Edits of document() as it is, none in another's place: together they are read once, however many.
    [[nodiscard]] Result<void> applyAll(std::vector<TextEdit> edits);

private:
    [[nodiscard]] Result<void> apply(Result<TextEdit> edit);
    const JsonDocument* m_base = nullptr; // without an own one
    const Graph* m_graph = nullptr;       // the base's
    std::optional<JsonDocument> m_own;
    std::vector<TextEdit> m_edits;
};

// A name that is not taken: "agent", "agent-2", …
[[nodiscard]] std::string freeName(const Graph& graph, NodeKind kind, std::string_view wish);
// Why a name can't be given to a node of this kind; none: it can. Whether it is taken is not asked here.
[[nodiscard]] std::optional<Message> nameFault(NodeKind kind, std::string_view name);

// With what a new one needs to be valid; the first agent becomes the entry agent. Capabilities are connected, not added.
[[nodiscard]] Result<NodeId> addNode(Editor& editor, NodeKind kind, std::string_view wish, Place place);
// A data entry of a source: a folder (git_repo when it is a repository, else local_dir) or a file, its path relative to the document.
[[nodiscard]] Result<NodeId> addData(Editor& editor, std::string_view wish, const nlohmann::json& entry, Place place);
// Everything that names it goes too: wires, the entry agent, its place.
[[nodiscard]] Result<void> removeNodes(Editor& editor, const std::set<NodeId>& nodes);
// Its definition, everything that names it (also {{entry}} in instructions), its place.
[[nodiscard]] Result<void> renameNode(Editor& editor, const NodeId& node, std::string_view name);
[[nodiscard]] Result<void> connectNodes(Editor& editor, const NodeId& from, const NodeId& to);
// An implied wire ends by saying what stays.
[[nodiscard]] Result<void> disconnectNodes(Editor& editor, const NodeId& from, const NodeId& to);
[[nodiscard]] Result<void> setAccess(Editor& editor, const NodeId& data, const NodeId& agent, Access access);
[[nodiscard]] Result<void> setEntry(Editor& editor, const NodeId& agent);
[[nodiscard]] Result<void> moveNodes(Editor& editor, const std::map<NodeId, Place>& places);

// The nodes with their wires among each other, as JSON text for the clipboard; empty when nothing of them can be copied.
[[nodiscard]] std::string copied(const JsonDocument& document, const std::set<NodeId>& nodes);
// Names that are taken get a number; the nodes that were pasted. InvalidInput for a text that is no copy.
[[nodiscard]] Result<std::vector<NodeId>> paste(Editor& editor, std::string_view text, Place offset);

} // namespace gatehouse::authoring
