// A workflow document open for a test: a project from a template or a text of the test's own, read from a folder that goes with it.
#pragma once

#include "tests/support/temporaryfolder.h"
#include "widgets/authoring/workflowdocument.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>
#include <string>
#include <string_view>

namespace gatehouse::test {

// Two agents, a tool, data; short enough to read in a test, with letters of one to four bytes.
inline constexpr std::string_view smallWorkflow = R"({
  "schema": "gatehouse:workflow/1",
  "name": "credit-note",
  "class": "draft",
  "entry": "planner",
  "task": "Prüfe 😀 die Gutschrift",
  "x-note": {"kept":   "as it is"},
  "agents": {
    "planner": {
      "instructions": "Mend {{repo}} – first read task.md",
      "model": "offline",
      "tools": ["check"],
      "handoffs": ["reviewer", "auditor"],
      "limits": { "turns": 40 }
    },
    "reviewer": { "instructions": "Review", "capabilities": [] }
  },
  "tools": {
    "check": {
      "description": "Checks",
      "parameters": { "type": "object", "properties": {}, "additionalProperties": false },
      "command": ["sh", "check.sh"]
    }
  },
  "manifest": {
    "entries": {
      "repo": { "type": "dir" },
      "notes.md": { "type": "file", "content": "ä" }
    }
  }
}
)";
inline constexpr std::string_view smallProject = R"({
  "schema": "gatehouse:project/1",
  "name": "small",
  "models": { "offline": { "api": "scripted", "script": "offline.script.json" }, "other": { "api": "scripted", "script": "offline.script.json" } },
  "defaults": { "model": "offline" }
}
)";

class OpenWorkflow {
public:
    explicit OpenWorkflow(std::string_view text = smallWorkflow) : background(QStringLiteral("test"))
    {
        folder.write("gatehouse.json", smallProject);
        folder.write("offline.script.json",
                     R"({"schema": "gatehouse:script/1", "agents": {"planner": [{"final": "Done"}], "reviewer": [{"final": "Done"}]}})");
        folder.write("tools/check.sh", "true\n");
        path = folder.write("workflows/small.workflow.json", text);
        document = std::make_unique<widgets::WorkflowDocument>(QString::fromStdString(path), background);
        document->load();
    }

    // Read, and judged.
    [[nodiscard]] bool isReady() const
    {
        return QTest::qWaitFor([this] { return document->state() != widgets::WorkflowDocument::State::Loading; }, 10'000) && isJudged();
    }
    [[nodiscard]] bool isJudged() const
    {
        return QTest::qWaitFor([this] { return document->areProblemsCurrent(); }, 10'000);
    }
    // The member of the document's value.
    [[nodiscard]] nlohmann::json value(const char* pointer) const
    {
        const nlohmann::json whole = nlohmann::json::parse(document->text(), nullptr, false);
        const nlohmann::json::json_pointer place(pointer);
        return !whole.is_discarded() && whole.contains(place) ? whole.at(place) : nlohmann::json();
    }

    TemporaryFolder folder;
    std::string path;
    widgets::BackgroundThread background;
    std::unique_ptr<widgets::WorkflowDocument> document;
};

} // namespace gatehouse::test
