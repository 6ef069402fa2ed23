#include "tests/core/workflow/fixtureproject.h"

#include <filesystem>

namespace gatehouse::test {

FixtureProject::FixtureProject()
{
    write("gatehouse.json", R"({
  "schema": "gatehouse:project/1",
  "name": "fixture",
  "models": {
    "offline": { "api": "scripted", "script": "scripts/good.script.json" },
    "local": { "api": "chat-completions", "baseUrl": "http://127.0.0.1:11434/v1/", "model": "mistral-small", "key": "file:keys/local" }
  },
  "defaults": { "model": "offline" },
  "credentials": { "tickets": { "key": "env:TICKETS", "hosts": ["tickets.example.com"] } },
  "policies": ["policies/good.policy.json"]
})");
    write("scripts/good.script.json", R"({ "schema": "gatehouse:script/1", "agents": { "planner": [{ "final": "Done." }] } })");
    write("policies/good.policy.json", R"({ "schema": "gatehouse:policy/1", "id": "good", "layer": "project", "rules": [] })");
    write("profiles/wide.profile.json", R"({ "schema": "gatehouse:profile/1", "name": "wide", "limits": { "memory": "4GiB" } })");
    write("profiles/narrow.profile.json",
          R"({ "schema": "gatehouse:profile/1", "name": "narrow", "tools": ["calculate", "exec_command", "apply_patch"],
  "filesystem": { "workspace": "read-only" }, "limits": { "memory": "100MB", "call": "PT30S" }, "require": ["cgroup"] })");
    write("notes.txt", "notes");
    write("sources/repo/file", "x");
    write(".gatehouse/runs/r/journal.jsonl", "");
    m_outside.write("hostname", "outside");
    std::filesystem::create_directory_symlink(m_outside.path(), path("sources/outside"));
}

} // namespace gatehouse::test
