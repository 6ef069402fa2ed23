#include "core/workflow/documentfile.h"

#include "core/foundation/sha256.h"
#include "core/workflow/node.h"
#include "core/workflow/schemas.h"
#include "core/workflow/secrets.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <tuple>

namespace gatehouse::workflow {

namespace fs = std::filesystem;

// People write these; a repository's worth of text belongs into files beside them.
static constexpr std::uint64_t maximumBytes = 4u << 20;

// Looking up a place walks its siblings: these bounds keep a hostile document's problems within seconds.
static constexpr std::size_t maximumMembers = 10000;
static constexpr std::size_t maximumValues = 50000;

// The first container that is too large, or the root when all of it is too much. total counts on.
static std::optional<std::string> tooLarge(const nlohmann::json& value, const std::string& pointer, std::size_t& total)
{
    if (value.is_structured() && value.size() > maximumMembers)
        return pointer;
    if (++total > maximumValues)
        return std::string();
    for (const auto& [key, child] : value.items()) {
        if (!value.is_structured())
            break;
        if (auto found = tooLarge(child, childPointer(pointer, key), total))
            return found;
    }
    return std::nullopt;
}

// Takes ":12" off the end of place.
static unsigned takeNumber(std::string_view& place)
{
    const std::size_t colon = place.rfind(':');
    unsigned out = 0;
    if (colon == std::string_view::npos)
        return 0;
    const char* end = place.data() + place.size();
    if (std::from_chars(place.data() + colon + 1, end, out).ptr != end)
        return 0;
    place.remove_suffix(place.size() - colon);
    return out;
}

// The parser's error names its place as "name:line:column".
static Problem problemOf(const Error& error, const std::string& name)
{
    Problem out{Severity::Error, name, {}, {}, error.why, "json"};
    std::string_view place = error.where;
    if (place.starts_with(name + ":")) {
        out.position.column = takeNumber(place);
        out.position.line = takeNumber(place);
    } else if (error.code != ErrorCode::InvalidInput) {
        out.rule = "unreadable";
    }
    return out;
}

// Secrets anywhere; the contents of files may be samples, so there it is only a warning.
static void reportSecrets(const Node& node, bool sample)
{
    if (node.isString() && holdsKnownSecret(node.value().get_ref<const std::string&>())) {
        const Message message("This looks like a secret; keep it out of documents and name it by env:, file: or keychain:");
        sample ? node.warning(message, "secret") : node.error(message, "secret");
    }
    for (const Node& item : node.items())
        reportSecrets(item, sample);
    for (const auto& [key, child] : node.members())
        reportSecrets(child, sample || key == "content");
}

// The schema's words show the value that they complain about.
static void hideSecrets(std::vector<Problem>& problems)
{
    for (Problem& problem : problems) {
        if (holdsKnownSecret(problem.message.format()))
            problem.message = "What stands here is not allowed";
    }
}

static Result<JsonDocument> parsed(const std::string& path, const std::string* unsaved)
{
    if (!unsaved)
        return JsonDocument::read(path, maximumBytes);
    if (unsaved->size() > maximumBytes)
        return fail(ErrorCode::InvalidInput, path, Message("The document is larger than %1 bytes", {std::to_string(maximumBytes)}));
    return JsonDocument::parse(*unsaved, path);
}

DocumentFile openDocument(const std::string& path, const std::string& schemaName, const std::string* unsaved)
{
    DocumentFile out;
    std::error_code ignored;
    out.source.path = fs::absolute(path, ignored).lexically_normal().string();
    out.directory = fs::weakly_canonical(fs::path(out.source.path).parent_path(), ignored).string();
    auto document = parsed(path, unsaved);
    if (!document) {
        out.problems.push_back(problemOf(document.error(), path));
        return out;
    }
    out.source.sha256 = sha256Hex(document->text());
    std::size_t total = 0;
    if (const auto pointer = tooLarge(document->value(), {}, total)) {
        out.problems.push_back({Severity::Error, path, document->position(*pointer), *pointer,
                                Message("The document is too large: at most %1 values, %2 in one list or object",
                                        {std::to_string(maximumValues), std::to_string(maximumMembers)}),
                                "too-large"});
        return out;
    }
    const JsonSchema& schema = compiledSchema(schemaName);
    out.problems = schema.check(*document);
    std::ranges::move(schema.unknownKeys(*document), std::back_inserter(out.problems));
    hideSecrets(out.problems);
    reportSecrets(Node(*document, out.problems), false);
    out.document = *std::move(document);
    return out;
}

void sortProblems(std::vector<Problem>& problems)
{
    // A key that is wrong for a reason of its own needn't be called unknown, or a secret, as well.
    const auto weak = [](const Problem& problem) { return problem.rule == "unknown-key" || problem.rule == "secret"; };
    const auto place = [](const Problem& problem) { return std::tuple(problem.file, problem.position.offset, problem.pointer); };
    std::set<std::tuple<std::string, std::size_t, std::string>> faults;
    for (const Problem& problem : problems) {
        if (problem.severity == Severity::Error && !weak(problem))
            faults.insert(place(problem));
    }
    std::erase_if(problems, [&](const Problem& problem) { return weak(problem) && faults.contains(place(problem)); });
    std::ranges::stable_sort(problems, {}, [](const Problem& problem) {
        return std::tuple(problem.file, problem.position.line, problem.position.column, problem.severity);
    });
    const auto same = std::ranges::unique(problems);
    problems.erase(same.begin(), same.end());
}

} // namespace gatehouse::workflow
