// A workflow's graph: what is defined, what is named and missing, what goes without saying.
#include "core/authoring/graph.h"
#include "tests/support/testmain.h"

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::authoring;

static constexpr const char* whole = R"({
        "entry": "planner",
        "agents": {
            "planner": { "model": "m", "capabilities": ["shell", {"skills": {}}], "tools": ["calc", "mcp:issues/list", "gone"],
                         "handoffs": ["reviewer", "auditor"], "data": { "repo": "write", "dir/notes": "read", "lost": "read" } },
            "reviewer": { "asTool": {} }
        },
        "tools": { "calc": { "command": ["sh", "calc.sh"] } },
        "mcp": { "issues": { "url": "x" } },
        "manifest": { "entries": { "repo": { "type": "git_repo", "repo": "../r", "ref": "main" }, "dir": { "type": "dir" } } },
        "layout": { "nodes": { "agent:planner": [40, 80.5], "tool:calc": ["x", 1], "data:repo": [1e300, 0] } }
    })";

class TestGraph : public test::TestCase {
    Q_OBJECT

    static Graph graphOf(const std::string& text)
    {
        const auto document = JsonDocument::parse(text, "w.json");
        if (!document)
            qFatal("%s", document.error().toString().c_str());
        return readGraph(*document);
    }

    static std::string nodes(const Graph& graph)
    {
        std::string out;
        for (const GraphNode& node : graph.nodes)
            out += node.id.text() + (node.definition == Definition::Missing ? "? " : " ");
        return out;
    }

    static std::string wires(const Graph& graph)
    {
        std::string out;
        for (const GraphWire& wire : graph.wires)
            out += wire.from.text() + (wire.implied ? "~" : "-") + wire.to.text() + ' ';
        return out;
    }

private Q_SLOTS:
    void nodesAndWires()
    {
        const Graph graph = graphOf(whole);
        QCOMPARE(nodes(graph),
                 std::string("agent:planner agent:reviewer agent:auditor? tool:calc tool:gone? mcp:issues "
                             "capability:shell capability:skills capability:filesystem data:repo data:dir data:lost? "));
        QCOMPARE(wires(graph),
                 std::string("data:repo-agent:planner data:dir-agent:planner data:lost-agent:planner agent:planner-capability:shell "
                             "agent:planner-capability:skills agent:planner-tool:calc agent:planner-mcp:issues agent:planner-tool:gone "
                             "agent:planner-agent:reviewer agent:planner-agent:auditor data:repo~agent:reviewer data:dir~agent:reviewer "
                             "agent:reviewer~capability:shell agent:reviewer~capability:filesystem "));
        QCOMPARE(graph.wire({NodeKind::Data, "repo"}, {NodeKind::Agent, "planner"})->access, Access::Write);
        QCOMPARE(graph.wire({NodeKind::Agent, "planner"}, {NodeKind::Tool, "gone"})->pointer, std::string("/agents/planner/tools/2"));
        QVERIFY(graph.find({NodeKind::Agent, "planner"})->entry);
        QVERIFY(graph.find({NodeKind::Agent, "reviewer"})->asTool);
        QCOMPARE(graph.find({NodeKind::Data, "repo"})->summary, std::string("git_repo ../r @ main"));
        QCOMPARE(graph.find({NodeKind::Tool, "calc"})->summary, std::string("sh calc.sh"));
    }

    void placesAreOnlyTakenWhereTheyAreSome()
    {
        const Graph graph = graphOf(whole);
        QCOMPARE(graph.find({NodeKind::Agent, "planner"})->place, (Place{40, 80.5}));
        QVERIFY(!graph.find({NodeKind::Tool, "calc"})->place);
        QVERIFY(!graph.find({NodeKind::Data, "repo"})->place);
    }

    void pointersLeadToTheirNode()
    {
        const Graph graph = graphOf(R"({"agents": {"a": {"model": "m"}, "ab": {}, "c/d": {}}})");
        QCOMPARE(graph.at("/agents/a/model")->id.name, std::string("a"));
        QCOMPARE(graph.at("/agents/ab")->id.name, std::string("ab"));
        QCOMPARE(graph.at("/agents/c~1d/x")->id.name, std::string("c/d"));
        QVERIFY(!graph.at("/agents"));
        QVERIFY(!graph.at("/entry"));
    }

    void anyShapeHasAGraph_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text :
             {"[]", "null", "{}", R"({"agents": 3})", R"({"agents": {"a": null, "b": []}, "tools": [], "manifest": {"entries": 1}})",
              R"({"agents": {"a": {"tools": {"x": 1}, "handoffs": [1, null, {}], "data": [], "capabilities": [7, {}, {"a": 1, "b": 2}]}}})",
              R"({"entry": 5, "layout": []})", R"({"entry": "nobody", "layout": {"nodes": {"agent:nobody": [1, 2]}}})",
              R"({"agents": {"~2": {"tools": ["mcp:", "mcp:/", ""]}}})"})
            QTest::newRow(text) << QByteArray(text);
    }
    void anyShapeHasAGraph()
    {
        QFETCH(QByteArray, text);
        const Graph graph = graphOf(text.toStdString());
        for (const GraphWire& wire : graph.wires)
            QVERIFY(graph.find(wire.from) && graph.find(wire.to));
        for (const GraphNode& node : graph.nodes)
            QCOMPARE(NodeId::fromText(node.id.text()), node.id);
    }

    void wiresAreBounded()
    {
        std::string agents;
        std::string entries;
        for (int i = 0; i < 600; ++i) {
            agents += (i ? ",\"a" : "\"a") + std::to_string(i) + "\":{}";
            entries += (i ? ",\"e" : "\"e") + std::to_string(i) + "\":{}";
        }
        const Graph graph = graphOf("{\"agents\":{" + agents + "},\"manifest\":{\"entries\":{" + entries + "}}}");
        QCOMPARE(graph.wires.size(), maximumWires);
    }

    void whatCanBeJoined()
    {
        const Graph graph = graphOf(whole);
        const NodeId planner{NodeKind::Agent, "planner"};
        const NodeId reviewer{NodeKind::Agent, "reviewer"};
        QCOMPARE(wireFault(graph, planner, planner), WireFault::SameNode);
        QCOMPARE(wireFault(graph, {NodeKind::Tool, "calc"}, {NodeKind::Data, "repo"}), WireFault::WrongKinds);
        QCOMPARE(wireFault(graph, planner, {NodeKind::Tool, "calc"}), WireFault::AlreadyThere);
        QCOMPARE(wireFault(graph, {NodeKind::Tool, "calc"}, planner), WireFault::AlreadyThere); // drawn the other way round
        QCOMPARE(wireFault(graph, reviewer, {NodeKind::Tool, "calc"}), WireFault::None);
        QCOMPARE(wireFault(graph, reviewer, planner), WireFault::None); // a handoff back is another wire
        QCOMPARE(wireFault(graph, planner, {NodeKind::Tool, "gone"}), WireFault::Missing);
        QCOMPARE(wireFault(graph, reviewer, {NodeKind::Data, "repo"}), WireFault::None); // implied: can be said
        QCOMPARE(wireFault(graph, reviewer, {NodeKind::Capability, "memory"}), WireFault::None);
    }
};

GATEHOUSE_TEST_MAIN(TestGraph)
#include "tst_graph.moc"
