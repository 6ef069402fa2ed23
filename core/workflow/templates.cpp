#include "core/workflow/templates.h"

#include "core/base/jsondocument.h"
#include "core/foundation/beneath.h"
#include "resources/resources.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::workflow {

namespace fs = std::filesystem;

static constexpr std::string_view folder = "templates/";
static constexpr std::string_view description = "template.json";

std::vector<std::string> templateNames()
{
    std::set<std::string> names;
    for (const auto& resource : resources::all()) {
        if (resource.path.starts_with(folder))
            names.emplace(resource.path.substr(folder.size(), resource.path.find('/', folder.size()) - folder.size()));
    }
    return {names.begin(), names.end()};
}

static Result<JsonDocument> describe(const std::string& name)
{
    const std::string path = std::string(folder) + name + '/' + std::string(description);
    const auto text = name.find('/') == std::string::npos ? resources::find(path) : std::nullopt;
    if (text)
        return JsonDocument::parse(std::string(*text), path);
    std::string known;
    for (const std::string& each : templateNames())
        known += (known.empty() ? "" : ", ") + each;
    return fail(ErrorCode::NotFound, name, "There is no such template", Message("Take one of: %1", {known}));
}

Result<ProjectTemplate> findTemplate(const std::string& name)
{
    GH_ASSIGN(const JsonDocument document, describe(name));
    const nlohmann::json& value = document.value();
    // Embedded and tested: a missing field is a defect of the template, not of the user.
    try {
        return ProjectTemplate{name, value.at("description"), value.at("repositories"), value.at("commitMessage"), value.at("workflow")};
    } catch (const nlohmann::json::exception& exception) {
        return fail(ErrorCode::Internal, document.name(), Message("The template's description is broken: %1", {exception.what()}));
    }
}

static Result<void> writeResource(int directory, const std::string& path, std::string_view bytes)
{
    const std::size_t slash = path.rfind('/');
    if (slash != std::string::npos)
        GH_TRY(makeDirectoriesBeneath(directory, path.substr(0, slash), 0755));
    const mode_t mode = bytes.starts_with("#!") ? 0755 : 0644;
    GH_ASSIGN(const UniqueFd fd, openBeneath(directory, path, O_WRONLY | O_CREAT | O_EXCL, mode));
    GH_TRY(writeAll(fd.get(), path, bytes));
    // The template's mode, whatever the umask: the sample's commit has it in its digest.
    if (::fchmod(fd.get(), mode) != 0 || ::fsync(fd.get()) != 0)
        return failErrno(path, "Could not write", errno);
    return {};
}

static Result<void> writeTemplate(const std::string& name, const std::string& into)
{
    GH_ASSIGN(const UniqueFd directory, openDirectory(into));
    const std::string prefix = std::string(folder) + name + '/';
    for (const auto& resource : resources::all()) {
        if (resource.path.starts_with(prefix) && resource.path.substr(prefix.size()) != description)
            GH_TRY(writeResource(directory.get(), std::string(resource.path.substr(prefix.size())), resource.bytes));
    }
    return {};
}

static Result<void> checkTarget(const std::string& target)
{
    std::error_code code;
    const auto status = fs::symlink_status(target, code);
    if (!fs::exists(status))
        return {};
    if (!fs::is_directory(status))
        return fail(ErrorCode::AlreadyExists, target, "This is no folder", "Name one that doesn't exist yet or is empty");
    if (!fs::is_empty(target, code) || code)
        return fail(ErrorCode::AlreadyExists, target, "The folder is not empty; nothing was written", "Name one that doesn't exist yet or is empty");
    return {};
}

// An empty folder gives way to the new one; a folder that got something in the meantime doesn't.
static Result<void> moveInto(const std::string& from, const std::string& target)
{
    if (::rename(from.c_str(), target.c_str()) != 0)
        return errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR
            ? fail(ErrorCode::AlreadyExists, target, "Something was put there in the meantime; nothing was written")
            : failErrno(target, "Could not make the project", errno);
    return {};
}

Result<ProjectTemplate> createFromTemplate(const std::string& name, const std::string& target)
{
    GH_ASSIGN(ProjectTemplate found, findTemplate(name));
    std::error_code code;
    fs::path path = fs::absolute(target, code).lexically_normal();
    if (target.empty() || target.find('\0') != std::string::npos || code)
        return fail(ErrorCode::InvalidInput, target, "This is no path for a project");
    if (!path.has_filename())
        path = path.parent_path();
    GH_TRY(checkTarget(path.string()));
    fs::create_directories(path.parent_path(), code);
    std::string building = (path.parent_path() / (".gatehouse-new-XXXXXX")).string();
    if (!::mkdtemp(building.data()))
        return failErrno(path.parent_path().string(), "Could not write here", errno);
    Result<void> done = writeTemplate(name, building);
    if (done && ::chmod(building.c_str(), 0755) != 0)
        done = failErrno(building, "Could not write", errno);
    if (done)
        done = moveInto(building, path.string());
    if (!done) {
        fs::remove_all(building, code);
        return std::unexpected(std::move(done).error());
    }
    return found;
}

} // namespace gatehouse::workflow
