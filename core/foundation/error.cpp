#include "core/foundation/error.h"

#include <cerrno>
#include <cstring>

namespace gatehouse {

std::string formatMessage(const std::string& sentence, const std::vector<std::string>& arguments)
{
    std::string out;
    for (std::size_t i = 0; i < sentence.size(); ++i) {
        const bool placeholder = sentence[i] == '%' && i + 1 < sentence.size() && sentence[i + 1] >= '1' && sentence[i + 1] <= '9';
        const std::size_t index = placeholder ? static_cast<std::size_t>(sentence[i + 1] - '1') : arguments.size();
        if (index < arguments.size()) {
            out += arguments[index];
            ++i;
        } else {
            out += sentence[i];
        }
    }
    return out;
}

std::string Message::format() const
{
    return formatMessage(text, arguments);
}

std::string Error::toString() const
{
    std::string out = where.empty() ? why.format() : where + ": " + why.format();
    if (advice.empty())
        return out;
    if (out.ends_with('.')) // the end of a text that is quoted
        out.pop_back();
    return out + "; " + advice.format();
}

std::unexpected<Error> fail(ErrorCode code, std::string where, Message why, Message advice)
{
    return std::unexpected(Error{code, std::move(where), std::move(why), std::move(advice)});
}

static ErrorCode codeOfErrno(int errorNumber)
{
    switch (errorNumber) {
    case EACCES:
    case EPERM:
        return ErrorCode::PermissionDenied;
    case ENOENT:
        return ErrorCode::NotFound;
    case EEXIST:
        return ErrorCode::AlreadyExists;
    case ENOSPC:
    case EDQUOT:
        return ErrorCode::Record;
    default:
        return ErrorCode::System;
    }
}

std::unexpected<Error> failErrno(std::string where, std::string whatFailed, int errorNumber)
{
    // strerrordesc_np is thread-safe and static, and never null for known numbers.
    const char* description = strerrordesc_np(errorNumber);
    return fail(codeOfErrno(errorNumber), std::move(where),
                Message("%1: %2", {std::move(whatFailed), description ? description : std::to_string(errorNumber)}));
}

} // namespace gatehouse
