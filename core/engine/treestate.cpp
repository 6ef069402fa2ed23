#include "core/engine/treestate.h"

#include "core/engine/events.h"
#include "core/engine/progress.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace gatehouse::engine {

using journal::EventType;
using nlohmann::json;

static std::uint64_t stepOf(const json& data)
{
    const auto found = data.find("step");
    return found != data.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

Result<void> TreeState::apply(const journal::Record& record)
{
    switch (record.type) {
    case EventType::SandboxCreated:
        applySources(record.data);
        return {};
    case EventType::StepChanged:
        return applyStep(record.data);
    case EventType::WorkspaceSaved:
        applySaved(record.data);
        return {};
    default:
        return {};
    }
}

void TreeState::applySources(const json& data)
{
    // A resumed run begins from the same receipts.
    if (!m_entries.empty())
        return;
    for (const json& receipt : data.value("receipts", json::array())) {
        if (textOf(receipt, "kind") == "git_repo")
            m_entries.push_back({textOf(receipt, "entry"), textOf(receipt, "commit"), {}});
    }
}

Result<void> TreeState::applyStep(const json& data)
{
    std::vector<workspace::PathStep> inside;
    for (const json& entry : data.value("changes", json::array())) {
        GH_ASSIGN(std::string path, pathFromJson(entry.value("path", json())));
        if (!entryOf(path))
            continue;
        GH_ASSIGN(workspace::PathVersion before, versionFromJson(entry.value("before", json())));
        GH_ASSIGN(workspace::PathVersion after, versionFromJson(entry.value("after", json())));
        inside.push_back({std::move(path), std::move(before), std::move(after)});
    }
    // A step with many changes stands in several records.
    if (!inside.empty())
        std::ranges::move(inside, std::back_inserter(m_unsaved[stepOf(data)]));
    return {};
}

void TreeState::applySaved(const json& data)
{
    const json trees = data.value("trees", json::array());
    for (const json& tree : trees) {
        const auto entry = std::ranges::find(m_entries, textOf(tree, "entry"), &GitEntry::path);
        if (entry != m_entries.end())
            entry->tree = textOf(tree, "tree");
    }
    if (!trees.empty())
        m_unsaved.erase(m_unsaved.begin(), m_unsaved.upper_bound(stepOf(data)));
}

std::vector<workspace::PathEdit> TreeState::unsaved() const
{
    std::map<std::string, workspace::PathEdit> folded;
    for (const auto& [step, changes] : m_unsaved) {
        for (const workspace::PathStep& change : changes) {
            workspace::PathEdit& edit = folded.try_emplace(change.path, change.path, change.before).first->second;
            edit.after = change.after;
        }
    }
    std::vector<workspace::PathEdit> out;
    for (auto& [path, edit] : folded)
        out.push_back(std::move(edit));
    return out;
}

const GitEntry* TreeState::entryOf(const std::string& path) const
{
    // Entries don't lie within one another (core/workflow/manifest.h).
    const auto found = std::ranges::find_if(m_entries, [&](const GitEntry& entry) {
        return path.size() > entry.path.size() && path.starts_with(entry.path) && path[entry.path.size()] == '/';
    });
    return found == m_entries.end() ? nullptr : &*found;
}

} // namespace gatehouse::engine
