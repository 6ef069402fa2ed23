// The way of a step with nothing in place of the real parts: a manifest becomes a workspace, tools act in a real sandbox,
// the host collects what changed, git takes the patch, and another sandbox is brought to the same state.
#include "core/foundation/beneath.h"
#include "core/manifest/materialise.h"
#include "core/tools/applypatch.h"
#include "core/tools/commandtool.h"
#include "core/tools/execcommand.h"
#include "core/workflow/workflow.h"
#include "core/workspace/collectedits.h"
#include "core/workspace/commitfolder.h"
#include "core/workspace/patch.h"
#include "core/workspace/treestore.h"
#include "sandbox/backends/localbackend.h"
#include "tests/core/workspace/realgit.h"
#include "tests/support/places.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <nlohmann/json.hpp>

using namespace gatehouse;
using namespace gatehouse::workspace;
using execution::FileKind;
using nlohmann::json;

namespace {

using Blobs = std::map<std::string, std::string>;

// What the engine does with a step: bytes into the journal, references into the state.
std::vector<PathEdit> stored(std::vector<PathEdit> edits, Blobs& blobs)
{
    for (PathEdit& edit : edits) {
        if (edit.bytesBefore)
            blobs[edit.before.blob = edit.before.sha256] = *edit.bytesBefore;
        if (edit.bytesAfter)
            blobs[edit.after.blob = edit.after.sha256] = *edit.bytesAfter;
    }
    return edits;
}

} // namespace

