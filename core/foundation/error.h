// Error and Message: what went wrong, where, and what to do about it.
//
// Core gives codes and sentences with numbered arguments ("%1"); the programs translate the sentence and
// put the arguments in afterwards, so an argument can never smuggle in a placeholder. Values; any thread.
#pragma once

#include <expected>
#include <string>
#include <vector>

namespace gatehouse {

// What callers branch on. The command line maps these to exit statuses (docs/command-line.md).
enum class ErrorCode {
    InvalidInput,     // a document, an argument or a patch is not what it must be
    NotFound,         // a named thing does not exist
    AlreadyExists,    // a name that must be new is taken
    PermissionDenied, // the operating system said no
    Busy,             // another process holds it
    Corrupt,          // stored bytes are not what was written
    Record,           // could not record: disk full, journal failure
    Setup,            // the sandbox could not be set up as demanded
    Worker,           // the worker died, or broke the protocol
    Model,            // the model or its server failed
    Limit,            // a limit or budget was reached
    Denied,           // policy or a person said no
    Cancelled,        // somebody asked to stop
    Unsupported,      // this host or this version can't do it
    System,           // any other operating system failure
    Internal,         // a defect in this program
};

// A sentence in source English with %1 … %9 for its arguments. The text is always a literal of ours.
struct Message {
    std::string text;
    std::vector<std::string> arguments;

    Message() = default;
    Message(const char* sentence) : text(sentence) { }
    Message(const char* sentence, std::vector<std::string> values) : text(sentence), arguments(std::move(values)) { }

    [[nodiscard]] bool empty() const { return text.empty(); }
    // The English sentence with its arguments put in, one pass: arguments are never scanned for placeholders.
    [[nodiscard]] std::string format() const;
    bool operator==(const Message&) const = default;
};

// Puts arguments into a (possibly translated) sentence.
[[nodiscard]] std::string formatMessage(const std::string& sentence, const std::vector<std::string>& arguments);

struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string where; // file, file:line:column, record, path: empty where there is no place
    Message why;
    Message advice = {}; // what to do; may be empty

    // "where: why; advice", in English.
    [[nodiscard]] std::string toString() const;
    bool operator==(const Error&) const = default;
};

// The failing half of a Result: return fail(ErrorCode::NotFound, path, "There is no such run");
[[nodiscard]] std::unexpected<Error> fail(ErrorCode code, std::string where, Message why, Message advice = {});
// From errno: why is "%1: <strerror>" with what failed. EACCES and EPERM give PermissionDenied, ENOENT NotFound, ENOSPC and EDQUOT Record.
[[nodiscard]] std::unexpected<Error> failErrno(std::string where, std::string whatFailed, int errorNumber);

} // namespace gatehouse
