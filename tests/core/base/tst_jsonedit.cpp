// Editing in place: the value becomes what was asked for, every other byte stays, and each edit can be taken back.
#include "core/base/jsonedit.h"
#include "tests/support/testmain.h"
#include "tests/support/testresult.h"

#include <random>

using namespace gatehouse;
using nlohmann::json;

class TestJsonEdit : public test::TestCase {
    Q_OBJECT

    static JsonDocument parsed(const std::string& text)
    {
        auto document = JsonDocument::parse(text, "t.json");
        if (!document)
            qFatal("%s\n%s", document.error().toString().c_str(), text.c_str());
        return *std::move(document);
    }

    static std::string after(const std::string& text, const Result<TextEdit>& edit)
    {
        if (!edit)
            return edit.error().toString();
        const std::string edited = applied(text, *edit);
        return applied(edited, inverse(text, *edit)) == text ? edited : "the inverse does not take it back";
    }

    using Edit = Result<TextEdit> (*)(const JsonDocument&);

private Q_SLOTS:
    void styles_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<Edit>("edit");
        QTest::addColumn<QByteArray>("wanted");
        const auto row = [](const char* name, const char* before, Edit edit, const char* wanted) {
            QTest::newRow(name) << QByteArray(before) << edit << QByteArray(wanted);
        };
        row(
            "a value alone", "{\n\t\"a\" :  1 ,\n\t\"b\": 2\n}\n", [](const JsonDocument& d) { return setValue(d, "/a", 7); },
            "{\n\t\"a\" :  7 ,\n\t\"b\": 2\n}\n");
        row("an equal value", "{\"a\": 1.0}", [](const JsonDocument& d) { return setValue(d, "/a", 1.0); }, "{\"a\": 1.0}");
        row(
            "a new member", "{\n    \"a\": 1\n}", [](const JsonDocument& d) { return setValue(d, "/b", {{"c", {1, 2}}, {"d", "x"}}); },
            "{\n    \"a\": 1,\n    \"b\": {\n        \"c\": [1, 2],\n        \"d\": \"x\"\n    }\n}");
        row(
            "a new member on one line", "{ \"a\":1, \"b\":2 }", [](const JsonDocument& d) { return setValue(d, "/c", {{"x", true}}); },
            "{ \"a\":1, \"b\":2, \"c\":{ \"x\":true } }");
        row(
            "into an empty object", "{\n  \"a\": {}\n}", [](const JsonDocument& d) { return setValue(d, "/a/b~1c", json()); },
            "{\n  \"a\": {\n    \"b/c\": null\n  }\n}");
        row(
            "line ends of another system", "{\r\n  \"a\": 1\r\n}\r\n", [](const JsonDocument& d) { return setValue(d, "/b", 2); },
            "{\r\n  \"a\": 1,\r\n  \"b\": 2\r\n}\r\n");
        row(
            "several members", "{\n  \"a\": 1\n}", [](const JsonDocument& d) { return appendMembers(d, "", {{"c", 2}, {"b", {3}}}); },
            "{\n  \"a\": 1,\n  \"c\": 2,\n  \"b\": [3]\n}");
        row(
            "several into an empty object", "{\n  \"a\": {}\n}",
            [](const JsonDocument& d) { return appendMembers(d, "/a", {{"x", 1}, {"y", 2}}); },
            "{\n  \"a\": {\n    \"x\": 1,\n    \"y\": 2\n  }\n}");
        row(
            "one of several twice", "{\"a\": 1}", [](const JsonDocument& d) { return appendMembers(d, "", {{"b", 1}, {"b", 2}}); },
            "t.json:1:1: The object has the key \"b\" already");
        row("the first of an array", "[1, 2]", [](const JsonDocument& d) { return insertElement(d, "", 0, "x"); }, "[\"x\", 1, 2]");
        row("the end of an array", "{\"a\":[1,2]}", [](const JsonDocument& d) { return setValue(d, "/a/-", 3); }, "{\"a\":[1,2,3]}");
        row(
            "a member before another", "{\n  \"a\": 1,\n  \"b\": 2\n}",
            [](const JsonDocument& d) { return insertMember(d, "", 1, "m", "x"); }, "{\n  \"a\": 1,\n  \"m\": \"x\",\n  \"b\": 2\n}");
        row(
            "without the first", "{\n  \"a\": 1,\n  \"b\": 2\n}", [](const JsonDocument& d) { return removeValue(d, "/a"); },
            "{\n  \"b\": 2\n}");
        row(
            "without the last", "{\n  \"a\": 1,\n  \"b\": 2\n}", [](const JsonDocument& d) { return removeValue(d, "/b"); },
            "{\n  \"a\": 1\n}");
        row(
            "without the only one", "{\n  \"a\": [ 1 ]\n}", [](const JsonDocument& d) { return removeValue(d, "/a/0"); },
            "{\n  \"a\": []\n}");
        row(
            "another key", "{ \"a\" : { \"x\": 1 } }", [](const JsonDocument& d) { return renameKey(d, "/a", "ä\"b"); },
            "{ \"ä\\\"b\" : { \"x\": 1 } }");
        row("another order", "[ 1,\n  [2],   3 ]", [](const JsonDocument& d) { return moveChild(d, "", 2, 0); }, "[ 3,\n  1,   [2] ]");
        row(
            "the whole", "{}", [](const JsonDocument& d) { return setValue(d, "", {{"a", {{"b", {1, {2}}}}}}); },
            "{\n  \"a\": {\n    \"b\": [\n      1,\n      [2]\n    ]\n  }\n}");
        row("a pointer that is none", "{\"~2\": 1}", [](const JsonDocument& d) { return setValue(d, "/~2", 7); }, "{\"~2\": 7}");
        row("a key with a tilde", "{\"a\": 1}", [](const JsonDocument& d) { return setValue(d, "/~2", 7); }, "{\"a\": 1, \"~2\": 7}");
        row(
            "nothing there", "{\"a\": [1]}", [](const JsonDocument& d) { return setValue(d, "/a/3", 1); },
            "t.json:1:7: There is nothing to edit at /a/3");
        row(
            "a scalar has no members", "{\"a\": 1}", [](const JsonDocument& d) { return setValue(d, "/a/b", 1); },
            "t.json:1:7: There is no object or array at /a");
        row(
            "a key twice", "{\"a\": 1, \"b\": 2}", [](const JsonDocument& d) { return renameKey(d, "/a", "b"); },
            "t.json:1:15: The object has the key \"b\" already");
        row(
            "the root stays", "{\"a\": 1}", [](const JsonDocument& d) { return removeValue(d, ""); },
            "t.json:1:1: There is nothing to edit at ");
    }

    void styles()
    {
        QFETCH(QByteArray, before);
        QFETCH(Edit, edit);
        QFETCH(QByteArray, wanted);
        const std::string text = before.toStdString();
        QCOMPARE(QByteArray::fromStdString(after(text, edit(parsed(text)))), wanted);
    }

    void editsThatTouchAreRefused()
    {
        const auto edits = [](TextRange first, TextRange second) { return independent({{first, "x"}, {second, "y"}}); };
        QCOMPARE(edits({0, 2}, {2, 3})->front().range.begin, std::size_t(2)); // the last of the text first
        QVERIFY(!edits({0, 2}, {1, 3}));
        QVERIFY(!edits({1, 1}, {1, 1}));
        QVERIFY(independent({{{1, 1}, ""}, {{1, 1}, ""}})->empty());
    }

    void differencesAreSmall()
    {
        for (const auto& [before, after] : {std::pair<std::string, std::string>{"", ""},
                                            {"abc", "abc"},
                                            {"aXc", "aYc"},
                                            {"aa", "aaa"},
                                            {"ä", "ö"},
                                            {"xäy", "xöy"},
                                            {"€", "₭"},
                                            {"a", ""}}) {
            const TextEdit edit = difference(before, after);
            QCOMPARE(applied(before, edit), after);
            QCOMPARE(applied(after, inverse(before, edit)), before);
            QVERIFY(edit.text.empty() || (static_cast<unsigned char>(edit.text.front()) & 0xC0U) != 0x80U);
        }
        QVERIFY(difference("abc", "abc").empty());
    }

    // Random texts of any layout, random edits: the value is right, the rest keeps its bytes, undone all the way the text is the first.
    void randomEdits();
    // What is removed together is what one removal after the other leaves, byte for byte.
    void removingTogether();

    void changesOfEdits();
};

