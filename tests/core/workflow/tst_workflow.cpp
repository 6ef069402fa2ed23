// Good documents: what the value structs hold. Bad ones are in tst_documents.
#include "core/foundation/sha256.h"
#include "core/workflow/instructions.h"
#include "core/workflow/workflow.h"
#include "tests/core/workflow/fixtureproject.h"
#include "tests/support/places.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <filesystem>

using namespace gatehouse;
using namespace gatehouse::workflow;
using namespace std::chrono_literals;

// Everything that this version runs.
static const std::string document = test::readFile(test::sourcePath("tests/data/documents/all.workflow.json"));

class TestWorkflow : public test::TestCase {
    Q_OBJECT

    static Loaded<Workflow> load(const test::FixtureProject& fixture, const std::string& text)
    {
        const auto project = loadProject(fixture.path());
        if (!project.document)
            qFatal("the fixture is broken: %s", project.problems.front().line().c_str());
        return loadWorkflow(fixture.write("workflows/all.workflow.json", text), *project.document);
    }

    static std::string replaced(std::string text, const std::string& from, const std::string& to)
    {
        const std::size_t at = text.find(from);
        if (at == std::string::npos)
            qFatal("nothing to replace: %s", from.c_str());
        return text.replace(at, from.size(), to);
    }

private Q_SLOTS:
    void aGoodDocumentIsReadWhole()
    {
        const test::FixtureProject fixture;
        const auto loaded = load(fixture, document);
        QVERIFY2(loaded.problems.empty(), loaded.problems.empty() ? "" : loaded.problems.front().line().c_str());
        const Workflow& workflow = *loaded.document;
        QCOMPARE(workflow.name, std::string("all"));
        QVERIFY(workflow.executionClass == ExecutionClass::Delivery);
        QCOMPARE(workflow.source.sha256, sha256Hex(document));
        QCOMPARE(workflow.policies.size(), 1u);
        QCOMPARE(workflow.task, std::string("Do it."));
        QCOMPARE(workflow.artifacts, std::vector<std::string>{"output/**"});
        const AgentDefinition& planner = workflow.entryAgent();
        QCOMPARE(planner.model, std::string("local"));
        QCOMPARE(planner.toolNames(), (std::vector<std::string>{"apply_patch", "calculate"}));
        QCOMPARE(*planner.limits.turns, 40u);
        QCOMPARE(planner.limits.cost->micros, 2'000'000);
        QVERIFY(*planner.limits.run == 30min);
        const AgentDefinition& other = workflow.agents.at("other");
        QCOMPARE(other.model, std::string("offline"));
        QCOMPARE(other.toolNames(), (std::vector<std::string>{"exec_command", "apply_patch"}));
        const ToolDefinition& tool = workflow.tools.at("calculate");
        QCOMPARE(std::get<CommandTool>(tool.kind).command, (std::vector<std::string>{"sh", "calculate.sh"}));
        QVERIFY(*std::get<CommandTool>(tool.kind).timeout == 10s);
        QVERIFY(tool.where.ends_with("all.workflow.json:21:18"));
        GH_VERIFY(checkRunnable(workflow));
    }

    void theManifestHasPlainEntriesInOrder()
    {
        const test::FixtureProject fixture;
        const auto loaded = load(fixture, document);
        QVERIFY(loaded.document);
        const Manifest& manifest = loaded.document->manifest;
        std::vector<std::string> shown;
        for (const ManifestEntry& entry : manifest.entries)
            shown.push_back(entry.path + ' ' + entryTypeName(entry));
        QCOMPARE(shown,
                 (std::vector<std::string>{"copy local_dir", "docs dir", "docs/empty dir", "docs/guide.md local_file", "notes.md file",
                                           "repo git_repo"}));
        QCOMPARE(std::get<FileEntry>(manifest.entries[4].content).content, std::string("grüß"));
        QCOMPARE(*manifest.entries[4].mode, 0640u);
        QVERIFY(manifest.entries[0].ephemeral);
        const auto canonical = std::filesystem::canonical(fixture.path()).string();
        QCOMPARE(std::get<LocalFileEntry>(manifest.entries[3].content).source, canonical + "/notes.txt");
        const auto& repo = std::get<GitRepoEntry>(manifest.entries[5].content);
        QCOMPARE(repo.repo, canonical + "/sources/repo");
        QCOMPARE(repo.ref, std::string("4c1f9e0"));
        QCOMPARE(repo.subpath, std::string("src"));
        QCOMPARE(manifest.environment, (std::map<std::string, std::string>{{"LANG", "C.UTF-8"}, {"LONG", "y"}, {"MODE", "x"}}));
    }

