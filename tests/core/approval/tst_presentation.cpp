#include "core/approval/presentation.h"
#include "core/base/canonicaljson.h"
#include "tests/core/approval/approvalfixtures.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <algorithm>

using namespace gatehouse;
using namespace gatehouse::approval;
using execution::CommandEffect;
using execution::CommitEffect;
using execution::PreparedCall;

static policy::Decision asking()
{
    policy::Decision decision;
    decision.effect = policy::Effect::Ask;
    decision.cause = policy::Cause::Rule;
    decision.matched.push_back({"strict",
                                "P-3",
                                policy::Layer::Project,
                                policy::Effect::Ask,
                                "Code changes are seen by a person",
                                "strict.policy.json",
                                8,
                                false,
                                {}});
    return decision;
}

static Result<Presentation> shown(const PreparedCall& call)
{
    GH_ASSIGN(const Action action, makeAction(test::actionContext(), call));
    GH_ASSIGN(const std::string binding, bindingDigest(action));
    Request request = test::makeRequest(binding);
    request.obligations.expires = std::chrono::hours(4);
    const PresentationContext context{"delivery: overlay", "none", "the workspace is a copy", {"planner", "ops"}, "demo"};
    return present(action, call, asking(), request, context);
}

// The executed bytes, put together from what a card draws by nothing but this test's own code.
static std::string drawn(const Presentation& card, BlockKind kind, std::uint32_t index)
{
    for (const Block& block : card.payload) {
        if (block.kind != kind || block.index != index)
            continue;
        std::string result;
        for (std::size_t i = 0; i < block.lines.size(); ++i) {
            if (i > 0)
                result += '\n';
            for (const Span& span : block.lines[i])
                result += unescape({span}).value_or(span.text);
        }
        return result;
    }
    return "no such block";
}

static bool isSafe(const std::string& text)
{
    return std::ranges::none_of(text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F; }) &&
        text.find("\u202E") == std::string::npos && text.find("\u200B") == std::string::npos && text.find("\u009B") == std::string::npos;
}

