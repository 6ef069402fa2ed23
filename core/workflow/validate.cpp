#include "core/workflow/validate.h"

#include "core/workflow/documentfile.h"
#include "core/workflow/profile.h"
#include "core/workflow/project.h"
#include "core/workflow/script.h"
#include "core/workflow/workflow.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace gatehouse::workflow {

namespace fs = std::filesystem;

namespace {

// ".workflow.json" and its kin; "" when the name tells nothing.
std::string kindOfName(const std::string& path)
{
    const std::string name = fs::path(path).filename().string();
    if (name == projectFileName)
        return "project";
    for (const char* kind : {"workflow", "script", "profile", "policy"}) {
        if (name.ends_with("." + std::string(kind) + ".json"))
            return kind;
    }
    return {};
}

// "gatehouse:policy/1" is a policy.
std::string kindOfContent(const std::string& path)
{
    const auto document = JsonDocument::read(path);
    if (!document || !document->value().is_object())
        return {};
    const auto schema = document->value().find("schema");
    if (schema == document->value().end() || !schema->is_string())
        return {};
    const std::string& text = schema->get_ref<const std::string&>();
    for (const char* kind : {"project", "workflow", "script", "profile", "policy"}) {
        if (text == "gatehouse:" + std::string(kind) + "/1")
            return kind;
    }
    return {};
}

class Validation {
public:
    Validation() = default;
    // unsaved: of the workflow at path, instead of the file's.
    Validation(std::string path, const std::string& unsaved) : m_unsavedPath(std::move(path)), m_unsaved(&unsaved) { }

    void workflowText() { workflowInProject(m_unsavedPath); }

    void project(const std::string& directory)
    {
        Loaded<Project> loaded = loadProject(directory);
        take(std::move(loaded.problems));
        const std::string root = loaded.document ? loaded.document->directory : directory;
        if (loaded.document) {
            referenced(*loaded.document);
            eachIn(root, "workflows", "workflow", [&](const std::string& path) { workflow(path, *loaded.document); });
        } else {
            // Without its project a workflow's references mean nothing; its shape is checked even so.
            eachIn(root, "workflows", "workflow", [&](const std::string& path) { take(openDocument(path, "workflow").problems); });
        }
        eachIn(root, "policies", "policy", [&](const std::string& path) { policy(path); });
        eachIn(root, "profiles", "profile", [&](const std::string& path) { profile(path, loaded.document); });
        eachIn(root, "scripts", "script", [&](const std::string& path) { script(path); });
    }

    void document(const std::string& path)
    {
        const std::string named = kindOfName(path);
        const std::string kind = named.empty() ? kindOfContent(path) : named;
        if (kind == "workflow")
            workflowInProject(path);
        else if (kind == "project")
            take(loadProject(fs::absolute(path).parent_path().string()).problems);
        else if (kind == "script")
            script(path);
        else if (kind == "profile")
            take(loadProfile(path).problems);
        else if (kind == "policy")
            policy(path);
        else
            m_problems.push_back(
                {Severity::Error, path, {}, {}, "Neither the name nor \"schema\" says what kind of document this is", "kind"});
    }

    std::vector<Problem> finish()
    {
        sortProblems(m_problems);
        return std::move(m_problems);
    }

private:
    void take(std::vector<Problem> problems) { std::ranges::move(problems, std::back_inserter(m_problems)); }

    // Links are followed once: m_seen holds canonical paths.
    bool isNew(const std::string& path)
    {
        std::error_code code;
        return m_seen.insert(fs::weakly_canonical(path, code).string()).second;
    }

    template <typename Visit> void eachIn(const std::string& root, const std::string& folder, const std::string& kind, Visit visit)
    {
        std::error_code code;
        std::vector<std::string> paths;
        for (fs::recursive_directory_iterator it(fs::path(root) / folder, code), end; !code && it != end; it.increment(code)) {
            if (kindOfName(it->path().string()) == kind && it->is_regular_file(code))
                paths.push_back(it->path().string());
        }
        if (code && code != std::errc::no_such_file_or_directory)
            m_problems.push_back(
                {Severity::Error, root + '/' + folder, {}, {}, Message("Could not read the folder: %1", {code.message()}), "unreadable"});
        std::ranges::sort(paths);
        std::ranges::for_each(paths, visit);
    }

    void referenced(const Project& project)
    {
        for (const std::string& path : project.policies)
            policy(path);
        for (const auto& [name, model] : project.models) {
            if (!model.script.empty())
                script(model.script);
        }
    }

    void workflow(const std::string& path, const Project& project)
    {
        if (!isNew(path))
            return;
        Loaded<Workflow> loaded = loadWorkflow(path, project, unsavedOf(path));
        take(std::move(loaded.problems));
        if (!loaded.document)
            return;
        for (const std::string& each : loaded.document->policies)
            policy(each);
    }

    void workflowInProject(const std::string& path)
    {
        std::error_code code;
        if (!unsavedOf(path) && !fs::exists(path, code))
            return take(openDocument(path, "workflow").problems);
        const auto directory = findProject(fs::absolute(path).parent_path().string());
        if (!directory) {
            m_problems.push_back({Severity::Error, path, {}, {}, "No folder above this workflow holds gatehouse.json", "unknown-project"});
            return;
        }
        Loaded<Project> loaded = loadProject(*directory);
        if (loaded.document)
            return workflow(path, *loaded.document);
        take(std::move(loaded.problems));
        take(openDocument(path, "workflow", unsavedOf(path)).problems);
    }

    [[nodiscard]] const std::string* unsavedOf(const std::string& path) const { return path == m_unsavedPath ? m_unsaved : nullptr; }

    void policy(const std::string& path)
    {
        if (isNew(path))
            take(openDocument(path, "policy").problems);
    }

    void script(const std::string& path)
    {
        if (isNew(path))
            take(loadScript(path).problems);
    }

    void profile(const std::string& path, const std::optional<Project>& project)
    {
        if (!isNew(path))
            return;
        Loaded<Profile> loaded = loadProfile(path);
        take(std::move(loaded.problems));
        // A project's "delivery" may only narrow the built-in one.
        if (loaded.document && project)
            take(resolveProfile(*project, loaded.document->name).problems);
    }

    std::vector<Problem> m_problems;
    std::set<std::string> m_seen;
    std::string m_unsavedPath;
    const std::string* m_unsaved = nullptr; // the caller's
};

} // namespace

std::vector<Problem> validateProject(const std::string& directory)
{
    Validation validation;
    validation.project(directory);
    return validation.finish();
}

std::vector<Problem> validateDocument(const std::string& path)
{
    Validation validation;
    validation.document(path);
    return validation.finish();
}

std::vector<Problem> validateWorkflowText(const std::string& path, const std::string& text)
{
    Validation validation(path, text);
    validation.workflowText();
    return validation.finish();
}

} // namespace gatehouse::workflow
