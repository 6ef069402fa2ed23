// What a loader gives: the document, or what is wrong with it, or both (warnings). Values; any thread.
#pragma once

#include "core/base/problem.h"
#include "core/foundation/result.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::workflow {

// Where a document came from. sha256 is of the file's bytes, hexadecimal; "" for what is built in.
struct Source {
    std::string path; // absolute; "" for what is built in
    std::string sha256;
};

// document is absent if and only if problems holds an error. Problems are in the order of the text.
template <typename T> struct Loaded {
    std::optional<T> document;
    std::vector<Problem> problems;

    // For callers who need the document or one reason: the first error.
    [[nodiscard]] Result<T> take() &&
    {
        if (!document)
            return std::unexpected(firstError(problems));
        return *std::move(document);
    }
};

} // namespace gatehouse::workflow
