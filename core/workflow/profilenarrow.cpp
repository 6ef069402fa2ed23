#include "core/workflow/documentfile.h"
#include "core/workflow/limitfields.h"
#include "core/workflow/node.h"
#include "core/workflow/profile.h"

#include <re2/re2.h>

#include <algorithm>
#include <filesystem>

namespace gatehouse::workflow {

namespace fs = std::filesystem;

namespace {

// Builds the narrower profile of two, and a problem for whatever would widen.
class Narrowing {
public:
    Narrowing(const Profile& wider, const Profile& narrower) : m_wider(wider), m_narrower(narrower), m_out(wider) { }

    Loaded<Profile> run()
    {
        m_out.source = m_narrower.source;
        m_out.name = m_narrower.name;
        m_out.places = m_narrower.places;
        narrowTools();
        narrowFilesystem();
        narrowLimits();
        narrowNetwork();
        if (m_narrower.background.value_or(false) && !m_wider.background.value_or(false))
            widens("/background", "true", "false");
        if (m_narrower.background)
            m_out.background = *m_narrower.background && m_wider.background.value_or(false);
        uniteRequired();
        if (!m_narrower.backend.empty())
            m_out.backend = m_narrower.backend;
        return finished(std::move(m_out), std::move(m_problems));
    }

private:
    void widens(const std::string& pointer, const std::string& asked, const std::string& allowed)
    {
        const auto place = m_narrower.places.find(pointer);
        m_problems.push_back({Severity::Error, m_narrower.source.path, place == m_narrower.places.end() ? TextPosition() : place->second,
                              pointer,
                              Message("The profile \"%1\" may only narrow \"%2\": %3 asks for %4, which allows %5",
                                      {m_narrower.name, m_wider.name, pointer.substr(1), asked, allowed}),
                              "profile-widens"});
    }

    void narrowTools()
    {
        if (!m_narrower.tools)
            return;
        std::vector<std::string> both;
        for (const std::string& tool : *m_narrower.tools) {
            if (m_wider.allowsTool(tool))
                both.push_back(tool);
            else
                widens("/tools", tool, m_wider.tools->empty() ? "no tool" : listed(*m_wider.tools));
        }
        m_out.tools = std::move(both);
    }

    void narrowFilesystem()
    {
        if (m_narrower.workspace && m_wider.workspace && *m_narrower.workspace > *m_wider.workspace)
            widens("/filesystem/workspace", std::string(workspaceModeName(*m_narrower.workspace)),
                   std::string(workspaceModeName(*m_wider.workspace)));
        else if (m_narrower.workspace)
            m_out.workspace = m_narrower.workspace;
        narrowPaths("/filesystem/read", m_wider.read, m_narrower.read, m_out.read);
        narrowPaths("/filesystem/write", m_wider.write, m_narrower.write, m_out.write);
        for (const std::string& path : m_narrower.hide) {
            if (std::ranges::find(m_out.hide, path) == m_out.hide.end())
                m_out.hide.push_back(path);
        }
    }

    void narrowPaths(const std::string& pointer, const std::optional<std::vector<std::string>>& wider,
                     const std::optional<std::vector<std::string>>& narrower, std::optional<std::vector<std::string>>& out)
    {
        if (!narrower)
            return;
        std::vector<std::string> both;
        for (const std::string& path : *narrower) {
            const bool inside = !wider ||
                std::ranges::any_of(*wider, [&](const std::string& allowed) { return path == allowed || path.starts_with(allowed + '/'); });
            if (inside)
                both.push_back(path);
            else
                widens(pointer, path, listed(*wider));
        }
        out = std::move(both);
    }

    template <typename T, typename Show> void narrowLimit(std::string_view name, const std::optional<T>& wider,
                                                          const std::optional<T>& narrower, std::optional<T>& out, Show show)
    {
        if (narrower && wider && *narrower > *wider)
            widens("/limits/" + std::string(name), show(*narrower), show(*wider));
        else if (narrower)
            out = narrower;
    }