    void variablesAreFilledOnceAndOtherBracesAreText()
    {
        const test::FixtureProject fixture;
        const auto loaded = load(fixture, document);
        QVERIFY(loaded.document);
        QCOMPARE(loaded.document->entryAgent().instructions, std::string("repo and docs/guide.md, {{{x}}, {{a\n}}, {{}}, {{"));
        const auto again =
            fillVariables("{{a}}{{b}}", [](std::string_view name) { return std::optional("{{" + std::string(name) + "}}"); });
        QCOMPARE(again, std::string("{{a}}{{b}}"));
    }

    void layoutAndFormattingChangeNoDigest()
    {
        const test::FixtureProject fixture;
        const auto digest = [&](const std::string& text) { return load(fixture, text).document->digest; };
        const std::string first = digest(document);
        QCOMPARE(first.size(), 64u);
        QCOMPARE(digest(replaced(document, "[1, 2]", "[3, 4]")), first);
        QCOMPARE(digest(replaced(document, "\"Do it.\"", "   \"Do \\u0069t.\"")), first);
        QVERIFY(digest(replaced(document, "\"Do it.\"", "\"Do that.\"")) != first);
    }

    void whatComesLaterIsAWarningAndRefusedWhenRun()
    {
        const test::FixtureProject fixture;
        const auto loaded =
            load(fixture, replaced(document, R"("entries": {)", R"("entries": { "data": { "type": "s3_mount", "bucket": "b" },)"));
        QVERIFY(loaded.document);
        QCOMPARE(loaded.problems.size(), 1u);
        QVERIFY(loaded.problems[0].severity == Severity::Warning);
        const auto runnable = checkRunnable(*loaded.document);
        QVERIFY(!runnable);
        QVERIFY(runnable.error().code == ErrorCode::Unsupported);
        QVERIFY(runnable.error().where.find("all.workflow.json:") != std::string::npos);
        QVERIFY(runnable.error().toString().find("s3_mount") != std::string::npos);
    }

    void theProjectIsReadWholeAndKeysAreReferences()
    {
        const test::FixtureProject fixture;
        const auto loaded = loadProject(fixture.path());
        QVERIFY(loaded.document);
        const Project& project = *loaded.document;
        const auto canonical = std::filesystem::canonical(fixture.path()).string();
        QCOMPARE(project.directory, canonical);
        const ModelDefinition& local = project.models.at("local");
        QVERIFY(local.api == ModelApi::ChatCompletions);
        QCOMPARE(local.baseUrl, std::string("http://127.0.0.1:11434/v1"));
        QVERIFY(local.key->kind == KeyReference::Kind::File);
        QCOMPARE(local.key->name, canonical + "/keys/local");
        QCOMPARE(project.models.at("offline").script, canonical + "/scripts/good.script.json");
        QCOMPARE(project.credentials.at("tickets").key->toString(), std::string("env:TICKETS"));
        QCOMPARE(project.defaultBackend, std::string("local"));
    }

    void theNearestProjectAboveIsFound()
    {
        const test::FixtureProject fixture;
        GH_VALUE(const std::string found, findProject(fixture.path("sources/repo")));
        QCOMPARE(found, std::filesystem::canonical(fixture.path()).string());
        const test::TemporaryFolder empty;
        QVERIFY(findProject(empty.path()).error().code == ErrorCode::NotFound);
        QVERIFY(findProject(empty.path("none")).error().code == ErrorCode::NotFound);
    }

    void aGrantOpensAFolderBesideTheProject()
    {
        const test::FixtureProject fixture;
        const test::TemporaryFolder outside;
        outside.write("data/file", "x");
        const std::string text = replaced(document, "../sources/repo\", \"ephemeral\"", outside.path("data") + "\", \"ephemeral\"");
        QVERIFY(!load(fixture, text).document);
        std::string project = test::readFile(fixture.path("gatehouse.json"));
        project.insert(project.rfind('}'), R"(, "grants": [{ "path": ")" + outside.path("data") + R"(", "reason": "shared data" }])");
        fixture.write("gatehouse.json", project);
        const auto loaded = load(fixture, text);
        QVERIFY2(loaded.document, loaded.problems.empty() ? "" : loaded.problems.front().line().c_str());
        // Beside the granted folder is still outside.
        QVERIFY(!load(fixture, replaced(text, outside.path("data"), outside.path("data/.."))).document);
        QVERIFY(!load(fixture, replaced(text, outside.path("data"), outside.path("data2"))).document);
    }

    void aWorkflowBehindALinkedFolderIsStillReadWhereItLies()
    {
        const test::FixtureProject fixture;
        std::filesystem::create_directory_symlink(fixture.path("sources"), fixture.path("linked"));
        const auto loaded = load(fixture, replaced(document, "../sources/repo\", \"ephemeral\"", "../linked/repo\", \"ephemeral\""));
        QVERIFY(loaded.document);
        QCOMPARE(std::get<LocalDirEntry>(loaded.document->manifest.entries[0].content).source,
                 std::filesystem::canonical(fixture.path("sources/repo")).string());
    }
};

GATEHOUSE_TEST_MAIN(TestWorkflow)
#include "tst_workflow.moc"
