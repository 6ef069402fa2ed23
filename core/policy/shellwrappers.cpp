#include "core/policy/shellwrappers.h"

#include "core/policy/shellparser.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace gatehouse::policy {

namespace {

// What a wrapper accepts before the command that it starts.
struct Wrapper {
    std::string_view name;
    std::string_view flags;      // short options without a value
    std::string_view valued;     // short options with one
    std::string_view longFlags;  // space-separated; without a value
    std::string_view longValued; // with one, as --name=value or in the next word
    int operands = 0;            // words to pass over before the command
    bool numberOption = false;   // -5 as nice takes it
};

constexpr Wrapper wrappers[] = {
    {"nice", "", "n", "", "adjustment", 0, true},
    {"nohup", "", "", "", "", 0, false},
    {"setsid", "cfw", "", "ctty fork wait", "", 0, false},
    {"ionice", "t", "cn", "ignore", "class classdata", 0, false},
    {"stdbuf", "", "ioe", "", "input output error", 0, false},
    {"timeout", "fpv", "sk", "foreground preserve-status verbose", "signal kill-after", 1, false},
    {"time", "pv", "", "portability verbose", "", 0, false},
    {"xargs", "0rtx", "nPLsdEa", "null no-run-if-empty verbose exit", "max-args max-procs max-lines max-chars delimiter arg-file", 0,
     false},
    {"command", "p", "", "", "", 0, false},
    {"exec", "", "", "", "", 0, false},
    {"busybox", "", "", "", "", 0, false},
    {"toybox", "", "", "", "", 0, false},
};

// They change what later words mean, start what is not written here, or hand commands to somebody else.
constexpr std::string_view opaqueNames[] = {
    ".",
    "alias",
    "at",
    "batch",
    "bind",
    "builtin",
    "bwrap",
    "chroot",
    "complete",
    "coproc",
    "crontab",
    "dbus-run-session",
    "declare",
    "doas",
    "docker",
    "enable",
    "eval",
    "expect",
    "fakeroot",
    "fc",
    "flatpak-spawn",
    "flock",
    "gdb",
    "hash",
    "kubectl",
    "ltrace",
    "local",
    "nsenter",
    "parallel",
    "pkexec",
    "podman",
    "proot",
    "readonly",
    "run0",
    "runuser",
    "script",
    "setpriv",
    "shopt",
    "source",
    "ssh",
    "start-stop-daemon",
    "strace",
    "su",
    "sudo",
    "systemd-run",
    "trap",
    "typeset",
    "unalias",
    "unset",
    "unshare",
    "watch",
    "xvfb-run",
};

constexpr std::string_view shells[] = {"sh", "bash", "dash", "ash"};
constexpr std::string_view otherShells[] = {"zsh", "ksh", "mksh", "fish", "csh", "tcsh", "rbash", "pwsh"};
constexpr std::string_view trustedFolders[] = {"/bin", "/usr/bin", "/sbin", "/usr/sbin", "/usr/local/bin"};

template <typename Range> bool holds(const Range& range, std::string_view value)
{
    return std::ranges::find(range, value) != std::ranges::end(range);
}

bool listHolds(std::string_view list, std::string_view word)
{
    while (!list.empty()) {
        const std::size_t space = list.find(' ');
        if (list.substr(0, space) == word)
            return true;
        list = space == std::string_view::npos ? std::string_view() : list.substr(space + 1);
    }
    return false;
}

Unwrapped opaque(const char* why)
{
    Unwrapped result;
    result.kind = Unwrapped::Kind::Opaque;
    result.why = why;
    return result;
}

Unwrapped inner(std::size_t begin)
{
    Unwrapped result;
    result.kind = Unwrapped::Kind::Inner;
    result.begin = begin;
    return result;
}

Unwrapped script(std::string text)
{
    Unwrapped result;
    result.kind = Unwrapped::Kind::Script;
    result.script = std::move(text);
    return result;
}

using Words = std::span<const std::string>;

// How many words one option takes, or 0 when it is not known. words[0] begins with '-'.
std::size_t optionWords(const Wrapper& wrapper, Words words)
{
    const std::string_view option = words[0];
    if (option.starts_with("--")) {
        const std::size_t equals = option.find('=');
        const std::string_view name = option.substr(2, equals == std::string_view::npos ? equals : equals - 2);
        if (equals != std::string_view::npos)
            return listHolds(wrapper.longValued, name) ? 1 : 0;
        return listHolds(wrapper.longFlags, name) ? 1 : listHolds(wrapper.longValued, name) ? 2 : 0;
    }
    if (wrapper.numberOption && std::ranges::all_of(option.substr(1), [](char c) { return c >= '0' && c <= '9'; }))
        return 1;
    for (std::size_t i = 1; i < option.size(); ++i) {
        if (wrapper.valued.find(option[i]) != std::string_view::npos)
            return i + 1 < option.size() ? 1 : 2;
        if (wrapper.flags.find(option[i]) == std::string_view::npos)
            return 0;
    }
    return 1;
}

Unwrapped unwrapListed(const Wrapper& wrapper, const std::vector<std::string>& argv)
{
    std::size_t at = 1;
    while (at < argv.size() && argv[at].size() > 1 && argv[at][0] == '-') {
        if (argv[at] == "--") {
            ++at;
            break;
        }
        if (wrapper.name == "command" && (argv[at] == "-v" || argv[at] == "-V"))
            return {};
        const std::size_t words = optionWords(wrapper, Words(argv).subspan(at));
        if (words == 0)
            return opaque("an option that is not known here");
        at += words;
    }
    at += static_cast<std::size_t>(wrapper.operands);
    if (at >= argv.size())
        return {};
    Unwrapped result = inner(at);
    result.openEnded = wrapper.name == "xargs";
    return result;
}

Unwrapped unwrapEnv(const std::vector<std::string>& argv)
{
    Unwrapped result;
    std::size_t at = 1;
    for (; at < argv.size() && argv[at].starts_with('-'); ++at) {
        const std::string& option = argv[at];
        if (option == "-i" || option == "-" || option == "--ignore-environment")
            continue;
        if (option == "--") {
            ++at;
            break;
        }
        if (option == "-u" && at + 1 < argv.size())
            result.environment.push_back(argv[++at]);
        else if (option.starts_with("--unset="))
            result.environment.push_back(option.substr(8));
        else
            return opaque("an option of env that is not known here");
    }
    // Not only names of the shell's kind: env takes any word with "=".
    for (; at < argv.size() && argv[at].find('=') != std::string::npos; ++at)
        result.environment.push_back(argv[at].substr(0, argv[at].find('=')));
    if (at >= argv.size())
        return {};
    result.kind = Unwrapped::Kind::Inner;
    result.begin = at;
    return result;
}

Unwrapped unwrapShell(const std::vector<std::string>& argv)
{
    bool commandFollows = false;
    std::size_t at = 1;
    for (; at < argv.size() && argv[at].size() > 1 && (argv[at][0] == '-' || argv[at][0] == '+'); ++at) {
        if (argv[at] == "--") {
            ++at;
            break;
        }
        if (argv[at] == "--login" || argv[at] == "--norc" || argv[at] == "--noprofile" || argv[at] == "--posix")
            continue;
        if (argv[at] == "-o") {
            if (++at >= argv.size() || !listHolds("pipefail errexit nounset xtrace noglob", argv[at]))
                return opaque("an option of the shell that is not known here");
            continue;
        }
        if (argv[at].find_first_not_of("abceflmnuvx", 1) != std::string::npos)
            return opaque("an option of the shell that is not known here");
        commandFollows = commandFollows || (argv[at][0] == '-' && argv[at].find('c') != std::string::npos);
    }
    if (commandFollows)
        return at < argv.size() ? script(argv[at]) : opaque("a shell without a command");
    return at < argv.size() ? Unwrapped() : opaque("a shell that reads its input");
}

// `set -eu` and the like are common and change nothing here; other uses change the positional parameters.
Unwrapped unwrapSet(const std::vector<std::string>& argv)
{
    for (std::size_t at = 1; at < argv.size(); ++at) {
        const bool letters =
            argv[at].size() > 1 && (argv[at][0] == '-' || argv[at][0] == '+') && argv[at].find_first_not_of("euxo", 1) == std::string::npos;
        if (!letters && !listHolds("pipefail errexit nounset xtrace", argv[at]))
            return opaque("set with other options");
    }
    return {};
}

Unwrapped unwrapExport(const std::vector<std::string>& argv)
{
    Unwrapped result;
    for (std::size_t at = 1; at < argv.size(); ++at) {
        if (argv[at].starts_with('-'))
            return opaque("export with options");
        result.environment.push_back(argv[at].substr(0, argv[at].find('=')));
    }
    return result;
}

bool findStartsCommands(const std::vector<std::string>& argv)
{
    return std::ranges::any_of(argv, [](const std::string& word) { return word.starts_with("-exec") || word.starts_with("-ok"); });
}

} // namespace

Unwrapped unwrap(const std::vector<std::string>& argv)
{
    const std::string_view program = argv[0];
    const std::size_t slash = program.rfind('/');
    const std::string_view base = slash == std::string_view::npos ? program : program.substr(slash + 1);
    const bool trusted = slash == std::string_view::npos || holds(trustedFolders, program.substr(0, slash));
    const auto wrapper = std::ranges::find(wrappers, base, &Wrapper::name);
    const bool listed = wrapper != std::end(wrappers);
    const bool special = listed || base == "env" || holds(shells, base) || holds(otherShells, base) || holds(opaqueNames, base);
    if (special && !trusted)
        return opaque("a program named like a wrapper, from elsewhere");
    if (holds(opaqueNames, base) || holds(otherShells, base))
        return opaque("a command that may start any other");
    if (base == "find" && findStartsCommands(argv))
        return opaque("find with commands of its own");
    if (base == "env")
        return unwrapEnv(argv);
    if (holds(shells, base))
        return unwrapShell(argv);
    if (base == "set")
        return unwrapSet(argv);
    if (base == "export")
        return unwrapExport(argv);
    return listed ? unwrapListed(*wrapper, argv) : Unwrapped();
}

} // namespace gatehouse::policy
