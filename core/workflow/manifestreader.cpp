#include "core/workflow/entrypath.h"
#include "core/workflow/paths.h"
#include "core/workflow/readcontext.h"
#include "core/workflow/secrets.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>

namespace gatehouse::workflow {

namespace {

struct EntryKind {
    std::string_view type;
    std::vector<std::string_view> required;
    std::vector<std::string_view> optional;
    bool mount = false;
};

const std::vector<EntryKind>& entryKinds()
{
    static const std::vector<EntryKind> kinds = {
        {"file", {"content"}, {}},
        {"dir", {}, {"children"}},
        {"local_file", {"src"}, {}},
        {"local_dir", {"src"}, {}},
        {"git_repo", {"repo"}, {"host", "ref", "subpath"}},
        {"s3_mount", {"bucket"}, {}, true},
        {"gcs_mount", {"bucket"}, {}, true},
        {"r2_mount", {"bucket"}, {}, true},
        {"azure_blob_mount", {"container"}, {}, true},
        {"box_mount", {}, {}, true},
        {"s3_files_mount", {"file_system_id"}, {}, true},
    };
    return kinds;
}

constexpr std::array<std::string_view, 5> commonKeys = {"type", "description", "ephemeral", "permissions", "group"};
// What the reference's mounts hold in the clear; here a credential of the project stands in their place.
constexpr std::array<std::string_view, 13> secretKeys = {
    "access_key_id", "secret_access_key", "session_token", "access_id",     "secret", "service_account_file", "service_account_credentials",
    "access_token",  "account_key",       "client_id",     "client_secret", "token",  "config_credentials"};

class ManifestReader {
public:
    explicit ManifestReader(const ReadContext& context) : m_context(context) { }

    Manifest read(const Node& node)
    {
        m_manifest.root = node.at("root").text(m_manifest.root);
        if (m_manifest.root != "/workspace")
            m_context.notSupported(node.at("root"), "A root other than /workspace");
        readEntries(node.at("entries"), {});
        // A parent's path is a prefix of its children's, so it comes first.
        std::ranges::sort(m_manifest.entries, {}, &ManifestEntry::path);
        checkOverlaps();
        readEnvironment(node.at("environment").at("value"));
        for (const char* key : {"users", "groups", "remote_mount_command_allowlist"}) {
            if (node.at(key).isArray() && !node.at(key).value().empty())
                m_context.notSupported(node.at(key), std::string("Manifest key ") + key);
        }
        if (node.at("extra_path_grants").isArray() && !node.at("extra_path_grants").value().empty())
            node.at("extra_path_grants")
                .keyError("A workflow can't grant itself folders; name them in gatehouse.json under grants", "self-grant");
        return std::move(m_manifest);
    }

private:
    void readEntries(const Node& node, const std::string& parent)
    {
        for (const auto& [name, entry] : node.members()) {
            if (const char* fault = entryPathFault(name))
                entry.keyError(fault, "entry-path");
            else
                readEntry(parent.empty() ? name : parent + '/' + name, entry);
        }
    }

    void readEntry(const std::string& path, const Node& node)
    {
        const std::string type = node.at("type").text();
        const auto kind = std::ranges::find(entryKinds(), type, &EntryKind::type);
        if (kind == entryKinds().end()) {
            if (node.at("type").isString())
                node.at("type").error(Message("There is no entry type \"%1\"; there is %2", {type, listed(typeNames())}), "entry-type");
            return;
        }
        checkKeys(node, *kind);
        ManifestEntry entry;
        entry.path = path;
        entry.description = node.at("description").text();
        entry.ephemeral = node.at("ephemeral").boolean().value_or(false);
        entry.mode = readMode(node.at("permissions"));
        entry.where = node.where();
        if (!node.at("group").isNull())
            m_context.notSupported(node.at("group"), "An entry's group");
        if (!m_paths.insert({path, node}).second) {
            node.keyError(Message("There is already an entry \"%1\"", {path}), "entry-overlap");
            return;
        }
        readContent(node, *kind, entry);
        m_manifest.entries.push_back(std::move(entry));
        if (type == "dir")
            readEntries(node.at("children"), path);
    }

    static std::vector<std::string> typeNames()
    {
        std::vector<std::string> out;
        for (const EntryKind& kind : std::span(entryKinds()).first(6))
            out.emplace_back(kind.type);
        return out;
    }

    static void checkKeys(const Node& node, const EntryKind& kind)
    {
        for (const std::string_view key : kind.required) {
            if (!node.at(key))
                node.keyError(Message("An entry of type %1 needs %2", {std::string(kind.type), std::string(key)}), "entry-incomplete");
        }
        for (const auto& [key, child] : node.members()) {
            if (std::ranges::find(secretKeys, key) != secretKeys.end())
                child.keyError("A secret has no place in a manifest; name a credential of the project", "key-value");
            else if (!kind.mount && std::ranges::find(commonKeys, key) == commonKeys.end() &&
                     std::ranges::find(kind.required, key) == kind.required.end() &&
                     std::ranges::find(kind.optional, key) == kind.optional.end() && knownElsewhere(key))
                child.keyWarning(Message("An entry of type %1 has no %2", {std::string(kind.type), key}), "unused-key");
        }
    }

    // Keys that no entry knows are the schema's to report.
    static bool knownElsewhere(const std::string& key)
    {
        for (const EntryKind& kind : entryKinds()) {
            if (std::ranges::find(kind.required, key) != kind.required.end() ||
                std::ranges::find(kind.optional, key) != kind.optional.end())
                return true;
        }
        return false;
    }

