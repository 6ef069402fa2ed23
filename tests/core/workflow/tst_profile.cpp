#include "core/execution/isolation.h"
#include "core/execution/limits.h"
#include "core/workflow/profile.h"
#include "tests/core/workflow/fixtureproject.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

using namespace gatehouse;
using namespace gatehouse::workflow;
using namespace std::chrono_literals;

class TestProfile : public test::TestCase {
    Q_OBJECT

    static Profile load(const std::string& text)
    {
        const test::TemporaryFolder folder;
        const auto loaded = loadProfile(folder.write("p.profile.json", text));
        if (!loaded.document)
            qFatal("%s", loaded.problems.front().line().c_str());
        return *loaded.document;
    }

    static Profile withMember(const std::string& member)
    {
        return load(R"({ "schema": "gatehouse:profile/1", "name": "p", )" + member + " }");
    }

private Q_SLOTS:
    void layerNamesAreThoseOfTheSandbox()
    {
        std::vector<std::string> names;
        for (const execution::Layer layer : execution::allLayers())
            names.emplace_back(execution::layerName(layer));
        QCOMPARE(isolationLayerNames(), names);
    }

    void builtinProfilesHaveTheirFigures()
    {
        QCOMPARE(builtinProfileNames().size(), 4u);
        for (const std::string& name : builtinProfileNames()) {
            const auto profile = builtinProfile(name);
            QVERIFY(profile);
            const ProfileLimits& limits = profile->limits;
            QVERIFY(limits.cpu && limits.memory && limits.processes && limits.files && limits.fileSize && limits.disk && limits.inodes &&
                    limits.output && limits.call && limits.session && limits.run);
            QCOMPARE(profile->require.size(), 9u);
            QCOMPARE(profile->read.value(), std::vector<std::string>{"/usr"});
            QVERIFY(!profile->background.value());
        }
        QVERIFY(builtinProfile("delivery")->limits.memory == 2ull << 30);
        QVERIFY(builtinProfile("delivery")->limits.processes == 256u);
        QVERIFY(builtinProfile("delivery")->limits.call == 10min);
        QVERIFY(builtinProfile("delivery")->limits.run == 60min);
        QVERIFY(builtinProfile("draft")->limits.memory == 512ull << 20);
        QVERIFY(builtinProfile("draft")->limits.call == 60s);
        QVERIFY(builtinProfile("draft")->workspace == WorkspaceMode::Overlay);
        QVERIFY(builtinProfile("read-only")->workspace == WorkspaceMode::ReadOnly);
        QVERIFY(builtinProfile("read-only")->limits.memory == 256ull << 20);
        QVERIFY(builtinProfile("read-only")->limits.call == 30s);
        QVERIFY(builtinProfile("privileged")->workspace == WorkspaceMode::None);
        QVERIFY(!builtinProfile("privileged")->allowsTool("exec_command"));
        QVERIFY(builtinProfile("draft")->allowsTool("anything"));
        QVERIFY(!builtinProfile("other"));
    }

    void deliveryIsTheSandboxesDefault()
    {
        const execution::ResourceLimits limits;
        const ProfileLimits profile = builtinProfile("delivery")->limits;
        QVERIFY(profile.memory == limits.memory && profile.processes == limits.processes && profile.files == limits.files);
        QVERIFY(profile.fileSize == limits.fileSize && profile.disk == limits.disk && profile.inodes == limits.inodes);
        QVERIFY(profile.output == limits.output && profile.call == limits.call && profile.session == limits.session &&
                profile.run == limits.run);
    }

    void whatNarrowsHolds()
    {
        const Profile narrower = withMember(
            R"("tools": ["calculate"], "filesystem": { "workspace": "read-only", "read": ["/usr/share"], "hide": ["/usr/share/x"] },
            "limits": { "cpu": 0.5, "memory": "100MB", "call": "PT30S", "output": 1024 }, "require": ["cgroup"], "background": false)");
        const auto result = narrowProfile(*builtinProfile("draft"), narrower);
        QVERIFY(result.problems.empty());
        const Profile& profile = *result.document;
        QCOMPARE(profile.name, std::string("p"));
        QCOMPARE(*profile.tools, std::vector<std::string>{"calculate"});
        QVERIFY(profile.workspace == WorkspaceMode::ReadOnly);
        QCOMPARE(*profile.read, std::vector<std::string>{"/usr/share"});
        QCOMPARE(profile.hide, std::vector<std::string>{"/usr/share/x"});
        QVERIFY(profile.limits.cpu == 0.5 && profile.limits.memory == 100'000'000u && profile.limits.output == 1024u);
        QVERIFY(profile.limits.call == 30s && profile.limits.run == 30min && profile.limits.processes == 128u);
        QCOMPARE(profile.require.size(), 10u);
    }

