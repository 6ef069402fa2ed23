// Edits as people mean them: what names a node changes with it, what is not meant keeps its bytes, and all or nothing.
#include "core/authoring/edits.h"
#include "core/workflow/validate.h"
#include "tests/core/workflow/fixtureproject.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <functional>
#include <limits>
#include <random>

using namespace gatehouse;
using namespace gatehouse::authoring;

using Step = std::function<Result<void>(Editor&)>;

static const NodeId planner{NodeKind::Agent, "planner"};
static const NodeId reviewer{NodeKind::Agent, "reviewer"};
static const NodeId repo{NodeKind::Data, "repo"};
static const NodeId notes{NodeKind::Data, "notes.md"};
static const NodeId calc{NodeKind::Tool, "calc"};
static const NodeId shell{NodeKind::Capability, "shell"};

class TestEdits : public test::TestCase {
    Q_OBJECT

    static JsonDocument parsed(const std::string& text)
    {
        auto document = JsonDocument::parse(text, "w.json");
        if (!document)
            qFatal("%s\n%s", document.error().toString().c_str(), text.c_str());
        return *std::move(document);
    }

    static const std::string& whole()
    {
        static const std::string text = R"({
  "schema": "gatehouse:workflow/1",   "x-mine": [1,2 , 3],
  "entry": "planner",
  "agents": {
    "planner": { "instructions": "Mend {{ repo }} and {{repo}}; not {{other}}.", "tools": ["calc"], "handoffs": ["reviewer"] },
    "reviewer": { "instructions": "", "data": { "repo": "read", "repo/sub": "write" }, "tools": ["calc"], "handoffs": ["planner"] }
  },
  "tools": { "calc": { "description": "d", "parameters": {}, "command": ["x"] } },
  "manifest": { "entries": { "repo": { "type": "dir" }, "notes.md": { "type": "file", "content": "" } } },
  "layout": { "nodes": { "agent:planner": [8, 16], "data:repo": [0, 0] } }
}
)";
        return text;
    }

    // The text after the step; the error's words instead when it refuses. Applying the edits one by one must give the same.
    static std::string after(const std::string& text, const Step& step)
    {
        Editor editor(parsed(text));
        if (const auto done = step(editor); !done)
            return "refused: " + done.error().why.format();
        std::string replayed = text;
        for (const TextEdit& edit : editor.edits())
            replayed = applied(replayed, edit);
        return replayed == editor.document().text() ? replayed : "the edits are not what was done";
    }

    static nlohmann::json valueAfter(const std::string& text, const Step& step)
    {
        return nlohmann::json::parse(after(text, step), nullptr, false);
    }

    static void same(const nlohmann::json& found, const nlohmann::json& wanted)
    {
        QCOMPARE(QString::fromStdString(found.dump()), QString::fromStdString(wanted.dump()));
    }

