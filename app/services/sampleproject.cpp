#include "app/services/sampleproject.h"

#include "core/workspace/commitfolder.h"

#include <filesystem>
#include <utility>

namespace gatehouse::app {

Result<workflow::ProjectTemplate> makeSampleProject(const std::string& name, const std::string& folder)
{
    GH_ASSIGN(workflow::ProjectTemplate made, workflow::createFromTemplate(name, folder));
    for (const std::string& repository : made.repositories) {
        if (auto committed = workspace::commitFolder(folder + "/" + repository, made.branch, made.commitMessage); !committed) {
            std::error_code ignored;
            std::filesystem::remove_all(folder, ignored);
            return std::unexpected(std::move(committed.error()));
        }
    }
    return made;
}

} // namespace gatehouse::app
