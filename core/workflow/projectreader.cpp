#include "core/workflow/documentfile.h"
#include "core/workflow/keyreference.h"
#include "core/workflow/node.h"
#include "core/workflow/paths.h"
#include "core/workflow/project.h"

#include <re2/re2.h>

#include <algorithm>
#include <filesystem>

namespace gatehouse::workflow {

namespace fs = std::filesystem;

namespace {

ModelApi apiOf(const std::string& name)
{
    for (const ModelApi api : {ModelApi::Responses, ModelApi::ChatCompletions, ModelApi::Messages}) {
        if (modelApiName(api) == name)
            return api;
    }
    return ModelApi::Scripted;
}

ModelParameters readParameters(const Node& node)
{
    ModelParameters out;
    out.temperature = node.at("temperature").number();
    out.topP = node.at("topP").number();
    out.maxOutputTokens = node.at("maxOutputTokens").integer();
    out.reasoningEffort = node.at("reasoningEffort").optionalText();
    return out;
}

// http(s), a host, no password, no query: what "/chat/completions" can be put behind.
std::string readBaseUrl(const Node& model)
{
    const Node node = model.at("baseUrl");
    std::string out = node.text();
    static const RE2 expression("https?://(?:[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?");
    if (!node)
        model.error("A model with a server needs baseUrl", "model-server");
    else if (node.isString() && !RE2::FullMatch(out, expression))
        node.error("baseUrl is no address such as https://api.example.com/v1; it has no user, password, query or fragment", "base-url");
    while (out.ends_with('/'))
        out.pop_back();
    return out;
}

void readServer(const Node& node, ModelDefinition& out)
{
    out.baseUrl = readBaseUrl(node);
    out.model = node.at("model").text();
    if (!node.at("model"))
        node.error("A model with a server needs model, the server's name for it", "model-server");
    if (node.at("script"))
        node.at("script").keyWarning("Only a scripted model has a script", "unused-key");
}

void readScripted(const Node& node, ModelDefinition& out, const Project& project)
{
    if (!node.at("script"))
        node.error("A scripted model needs script, the path of its script", "model-script");
    else if (node.at("script").isString())
        out.script = resolvePath(node.at("script"), project.directory, project, PathKind::File).value_or("");
    for (const char* key : {"baseUrl", "model", "key"}) {
        if (node.at(key))
            node.at(key).keyWarning(Message("A scripted model has no %1", {key}), "unused-key");
    }
}

ModelDefinition readModel(const std::string& name, const Node& node, const Project& project)
{
    ModelDefinition out;
    out.name = name;
    out.where = node.where();
    out.api = apiOf(node.at("api").text());
    out.key = readKey(node.at("key"), project.directory);
    out.parameters = readParameters(node.at("parameters"));
    out.silence = node.at("silence").parsed(parseDuration, "duration").value_or(std::chrono::milliseconds(0));
    if (node.at("api").text() == "scripted")
        readScripted(node, out, project);
    else if (node.at("api").isString())
        readServer(node, out);
    return out;
}

Credential readCredential(const std::string& name, const Node& node, const Project& project)
{
    Credential out;
    out.name = name;
    out.where = node.where();
    out.key = readKey(node.at("key"), project.directory);
    out.exec = node.at("exec").texts();
    out.kind = node.at("kind").text();
    out.header = node.at("as").at("header").text();
    out.value = node.at("as").at("value").text();
    out.hosts = node.at("hosts").texts();
    out.ttl = node.at("ttl").parsed(parseDuration, "duration").value_or(std::chrono::milliseconds(0));
    if (node.isObject() && node.at("key").isNull() == node.at("exec").isNull())
        node.error("A credential has either key or exec", "credential");
    if (node.at("as").at("value").isString() && out.value.find("{}") == std::string::npos)
        node.at("as").at("value").error("The header's value must hold {} where the key goes, never the key", "credential");
    return out;
}

// A grant may not be so wide that it means nothing.
void readGrant(const Node& node, Project& project)
{
    const std::string text = node.at("path").text();
    if (text.empty())
        return;
    std::error_code code;
    const std::string path = fs::canonical(fs::path(project.directory) / text, code).string();
    if (code)
        node.at("path").error(Message("\"%1\" can't be found: %2", {text, code.message()}), "missing-file");
    else if (isWithin(project.directory, path))
        node.at("path").error(Message("\"%1\" holds the project itself: a grant is a folder beside it", {text}), "grant-too-wide");
    else
        project.grants.push_back({path, node.at("reason").text()});
}

void readDefaults(const Node& node, Project& project)
{
    project.defaultModel = node.at("model").text();
    project.defaultBackend = node.at("backend").text("local");
    if (!project.defaultModel.empty() && !project.models.contains(project.defaultModel)) {
        std::vector<std::string> names;
        std::ranges::transform(project.models, std::back_inserter(names), [](const auto& entry) { return entry.first; });
        node.at("model").error(Message("There is no model \"%1\"; there is %2", {project.defaultModel, listed(names)}), "unknown-model");
    }
}

Project readProject(const Node& root, const DocumentFile& file)
{
    Project out;
    out.source = file.source;
    out.directory = file.directory;
    out.name = root.at("name").text();
    for (const Node& grant : root.at("grants").items())
        readGrant(grant, out);
    for (const auto& [name, node] : root.at("models").members())
        out.models.emplace(name, readModel(name, node, out));
    readDefaults(root.at("defaults"), out);
    for (const auto& [name, node] : root.at("credentials").members())
        out.credentials.emplace(name, readCredential(name, node, out));
    for (const Node& policy : root.at("policies").items()) {
        if (auto path = policy.isString() ? resolvePath(policy, out.directory, out, PathKind::File) : std::nullopt)
            out.policies.push_back(*std::move(path));
    }
    if (root.at("roster").isString())
        out.roster = resolvePath(root.at("roster"), out.directory, out, PathKind::File);
    out.retention = root.at("retention").parsed(parsePeriod, "duration");
    if (root.at("windows").isArray())
        out.windows = root.at("windows").value();
    return out;
}

} // namespace

Loaded<Project> loadProject(const std::string& directory)
{
    // One spelling of the folder in every problem, wherever it was reached from.
    std::error_code code;
    const fs::path canonical = fs::canonical(directory, code);
    DocumentFile file = openDocument(((code ? fs::path(directory) : canonical) / projectFileName).string(), "project");
    if (!file.document)
        return {std::nullopt, std::move(file.problems)};
    Project project = readProject(Node(*file.document, file.problems), file);
    return finished(std::move(project), std::move(file.problems));
}

} // namespace gatehouse::workflow