    void whatWidensIsRefusedAndNamed_data()
    {
        QTest::addColumn<QString>("member");
        QTest::addColumn<QString>("pointer");
        const auto row = [](const char* member, const char* pointer) { QTest::newRow(pointer) << member << pointer; };
        row(R"("limits": { "memory": "1GiB" })", "/limits/memory");
        row(R"("limits": { "cpu": 2 })", "/limits/cpu");
        row(R"("limits": { "call": "PT61S" })", "/limits/call");
        row(R"("limits": { "run": "PT31M" })", "/limits/run");
        row(R"("limits": { "processes": 129 })", "/limits/processes");
        row(R"("limits": { "swap": 1 })", "/limits/swap");
        row(R"("filesystem": { "read": ["/usr", "/home"] })", "/filesystem/read");
        row(R"("filesystem": { "read": ["/usrlocal"] })", "/filesystem/read");
        row(R"("filesystem": { "write": ["/srv"] })", "/filesystem/write");
        row(R"("background": true)", "/background");
        row(R"("network": { "rules": [{ "via": "tunnel", "scheme": "https", "host": "a.example", "port": 443 }] })", "/network/rules");
    }

    void whatWidensIsRefusedAndNamed()
    {
        QFETCH(QString, member);
        QFETCH(QString, pointer);
        const auto result = narrowProfile(*builtinProfile("draft"), withMember(member.toStdString()));
        QVERIFY(!result.document);
        QCOMPARE(result.problems.size(), 1u);
        QCOMPARE(result.problems[0].rule, std::string("profile-widens"));
        QCOMPARE(result.problems[0].pointer, pointer.toStdString());
        QVERIFY(result.problems[0].position.line > 0);
        QVERIFY(result.problems[0].message.format().find(pointer.toStdString().substr(1)) != std::string::npos);
    }

    void workspaceAndToolsOnlyNarrow()
    {
        QVERIFY(!narrowProfile(*builtinProfile("read-only"), withMember(R"("filesystem": { "workspace": "overlay" })")).document);
        QVERIFY(narrowProfile(*builtinProfile("read-only"), withMember(R"("filesystem": { "workspace": "none" })")).document);
        QVERIFY(!narrowProfile(*builtinProfile("privileged"), withMember(R"("tools": ["exec_command"])")).document);
        QVERIFY(narrowProfile(*builtinProfile("privileged"), withMember(R"("tools": [])")).document);
    }

    void narrowingByItselfChangesNothing()
    {
        for (const std::string& name : builtinProfileNames()) {
            const auto result = narrowProfile(*builtinProfile(name), *builtinProfile(name));
            QVERIFY(result.problems.empty());
            QCOMPARE(result.document->digest(), builtinProfile(name)->digest());
        }
    }

    void whatIsNotEnforcedIsRefusedWhenRun()
    {
        for (const std::string& name : builtinProfileNames())
            GH_VERIFY(checkRunnable(*builtinProfile(name)));
        for (const char* member : {"\"filesystem\": { \"hide\": [\"/usr/share/x\"] }", "\"filesystem\": { \"write\": [\"/srv\"] }"}) {
            const auto runnable = checkRunnable(withMember(member));
            QVERIFY(!runnable);
            QVERIFY(runnable.error().code == ErrorCode::Unsupported);
            QVERIFY(runnable.error().where.find("p.profile.json:1:") != std::string::npos);
        }
    }

    void digestsTellProfilesApart()
    {
        QVERIFY(builtinProfile("draft")->digest() != builtinProfile("delivery")->digest());
        Profile changed = *builtinProfile("draft");
        changed.limits.call = 59s;
        QVERIFY(changed.digest() != builtinProfile("draft")->digest());
        QCOMPARE(changed.digest().size(), 64u);
    }

    void theProjectsProfileComesFirstAndOnlyNarrowsTheBuiltinOne()
    {
        const test::FixtureProject fixture;
        const auto project = loadProject(fixture.path());
        QVERIFY(project.document);
        QVERIFY(resolveProfile(*project.document, "draft").document->limits.memory == 512ull << 20);
        fixture.write("profiles/draft.profile.json",
                      R"({ "schema": "gatehouse:profile/1", "name": "draft", "limits": { "memory": "64MiB" } })");
        const auto own = resolveProfile(*project.document, "draft");
        QVERIFY(own.document && own.document->limits.memory == 64ull << 20 && own.document->limits.call == 60s);
        fixture.write("profiles/draft.profile.json",
                      R"({ "schema": "gatehouse:profile/1", "name": "draft", "limits": { "memory": "1GiB" } })");
        QCOMPARE(resolveProfile(*project.document, "draft").problems.at(0).rule, std::string("profile-widens"));
        QCOMPARE(resolveProfile(*project.document, "../gatehouse").problems.at(0).rule, std::string("unknown-profile"));
    }

    void theClassBoundsTheWorkflowsProfile()
    {
        const test::FixtureProject fixture;
        const auto project = loadProject(fixture.path());
        QVERIFY(project.document);
        Workflow workflow;
        workflow.executionClass = ExecutionClass::Delivery;
        QCOMPARE(effectiveProfile(*project.document, workflow).document->name, std::string("delivery"));
        workflow.profile = "narrow";
        const auto narrow = effectiveProfile(*project.document, workflow);
        QVERIFY(narrow.document && narrow.document->limits.memory == 100'000'000u && narrow.document->limits.run == 60min);
        const auto draft = effectiveProfile(*project.document, workflow, ExecutionClass::Draft);
        QVERIFY(draft.document && draft.document->limits.run == 30min);
        workflow.profile = "wide";
        QVERIFY(!effectiveProfile(*project.document, workflow).document);
        workflow.profile = "delivery";
        QVERIFY(!effectiveProfile(*project.document, workflow, ExecutionClass::Draft).document);
    }
};

GATEHOUSE_TEST_MAIN(TestProfile)
#include "tst_profile.moc"
