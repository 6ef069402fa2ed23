#include "core/engine/workplace.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::engine {

namespace {

Result<void> makePrivateFolder(const std::string& path)
{
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return failErrno(path, "Could not make the folder", errno);
    struct stat status = {};
    if (::lstat(path.c_str(), &status) != 0)
        return failErrno(path, "Could not inspect the folder", errno);
    // Somebody else's folder, or a link, in our place: what we put there would be theirs.
    if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 0077) != 0)
        return fail(ErrorCode::Setup, path, "The folder for sandboxes is not a private folder of yours",
                    "Remove it, or set XDG_CACHE_HOME");
    return {};
}

Result<void> makeParents(const std::string& path)
{
    if (!path.starts_with('/'))
        return fail(ErrorCode::Setup, "XDG_CACHE_HOME", "There is no place for the folders of sandboxes",
                    "Set it, or HOME, to an absolute path");
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
    if (error)
        return fail(ErrorCode::Setup, path, Message("Could not make the folder: %1", {error.message()}),
                    "Set XDG_CACHE_HOME to a folder that you can write to");
    return {};
}

void removeTree(const std::string& folder)
{
    // What the sandbox wrote may have taken our own permission away; remove_all stops there, so give it back first.
    std::error_code ignored;
    for (int attempt = 0; attempt < 2 && std::filesystem::exists(folder, ignored); ++attempt) {
        std::filesystem::remove_all(folder, ignored);
        for (std::filesystem::recursive_directory_iterator it(folder, std::filesystem::directory_options::skip_permission_denied, ignored),
             end;
             !ignored && it != end; it.increment(ignored)) {
            if (it->is_directory(ignored) && !it->is_symlink(ignored))
                std::filesystem::permissions(it->path(), std::filesystem::perms::owner_all, std::filesystem::perm_options::add, ignored);
        }
    }
}

// What is wrong with a source is wrong with what the user gave.
template <typename T> Result<T> fromSources(Result<T> result)
{
    if (result)
        return result;
    switch (result.error().code) {
    case ErrorCode::NotFound:
    case ErrorCode::AlreadyExists:
    case ErrorCode::PermissionDenied:
    case ErrorCode::Unsupported:
        result.error().code = ErrorCode::InvalidInput;
        break;
    default:
        break;
    }
    return result;
}

// As a manifest entry: links and special files are refused, bytes and executable bits kept, and a digest over all of it.
Result<std::string> copyTools(const RunPlan& plan, const std::string& target, const CancelToken& cancel)
{
    workflow::Manifest tools;
    workflow::ManifestEntry entry;
    entry.path = "tools";
    entry.content = workflow::LocalDirEntry{plan.project.toolsDirectory()};
    entry.where = plan.project.toolsDirectory();
    tools.entries.push_back(std::move(entry));
    GH_ASSIGN(const auto receipts, fromSources(manifest::materialise(tools, plan.project, target, cancel)));
    return receipts.empty() ? std::string() : receipts.front().sha256;
}

} // namespace

Result<std::unique_ptr<Workplace>> Workplace::open(const RunPlan& plan, execution::SandboxBackend& sandboxes, const std::string& root,
                                                   const std::string& run, const CancelToken& cancel)
{
    std::unique_ptr<Workplace> place(new Workplace);
    GH_TRY(makeParents(root));
    GH_TRY(makePrivateFolder(root));
    place->m_folder = root + '/' + run;
    removeTree(place->m_folder);
    GH_TRY(makePrivateFolder(place->m_folder));
    const std::string source = place->m_folder + "/source";
    const std::string state = place->m_folder + "/state";
    GH_TRY(makePrivateFolder(source));
    GH_TRY(makePrivateFolder(state));
    GH_ASSIGN(place->m_receipts, fromSources(manifest::materialise(plan.workflow.manifest, plan.project, source, cancel)));

    place->m_spec = sandboxSpec(plan);
    place->m_spec.workspace = source;
    place->m_spec.state = state;
    std::error_code ignored;
    if (std::filesystem::is_directory(plan.project.toolsDirectory(), ignored)) {
        place->m_spec.tools = place->m_folder + "/tools";
        GH_TRY(makePrivateFolder(place->m_spec.tools));
        GH_ASSIGN(place->m_toolsDigest, copyTools(plan, place->m_spec.tools, cancel));
        place->m_spec.tools += "/tools";
    }
    GH_ASSIGN(place->m_session, sandboxes.open(place->m_spec, cancel));
    return place;
}

Workplace::~Workplace()
{
    if (m_session)
        m_session->close();
    m_session.reset();
    if (!m_folder.empty())
        removeTree(m_folder);
}

Result<void> Workplace::rebuild(const workspace::KnownState& known, const workspace::BytesSource& source)
{
    GH_ASSIGN(const workspace::Rebuild rebuild, known.rebuild(source));
    if (!rebuild.missing.empty())
        return fail(
            ErrorCode::Unsupported, rebuild.missing.front(),
            Message("The workspace can't be rebuilt: %1 changed paths were too large to be kept", {std::to_string(rebuild.missing.size())}),
            "Start a new run");
    for (const std::vector<execution::FileCommit>& batch : rebuild.batches) {
        if (auto done = m_session->commitFiles(batch); !done) {
            done.error().code = ErrorCode::Setup;
            return std::unexpected(std::move(done).error());
        }
    }
    return {};
}

} // namespace gatehouse::engine
