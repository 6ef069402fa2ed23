#include "tests/support/testmain.h"

#include "core/engine/runplan.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testresult.h"

using namespace gatehouse;

class TestRunPlan : public test::TestCase {
    Q_OBJECT

    static engine::RunRequest project(const test::TemporaryFolder& folder, const std::string& point, const std::string& effect)
    {
        folder.write("gatehouse.json", R"({"schema": "gatehouse:project/1", "name": "p",
            "models": {"m": {"api": "scripted", "script": "s.script.json"}}, "defaults": {"model": "m"}, "policies": ["p.policy.json"]})");
        folder.write("s.script.json", R"({"schema": "gatehouse:script/1", "agents": {"a": [{"final": "ok"}]}})");
        folder.write("p.policy.json",
                     R"({"schema": "gatehouse:policy/1", "id": "p", "layer": "project", "rules": [
            {"id": "R", "effect": ")" +
                         effect + R"(", "points": [")" + point + R"("], "when": {}, "reason": "r"}]})");
        folder.write("w.workflow.json", R"({"schema": "gatehouse:workflow/1", "name": "w", "class": "draft", "entry": "a", "task": "t",
            "agents": {"a": {"instructions": "i"}}, "manifest": {"version": 1, "entries": {}}})");
        engine::RunRequest request;
        request.project = folder.path();
        request.workflow = folder.path("w.workflow.json");
        request.requester = "ann";
        return request;
    }

private Q_SLOTS:
    // A rule that this version would not check is refused, not ignored.
    void unguardedRulesAreRefused_data()
    {
        QTest::addColumn<QString>("point");
        QTest::addColumn<QString>("effect");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("deny at input") << "input" << "deny" << true;
        QTest::newRow("ask at tool") << "tool" << "ask" << true;
        QTest::newRow("allow at model.request") << "model.request" << "allow" << true;
        QTest::newRow("deny at model.request") << "model.request" << "deny" << false;
        QTest::newRow("deny at tool.result") << "tool.result" << "deny" << false;
        QTest::newRow("ask at run.open") << "run.open" << "ask" << false;
    }

    void unguardedRulesAreRefused()
    {
        QFETCH(QString, point);
        QFETCH(QString, effect);
        QFETCH(bool, accepted);
        test::TemporaryFolder folder;
        const auto plan = engine::makePlan(project(folder, point.toStdString(), effect.toStdString()));
        if (accepted)
            GH_VERIFY(plan);
        else
            QVERIFY(!plan && plan.error().code == ErrorCode::Unsupported && plan.error().where.find("p.policy.json:") != std::string::npos);
    }

    void aTaskIsNeeded()
    {
        test::TemporaryFolder folder;
        engine::RunRequest request = project(folder, "input", "allow");
        request.task = "";
        QVERIFY(!engine::makePlan(request));
        request.model = "nobody";
        request.task = "t";
        const auto plan = engine::makePlan(request);
        QVERIFY(!plan && plan.error().toString().find("nobody") != std::string::npos);
    }

    void theProfileBecomesTheSandbox()
    {
        test::TemporaryFolder folder;
        GH_VALUE(const auto plan, engine::makePlan(project(folder, "tool", "allow")));
        const execution::SandboxSpec spec = engine::sandboxSpec(*plan);
        QVERIFY(spec.access == execution::WorkspaceAccess::Overlay);
        QCOMPARE(spec.limits.memory, std::uint64_t{512} << 20);
        QVERIFY(!spec.require.empty());
    }
};

GATEHOUSE_TEST_MAIN(TestRunPlan)
#include "tst_runplan.moc"