    void narrowLimits()
    {
        const ProfileLimits& wider = m_wider.limits;
        const ProfileLimits& narrower = m_narrower.limits;
        const auto number = [](auto value) { return std::to_string(value); };
        narrowLimit("cpu", wider.cpu, narrower.cpu, m_out.limits.cpu, number);
        for (const CountLimit& limit : countLimits)
            narrowLimit(limit.name, wider.*limit.field, narrower.*limit.field, m_out.limits.*limit.field, number);
        const auto duration = [](std::chrono::milliseconds value) { return std::to_string(value.count()) + " ms"; };
        for (const DurationLimit& limit : durationLimits)
            narrowLimit(limit.name, wider.*limit.field, narrower.*limit.field, m_out.limits.*limit.field, duration);
    }

    // A built-in profile has no rules of its own and takes the project's; beyond that a rule must stand in the wider one.
    void narrowNetwork()
    {
        if (m_narrower.networkRules.empty())
            return;
        const bool takesRules = m_wider.name == "delivery" && m_wider.source.path.empty();
        for (const nlohmann::json& rule : m_narrower.networkRules) {
            if (!takesRules && std::ranges::find(m_wider.networkRules, rule) == m_wider.networkRules.end())
                widens("/network/rules", "a network rule", "fewer");
        }
        m_out.networkRules = m_narrower.networkRules;
    }

    void uniteRequired()
    {
        std::vector<std::string> both;
        const auto has = [](const Profile& profile, const std::string& layer) {
            return std::ranges::find(profile.require, layer) != profile.require.end();
        };
        std::ranges::copy_if(isolationLayerNames(), std::back_inserter(both),
                             [&](const std::string& layer) { return has(m_wider, layer) || has(m_narrower, layer); });
        m_out.require = std::move(both);
    }

    const Profile& m_wider;
    const Profile& m_narrower;
    Profile m_out;
    std::vector<Problem> m_problems;
};

Loaded<Profile> notFound(const Project& project, const std::string& name)
{
    Loaded<Profile> out;
    out.problems.push_back({Severity::Error,
                            project.source.path,
                            {},
                            {},
                            Message("There is no profile \"%1\": neither profiles/%1.profile.json nor a built-in one (%2)",
                                    {name, listed(builtinProfileNames())}),
                            "unknown-profile"});
    return out;
}

void append(std::vector<Problem>& to, std::vector<Problem> from)
{
    std::ranges::move(from, std::back_inserter(to));
}

} // namespace

Loaded<Profile> narrowProfile(const Profile& wider, const Profile& narrower)
{
    return Narrowing(wider, narrower).run();
}

Loaded<Profile> resolveProfile(const Project& project, const std::string& name)
{
    static const RE2 expression("[a-z0-9][a-z0-9-]{0,63}");
    const auto builtin = builtinProfile(name);
    const std::string path = project.directory + "/profiles/" + name + ".profile.json";
    std::error_code code;
    if (!RE2::FullMatch(name, expression) || !fs::exists(path, code))
        return builtin ? Loaded<Profile>{*builtin, {}} : notFound(project, name);
    Loaded<Profile> own = loadProfile(path);
    if (!own.document || !builtin)
        return own;
    Loaded<Profile> out = narrowProfile(*builtin, *own.document);
    append(out.problems, std::move(own.problems));
    return out;
}

Loaded<Profile> effectiveProfile(const Project& project, const Workflow& workflow, std::optional<ExecutionClass> executionClass)
{
    const std::string classProfile(className(executionClass.value_or(workflow.executionClass)));
    Loaded<Profile> bound = resolveProfile(project, classProfile);
    if (!bound.document || !workflow.profile || *workflow.profile == classProfile)
        return bound;
    Loaded<Profile> own = resolveProfile(project, *workflow.profile);
    if (!own.document)
        return own;
    Loaded<Profile> out = narrowProfile(*bound.document, *own.document);
    append(out.problems, std::move(own.problems));
    append(out.problems, std::move(bound.problems));
    return out;
}

} // namespace gatehouse::workflow
