#include "core/workflow/documentfile.h"

#include "core/foundation/sha256.h"
#include "core/workflow/node.h"
#include "core/workflow/schemas.h"
#include "core/workflow/secrets.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <tuple>

namespace gatehouse::workflow {

namespace fs = std::filesystem;

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

DocumentFile openDocument(const std::string& path, const std::string& schemaName)
{
    DocumentFile out;
    std::error_code ignored;
    out.source.path = fs::absolute(path, ignored).lexically_normal().string();
    out.directory = fs::weakly_canonical(fs::path(out.source.path).parent_path(), ignored).string();
    auto document = JsonDocument::read(path);
    if (!document) {
        out.problems.push_back(problemOf(document.error(), path));
        return out;
    }
    out.source.sha256 = sha256Hex(document->text());
    const JsonSchema& schema = compiledSchema(schemaName);
    out.problems = schema.check(*document);
    std::ranges::move(schema.unknownKeys(*document), std::back_inserter(out.problems));
    hideSecrets(out.problems);
    reportSecrets(Node(*document, out.problems), false);
    out.document = *std::move(document);
    return out;
}

// A key that is wrong for a reason of its own needn't be called unknown, or a secret, as well.
static bool isSaidBetter(const Problem& problem, const std::vector<Problem>& problems)
{
    if (problem.rule != "unknown-key" && problem.rule != "secret")
        return false;
    return std::ranges::any_of(problems, [&](const Problem& other) {
        return other.severity == Severity::Error && other.rule != problem.rule && other.rule != "unknown-key"
            && other.position.offset == problem.position.offset && other.pointer == problem.pointer && other.file == problem.file;
    });
}

void sortProblems(std::vector<Problem>& problems)
{
    std::vector<Problem> kept;
    std::ranges::copy_if(problems, std::back_inserter(kept), [&](const Problem& problem) { return !isSaidBetter(problem, problems); });
    problems = std::move(kept);
    std::ranges::stable_sort(problems, {}, [](const Problem& problem) {
        return std::tuple(problem.file, problem.position.line, problem.position.column, problem.severity);
    });
    const auto same = std::ranges::unique(problems);
    problems.erase(same.begin(), same.end());
}

} // namespace gatehouse::workflow
