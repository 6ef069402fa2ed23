// The layers that this machine must have, by the committed table; every other missing one is said and counted.
#include "tests/sandbox/sandboxtest.h"
#include "tests/support/places.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testresult.h"

#include <nlohmann/json.hpp>

#include <cstdlib>

using namespace gatehouse;
using execution::LayerState;

class TestLayers : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void everyLayerIsMeasured();
    void requiredLayersAreThere();
    void missingRequiredLayerRefuses();
    void withoutWorkerSaysWhatToDo();
};

void TestLayers::everyLayerIsMeasured()
{
    const auto backend = test::makeBackend();
    GH_VALUE(const auto report, backend->probe());
    QCOMPARE(report.layers.size(), execution::layerCount);
    for (const auto& layer : report.layers) {
        QVERIFY(!layer.why.empty());
        QCOMPARE(layer.state == LayerState::Enforced, layer.fix.empty());
    }
}

void TestLayers::requiredLayersAreThere()
{
    const auto table = nlohmann::json::parse(test::readFile(test::sourcePath("tests/sandbox/layers.json")));
    const auto backend = test::makeBackend();
    GH_VALUE(const auto report, backend->probe());
    int missing = 0;
    int mandatory = 0;
    for (const auto& layer : report.layers) {
        if (layer.state == LayerState::Enforced)
            continue;
        const std::string name(execution::layerName(layer.layer));
        const auto& wanted = table.at(test::roleName());
        ++missing;
        mandatory += std::find(wanted.begin(), wanted.end(), name) != wanted.end() ? 1 : 0;
        std::printf("MISSING LAYER (%s): %s %s: %s\n", test::roleName().c_str(), name.c_str(),
                    std::string(execution::layerStateName(layer.state)).c_str(), layer.why.c_str());
    }
    std::printf("MISSING LAYERS (%s): %d, of which the table demands %d\n", test::roleName().c_str(), missing, mandatory);
    std::fflush(stdout);
    if (const char* ci = std::getenv("CI"); ci != nullptr && std::string(ci) == "true")
        QCOMPARE(mandatory, 0);
}

void TestLayers::missingRequiredLayerRefuses()
{
    const auto backend = test::makeBackend();
    execution::SandboxSpec spec = test::smallSpec();
    spec.require = {execution::Layer::DiskQuota};
    const auto session = backend->open(spec, CancelToken());
    QVERIFY(!session);
    QCOMPARE(session.error().code, ErrorCode::Setup);
    QCOMPARE(session.error().where, std::string("disk-quota"));
    QVERIFY(!session.error().advice.empty());
}

void TestLayers::withoutWorkerSaysWhatToDo()
{
    backends::LocalOptions options;
    options.worker = "/nonexistent/gatehouse-worker";
    const auto started = backends::makeLocalBackend(options)->start();
    QVERIFY(!started);
    QCOMPARE(started.error().code, ErrorCode::Setup);
    QVERIFY(!started.error().advice.empty());
}

GATEHOUSE_SANDBOX_TEST_MAIN(TestLayers)
#include "tst_layers.moc"
