#include "core/workflow/profile.h"
#include "core/workflow/script.h"
#include "core/workflow/templates.h"
#include "core/workflow/validate.h"
#include "core/workflow/workflow.h"
#include "resources/resources.h"
#include "tests/support/places.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <QProcess>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::workflow;
namespace fs = std::filesystem;

namespace {

struct Ended {
    int status = -1;
    std::string output;
    std::string error;
};

Ended run(const QStringList& command, const std::string& folder, const std::string& input = {})
{
    QProcess process;
    process.setWorkingDirectory(QString::fromStdString(folder));
    process.start(command.front(), command.mid(1));
    process.write(QByteArray::fromStdString(input));
    process.closeWriteChannel();
    if (!process.waitForFinished(30000))
        qFatal("%s did not end", qPrintable(command.join(QLatin1Char(' '))));
    return {process.exitCode(), process.readAllStandardOutput().toStdString(), process.readAllStandardError().toStdString()};
}

// The lines of one hunk's side: what must be there, or what is there afterwards.
std::string side(const std::string& hunk, char other)
{
    std::string out;
    for (std::size_t begin = 0; begin < hunk.size();) {
        const std::size_t end = hunk.find('\n', begin);
        const std::string line = hunk.substr(begin, end - begin + 1);
        if (line[0] != other)
            out += line.substr(1);
        begin = end + 1;
    }
    return out;
}

// Enough of the patch grammar for the sample's: hunks after "@@", each exactly once in the file.
void applyPatch(const std::string& patch, const std::string& root)
{
    const std::string header = "*** Update File: ";
    const std::size_t name = patch.find(header) + header.size();
    const std::string path = root + '/' + patch.substr(name, patch.find('\n', name) - name);
    std::string text = test::readFile(path);
    std::size_t at = patch.find("@@\n", name);
    while (at != std::string::npos) {
        const std::size_t next = patch.find("@@\n", at + 3);
        const std::string hunk = patch.substr(at + 3, std::min(next, patch.find("*** End Patch")) - at - 3);
        const std::string before = side(hunk, '+');
        const std::size_t place = text.find(before);
        if (place == std::string::npos || text.find(before, place + 1) != std::string::npos)
            qFatal("not there exactly once: %s", before.c_str());
        text.replace(place, before.size(), side(hunk, '-'));
        at = next;
    }
    test::writeFile(path, text);
}

std::vector<std::string> filesBelow(const std::string& root)
{
    std::vector<std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
        if (entry.is_regular_file())
            out.push_back(fs::relative(entry.path(), root).string());
    }
    std::ranges::sort(out);
    return out;
}

} // namespace

