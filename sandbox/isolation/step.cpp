#include "sandbox/isolation/step.h"

#include <cstdlib>

namespace gatehouse::isolation {

static const char sentence[] = "Could not %1 (error %2)";

std::unexpected<Error> stepFailed(const char* step, std::string path, int errorNumber)
{
    return fail(ErrorCode::Setup, std::move(path), Message(sentence, {step, std::to_string(errorNumber)}));
}

FailedStep failedStep(const Error& error)
{
    if (error.why.text == sentence && error.why.arguments.size() == 2)
        return {error.why.arguments[0], error.where, std::atoi(error.why.arguments[1].c_str())};
    return {error.why.format(), error.where, 0};
}

} // namespace gatehouse::isolation