class TestRealSandbox : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        backends::LocalOptions options;
        options.worker = test::programPath("gatehouse-worker");
        m_backend = backends::makeLocalBackend(options);
        GH_VERIFY(m_backend->start());
    }

    void stepsBecomePatchesAndCanBeMadeAgain()
    {
        test::TemporaryFolder folder;
        workflow::Project project;
        project.directory = std::filesystem::canonical(folder.path()).string();
        const std::string source = project.directory + "/repo";
        test::writeTable(source,
                         {{"a.txt", {FileKind::Regular, 0644, "one\ntwo\nthree\n"}},
                          {"run.sh", {FileKind::Regular, 0644, "echo hi\n"}},
                          {"old/x", {FileKind::Regular, 0644, "x"}},
                          {"swap", {FileKind::Regular, 0644, "s"}}});
        GH_VERIFY(commitFolder(source, "main", "Start"));
        workflow::Manifest manifest;
        manifest.entries.push_back({"repo", workflow::GitRepoEntry{"local", source, "main", {}}, {}, false, {}, {}});
        const std::string target = folder.path("target");
        std::filesystem::create_directory(target);
        GH_VERIFY(manifest::materialise(manifest, project, target));

        execution::SandboxSpec spec;
        spec.workspace = target;
        spec.limits.memory = 512u << 20;
        GH_VALUE(const auto session, m_backend->open(spec, {}));
        GH_VALUE(const auto exec, tools::makeExecCommand(spec.limits));
        GH_VALUE(const auto patcher, tools::makeApplyPatch());
        KnownState known;
        Blobs blobs;
        const BytesSource bytes = [&](const std::string& path, const PathVersion& version) -> Result<std::string> {
            const auto found = blobs.find(version.blob);
            if (found == blobs.end())
                return fail(ErrorCode::NotFound, path, "no blob");
            return found->second;
        };
        GH_VALUE(const auto store, TreeStore::open(folder.path("store")));
        GH_VALUE(const UniqueFd sourceFd, openDirectory(source));
        GH_VALUE(std::string tree, store->import(sourceFd.get(), "main", {}, source));
        std::string steps;

        const auto perform = [&](const execution::Tool& tool, const json& arguments) {
            const auto prepared =
                tool.prepare({"c" + std::to_string(steps.size()), tool.schema().name, arguments.dump()}, session->workspace());
            GH_VERIFY(prepared);
            const auto outcome = tool.perform(*prepared, *session, nullptr, {});
            GH_VERIFY(outcome);
            QVERIFY2(!outcome->error, outcome->text.c_str());
            const auto edits = collectEdits(outcome->changes, session->workspace(), known, bytes);
            GH_VERIFY(edits);
            const std::vector<PathEdit> step = stored(*edits, blobs);
            GH_VERIFY(known.apply(step));
            const auto patch = makePatch(step, {.prefix = "repo"});
            GH_VERIFY(patch);
            // Each step's patch goes on top of the ones before.
            const auto applied = test::git(source, {"apply", "-"}, patch->text);
            QVERIFY2(patch->text.empty() || applied.status == 0, (applied.error + patch->text).c_str());
            const auto written = store->write(tree, step, "repo");
            GH_VERIFY(written);
            tree = written->tree;
        };
        perform(*exec,
                {{"cmd",
                  "sed -i s/two/2/ a.txt; chmod +x run.sh; rm -r old; ln -s a.txt link; mkdir -p new/deep; printf end > new/deep/f; touch "
                  "a.txt"},
                 {"workdir", "repo"}});
        perform(*patcher,
                {{"patch",
                  "*** Begin Patch\n*** Update File: repo/a.txt\n one\n-2\n+zwei\n*** Add File: repo/notes/n\n+note\n*** End Patch\n"}});
        perform(*exec,
                {{"cmd",
                  "rm swap; mkdir swap; head -c 3000 /dev/urandom > swap/random; rm new/deep/f; printf 'odd name' > \"$(printf "
                  "'n\\n\\033x')\""},
                 {"workdir", "repo"}});
        perform(*exec, {{"cmd", "printf x > elsewhere; cat repo/a.txt > /dev/null"}});

        // The steps one after the other, and the whole run at once, make what the sandbox holds.
        const std::string listing =
            "cd repo && find . -type f -print0 | sort -z | xargs -0 sha256sum; find . -type l; find . -perm -100 -type f";
        const auto listed = [&](execution::SandboxSession& which) {
            execution::ExecRequest request;
            request.argv = {"/bin/sh", "-c", listing};
            const auto outcome = which.exec(request, nullptr, {});
            return outcome ? outcome->output.head + outcome->error.head : outcome.error().toString();
        };
        const std::string inside = listed(*session);
        QVERIFY2(inside.find("a.txt") != std::string::npos, inside.c_str());
        GH_VALUE(const auto runEdits, known.runEdits(bytes, 1u << 20));
        GH_VALUE(const Patch runPatch, makePatch(runEdits, {.prefix = "repo"}));
        QCOMPARE(runPatch.excluded.size(), std::size_t(0));
        test::TemporaryFolder clone;
        QCOMPARE(test::git(clone.path(), {"clone", "-q", source, "repo"}).status, 0);
        const auto whole = test::git(clone.path("repo"), {"apply", "-"}, runPatch.text);
        QVERIFY2(whole.status == 0, whole.error.c_str());
        QCOMPARE(test::describe(test::readTable(clone.path("repo"))), test::describe(test::readTable(source)));
        test::FileTable kept;
        GH_VERIFY(store->read(tree, [&](GitFile&& file) -> Result<void> {
            kept[file.path] = {file.kind == GitKind::Link ? FileKind::Symlink : FileKind::Regular,
                               file.kind == GitKind::Executable ? 0755u : 0644u, file.bytes};
            return {};
        }));
        QCOMPARE(test::describe(kept), test::describe(test::readTable(source)));

        // A new process: the same manifest, the steps' commits, the same files.
        session->close();
        GH_VALUE(const auto second, m_backend->open(spec, {}));
        GH_VALUE(const Rebuild rebuild, known.rebuild(bytes));
        QVERIFY(rebuild.missing.empty());
        for (const auto& batch : rebuild.batches)
            GH_VERIFY(second->commitFiles(batch));
        QCOMPARE(listed(*second), inside);
        second->close();
    }

    void aLargeFileIsDigestedInPieces()
    {
        GH_VALUE(const auto session, m_backend->open({}, {}));
        execution::ExecRequest request;
        request.argv = {"/bin/sh", "-c", "head -c 5000000 /dev/zero > big"};
        GH_VALUE(const auto outcome, session->exec(request, nullptr, {}));
        EditLimits limits;
        limits.fileBytes = 1000;
        GH_VALUE(const auto edits, collectEdits(outcome.changes, session->workspace(), {}, {}, limits));
        QCOMPARE(edits.size(), std::size_t(1));
        QCOMPARE(edits[0].after.sha256, sha256Hex(std::string(5000000, '\0')));
        QVERIFY(!edits[0].bytesAfter);
    }

    void aCommandToolGetsItsArguments()
    {
        test::TemporaryFolder folder;
        folder.write("tools/echo.sh", "cat; printf '|'; cat \"$GATEHOUSE_ARGUMENTS_FILE\"; printf '|'; pwd\n");
        execution::SandboxSpec spec;
        spec.tools = folder.path("tools");
        ::chmod(folder.path().c_str(), 0755);
        GH_VALUE(const auto session, m_backend->open(spec, {}));
        workflow::ToolDefinition definition;
        definition.name = "echo";
        definition.parameters = json::parse(R"({"type":"object"})");
        definition.kind = workflow::CommandTool{{"sh", "echo.sh"}, std::chrono::seconds(20)};
        GH_VALUE(const auto tool, tools::makeCommandTool(definition));
        const std::string arguments = R"({"a": "ä"})";
        GH_VALUE(const auto prepared, tool->prepare({"c", "echo", arguments}, session->workspace()));
        GH_VALUE(const auto outcome, tool->perform(prepared, *session, nullptr, {}));
        QCOMPARE(outcome.text, arguments + '|' + arguments + "|/opt/tools");
        QVERIFY(!outcome.error);
    }

    void aLimitIsNamed()
    {
        execution::SandboxSpec spec;
        spec.limits.call = std::chrono::milliseconds(500);
        GH_VALUE(const auto session, m_backend->open(spec, {}));
        GH_VALUE(const auto exec, tools::makeExecCommand(spec.limits));
        GH_VALUE(const auto prepared, exec->prepare({"c", "exec_command", R"({"cmd":"echo begun; sleep 60"})"}, session->workspace()));
        GH_VALUE(const auto outcome, exec->perform(prepared, *session, nullptr, {}));
        QVERIFY2(outcome.text.find("Process ended by limit: call (") != std::string::npos, outcome.text.c_str());
        QVERIFY(outcome.text.ends_with("Output:\nbegun\n"));
        QVERIFY(outcome.error);
    }

private:
    std::unique_ptr<backends::LocalBackend> m_backend;
};

GATEHOUSE_TEST_MAIN(TestRealSandbox)
#include "tst_realsandbox.moc"