class TestTemplates : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void bothAreListedAndTheDefaultIsOne()
    {
        QCOMPARE(templateNames(), (std::vector<std::string>{"credit-note", "governed-assistant"}));
        for (const std::string& name : templateNames()) {
            GH_VALUE(const ProjectTemplate found, findTemplate(name));
            QVERIFY(!found.description.empty());
        }
        GH_VALUE(const ProjectTemplate found, findTemplate(defaultTemplateName));
        QCOMPARE(found.repositories, std::vector<std::string>{"sources/credit-note"});
    }

    void eachIsWrittenWholeAndValidatesWithoutAWord_data()
    {
        QTest::addColumn<QString>("name");
        for (const std::string& name : templateNames())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }

    void eachIsWrittenWholeAndValidatesWithoutAWord()
    {
        QFETCH(QString, name);
        const test::TemporaryFolder folder;
        const std::string target = folder.path("deep/er/demo");
        GH_VALUE(const ProjectTemplate made, createFromTemplate(name.toStdString(), target));
        std::vector<std::string> expected;
        const std::string prefix = "templates/" + name.toStdString() + '/';
        for (const auto& resource : resources::all()) {
            if (!resource.path.starts_with(prefix) || resource.path.ends_with("/template.json"))
                continue;
            const std::string relative(resource.path.substr(prefix.size()));
            expected.push_back(relative);
            QCOMPARE(test::readFile(target + '/' + relative), std::string(resource.bytes));
            // As in the source tree, which people edit.
            QCOMPARE(test::readFile(test::sourcePath("resources/" + std::string(resource.path))), std::string(resource.bytes));
            struct stat status = {};
            QCOMPARE(::stat((target + '/' + relative).c_str(), &status), 0);
            QCOMPARE(status.st_mode & 07777, resource.bytes.starts_with("#!") ? 0755u : 0644u);
        }
        QCOMPARE(filesBelow(target), expected);
        const auto problems = validateProject(target);
        QVERIFY2(problems.empty(), problems.empty() ? "" : problems.front().line().c_str());
        const auto project = loadProject(target);
        QVERIFY(project.document);
        const auto workflow = loadWorkflow(target + '/' + made.workflow, *project.document);
        QVERIFY(workflow.document);
        GH_VERIFY(checkRunnable(*workflow.document));
        QVERIFY(effectiveProfile(*project.document, *workflow.document).document);
        for (const std::string& repository : made.repositories)
            QVERIFY(fs::is_directory(target + '/' + repository));
        QCOMPARE(fs::directory_iterator(folder.path("deep/er"))->path().filename().string(), std::string("demo"));
    }

    void theSampleFailsBeforeThePatchAndPassesAfterIt()
    {
        const test::TemporaryFolder folder;
        const std::string target = folder.path("demo");
        GH_VERIFY(createFromTemplate("credit-note", target));
        const std::string repo = target + "/sources/credit-note";
        const Ended before = run({QStringLiteral("sh"), QStringLiteral("tests/test_credit_note.sh")}, repo);
        QCOMPARE(before.status, 1);
        QVERIFY(before.output.ends_with("\n2 failed\n"));
        QVERIFY(before.output.find("FAIL the heading") != std::string::npos && before.output.find("FAIL the total") != std::string::npos);
        const auto script = loadScript(target + "/scripts/credit-note.script.json");
        QVERIFY(script.document);
        for (const ScriptTurn& turn : scriptFor(*script.document, "repairer", "")->turns) {
            for (const ScriptCall& call : turn.calls) {
                const auto arguments = nlohmann::json::parse(call.arguments);
                if (call.tool == "exec_command")
                    QCOMPARE(arguments.at("workdir").get<std::string>(), std::string("repo"));
                else
                    patchWorkspace(arguments.at("patch"), target, folder.path("workspace"));
            }
        }
        const Ended after = run({QStringLiteral("sh"), QStringLiteral("tests/test_credit_note.sh")}, folder.path("workspace/repo"));
        QCOMPARE(after.status, 0);
        QVERIFY(after.output.ends_with("\n2 passed\n"));
        // One mended defect is not enough.
        std::string half = test::readFile(repo + "/credit_note.sh");
        half.replace(half.find("total - amount"), 14, "total + amount");
        test::writeFile(repo + "/credit_note.sh", half);
        const Ended one = run({QStringLiteral("sh"), QStringLiteral("tests/test_credit_note.sh")}, repo);
        QCOMPARE(one.status, 1);
        QVERIFY(one.output.ends_with("\n1 passed, 1 failed\n"));
    }

    void theAssistantsToolsAnswer_data()
    {
        QTest::addColumn<QString>("tool");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("output");
        const auto row = [](const char* name, const char* tool, const char* arguments, int status, const char* output) {
            QTest::newRow(name) << QString::fromUtf8(tool) << QByteArray(arguments) << status << QByteArray(output);
        };
        row("add", "calculate", R"({"operation":"add","a":5,"b":3})", 0, "{\"result\": 8}\n");
        row("blanks and order", "calculate", "{ \"b\" : 3 ,\n \"a\": 5, \"operation\":\"add\" }\n", 0, "{\"result\": 8}\n");
        row("divide", "calculate", R"({"operation":"divide","a":5e1,"b":-4})", 0, "{\"result\": -12.5}\n");
        row("by zero", "calculate", R"({"operation":"divide","a":5,"b":0})", 1, "");
        row("weather", "get_weather", R"({"city":"Os\u006co"})", 0,
            "{\"city\": \"Oslo\", \"celsius\": 7, \"sky\": \"light rain\", \"source\": \"sample data\"}\n");
        row("no such city", "get_weather", R"({"city":"Atlantis"})", 1, "");
        row("quotes", "get_weather", R"({"city":"\"; rm -rf /tmp/x; \""})", 1, "");
        row("heading", "format_response", R"({"text":"Good morning","style":"heading"})", 0, "GOOD MORNING\n");
        row("escapes", "format_response", R"({"text":"Gr\u00fc\u00df \ud83d\ude00. Two","style":"list"})", 0, "- Grüß 😀\n- Two\n");
        row("torn", "format_response", R"({"text)", 1, "");
        row("empty", "calculate", "", 1, "");
    }

    void theAssistantsToolsAnswer()
    {
        QFETCH(QString, tool);
        QFETCH(QByteArray, arguments);
        QFETCH(int, status);
        QFETCH(QByteArray, output);
        const test::TemporaryFolder folder;
        GH_VERIFY(createFromTemplate("governed-assistant", folder.path("demo")));
        const Ended ended = run({QStringLiteral("sh"), tool + QStringLiteral(".sh")}, folder.path("demo/tools"), arguments.toStdString());
        QCOMPARE(ended.status, status);
        QCOMPARE(ended.output, output.toStdString());
        QCOMPARE(ended.error.empty(), status == 0);
    }

    void theAssistantHasThreeToolsAndANarrowSandbox()
    {
        const test::TemporaryFolder folder;
        GH_VERIFY(createFromTemplate("governed-assistant", folder.path("demo")));
        const auto project = loadProject(folder.path("demo"));
        QVERIFY(project.document);
        const auto workflow = loadWorkflow(folder.path("demo/workflows/governed-assistant.workflow.json"), *project.document);
        QVERIFY(workflow.document);
        const std::vector<std::string> three = {"get_weather", "calculate", "format_response"};
        QCOMPARE(workflow.document->entryAgent().toolNames(), three);
        const Profile profile = *effectiveProfile(*project.document, *workflow.document).document;
        QCOMPARE(*profile.tools, three);
        QVERIFY(profile.limits.memory == 100'000'000u && profile.limits.call == std::chrono::seconds(30));
        QVERIFY(profile.workspace == WorkspaceMode::ReadOnly && profile.networkRules.empty());
        const auto script = loadScript(project.document->models.at("offline").script);
        const AgentScript* sum = scriptFor(*script.document, "assistant", "Calculate 5 plus 3");
        QVERIFY(sum && sum->turns.back().final->find('8') != std::string::npos);
        QCOMPARE(sum->turns.front().calls.front().tool, std::string("calculate"));
        for (const char* task : {"What is the weather in Oslo?", "Format a greeting", "Try what is refused", "", "Sing"})
            QVERIFY2(scriptFor(*script.document, "assistant", task), task);
    }

    void aFullFolderIsLeftAlone()
    {
        const test::TemporaryFolder folder;
        folder.write("demo/mine", "x");
        const auto result = createFromTemplate("credit-note", folder.path("demo"));
        QVERIFY(!result);
        QVERIFY(result.error().code == ErrorCode::AlreadyExists);
        QCOMPARE(filesBelow(folder.path()), std::vector<std::string>{"demo/mine"});
        QVERIFY(createFromTemplate("credit-note", folder.path("demo/mine")).error().code == ErrorCode::AlreadyExists);
        fs::create_symlink("nowhere", folder.path("link"));
        QVERIFY(createFromTemplate("credit-note", folder.path("link")).error().code == ErrorCode::AlreadyExists);
    }

    void anEmptyFolderIsFilled()
    {
        const test::TemporaryFolder folder;
        fs::create_directory(folder.path("demo"));
        struct stat before = {};
        struct stat after = {};
        QCOMPARE(::stat(folder.path("demo").c_str(), &before), 0);
        GH_VERIFY(createFromTemplate("credit-note", folder.path("demo/")));
        QCOMPARE(::stat(folder.path("demo").c_str(), &after), 0);
        QCOMPARE(before.st_ino, after.st_ino);
        QVERIFY(validateProject(folder.path("demo")).empty());
        const test::TemporaryFolder other;
        GH_VERIFY(createFromTemplate("credit-note", other.path("demo")));
        QCOMPARE(filesBelow(folder.path("demo")), filesBelow(other.path("demo")));
    }

    void unknownTemplatesAreNamedWithTheKnownOnes_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"", "none", "credit-note/", "../schemas", "credit-note/workflows", "/etc"})
            QTest::newRow(name) << QString::fromUtf8(name);
    }

    void unknownTemplatesAreNamedWithTheKnownOnes()
    {
        QFETCH(QString, name);
        const test::TemporaryFolder folder;
        const auto result = createFromTemplate(name.toStdString(), folder.path("demo"));
        QVERIFY(!result);
        QVERIFY(result.error().code == ErrorCode::NotFound);
        QVERIFY(result.error().toString().find("governed-assistant") != std::string::npos);
        QVERIFY(fs::is_empty(folder.path()));
    }

    void whereNothingCanBeWrittenNothingStaysBehind()
    {
        const auto result = createFromTemplate("credit-note", "/proc/demo");
        QVERIFY(!result);
        QVERIFY(result.error().where.find("/proc") != std::string::npos);
    }

private:
    static void patchWorkspace(const std::string& patch, const std::string& project, const std::string& workspace)
    {
        fs::create_directories(workspace);
        fs::copy(project + "/sources/credit-note", workspace + "/repo", fs::copy_options::recursive);
        applyPatch(patch, workspace);
        QVERIFY(patch.find("tests/") == std::string::npos);
        QCOMPARE(test::readFile(workspace + "/repo/tests/test_credit_note.sh"),
                 test::readFile(project + "/sources/credit-note/tests/test_credit_note.sh"));
    }
};

GATEHOUSE_TEST_MAIN(TestTemplates)
#include "tst_templates.moc"
