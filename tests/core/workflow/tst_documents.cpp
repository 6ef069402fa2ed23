// The table of bad documents in tests/data/documents. A case begins with the problems it must give, in the order of the text, one a line:
//   ! error|warning [rule] words of the message
// then stands the document, with ▶ where each problem must be placed. Nothing else may be reported.
#include "core/base/jsondocument.h"
#include "core/workflow/project.h"
#include "core/workflow/schemas.h"
#include "core/workflow/validate.h"
#include "tests/core/workflow/fixtureproject.h"
#include "tests/support/places.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <filesystem>

using namespace gatehouse;

namespace {

constexpr std::string_view marker = "▶";

struct Expected {
    std::string severity;
    std::string rule;
    std::string words;
    TextPosition position;
};

struct Case {
    std::vector<Expected> expected;
    std::string text;
};

Case readCase(const std::string& path)
{
    Case out;
    std::string text = test::readFile(path);
    while (text.starts_with("! ")) {
        const std::string line = text.substr(2, text.find('\n') - 2);
        const std::size_t open = line.find(" [");
        const std::size_t close = line.find("] ");
        out.expected.push_back({line.substr(0, open), line.substr(open + 2, close - open - 2), line.substr(close + 2), {}});
        text.erase(0, text.find('\n') + 1);
    }
    std::vector<std::size_t> offsets;
    for (std::size_t at = text.find(marker); at != std::string::npos; at = text.find(marker, at)) {
        text.erase(at, marker.size());
        offsets.push_back(at);
    }
    if (offsets.size() != out.expected.size())
        qFatal("%s: as many markers as problems, please", path.c_str());
    for (std::size_t i = 0; i < offsets.size(); ++i)
        out.expected[i].position = textPosition(text, offsets[i]);
    out.text = std::move(text);
    return out;
}

std::string targetOf(const std::string& kind)
{
    if (kind == "project")
        return "gatehouse.json";
    const std::string folder = kind == "policy" ? "policies" : kind + "s";
    return folder + "/case." + kind + ".json";
}

std::string shown(const std::vector<Problem>& problems)
{
    std::string out;
    for (const Problem& problem : problems)
        out += problem.line() + '\n';
    return out;
}

} // namespace