namespace {

class Random {
public:
    explicit Random(unsigned seed) : m_engine(seed) { }
    unsigned below(unsigned n) { return std::uniform_int_distribution<unsigned>(0, n - 1)(m_engine); }

    std::string space() { return std::string(std::array{"", "", " ", "  ", "\n", "\n  ", "\t", "\r\n "}[below(8)]); }

    // A text of the value with white space wherever JSON allows it.
    std::string text(const json& value)
    {
        if (!value.is_structured())
            return value.dump();
        std::string out(1, value.is_object() ? '{' : '[');
        for (auto child = value.begin(); child != value.end(); ++child) {
            out += (child == value.begin() ? "" : ",") + space();
            if (value.is_object())
                out += json(child.key()).dump() + space() + ':' + space();
            out += text(*child) + space();
        }
        return out + (value.is_object() ? '}' : ']');
    }

    json value(unsigned depth)
    {
        switch (below(depth == 0 ? 4 : 6)) {
        case 0:
            return below(1000);
        case 1:
            return std::string("s") + std::string(std::array{"", "é", "\"", "\n", "/~"}[below(5)]);
        case 2:
            return nullptr;
        case 3:
            return below(2) == 0;
        case 4: {
            json out = json::object();
            for (unsigned i = below(5); i > 0; --i)
                out[key()] = value(depth - 1);
            return out;
        }
        default: {
            json out = json::array();
            for (unsigned i = below(5); i > 0; --i)
                out.push_back(value(depth - 1));
            return out;
        }
        }
    }