    static std::optional<std::uint32_t> readMode(const Node& node)
    {
        if (!node.isObject())
            return std::nullopt;
        const auto bits = [&](const char* key, std::uint32_t fallback) {
            return static_cast<std::uint32_t>(node.at(key).count().value_or(fallback)) & 7u;
        };
        return bits("owner", 7) << 6 | bits("group", 5) << 3 | bits("other", 5);
    }

    void readContent(const Node& node, const EntryKind& kind, ManifestEntry& entry)
    {
        if (kind.type == "file")
            entry.content = FileEntry{node.at("content").text()};
        else if (kind.type == "dir")
            entry.content = DirEntry{};
        else if (kind.type == "local_file")
            entry.content = LocalFileEntry{source(node.at("src"), PathKind::File)};
        else if (kind.type == "local_dir")
            entry.content = LocalDirEntry{folderSource(node.at("src"))};
        else if (kind.type == "git_repo")
            entry.content = readRepository(node);
        else {
            m_context.notSupported(node, "Entry type " + std::string(kind.type));
            checkCredential(node.at("credential"));
            entry.content = MountEntry{std::string(kind.type), node.value()};
        }
    }

    std::string source(const Node& node, PathKind kind) const
    {
        return node.isString() ? resolvePath(node, m_context.directory, m_context.project, kind).value_or("") : std::string();
    }

    // A copy of the whole project would present its runs.
    std::string folderSource(const Node& node) const
    {
        std::string out = source(node, PathKind::Folder);
        if (!out.empty() && isWithin(m_context.project.stateDirectory(), out))
            node.error("This folder holds .gatehouse, which is never presented; name the folder that the agent needs", "state-folder");
        return out;
    }

    GitRepoEntry readRepository(const Node& node)
    {
        GitRepoEntry out;
        out.host = node.at("host").text("github.com");
        out.repo = node.at("repo").text();
        out.ref = node.at("ref").text();
        out.subpath = node.at("subpath").text();
        if (node.at("ref").isString() && !isGitRef(out.ref))
            node.at("ref").error(Message("\"%1\" is no commit id, branch or tag", {out.ref}), "git-ref");
        const char* fault = node.at("subpath").isString() ? entryPathFault(out.subpath) : nullptr;
        if (fault)
            node.at("subpath").error(fault, "entry-path");
        if (out.host == "local")
            out.repo = source(node.at("repo"), PathKind::Folder);
        else
            checkRemote(node, out);
        return out;
    }

    void checkRemote(const Node& node, const GitRepoEntry& entry)
    {
        static const RE2 host("[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{1,5})?");
        static const RE2 repo("[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+");
        if (!RE2::FullMatch(entry.host, host))
            node.at("host").error("host is \"local\" or a host name", "git-host");
        if (node.at("repo").isString() && (!RE2::FullMatch(entry.repo, repo) || entryPathFault(entry.repo)))
            node.at("repo").error("On a server, repo is owner/name", "git-host");
        m_context.notSupported(node.at("host") ? node.at("host") : node, "A git_repo whose host is not \"local\"");
    }

    void checkCredential(const Node& node) const
    {
        if (node.isString() && !m_context.project.credentials.contains(node.text()))
            node.error(Message("The project has no credential \"%1\"", {node.text()}), "unknown-credential");
    }

    // Nothing stands beneath a file; the same path twice was reported when it came up.
    void checkOverlaps() const
    {
        std::set<std::string_view> files;
        for (const ManifestEntry& entry : m_manifest.entries) {
            if (std::holds_alternative<FileEntry>(entry.content) || std::holds_alternative<LocalFileEntry>(entry.content))
                files.insert(entry.path);
        }
        for (const ManifestEntry& entry : m_manifest.entries) {
            for (std::size_t slash = entry.path.find('/'); slash != std::string::npos; slash = entry.path.find('/', slash + 1)) {
                const std::string above = entry.path.substr(0, slash);
                if (files.contains(above))
                    m_paths.at(entry.path)
                        .keyError(Message("\"%1\" stands beneath \"%2\", which is a file", {entry.path, above}), "entry-overlap");
            }
        }
    }

    void readEnvironment(const Node& node)
    {
        static const RE2 expression("[A-Za-z_][A-Za-z0-9_]*");
        for (const auto& [name, child] : node.members()) {
            const Node value = child.isObject() ? child.at("value") : child;
            if (!RE2::FullMatch(name, expression))
                child.keyError(Message("\"%1\" is no name of a variable: letters, digits and _, no digit first", {name}), "environment");
            else if (name.starts_with("GATEHOUSE_"))
                child.keyError("Names that begin with GATEHOUSE_ are the program's own", "environment");
            else if (namesSecret(name) && !value.text().empty())
                value.error(Message("%1 by its name is a secret; a sandbox gets none. Use a credential of the project", {name}),
                            "key-value");
            else if (value.text().find('\0') != std::string::npos)
                value.error("The value holds a NUL", "environment");
            else
                m_manifest.environment.emplace(name, value.text());
        }
    }

    const ReadContext& m_context;
    Manifest m_manifest;
    std::map<std::string, Node> m_paths; // every entry that was read
};

} // namespace

Manifest readManifest(const Node& node, const ReadContext& context)
{
    return ManifestReader(context).read(node);
}

} // namespace gatehouse::workflow
