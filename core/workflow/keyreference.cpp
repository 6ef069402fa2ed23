#include "core/workflow/keyreference.h"

#include "core/workflow/secrets.h"

#include <re2/re2.h>

#include <cstdlib>
#include <filesystem>

namespace gatehouse::workflow {

// Read before main(): later another thread may be taking a key out of the environment.
static const std::string homeFolder = std::getenv("HOME") ? std::getenv("HOME") : "";

static std::string keyFile(const std::string& text, const std::string& directory)
{
    if (text.starts_with("~/") && !homeFolder.empty())
        return std::filesystem::path(homeFolder + text.substr(1)).lexically_normal().string();
    return (std::filesystem::path(directory) / text).lexically_normal().string();
}

std::optional<KeyReference> readKey(const Node& node, const std::string& directory)
{
    if (!node.isString())
        return std::nullopt;
    const std::string text = node.text();
    static const RE2 environment("env:([A-Za-z_][A-Za-z0-9_]*)");
    static const RE2 keychain("keychain:([A-Za-z0-9][A-Za-z0-9._/@-]{0,127})");
    KeyReference out;
    out.where = node.where();
    // Whatever looks like a key is never taken for a name: names are shown, journaled and sent.
    if (!holdsKnownSecret(text)) {
        if (RE2::FullMatch(text, environment, &out.name))
            return out;
        out.kind = KeyReference::Kind::Keychain;
        if (RE2::FullMatch(text, keychain, &out.name))
            return out;
        if (text.starts_with("file:") && text.size() > 5 && text.find('\0') == std::string::npos) {
            out.kind = KeyReference::Kind::File;
            out.name = keyFile(text.substr(5), directory);
            return out;
        }
    }
    node.error("A key stands here as env:NAME, file:PATH or keychain:NAME, never as its value", "key-value");
    return std::nullopt;
}

} // namespace gatehouse::workflow
