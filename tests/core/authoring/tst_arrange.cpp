// Arranging: every node has a place, none lies on another, and the same graph gives the same places.
#include "core/authoring/arrange.h"
#include "tests/support/testmain.h"

#include <random>

using namespace gatehouse;
using namespace gatehouse::authoring;

class TestArrange : public test::TestCase {
    Q_OBJECT

    static Graph graphOf(const nlohmann::json& value)
    {
        const auto document = JsonDocument::parse(value.dump(), "w.json");
        if (!document)
            qFatal("%s", document.error().toString().c_str());
        return readGraph(*document);
    }

    static nlohmann::json randomWorkflow(std::mt19937& random)
    {
        const auto any = [&random](int below) { return int(random() % unsigned(below)); };
        nlohmann::json out = {{"agents", nlohmann::json::object()}, {"tools", nlohmann::json::object()}};
        const int agents = 1 + any(12);
        const int tools = any(40);
        for (int i = 0; i < tools; ++i)
            out["tools"]["t" + std::to_string(i)] = {{"command", {"x"}}};
        for (int i = 0; i < any(30); ++i)
            out["manifest"]["entries"]["d" + std::to_string(i)] = {{"type", "dir"}};
        for (int i = 0; i < agents; ++i) {
            nlohmann::json agent = nlohmann::json::object();
            for (int k = 0; k < any(4); ++k)
                agent["handoffs"].push_back("a" + std::to_string(any(agents)));
            for (int k = 0; tools > 0 && k < any(6); ++k)
                agent["tools"].push_back("t" + std::to_string(any(tools)));
            out["agents"]["a" + std::to_string(i)] = agent;
            if (any(3) == 0)
                out["layout"]["nodes"]["agent:a" + std::to_string(i)] = {any(2000), any(2000)};
        }
        return out;
    }

    static std::string overlaps(const Graph& graph, const std::map<NodeId, Place>& places, bool onlyUnplaced)
    {
        for (const auto& [a, at] : places) {
            for (const auto& [b, there] : places) {
                if (a >= b || (onlyUnplaced && graph.find(a)->place && graph.find(b)->place))
                    continue;
                const NodeSize mine = nodeSize(a.kind);
                const NodeSize other = nodeSize(b.kind);
                if (at.x < there.x + other.width && there.x < at.x + mine.width && at.y < there.y + other.height &&
                    there.y < at.y + mine.height)
                    return a.text() + " lies on " + b.text();
            }
        }
        return {};
    }

private Q_SLOTS:
    void randomGraphs()
    {
        std::mt19937 random(20261126);
        for (int i = 0; i < 200; ++i) {
            const Graph graph = graphOf(randomWorkflow(random));
            const auto all = arranged(graph);
            QCOMPARE(all.size(), graph.nodes.size());
            QCOMPARE(overlaps(graph, all, false), std::string());
            QCOMPARE(arranged(graph), all);
            const auto kept = placed(graph);
            QCOMPARE(kept.size(), graph.nodes.size());
            for (const GraphNode& node : graph.nodes)
                if (node.place)
                    QCOMPARE(kept.at(node.id), *node.place);
            QCOMPARE(overlaps(graph, kept, true), std::string());
        }
    }

    void sidesAreKept()
    {
        const Graph graph = graphOf({{"entry", "a"},
                                     {"agents", {{"a", {{"tools", {"t"}}, {"handoffs", {"b"}}}}, {"b", {{"handoffs", {"a"}}}}}},
                                     {"tools", {{"t", {{"command", {"x"}}}}}},
                                     {"manifest", {{"entries", {{"d", {{"type", "dir"}}}}}}}});
        const auto places = arranged(graph);
        const Place a = places.at({NodeKind::Agent, "a"});
        QVERIFY(places.at({NodeKind::Data, "d"}).x < a.x);
        QVERIFY(places.at({NodeKind::Tool, "t"}).x > a.x);
        QVERIFY(places.at({NodeKind::Agent, "b"}).y > a.y); // a hands to b, and not the other way round: a gets the task
    }

    void manyWithoutAPlace()
    {
        nlohmann::json value = {{"agents", {{"a", nlohmann::json::object()}}}, {"layout", {{"nodes", {{"agent:a", {0, 0}}}}}}};
        for (int i = 0; i < 500; ++i)
            value["tools"]["t" + std::to_string(i)] = {{"command", {"x"}}};
        const Graph graph = graphOf(value);
        QCOMPARE(overlaps(graph, placed(graph), true), std::string());
    }
};

GATEHOUSE_TEST_MAIN(TestArrange)
#include "tst_arrange.moc"
