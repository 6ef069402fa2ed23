#include "core/model/digest.h"

#include "core/foundation/sha256.h"
#include "tests/support/testmain.h"

#include <set>

using namespace gatehouse;
using namespace gatehouse::model;

class TestDigest : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void theHashedFormIsTheDocumentedOne()
    {
        QCOMPARE(itemDigest(UserMessage{"hé"}), sha256Hex("16:gatehouse:item/14:user3:hé"));
        QCOMPARE(itemDigest(ToolCallItem{"c1", "ls", "{}"}), sha256Hex("16:gatehouse:item/19:tool_call2:c12:ls2:{}"));
        const std::vector<Item> items = {UserMessage{"a"}};
        QCOMPARE(requestDigest("", items, "p"), sha256Hex("25:gatehouse:model-request/10:1:p64:" + itemDigest(items[0])));
    }

    void differentItemsHaveDifferentDigests()
    {
        const std::vector<Item> items = {UserMessage{"ab"},
                                         AssistantMessage{"ab"},
                                         ToolResultItem{"a", "b"},
                                         ToolResultItem{"ab", ""},
                                         ToolCallItem{"a", "b", ""},
                                         ToolCallItem{"", "a", "b"},
                                         ToolCallItem{"a", "", "b"},
                                         ToolCallItem{"a", "b", "\xff"},
                                         UserMessage{""},
                                         ToolCallItem{"a", "b", "\xfe"}};
        std::set<std::string> digests;
        for (const Item& item : items)
            digests.insert(itemDigest(item));
        QCOMPARE(digests.size(), items.size());
    }

    void aRequestRollsOverItsHistory()
    {
        const std::vector<Item> first = {UserMessage{"a"}}, more = {AssistantMessage{"b"}, UserMessage{"c"}};
        const std::string one = requestDigest("", first, "p");
        const std::string two = requestDigest(one, more, "p");
        QVERIFY(two != requestDigest("", more, "p"));
        QVERIFY(two != requestDigest(one, more, "q"));
        const std::vector<Item> swapped = {more[1], more[0]};
        QVERIFY(two != requestDigest(one, swapped, "p"));
    }

    void everyParameterCounts()
    {
        const auto digest = [](auto change) {
            Request request{"agent", "model", "do", {}, {{"ls", "Lists", {{"type", "object"}}}}, {}};
            change(request);
            return parametersDigest(request);
        };
        const std::set<std::string> digests = {
            digest([](Request&) {}),
            digest([](Request& r) { r.agent = "other"; }),
            digest([](Request& r) { r.model = "other"; }),
            digest([](Request& r) { r.instructions = "other"; }),
            digest([](Request& r) { r.tools[0].name = "other"; }),
            digest([](Request& r) { r.tools[0].description = "other"; }),
            digest([](Request& r) { r.tools[0].parameters["x"] = 1; }),
            digest([](Request& r) { r.tools.clear(); }),
            digest([](Request& r) { r.parameters.temperature = 0; }),
            digest([](Request& r) { r.parameters.topP = 0; }),
            digest([](Request& r) { r.parameters.maxOutputTokens = 0; }),
            digest([](Request& r) { r.parameters.parallelToolCalls = false; }),
            digest([](Request& r) { r.parameters.toolChoice = ToolChoice::None; }),
            digest([](Request& r) { r.parameters.reasoningEffort = "low"; }),
        };
        QCOMPARE(digests.size(), std::size_t(14));
        QCOMPARE(digest([](Request&) {}), digest([](Request& r) { r.items = {UserMessage{"not a parameter"}}; }));
    }
};

GATEHOUSE_TEST_MAIN(TestDigest)
#include "tst_digest.moc"
