#include "core/workspace/gitlibrary.h"

#include <mutex>

namespace gatehouse::workspace {

static int configureLibrary()
{
    for (const int level : {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL})
        if (const int status = git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, ""); status < 0)
            return status;
    return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
}

Result<void> startGit()
{
    // Never shut down: the process's end does that, and a second user may still hold an object.
    static std::once_flag once;
    static int status = 0;
    std::call_once(once, [] {
        status = git_libgit2_init();
        if (status >= 0)
            status = configureLibrary();
    });
    if (status < 0)
        return failGit("libgit2", "Could not start the library", status);
    return {};
}

std::unexpected<Error> failGit(const std::string& where, const char* what, int status)
{
    const git_error* last = git_error_last();
    const std::string why = last && last->message ? last->message : "error " + std::to_string(status);
    const ErrorCode code = status == GIT_ENOTFOUND ? ErrorCode::NotFound : ErrorCode::System;
    return fail(code, where, Message("%1: %2", {what, why}));
}

std::string gitHex(const git_oid& id)
{
    char text[GIT_OID_HEXSZ + 1];
    git_oid_tostr(text, sizeof text, &id);
    return text;
}

} // namespace gatehouse::workspace
