#include "app/services/engineservices.h"

#include "core/model/makeclient.h"

#include <QtGlobal>

#include <pwd.h>
#include <unistd.h>
#include <vector>

namespace gatehouse::app {

EngineServices::EngineServices(backends::LocalOptions options) : m_sandboxes(backends::makeLocalBackend(std::move(options))) { }

Result<void> EngineServices::start()
{
    return m_sandboxes->start();
}

engine::RunServices EngineServices::forRuns()
{
    const auto makeClient = [this](const engine::RunPlan& plan) -> Result<std::unique_ptr<model::ModelClient>> {
        GH_TRY(start());
        return model::makeClient(plan.model, m_keys, {plan.tokensPerSecond, {}});
    };
    return {*m_sandboxes, m_clock, makeClient, sandboxRoot()};
}

std::string principal()
{
    std::vector<char> buffer(16384);
    struct passwd entry = {};
    struct passwd* found = nullptr;
    if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found && *found->pw_name)
        return found->pw_name;
    return "uid-" + std::to_string(::getuid());
}

std::string buildName()
{
    return "gatehouse " GATEHOUSE_VERSION;
}

// The folder that a variable names, if it is absolute: the base directory specification says that others are ignored.
static std::string absoluteFolder(const char* variable)
{
    std::string value = qgetenv(variable).toStdString();
    return value.starts_with('/') ? value : std::string();
}

static std::string homeOfUser()
{
    std::vector<char> buffer(16384);
    struct passwd entry = {};
    struct passwd* found = nullptr;
    const bool known = ::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr;
    return known && found->pw_dir != nullptr && *found->pw_dir == '/' ? found->pw_dir : std::string();
}

std::string sandboxRoot()
{
    const std::string cache = absoluteFolder("XDG_CACHE_HOME");
    if (!cache.empty())
        return cache + "/gatehouse/sandboxes";
    const std::string home = absoluteFolder("HOME").empty() ? homeOfUser() : absoluteFolder("HOME");
    return home.empty() ? std::string() : home + "/.cache/gatehouse/sandboxes";
}

} // namespace gatehouse::app
