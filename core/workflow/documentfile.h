// Opening a document: read, parse, schema, secrets; then the reader for its kind. Internal to core/workflow.
#pragma once

#include "core/base/jsondocument.h"
#include "core/workflow/loaded.h"

#include <optional>
#include <string>
#include <vector>

namespace gatehouse::workflow {

struct DocumentFile {
    Source source;
    std::string directory;                // of the file, absolute, canonical
    std::optional<JsonDocument> document; // absent: it could not be parsed, problems says why
    std::vector<Problem> problems;
};

// schemaName is one of schemaNames(). Shape errors, unknown keys and secrets are in problems, the document even so.
// unsaved: the text that stands in an editor, judged instead of the file's.
[[nodiscard]] DocumentFile openDocument(const std::string& path, const std::string& schemaName, const std::string* unsaved = nullptr);
// Sorts the problems by place and drops the document when one is an error.
void sortProblems(std::vector<Problem>& problems);
template <typename T> [[nodiscard]] Loaded<T> finished(T document, std::vector<Problem> problems)
{
    Loaded<T> out;
    sortProblems(problems);
    if (!hasErrors(problems))
        out.document = std::move(document);
    out.problems = std::move(problems);
    return out;
}

} // namespace gatehouse::workflow
