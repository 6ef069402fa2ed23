#include "core/workflow/templates.h"

#include "core/base/jsondocument.h"
#include "core/foundation/beneath.h"
#include "resources/resources.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>

#include <cstdio>
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
        return ProjectTemplate{
            name, value.at("description"), value.at("repositories"), value.at("branch"), value.at("commitMessage"), value.at("workflow")};
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

enum class Target { Absent, EmptyFolder };

static Result<Target> inspect(const fs::path& target)
{
    std::error_code code;
    const auto status = fs::symlink_status(target, code);
    if (!fs::exists(status))
        return Target::Absent;
    const Message advice("Name one that doesn't exist yet or is empty");
    if (!fs::is_directory(status))
        return fail(ErrorCode::AlreadyExists, target.string(), "This is no folder", advice);
    if (!fs::is_empty(target, code) || code)
        return fail(ErrorCode::AlreadyExists, target.string(), "The folder is not empty; nothing was written", advice);
    return Target::EmptyFolder;
}

static Result<std::string> temporaryFolder(const fs::path& in)
{
    std::string out = (in / ".gatehouse-new-XXXXXX").string();
    if (!::mkdtemp(out.data()))
        return failErrno(in.string(), "Could not write here", errno);
    return out;
}

// Into a place that was empty when we looked. What was put there in the meantime stays.
static Result<void> moveWhole(const std::string& from, const fs::path& target)
{
    if (::chmod(from.c_str(), 0755) == 0 && ::rename(from.c_str(), target.c_str()) == 0)
        return {};
    if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
        return fail(ErrorCode::AlreadyExists, target.string(), "Something was put there in the meantime; nothing was written");
    return failErrno(target.string(), "Could not make the project", errno);
}

// Into a folder that stays the one it is: somebody's working directory, or where something is mounted.
static Result<void> moveEntries(const std::string& from, const fs::path& target)
{
    std::vector<fs::path> names;
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(from, code))
        names.push_back(entry.path().filename());
    // gatehouse.json comes last: until then the folder is no project.
    std::ranges::sort(names, {}, [](const fs::path& name) { return std::pair(name == "gatehouse.json", name); });
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (::renameat2(AT_FDCWD, (fs::path(from) / names[i]).c_str(), AT_FDCWD, (target / names[i]).c_str(), RENAME_NOREPLACE) == 0)
            continue;
        const auto failure = failErrno((target / names[i]).string(), "Could not make the project", errno);
        for (std::size_t done = 0; done < i; ++done)
            fs::remove_all(target / names[done], code);
        return failure;
    }
    fs::remove(from, code);
    return {};
}

static Result<void> build(const std::string& name, const fs::path& target, Target state)
{
    std::error_code code;
    fs::create_directories(target.parent_path(), code);
    GH_ASSIGN(const std::string building, temporaryFolder(state == Target::Absent ? target.parent_path() : target));
    Result<void> done = writeTemplate(name, building);
    if (done)
        done = state == Target::Absent ? moveWhole(building, target) : moveEntries(building, target);
    if (!done)
        fs::remove_all(building, code);
    return done;
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
    GH_ASSIGN(const Target state, inspect(path));
    GH_TRY(build(name, path, state));
    return found;
}

} // namespace gatehouse::workflow