class TestPresentation : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void hostilePayloads_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char* name, const QByteArray& bytes) { QTest::newRow(name) << bytes; };
        row("empty", "");
        row("one megabyte in a line", QByteArray(1 << 20, 'x'));
        row("ten thousand lines", QByteArray("line\n").repeated(10000));
        row("only line feeds", QByteArray("\n").repeated(1000));
        row("no line feed at the end", "a\nb");
        row("RTL override", "rm \u202Egpj.exe");
        row("NUL", QByteArray("ls\0rm -rf /", 11));
        row("homoglyph", "/us\u0433/b\u0456n/p\u0430sswd");
        row("carriage return", "echo safe\rrm -rf /");
        row("terminal escapes", "\x1b[2J\x1b]0;title\x07\u009b1m");
        row("invalid UTF-8", "\xff\xfe\xc0\x80 \xed\xa0\x80");
        row("all bytes", [] {
            QByteArray all;
            for (int i = 0; i < 256; ++i)
                all += static_cast<char>(i);
            return all.repeated(20);
        }());
        row("spoofed marks", "⟦U+202E⟧ \" | - + !");
        row("spoofed labels", "x\"\n\nWhat will run: 0 bytes, digest\n  argument 0 \"ls\"");
        row("zero width", QByteArray("r\u200Bm").repeated(1000));
        row("many NULs", QByteArray(100000, '\0'));
    }

    void hostilePayloads()
    {
        QFETCH(QByteArray, bytes);
        const std::string text = bytes.toStdString();
        const PreparedCall command = test::commandCall({"run", text, ""});
        GH_VALUE(const Presentation card, shown(command));
        QVERIFY(drawn(card, BlockKind::Argument, 1) == text);
        QVERIFY(drawn(card, BlockKind::Argument, 2).empty());
        QVERIFY(payloadCovers(card, command));
        const PreparedCall commit = test::commitCall("before\n" + text, text + "!");
        GH_VALUE(const Presentation change, shown(commit));
        QVERIFY(drawn(change, BlockKind::Content, 0) == text + "!");
        GH_VALUE(const std::string after, blockBytes(change.edits.at(0).after.value()));
        QVERIFY(after == text + "!");
        for (const Presentation* one : {&card, &change}) {
            const std::string rendered = renderText(*one);
            QVERIFY(isSafe(rendered));
            QVERIFY(rendered.find("...") == std::string::npos || text.find("...") != std::string::npos);
            GH_VALUE(const Presentation back, presentationFromJson(toJson(*one)));
            QVERIFY(back == *one);
            GH_VALUE(const std::string digest, presentationDigest(*one));
            QCOMPARE(digest.size(), std::size_t(64));
        }
    }

    void everyBoundThingIsOnTheCard()
    {
        const PreparedCall call = test::commandCall({"curl", "https://x"});
        GH_VALUE(const Presentation card, shown(call));
        const auto has = [&card](BlockKind kind, std::uint32_t index, const std::string& bytes) {
            return drawn(card, kind, index) == bytes;
        };
        QVERIFY(has(BlockKind::Argument, 0, "curl"));
        QVERIFY(has(BlockKind::Directory, 0, "repo"));
        QVERIFY(has(BlockKind::Variable, 1, "MODE=a=b"));
        QVERIFY(has(BlockKind::Input, 0, "in"));
        QVERIFY(has(BlockKind::File, 0, "{}"));
        QVERIFY(has(BlockKind::Timeout, 0, "5000"));
        QCOMPARE(card.payload.size(), std::size_t(8));
    }

    void aCardOfOtherBytesDoesNotCover()
    {
        const PreparedCall call = test::commandCall({"ls", "a"});
        GH_VALUE(const Presentation card, shown(call));
        for (std::size_t i = 0; i < card.payload.size(); ++i) {
            Presentation less = card;
            less.payload.erase(less.payload.begin() + static_cast<std::ptrdiff_t>(i));
            QVERIFY2(!payloadCovers(less, call), std::to_string(i).c_str());
            Presentation other = card;
            other.payload[i].lines.at(0) = escape("7");
            other.payload[i].size = 1;
            QVERIFY2(!payloadCovers(other, call), std::to_string(i).c_str());
        }
    }

    void whatCantBeShownWhollyIsNotAsked()
    {
        PreparedCall call = test::commandCall({"ls"});
        std::get<CommandEffect>(call.effect).request.environment = {{"A=B", "c"}};
        QVERIFY(!shown(call));
    }

    void aDiffOfOtherBytesIsRefused()
    {
        PreparedCall after = test::commitCall("old", "new");
        after.edits[0].after = "harmless";
        QVERIFY(!shown(after));
        PreparedCall before = test::commitCall("old", "new");
        before.edits[0].before = "other";
        QVERIFY(!shown(before));
        PreparedCall elsewhere = test::commitCall("old", "new");
        elsewhere.edits[0].path = "src/b.txt";
        QVERIFY(!shown(elsewhere));
    }

    void aCommitWithoutAnEditIsStillShown()
    {
        PreparedCall call = test::commitCall("old", "new");
        call.edits.clear();
        GH_VALUE(const Presentation card, shown(call));
        QCOMPARE(card.edits.size(), std::size_t(2));
        QVERIFY(renderText(card).find("+ new") != std::string::npos);
    }

    void whoWhereWhyAndWhat()
    {
        GH_VALUE(const Presentation card, shown(test::commitCall("one\ntwo\nthree\n", "one\n2\nthree\n")));
        const std::string text = renderText(card);
        for (const char* part : {"apply_patch: change 2 files", "ops ◂ planner", "ann", "delivery: overlay", "none",
                                 "P-3  strict.policy.json:8", "Code changes are seen", "src/a.txt", "old.txt: removed",
                                 "the workspace is a copy", "One person", "1970-01-01T04:16:40.000Z", "- two", "+ 2", "- gone"})
            QVERIFY2(text.find(part) != std::string::npos, (std::string(part) + " is not in\n" + text).c_str());
        QVERIFY(text.find(card.binding.substr(0, 8)) != std::string::npos);
        QVERIFY(text.find(card.binding.substr(56)) != std::string::npos);
    }

    // Line by line, as the window marks it: what stayed between two changes is no change.
    void changedLinesAreMarkedOneByOne()
    {
        std::string before;
        std::string after;
        for (int i = 1; i <= 30; ++i) {
            before += "line " + std::to_string(i) + '\n';
            after += (i == 2 || i == 5 || i == 28 ? "changed " : "line ") + std::to_string(i) + '\n';
        }
        GH_VALUE(const Presentation card, shown(test::commitCall(before, after)));
        const std::string text = renderText(card);
        const auto has = [&text](const char* line) { return text.find(line) != std::string::npos; };
        QVERIFY2(has("    - line 2\n    + changed 2\n      line 3\n      line 4\n    - line 5\n    + changed 5\n"), text.c_str());
        QVERIFY2(has("    from line 25:\n      line 25\n      line 26\n      line 27\n    - line 28\n    + changed 28\n"), text.c_str());
        QVERIFY2(!has("line 15"), text.c_str());
    }

    // A question that no rule asks: what happened to the call is not known. It must not look like an ordinary one.
    void aCallThatMayHaveHappenedSaysSo()
    {
        const PreparedCall call = test::commandCall({"ls"});
        GH_VALUE(const Action action, makeAction(test::actionContext(), call));
        GH_VALUE(const std::string binding, bindingDigest(action));
        policy::Decision decision = asking();
        decision.matched[0].effect = policy::Effect::Allow;
        decision.why = Message("Nobody knows whether this call was executed before");
        GH_VALUE(const Presentation card, present(action, call, decision, test::makeRequest(binding), {}));
        const std::string text = renderText(card);
        QVERIFY2(text.find("Reason              Nobody knows whether") != std::string::npos, text.c_str());
        QVERIFY2(text.find("! Nobody knows whether") != std::string::npos, text.c_str());
        const std::string json = toJson(card).dump();
        QVERIFY2(json.find("Nobody knows whether") != std::string::npos, json.c_str());
        // An ordinary question has its rule, and nothing of the sort.
        decision = asking();
        decision.why = Message("Code changes are seen by a person");
        GH_VALUE(const Presentation ordinary, present(action, call, decision, test::makeRequest(binding), {}));
        QVERIFY(ordinary.warnings.empty());
    }

    void warningsNameThePlace()
    {
        GH_VALUE(const Presentation card, shown(test::commandCall({"ls", "a\u202Eb", "\tok", "p\u0430th", "a\u200B", "\x1b", "\xff"})));
        std::string all;
        for (const Message& warning : card.warnings)
            all += warning.format() + '\n';
        for (const char* part : {"argv[1] holds characters that turn", "argv[3] holds characters that look", "argv[4] holds invisible",
                                 "argv[5] holds control", "argv[6] holds bytes"})
            QVERIFY2(all.find(part) != std::string::npos, all.c_str());
        QVERIFY(all.find("argv[2]") == std::string::npos);
    }

    void aRequestThatSoloCantApproveSaysSo()
    {
        const PreparedCall call = test::commandCall({"ls"});
        GH_VALUE(const Action action, makeAction(test::actionContext(), call));
        GH_VALUE(const std::string binding, bindingDigest(action));
        Request request = test::makeRequest(binding);
        request.obligations.quorum = {{"owner", 1}, {"sre", 1}};
        GH_VALUE(const Presentation card, present(action, call, asking(), request, {}));
        QVERIFY(renderText(card).find("demands 2 different people") != std::string::npos);
        request.binding = std::string(64, '0');
        QVERIFY(!present(action, call, asking(), request, {}));
    }

    void foreignPresentationsAreRefused()
    {
        GH_VALUE(const Presentation card, shown(test::commandCall({"ls"})));
        const nlohmann::json good = toJson(card);
        const auto refused = [&good](auto change) {
            nlohmann::json bad = good;
            change(bad);
            return !presentationFromJson(bad);
        };
        QVERIFY(refused([](auto& j) { j["schema"] = "x"; }));
        QVERIFY(refused([](auto& j) { j.erase("rows"); }));
        QVERIFY(refused([](auto& j) { j["payload"][0]["lines"][0] = "a\u202E"; }));
        QVERIFY(refused([](auto& j) { j["payload"][0]["size"] = 1; }));
        QVERIFY(refused([](auto& j) { j["payload"][0]["kind"] = "nothing"; }));
        QVERIFY(refused([](auto& j) { j["title"]["arguments"][0] = "\x1b[2J"; }));
        QVERIFY(refused([](auto& j) { j["rows"] = 1; }));
        QVERIFY(!presentationFromJson(nlohmann::json::array()));
    }

    void theDigestIsOfWhatIsShown()
    {
        GH_VALUE(Presentation card, shown(test::commandCall({"ls"})));
        GH_VALUE(const std::string before, presentationDigest(card));
        card.rows[0].value = escape("somebody else");
        GH_VALUE(const std::string after, presentationDigest(card));
        QVERIFY(before != after);
    }
};

GATEHOUSE_TEST_MAIN(TestPresentation)
#include "tst_presentation.moc"