    std::string key() { return std::string(1, static_cast<char>('a' + below(6))) + (below(4) == 0 ? "/~" : ""); }

    // The pointer of something in it.
    std::string pointer(const JsonDocument& document)
    {
        std::string at;
        for (;;) {
            const auto children = document.children(at);
            if (children.empty() || below(3) == 0)
                return at;
            at = children[below(static_cast<unsigned>(children.size()))].pointer;
        }
    }

private:
    std::mt19937 m_engine;
};

// Does one random edit on text and on model; nothing: it does not apply here.
std::optional<TextEdit> editAtRandom(Random& random, const JsonDocument& document, json& model)
{
    const std::string at = random.pointer(document);
    const json::json_pointer place{at};
    json& there = model.at(place);
    const auto done = [](Result<TextEdit> edit) {
        if (!edit)
            qFatal("%s", edit.error().toString().c_str());
        return std::optional(*std::move(edit));
    };
    const json value = random.value(2);
    switch (random.below(4)) {
    case 0: {
        auto edit = done(setValue(document, at, value));
        there = value;
        return edit;
    }
    case 1: {
        if (at.empty())
            return std::nullopt;
        auto edit = done(removeValue(document, at));
        json& parent = model.at(place.parent_pointer());
        if (parent.is_array())
            parent.erase(std::stoul(place.back()));
        else
            parent.erase(place.back());
        return edit;
    }
    case 2: {
        if (there.is_array()) {
            const auto index = random.below(static_cast<unsigned>(there.size()) + 1);
            auto edit = done(insertElement(document, at, index, value));
            there.insert(there.begin() + index, value);
            return edit;
        }
        const std::string key = random.key();
        if (!there.is_object() || there.contains(key))
            return std::nullopt;
        auto edit = done(insertMember(document, at, random.below(static_cast<unsigned>(there.size()) + 1), key, value));
        there[key] = value;
        return edit;
    }
    default: {
        if (!there.is_structured() || there.empty())
            return std::nullopt;
        const auto from = random.below(static_cast<unsigned>(there.size()));
        const auto to = random.below(static_cast<unsigned>(there.size()));
        auto edit = done(moveChild(document, at, from, to));
        if (there.is_array()) {
            json moved = there[from];
            there.erase(from);
            there.insert(there.begin() + to, std::move(moved));
        }
        return edit;
    }
    }
}

} // namespace