private Q_SLOTS:
    void renamingRenamesWhatNamesIt()
    {
        const auto agent = valueAfter(whole(), [](Editor& e) { return renameNode(e, planner, "lead"); });
        same(agent["entry"], "lead");
        QVERIFY(agent["agents"].contains("lead") && !agent["agents"].contains("planner"));
        same(agent["agents"]["reviewer"]["handoffs"], nlohmann::json({"lead"}));
        QVERIFY(agent["layout"]["nodes"].contains("agent:lead"));
        const auto data = valueAfter(whole(), [](Editor& e) { return renameNode(e, repo, "source"); });
        same(data["agents"]["planner"]["instructions"], "Mend {{source}} and {{source}}; not {{other}}.");
        same(data["agents"]["reviewer"]["data"], (nlohmann::json{{"source", "read"}, {"source/sub", "write"}}));
        const auto tool = valueAfter(whole(), [](Editor& e) { return renameNode(e, calc, "sum"); });
        same(tool["agents"]["planner"]["tools"], nlohmann::json({"sum"}));
        // What is not meant keeps its bytes.
        QVERIFY(after(whole(), [](Editor& e) { return renameNode(e, calc, "sum"); }).find("\"x-mine\": [1,2 , 3],") != std::string::npos);
    }

    void refusals_data()
    {
        QTest::addColumn<Step>("step");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char* name, Step step, const char* words) {
            QTest::newRow(name) << std::move(step) << QByteArray(words);
        };
        row("a taken name", [](Editor& e) { return renameNode(e, planner, "reviewer"); }, "There is a agent:reviewer already");
        row("a tool's name", [](Editor& e) { return renameNode(e, calc, "a b"); }, "letters, digits, _ and -");
        row("a harness tool", [](Editor& e) { return renameNode(e, calc, "exec_command"); }, "tool of the harness");
        row("a path that leaves", [](Editor& e) { return renameNode(e, repo, "../x"); }, "leaves the workspace");
        row("no name", [](Editor& e) { return renameNode(e, planner, ""); }, "A name is needed");
        row("a control character", [](Editor& e) { return renameNode(e, planner, "a\nb"); }, "control characters");
        row("what is not there", [](Editor& e) { return renameNode(e, {NodeKind::Agent, "nobody"}, "x"); }, "There is no agent:nobody");
        row("a second wire", [](Editor& e) { return connectNodes(e, planner, calc); }, "joined already");
        row("two tools", [](Editor& e) { return connectNodes(e, calc, repo); }, "one of them must be an agent");
        row("itself", [](Editor& e) { return connectNodes(e, planner, planner); }, "joined to itself");
        row("no wire", [](Editor& e) { return disconnectNodes(e, planner, {NodeKind::Tool, "gone"}); }, "not joined");
        row("no such entry agent", [](Editor& e) { return setEntry(e, {NodeKind::Agent, "nobody"}); }, "There is no agent:nobody");
    }
    void refusals()
    {
        QFETCH(Step, step);
        QFETCH(QByteArray, words);
        const std::string refused = after(whole(), step);
        QVERIFY2(refused.starts_with("refused") && refused.find(words.toStdString()) != std::string::npos, refused.c_str());
    }

    void removingTakesWhatNamesItToo()
    {
        const auto gone = valueAfter(whole(), [](Editor& e) { return removeNodes(e, {planner, repo}); });
        same(gone["entry"], "reviewer"); // somebody must get the task
        same(gone["agents"]["reviewer"]["handoffs"], nlohmann::json::array());
        same(gone["agents"]["reviewer"]["data"], nlohmann::json::object());
        QVERIFY(!gone["manifest"]["entries"].contains("repo"));
        same(gone["layout"]["nodes"], nlohmann::json::object());
    }

    // A ghost that the entry names and nobody can delete must not stay.
    void theLastAgentTakesTheEntryAlong()
    {
        const auto empty = valueAfter(whole(), [](Editor& e) { return removeNodes(e, {planner, reviewer}); });
        QVERIFY(!empty.contains("entry"));
        same(empty["agents"], nlohmann::json::object());
        const auto again = valueAfter(empty.dump(), [](Editor& e) -> Result<void> {
            GH_TRY(addNode(e, NodeKind::Agent, "first", {}));
            return {};
        });
        same(again["entry"], "first");
    }

    void impliedWiresAreSaidWhenOneEnds()
    {
        const auto less = valueAfter(whole(), [](Editor& e) { return disconnectNodes(e, repo, planner); });
        same(less["agents"]["planner"]["data"], (nlohmann::json{{"notes.md", "write"}}));
        const auto noShell = valueAfter(whole(), [](Editor& e) { return disconnectNodes(e, planner, shell); });
        same(noShell["agents"]["planner"]["capabilities"], nlohmann::json({"filesystem"}));
        // One more beside the implied ones does not end them.
        const auto more = valueAfter(whole(), [](Editor& e) { return connectNodes(e, planner, {NodeKind::Capability, "memory"}); });
        same(more["agents"]["planner"]["capabilities"], nlohmann::json({"shell", "filesystem", "memory"}));
        const auto read = valueAfter(whole(), [](Editor& e) { return setAccess(e, repo, planner, Access::Read); });
        same(read["agents"]["planner"]["data"], (nlohmann::json{{"repo", "read"}, {"notes.md", "write"}}));
    }

    void connecting()
    {
        const auto data = valueAfter(whole(), [](Editor& e) { return connectNodes(e, reviewer, notes); }); // drawn the other way round
        same(data["agents"]["reviewer"]["data"]["notes.md"], "read");
        const auto parted = valueAfter(whole(), [](Editor& e) { return disconnectNodes(e, planner, reviewer); });
        same(parted["agents"]["planner"]["handoffs"], nlohmann::json::array());
        same(parted["agents"]["reviewer"]["handoffs"], nlohmann::json({"planner"})); // the way back is another wire
    }

    void whatIsAddedIsValid()
    {
        test::FixtureProject project;
        const std::string path = project.write("workflows/new.workflow.json", "not read: the text in the editor counts");
        const std::string empty = R"({ "schema": "gatehouse:workflow/1", "name": "n", "class": "draft", "entry": "", "agents": {} })";
        const std::string text = after(empty, [](Editor& e) -> Result<void> {
            GH_ASSIGN(const NodeId agent, addNode(e, NodeKind::Agent, {}, {0, 0}));
            GH_ASSIGN(const NodeId tool, addNode(e, NodeKind::Tool, {}, {1.4, 2.6}));
            GH_TRY(addNode(e, NodeKind::Data, {}, {0, 0}));
            GH_TRY(addNode(e, NodeKind::Data, {}, {0, 0}));
            return connectNodes(e, agent, tool);
        });
        const auto value = nlohmann::json::parse(text);
        same(value["entry"], "agent");
        QVERIFY(value["manifest"]["entries"].contains("notes-2.md"));
        same(value["layout"]["nodes"]["tool:tool"], nlohmann::json({1, 3}));
        for (const Problem& problem : workflow::validateWorkflowText(path, text))
            QVERIFY2(problem.severity != Severity::Error, problem.line().c_str());
    }

    void copiesBringTheirWires()
    {
        const std::string copy = copied(parsed(whole()), {planner, calc, repo});
        const auto twice = valueAfter(whole(), [&](Editor& e) -> Result<void> {
            GH_TRY(paste(e, copy, {24, 24}));
            return {};
        });
        const auto& agent = twice["agents"]["planner-2"];
        same(agent["tools"], nlohmann::json({"calc-2"}));
        same(agent["handoffs"], nlohmann::json({"reviewer"})); // outside the copy, but there
        same(agent["instructions"], "Mend {{repo-2}} and {{repo-2}}; not {{other}}.");
        same(twice["layout"]["nodes"]["agent:planner-2"], nlohmann::json({32, 40}));
        // Into a document that has none of it, what it hands to is left out.
        const auto alone = valueAfter("{}", [&](Editor& e) -> Result<void> {
            GH_TRY(paste(e, copy, {0, 0}));
            return {};
        });
        same(alone["agents"]["planner"]["handoffs"], nlohmann::json::array());
    }

    // Names of a copy that are taken, by others and by each other.
    void copiesKeepTheirNamesApart()
    {
        const char* there = R"({ "agents": { "x": { "handoffs": ["x-2"] } }, "manifest": { "entries": { "n": {} } } })";
        const char* copy = R"({ "schema": "gatehouse:workflow-part/1", "nodes": { "agent:x": { "instructions": "{{n}} {{n-2}}" },
            "agent:x-2": { "description": "two" }, "data:n": {}, "data:n-2": {} } })";
        const auto pasted = valueAfter(there, [&](Editor& e) -> Result<void> {
            GH_TRY(paste(e, copy, {}));
            return {};
        });
        QCOMPARE(pasted["agents"].size(), std::size_t(3));
        QCOMPARE(pasted["manifest"]["entries"].size(), std::size_t(3));
        same(pasted["agents"]["x-2"]["instructions"], "{{n-2}} {{n-2-2}}");
    }

    void entriesBeneathEntriesAreTheirOwn()
    {
        const char* text = R"({ "agents": { "a": { "instructions": "", "data": { "src": "read", "src/lib": "write", "src/x": "read" } } },
            "manifest": { "entries": { "src": {}, "src/lib": {} } } })";
        const NodeId src{NodeKind::Data, "src"};
        const auto renamed = valueAfter(text, [&](Editor& e) { return renameNode(e, src, "code"); });
        same(renamed["agents"]["a"]["data"], {{"code", "read"}, {"src/lib", "write"}, {"code/x", "read"}});
        const auto gone = valueAfter(text, [&](Editor& e) { return removeNodes(e, {src}); });
        same(gone["agents"]["a"]["data"], {{"src/lib", "write"}});
        const char* below =
            R"({ "agents": { "a": { "data": { "docs/x": "read", "docs": "write" } } }, "manifest": { "entries": { "docs": {} } } })";
        const auto deeper = valueAfter(below, [](Editor& e) { return renameNode(e, {NodeKind::Data, "docs"}, "docs/x"); });
        same(deeper["agents"]["a"]["data"], {{"docs/x/x", "read"}, {"docs/x", "write"}});
        // Access to what stands beneath is not widened to the whole entry.
        const char* narrow = R"({ "agents": { "a": { "data": { "src/x": "read" } } }, "manifest": { "entries": { "src": {} } } })";
        const auto write = valueAfter(narrow, [&](Editor& e) { return setAccess(e, src, {NodeKind::Agent, "a"}, Access::Write); });
        same(write["agents"]["a"]["data"], {{"src/x", "write"}});
    }

    void anImpliedCapabilityCanBeRemoved()
    {
        const auto less = valueAfter(whole(), [](Editor& e) { return removeNodes(e, {shell}); });
        for (const char* agent : {"planner", "reviewer"})
            same(less["agents"][agent]["capabilities"], nlohmann::json::array({"filesystem"}));
    }

    // However many are meant, the text is read a few times: what is done to a thousand nodes costs no more steps than what is done to
    // one.
    void manyAtOnce()
    {
        nlohmann::json value = {{"agents", nlohmann::json::object()}, {"entry", "agent0"}};
        std::set<NodeId> all;
        for (int i = 0; i < 300; ++i) {
            const std::string name = "agent" + std::to_string(i);
            value["agents"][name] = {{"instructions", "{{notes}}"}, {"data", {{"notes", "read"}}}, {"handoffs", {"agent0"}}};
            value["layout"]["nodes"]["agent:" + name] = {i, i};
            all.insert({NodeKind::Agent, name});
        }
        value["manifest"]["entries"]["notes"] = {{"type", "file"}, {"content", ""}};
        const std::string text = value.dump(2);
        Editor renamed(parsed(text));
        QVERIFY(renameNode(renamed, {NodeKind::Agent, "agent0"}, "first"));
        for (const auto& [name, agent] : renamed.document().value()["agents"].items())
            same(agent["handoffs"], {"first"});
        same(renamed.document().value()["entry"], "first");
        Editor data(parsed(text));
        QVERIFY(renameNode(data, {NodeKind::Data, "notes"}, "facts"));
        for (const auto& [name, agent] : data.document().value()["agents"].items()) {
            same(agent["data"], {{"facts", "read"}});
            same(agent["instructions"], "{{facts}}");
        }
        Editor twice(parsed(text));
        QVERIFY(paste(twice, copied(twice.document(), all), {10, 10}));
        QCOMPARE(twice.document().value()["agents"].size(), std::size_t(600));
        QVERIFY2(twice.edits().size() <= 3, qPrintable(QString::number(twice.edits().size())));
        all.erase({NodeKind::Agent, "agent7"});
        Editor less(parsed(text));
        QVERIFY(removeNodes(less, all));
        same(less.document().value()["agents"],
             {{"agent7", {{"instructions", "{{notes}}"}, {"data", {{"notes", "read"}}}, {"handoffs", nlohmann::json::array()}}}});
        same(less.document().value()["entry"], "agent7");
        same(less.document().value()["layout"]["nodes"], {{"agent:agent7", {7, 7}}});
    }

    void foreignClipboards_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"", "hello", "{}", "[1", R"({"schema":"gatehouse:workflow-part/1"})",
                                 R"({"schema":"gatehouse:workflow-part/1","nodes":{"agent:a":3}})",
                                 R"({"schema":"gatehouse:workflow-part/1","nodes":{"agent:":{}}})",
                                 R"({"schema":"gatehouse:workflow-part/1","nodes":{"data:../../etc":{}}})",
                                 R"({"schema":"gatehouse:workflow-part/1","nodes":{"capability:shell":{}}})",
                                 R"({"schema":"gatehouse:workflow-part/1","nodes":{"tool:exec_command":{}}})"})
            QTest::newRow(*text ? text : "empty") << QByteArray(text);
    }
    void foreignClipboards()
    {
        QFETCH(QByteArray, text);
        const std::string refused = after(whole(), [&](Editor& e) -> Result<void> {
            GH_TRY(paste(e, text.toStdString(), {}));
            return {};
        });
        QVERIFY2(refused.starts_with("refused"), refused.c_str());
    }

    // Places that no person drew are kept in bounds.
    void wildPlaces()
    {
        const auto value = valueAfter("{}", [](Editor& e) -> Result<void> {
            GH_TRY(moveNodes(e, {{planner, {1e300, std::numeric_limits<double>::quiet_NaN()}}}));
            return {};
        });
        same(value["layout"]["nodes"]["agent:planner"], nlohmann::json({1000000, 0}));
    }

    // Whatever is done, the text parses, and nothing but the graph's own parts is touched.
    void randomEdits()
    {
        std::mt19937 random(20261126);
        Editor editor(parsed(whole()));
        const auto any = [&random](std::size_t below) { return std::size_t(random() % below); };
        for (int i = 0; i < 600; ++i) {
            const Graph graph = readGraph(editor.document());
            if (graph.nodes.empty())
                break;
            const NodeId a = graph.nodes[any(graph.nodes.size())].id;
            const NodeId b = graph.nodes[any(graph.nodes.size())].id;
            switch (any(7)) {
            case 0:
                (void)addNode(editor, NodeKind(any(5)), any(2) ? "x~/y" : "", {double(any(900)), 0});
                break;
            case 1:
                if (graph.nodes.size() > 6)
                    (void)removeNodes(editor, {a});
                break;
            case 2:
                (void)renameNode(editor, a, "n" + std::to_string(any(20)));
                break;
            case 3:
                (void)connectNodes(editor, a, b);
                break;
            case 4:
                (void)disconnectNodes(editor, a, b);
                break;
            case 5:
                (void)moveNodes(editor, {{a, {double(any(900)), 7}}, {b, {3, 4}}});
                break;
            default:
                (void)paste(editor, copied(editor.document(), {a, b}), {8, 8});
            }
            const Graph now = readGraph(editor.document());
            for (const GraphWire& wire : now.wires)
                QVERIFY(now.find(wire.from) && now.find(wire.to));
        }
        QVERIFY(editor.edits().size() > 100);
        QVERIFY(editor.document().text().find("\"x-mine\": [1,2 , 3],") != std::string::npos);
        std::string text = whole();
        for (const TextEdit& edit : editor.edits())
            text = applied(text, edit);
        QVERIFY(text == editor.document().text());
    }
};

GATEHOUSE_TEST_MAIN(TestEdits)
#include "tst_edits.moc"
