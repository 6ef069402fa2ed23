#include "widgets/authoring/authoringcontext.h"

#include "core/workflow/profile.h"
#include "core/workflow/project.h"

#include <algorithm>
#include <filesystem>

namespace gatehouse::widgets {

namespace fs = std::filesystem;

static void addProfilesOf(const std::string& directory, std::vector<QString>& out)
{
    std::error_code code;
    for (fs::directory_iterator it(fs::path(directory) / "profiles", code), end; !code && it != end; it.increment(code)) {
        if (!it->is_regular_file(code) || !it->path().filename().string().ends_with(".profile.json"))
            continue;
        const auto profile = workflow::loadProfile(it->path().string());
        if (profile.document)
            out.push_back(QString::fromStdString(profile.document->name));
    }
}

AuthoringContext readAuthoringContext(const std::string& workflowPath)
{
    AuthoringContext out;
    for (const std::string& name : workflow::builtinProfileNames())
        out.profiles.push_back(QString::fromStdString(name));
    std::error_code code;
    const auto directory = workflow::findProject(fs::absolute(workflowPath, code).parent_path().string());
    if (!directory)
        return out;
    const auto project = workflow::loadProject(*directory);
    if (!project.document)
        return out;
    for (const auto& [name, model] : project.document->models)
        out.models.push_back(QString::fromStdString(name));
    out.defaultModel = QString::fromStdString(project.document->defaultModel);
    addProfilesOf(*directory, out.profiles);
    std::ranges::sort(out.profiles);
    out.profiles.erase(std::ranges::unique(out.profiles).begin(), out.profiles.end());
    return out;
}

} // namespace gatehouse::widgets