void TestJsonEdit::randomEdits()
{
    for (unsigned seed = 1; seed <= 300; ++seed) {
        Random random(seed);
        json model = {{"root", random.value(3)}, {"kept", 1}};
        std::string text = random.space() + random.text(model) + random.space();
        std::vector<std::pair<std::string, TextEdit>> history;
        for (int step = 0; step < 20; ++step) {
            const JsonDocument document = parsed(text);
            const auto edit = editAtRandom(random, document, model);
            if (!edit)
                continue;
            history.emplace_back(text, *edit);
            text = applied(text, *edit);
            const JsonDocument edited = parsed(text);
            QVERIFY2(edited.value() == model,
                     (std::to_string(seed) + ": " + history.back().first + "\n->\n" + text + "\n" + model.dump()).c_str());
        }
        for (auto done = history.rbegin(); done != history.rend(); ++done) {
            text = applied(text, inverse(done->first, done->second));
            QCOMPARE(text, done->first);
        }
    }
}

void TestJsonEdit::removingTogether()
{
    for (unsigned seed = 1; seed <= 500; ++seed) {
        Random random(seed);
        const json model = {{"root", random.value(4)}, {"kept", random.value(3)}};
        const std::string text = random.text(model);
        const JsonDocument document = parsed(text);
        std::set<std::string> pointers;
        for (unsigned i = random.below(8); i > 0; --i)
            pointers.insert(random.pointer(document));
        pointers.erase("");
        std::string together = text;
        GH_VALUE(const std::vector<TextEdit> edits, removeValues(document, pointers));
        for (const TextEdit& edit : edits)
            together = applied(together, edit);
        // Backwards, so that the pointers to come keep their meaning; what stood beneath another is gone with it.
        std::vector<std::pair<std::size_t, std::string>> order;
        for (const std::string& pointer : pointers)
            order.emplace_back(document.range(pointer)->begin, pointer);
        std::ranges::sort(order, std::greater());
        std::string alone = text;
        for (const auto& [begin, pointer] : order) {
            GH_VALUE(const TextEdit edit, removeValue(parsed(alone), pointer));
            alone = applied(alone, edit);
        }
        QCOMPARE(parsed(together).value().dump(), parsed(alone).value().dump());
        const bool nested = std::ranges::any_of(pointers, [&](const std::string& inner) {
            return std::ranges::any_of(pointers, [&](const std::string& outer) { return inner.starts_with(outer + '/'); });
        });
        if (!nested)
            QCOMPARE(together, alone);
    }
}

// Whoever takes the changes in their order comes from the text before to the text after, and no two touch.
void TestJsonEdit::changesOfEdits()
{
    QCOMPARE(changesOf({{{4, 4}, "x"}, {{2, 3}, ""}}), (std::vector<TextChange>{{2, 1, 0}, {3, 0, 1}}));
    QCOMPARE(changesOf({{{2, 2}, "ab"}, {{2, 4}, ""}}), std::vector<TextChange>());
    QCOMPARE(smallest("abc\xc3\xa4z", "abx\xc3\xa5z", {{0, 6, 6}}), (std::vector<TextChange>{{2, 3, 3}}));
    std::size_t most = 0;
    for (unsigned seed = 0; seed < 2000; ++seed) {
        Random random(seed);
        std::string before(60, '.');
        for (std::size_t i = 0; i < before.size(); ++i)
            before[i] = static_cast<char>('A' + i);
        std::string after = before;
        std::vector<TextEdit> edits;
        for (unsigned i = random.below(6); i > 0; --i) {
            TextEdit edit;
            edit.range.begin = random.below(unsigned(after.size()) + 1);
            edit.range.end = std::min<std::size_t>(edit.range.begin + random.below(8), after.size());
            edit.text = std::string(random.below(6), static_cast<char>('a' + i));
            after = applied(after, edit);
            edits.push_back(std::move(edit));
        }
        const std::vector<TextChange> changes = changesOf(edits);
        std::string held = before;
        std::size_t free = 0;
        for (const auto& [begin, removed, added] : changes) {
            QVERIFY(begin >= free);
            held.replace(begin, removed, after.substr(begin, added));
            free = begin + added + 1;
        }
        QCOMPARE(held, after);
        std::size_t bytes = 0;
        held = before;
        for (const auto& [begin, removed, added] : smallest(before, after, changes)) {
            QVERIFY(removed + added > 0);
            held.replace(begin, removed, after.substr(begin, added));
            bytes += removed + added;
        }
        QCOMPARE(held, after);
        QVERIFY(before != after || bytes == 0);
        most = std::max(most, changes.size());
    }
    QVERIFY(most > 3);
}

GATEHOUSE_TEST_MAIN(TestJsonEdit)
#include "tst_jsonedit.moc"
