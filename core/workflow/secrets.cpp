#include "core/workflow/secrets.h"

#include <re2/re2.h>

namespace gatehouse::workflow {

// One expression, compiled once; linear in the text.
static const RE2& knownSecrets()
{
    static const RE2 expression("-----BEGIN [A-Z ]*PRIVATE KEY-----"
                                "|\\bsk-[A-Za-z0-9_-]{20,}"
                                "|\\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}"
                                "|\\bgh[pousr]_[A-Za-z0-9]{30,}"
                                "|\\bgithub_pat_[A-Za-z0-9_]{30,}"
                                "|\\bglpat-[A-Za-z0-9_-]{20,}"
                                "|\\bxox[abprs]-[A-Za-z0-9-]{10,}"
                                "|\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b"
                                "|\\bAIza[A-Za-z0-9_-]{35}"
                                "|\\bhf_[A-Za-z0-9]{30,}"
                                "|\\beyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}"
                                "|[a-z]://[^/\\s:@{}]+:[^/\\s@{}]+@");
    return expression;
}

bool holdsKnownSecret(std::string_view text)
{
    return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), knownSecrets());
}

bool namesSecret(std::string_view variable)
{
    static const RE2 expression("(?i)(?:^|_)(?:secret|token|password|passwd|api_?key|private_?key|access_?key|secret_?key)$");
    return RE2::PartialMatch(re2::StringPiece(variable.data(), variable.size()), expression);
}

} // namespace gatehouse::workflow
