// The shell reader and the readings of texts: total on any bytes, and stable in their own forms.
#include "core/base/utf8.h"
#include "core/policy/command.h"
#include "core/policy/text.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdlib>

using namespace gatehouse::policy;

static void require(bool condition)
{
    if (!condition)
        std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    const Command command = parseShell(text);
    require((command.kind == Command::Kind::Opaque) == !command.why.empty());
    for (const SimpleCommand& simple : command.commands)
        require(!simple.argv.empty() && !simple.argv[0].empty());
    if (command.kind == Command::Kind::Tree) {
        require(commandFromJson(toJson(command)) == command);
        // Behind a shell of its own it is the same, with the shell before it.
        if (!gatehouse::isValidUtf8(text))
            return 0;
        const Command wrapped = parseArgv({"sh", "-c", "--", text});
        require(wrapped.kind == Command::Kind::Tree && wrapped.commands.size() == command.commands.size() + 1);
    }
    (void)toJson(command).dump();
    require(normalised(normalised(text)) == normalised(text));
    require(!readings(text).texts.empty());
    return 0;
}
