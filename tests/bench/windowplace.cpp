#include "tests/bench/windowplace.h"

#include <cerrno>
#include <cstdio>
#include <sys/stat.h>

namespace gatehouse::bench {

namespace {

Result<Environment> ownFolders(const Setting& setting)
{
    Environment environment;
    environment.emplace_back("HOME", setting.folder);
    for (const char* name : {"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"})
        environment.emplace_back(name, setting.folder + "/xdg");
    const std::string runtime = setting.folder + "/runtime";
    if (::mkdir(runtime.c_str(), 0700) != 0 && errno != EEXIST)
        return failErrno(runtime, "Could not make the folder", errno);
    environment.emplace_back("XDG_RUNTIME_DIR", runtime);
    // What a platform can't do is no matter of the figures.
    environment.emplace_back("QT_LOGGING_RULES", "default.warning=false");
    return environment;
}

} // namespace

Result<WindowPlace> visiblePlace(const Setting& setting)
{
    WindowPlace place;
    GH_ASSIGN(place.environment, ownFolders(setting));
    GH_ASSIGN(place.display, Display::start(setting.folder, place.environment));
    place.environment.insert(place.environment.end(), place.display->environment().begin(), place.display->environment().end());
    place.environment.emplace_back("QT_QPA_PLATFORM", "xcb");
    return place;
}

Result<WindowPlace> windowPlace(const Setting& setting)
{
    Result<WindowPlace> visible = visiblePlace(setting);
    if (visible || visible.error().code != ErrorCode::NotFound)
        return visible;
    static bool said = false;
    if (!said)
        std::fprintf(stderr, "gatehouse-bench: %s; windows are painted offscreen, where nobody could see a frame\n",
                     visible.error().toString().c_str());
    said = true;
    WindowPlace place;
    GH_ASSIGN(place.environment, ownFolders(setting));
    place.environment.emplace_back("QT_QPA_PLATFORM", "offscreen");
    return place;
}

} // namespace gatehouse::bench