class TestDocuments : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void badDocuments_data()
    {
        QTest::addColumn<QString>("path");
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(test::sourcePath("tests/data/documents"))) {
            if (entry.path().extension() != ".case")
                continue;
            QTest::newRow(entry.path().stem().c_str()) << QString::fromStdString(entry.path().string());
            ++count;
        }
        QVERIFY(count >= 100);
    }

    void badDocuments()
    {
        QFETCH(QString, path);
        const Case bad = readCase(path.toStdString());
        const std::string stem = std::filesystem::path(path.toStdString()).stem().string();
        const test::FixtureProject project;
        const std::string file = project.write(targetOf(stem.substr(0, stem.find('-'))), bad.text);
        const std::vector<Problem> problems = workflow::validateDocument(file);
        const std::string all = shown(problems);
        QVERIFY2(problems.size() == bad.expected.size(), all.c_str());
        for (std::size_t i = 0; i < problems.size(); ++i) {
            const Expected& expected = bad.expected[i];
            const std::string line = problems[i].line();
            const std::string place = file + ':' + std::to_string(expected.position.line) + ':' + std::to_string(expected.position.column) +
                ": " + expected.severity + ": ";
            QVERIFY2(line.starts_with(place), (all + "expected at " + place).c_str());
            QVERIFY2(line.ends_with(" [" + expected.rule + ']'), all.c_str());
            QVERIFY2(problems[i].message.format().find(expected.words) != std::string::npos, all.c_str());
        }
    }

    // A key that stands in a document by mistake must not travel into reports.
    void messagesNeverRepeatASecret_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("key") << QByteArray("sk-proj-abcdefghijklmnopqrstuvwx");
        QTest::newRow("reference with a key for a name") << QByteArray("env:ghp_abcdefghijklmnopqrstuvwxyz0123456789");
        QTest::newRow("file with a key for a name") << QByteArray("file:AKIAABCDEFGHIJKLMNOP");
    }

    void messagesNeverRepeatASecret()
    {
        QFETCH(QByteArray, value);
        const test::FixtureProject project;
        for (const char* place :
             {"\"key\": \"%\"", "\"baseUrl\": \"%\"", "\"api\": \"%\"", "\"%\": 1", "\"parameters\": { \"reasoningEffort\": \"%\" }"}) {
            std::string member = place;
            member.replace(member.find('%'), 1, value.toStdString());
            project.write("gatehouse.json",
                          "{ \"schema\": \"gatehouse:project/1\", \"name\": \"x\", \"models\": { \"m\": { " + member + " } } }");
            const auto problems = workflow::validateDocument(project.path("gatehouse.json"));
            const std::string all = shown(problems);
            QVERIFY2(hasErrors(problems), all.c_str());
            QVERIFY2(all.find(value.toStdString()) == std::string::npos && all.find(value.toStdString().substr(6)) == std::string::npos,
                     all.c_str());
        }
    }

    // What the readers refuse for its shape, an editor with the schema refuses too.
    void schemasRefuseWhatReadersCallMisshapen()
    {
        for (const auto& entry : std::filesystem::directory_iterator(test::sourcePath("tests/data/documents"))) {
            if (entry.path().extension() != ".case")
                continue;
            const Case bad = readCase(entry.path().string());
            if (!bad.expected.front().rule.starts_with("schema/"))
                continue;
            const std::string stem = entry.path().stem().string();
            GH_VALUE(const JsonDocument document, JsonDocument::parse(bad.text, stem));
            QVERIFY(hasErrors(workflow::compiledSchema(stem.substr(0, stem.find('-'))).check(document)));
        }
    }

    void everySchemaIsListedAndDescribesItself()
    {
        QCOMPARE(workflow::schemaNames(), (std::vector<std::string>{"policy", "profile", "project", "script", "workflow"}));
        for (const std::string& name : workflow::schemaNames()) {
            GH_VALUE(const JsonDocument document, JsonDocument::parse(std::string(*workflow::schemaText(name)), name));
            QCOMPARE(document.value()["$id"].get<std::string>(), "gatehouse:" + name + "/1");
            QVERIFY(document.value().contains("title") && document.value().contains("description"));
        }
        QVERIFY(!workflow::schemaText("../project"));
    }

    // The sample of the formats page: everything a document may hold, much of it not carried out yet.
    void theSampleOfTheFormatsPageHasWarningsOnly()
    {
        const std::string sample = test::sourcePath("tests/data/documents/sample");
        const auto problems = workflow::validateProject(sample);
        const std::string all = shown(problems);
        QVERIFY2(!hasErrors(problems), all.c_str());
        QVERIFY(!problems.empty());
        for (const Problem& problem : problems)
            QVERIFY2(problem.rule == "unsupported" || problem.rule == "tool-withheld", all.c_str());
    }

    // Every value of a good document, replaced by one of another type, is an error; and nothing crashes.
    void typesAreStrict_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("target");
        const auto row = [](const char* name, const char* source, const char* target) {
            QTest::newRow(name) << QString::fromStdString(test::sourcePath(source)) << QString::fromUtf8(target);
        };
        row("workflow", "tests/data/documents/all.workflow.json", "workflows/case.workflow.json");
        row("project", "resources/templates/credit-note/gatehouse.json", "gatehouse.json");
        row("script", "resources/templates/credit-note/scripts/credit-note.script.json", "scripts/case.script.json");
        row("profile", "resources/templates/governed-assistant/profiles/assistant.profile.json", "profiles/assistant.profile.json");
        row("policy", "resources/templates/credit-note/policies/credit-note.policy.json", "policies/case.policy.json");
    }

    void typesAreStrict()
    {
        QFETCH(QString, source);
        QFETCH(QString, target);
        const test::FixtureProject project;
        GH_VALUE(const JsonDocument good, JsonDocument::read(source.toStdString()));
        std::size_t tried = 0;
        const nlohmann::json flat = good.value().flatten();
        for (const auto& [pointer, leaf] : flat.items()) {
            // flatten() makes empty containers null.
            const nlohmann::json& value = good.value().at(nlohmann::json::json_pointer(pointer));
            for (const char* other : {"null", "true", "7", "-1.5", "\"\\u0000\"", "[]", "[[]]", "{}", "{\"a\":{}}"}) {
                nlohmann::json changed = good.value();
                changed[nlohmann::json::json_pointer(pointer)] = nlohmann::json::parse(other);
                const std::string file = project.write(target.toStdString(), changed.dump(1));
                const auto problems = workflow::validateDocument(file);
                const bool sameType = std::string_view(value.type_name()) == nlohmann::json::parse(other).type_name();
                const bool free = pointer.find("/layout/") != std::string::npos || pointer.find("/parameters/") != std::string::npos ||
                    pointer.find("/arguments/") != std::string::npos || pointer.find("/when") != std::string::npos;
                const bool either = pointer.ends_with("/arguments") || pointer.find("/environment/value/") != std::string::npos ||
                    pointer.ends_with("/memory") || pointer.ends_with("/disk") || pointer.ends_with("/fileSize") ||
                    pointer.ends_with("/output");
                QVERIFY2(sameType || free || either || hasErrors(problems), (pointer + " = " + other).c_str());
                ++tried;
            }
        }
        QVERIFY(tried > 50);
    }

    void tornDocumentsAreOneClearProblem()
    {
        const test::FixtureProject project;
        const std::string good = test::readFile(test::sourcePath("tests/data/documents/all.workflow.json"));
        for (std::size_t size = 0; size + 2 < good.size(); size += 13) {
            const auto problems = workflow::validateDocument(project.write("workflows/case.workflow.json", good.substr(0, size)));
            QCOMPARE(problems.size(), 1u);
            QCOMPARE(problems[0].rule, std::string("json"));
            QVERIFY(problems[0].position.line > 0);
        }
    }

    void nonsenseInBulkIsRefusedAtOnce_data()
    {
        QTest::addColumn<int>("keys");
        QTest::addColumn<QString>("rule");
        QTest::newRow("bearable") << 9000 << QStringLiteral("unknown-key");
        QTest::newRow("too many") << 200000 << QStringLiteral("too-large");
    }

    void nonsenseInBulkIsRefusedAtOnce()
    {
        QFETCH(int, keys);
        QFETCH(QString, rule);
        const test::FixtureProject project;
        std::string text = "{ \"schema\": \"gatehouse:script/1\", \"agents\": { \"a\": [{ \"final\": \"\" }] }";
        for (int i = 0; i < keys; ++i)
            text += ",\n \"k" + std::to_string(i) + "\": " + std::to_string(i);
        const auto problems = workflow::validateDocument(project.write("scripts/case.script.json", text + " }"));
        QCOMPARE(problems.front().rule, rule.toStdString());
        QCOMPARE(problems.size(), rule == QStringLiteral("too-large") ? 1u : std::size_t(keys));
    }

    void aMissingDocumentIsOneClearProblem()
    {
        const test::FixtureProject project;
        const auto problems = workflow::validateDocument(project.path("workflows/none.workflow.json"));
        QCOMPARE(problems.size(), 1u);
        QCOMPARE(problems[0].rule, std::string("unreadable"));
        QVERIFY(problems[0].line().starts_with(project.path("workflows/none.workflow.json") + ": error: "));
    }
};

GATEHOUSE_TEST_MAIN(TestDocuments)
#include "tst_documents.moc"
