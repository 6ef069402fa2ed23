#include "tests/core/policy/policyfixtures.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <algorithm>
#include <random>

using namespace gatehouse;
using namespace gatehouse::policy;

// Rule sets made by chance, from a fixed seed: every failure repeats.
namespace {

constexpr int ruleSets = 2000;
constexpr const char* layers[] = {"org", "project", "template", "run"};
constexpr const char* tools[] = {"a", "b", "c"};

class Generator {
public:
    explicit Generator(unsigned seed) : m_random(seed) { }
    int below(int limit) { return static_cast<int>(m_random() % static_cast<unsigned>(limit)); }

    std::string condition(int depth)
    {
        const std::string tool = tools[below(3)];
        switch (below(depth > 2 ? 5 : 8)) {
        case 0:
            return "{}";
        case 1:
            return R"({"tool":")" + tool + "\"}";
        case 2:
            return R"({"text":{"re2":"(?i)\\b)" + tool + R"(\\b"}})";
        case 3:
            return R"({"arguments.missing":"x"})";
        case 4:
            return R"({"command.argv.0":{"base":[")" + tool + R"("]}})";
        case 5:
            return R"({"not":)" + condition(depth + 1) + "}";
        case 6:
            return R"({"any":[)" + condition(depth + 1) + "," + condition(depth + 1) + "]}";
        default:
            return R"({"all":[)" + condition(depth + 1) + "," + condition(depth + 1) + "]}";
        }
    }

    std::string rule(const char* effect) { return test::rule("R" + std::to_string(++m_rules), effect, condition(0)); }

    struct Document {
        std::string layer;
        std::vector<std::string> rules;
    };
    std::vector<Document> documents()
    {
        static constexpr const char* effects[] = {"allow", "allow", "ask", "deny"};
        std::vector<Document> result;
        for (const char* layer : layers) {
            if (below(3) == 0)
                continue;
            Document document{layer, {}};
            for (int i = below(4); i >= 0; --i)
                document.rules.push_back(rule(effects[below(4)]));
            result.push_back(std::move(document));
        }
        return result;
    }

    Snapshot snapshot()
    {
        const std::string tool = tools[below(3)];
        switch (below(3)) {
        case 0:
            return test::toolCall(tool, R"({"x":")" + std::string(tools[below(3)]) + "\"}");
        case 1:
            return test::shellCall(std::string(tools[below(3)]) + "; " + tools[below(3)]);
        default:
            return test::shellCall("$X");
        }
    }

    void shuffle(std::vector<std::string>& rules) { std::ranges::shuffle(rules, m_random); }

private:
    std::mt19937 m_random;
    int m_rules = 0;
};

PolicySet makeSet(const std::vector<Generator::Document>& documents)
{
    PolicySet set;
    for (const auto& document : documents) {
        std::string rules;
        for (const std::string& one : document.rules)
            rules += (rules.empty() ? "" : ",") + one;
        if (!set.add(test::makePolicy(rules, document.layer, document.layer)))
            qFatal("not added");
    }
    return set;
}

int strictness(const Decision& decision)
{
    return static_cast<int>(decision.effect);
}

} // namespace

class TestPolicyProperties : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void aDenyInAnyLayerBeatsAll()
    {
        int allowed = 0;
        for (int i = 0; i < ruleSets; ++i) {
            Generator generator(static_cast<unsigned>(i));
            auto documents = generator.documents();
            const Snapshot snapshot = generator.snapshot();
            allowed += makeSet(documents).evaluate(snapshot).effect != Effect::Deny;
            if (documents.empty())
                continue;
            auto& document = documents[static_cast<std::size_t>(generator.below(static_cast<int>(documents.size())))];
            document.rules.push_back(test::rule("DENY", "deny", R"({"point":"tool"})"));
            const Decision decision = makeSet(documents).evaluate(snapshot);
            QVERIFY(decision.effect == Effect::Deny);
            QVERIFY(std::ranges::any_of(decision.matched, [](const Match& m) { return m.rule == "DENY"; }));
        }
        QVERIFY2(allowed > ruleSets / 20, "the generated sets must not be trivial");
    }

    void addingADenyOrAskNeverLoosens()
    {
        for (int i = 0; i < ruleSets; ++i) {
            Generator generator(static_cast<unsigned>(100000 + i));
            auto documents = generator.documents();
            if (documents.empty())
                continue;
            const Snapshot snapshot = generator.snapshot();
            const int before = strictness(makeSet(documents).evaluate(snapshot));
            auto& document = documents[static_cast<std::size_t>(generator.below(static_cast<int>(documents.size())))];
            document.rules.push_back(generator.rule("deny"));
            QVERIFY(strictness(makeSet(documents).evaluate(snapshot)) >= before);
        }
    }

    void aFurtherLayerOnlyNarrows()
    {
        for (int i = 0; i < ruleSets; ++i) {
            Generator generator(static_cast<unsigned>(200000 + i));
            auto documents = generator.documents();
            const Snapshot snapshot = generator.snapshot();
            const Decision all = makeSet(documents).evaluate(snapshot);
            if (documents.size() < 2)
                continue;
            auto fewer = documents;
            fewer.erase(fewer.begin() + generator.below(static_cast<int>(fewer.size())));
            const Decision without = makeSet(fewer).evaluate(snapshot);
            // With no permitting rule left nothing is allowed, so only a set that still speaks can be compared.
            if (without.cause != Cause::Default)
                QVERIFY(strictness(all) >= strictness(without));
        }
    }

    void theOrderOfRulesAndDocumentsDoesNotShow()
    {
        for (int i = 0; i < ruleSets; ++i) {
            Generator generator(static_cast<unsigned>(300000 + i));
            auto documents = generator.documents();
            const Snapshot snapshot = generator.snapshot();
            const Decision before = makeSet(documents).evaluate(snapshot);
            std::ranges::reverse(documents);
            for (auto& document : documents)
                generator.shuffle(document.rules);
            const Decision after = makeSet(documents).evaluate(snapshot);
            QVERIFY(before.effect == after.effect);
            QVERIFY(before.cause == after.cause);
            QCOMPARE(after.matched.size(), before.matched.size());
            for (std::size_t j = 0; j < before.matched.size(); ++j)
                QCOMPARE(after.matched[j].rule, before.matched[j].rule);
        }
    }

    void theSameQuestionHasTheSameAnswer()
    {
        Generator generator(7);
        const PolicySet set = makeSet(generator.documents());
        const Snapshot snapshot = generator.snapshot();
        QCOMPARE(toJson(set.evaluate(snapshot)).dump(), toJson(set.evaluate(snapshot)).dump());
    }
};

GATEHOUSE_TEST_MAIN(TestPolicyProperties)
#include "tst_policyproperties.moc"
