#include "app/services/engineservices.h"

#include "core/model/makeclient.h"

#include <QStandardPaths>

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

std::string sandboxRoot()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation).toStdString() + "/gatehouse/sandboxes";
}

} // namespace gatehouse::app
