#include "core/workspace/gitrefs.h"

#include <algorithm>
#include <optional>

#include "core/foundation/beneath.h"
#include "core/workspace/pathname.h"

namespace gatehouse::workspace {

namespace {

constexpr std::size_t idLength = 40;
constexpr std::size_t longIdLength = 64; // SHA-256 repositories
constexpr unsigned maximumIndirection = 5;
constexpr std::uint64_t maximumRefBytes = 4096;
constexpr std::uint64_t maximumPackedBytes = 64ull << 20;

bool isHex(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string_view trimmedEnd(std::string_view text)
{
    return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

class RefReader {
public:
    RefReader(int gitFolder, const std::string& name) : m_gitFolder(gitFolder), m_name(name) { }

    Result<std::string> resolve(const std::string& ref)
    {
        if (ref.size() == idLength && isHex(ref))
            return ref;
        if (ref.empty() || ref == "HEAD")
            return need("HEAD");
        if (!isPlainRelativePath(ref))
            return fail(ErrorCode::InvalidInput, m_name, Message("\"%1\" is not a branch, tag or commit", {shownPath(ref)}));
        if (ref.starts_with("refs/"))
            return need(ref);
        GH_ASSIGN(const std::optional<std::string> branch, read("refs/heads/" + ref, 0));
        GH_ASSIGN(const std::optional<std::string> tag, read("refs/tags/" + ref, 0));
        if (branch && tag && *branch != *tag)
            return fail(ErrorCode::InvalidInput, m_name, Message("\"%1\" is both a branch and a tag", {ref}),
                        Message("Write \"refs/heads/%1\" or \"refs/tags/%1\"", {ref}));
        if (branch || tag)
            return branch ? *branch : *tag;
        if (ref.size() >= 7 && ref.size() < idLength && isHex(ref))
            return ref;
        return fail(ErrorCode::NotFound, m_name, Message("There is no branch, tag or commit \"%1\"", {shownPath(ref)}));
    }

private:
    Result<std::string> need(const std::string& path)
    {
        GH_ASSIGN(const std::optional<std::string> id, read(path, 0));
        if (!id)
            return fail(ErrorCode::NotFound, m_name, Message("\"%1\" names no commit", {shownPath(path)}), "Make a commit first");
        return *id;
    }

    Result<std::optional<std::string>> read(const std::string& path, unsigned depth)
    {
        if (depth > maximumIndirection || !isPlainRelativePath(path))
            return fail(ErrorCode::InvalidInput, m_name, Message("The reference \"%1\" leads nowhere", {shownPath(path)}));
        auto text = readBeneath(m_gitFolder, path, maximumRefBytes);
        // A folder of refs, such as refs/heads/feature, is no ref.
        if (!text &&
            (text.error().code == ErrorCode::NotFound || text.error().code == ErrorCode::InvalidInput ||
             text.error().code == ErrorCode::System))
            return packed(path);
        if (!text)
            return std::unexpected(std::move(text).error());
        const std::string_view value = trimmedEnd(*text);
        if (value.starts_with("ref:"))
            return read(std::string(value.substr(std::min(value.find_first_not_of(" \t", 4), value.size()))), depth + 1);
        return checkedId(value, path);
    }

    Result<std::optional<std::string>> checkedId(std::string_view id, const std::string& path) const
    {
        if (id.size() == longIdLength && isHex(id))
            return fail(ErrorCode::Unsupported, m_name, "Repositories with SHA-256 object names are not supported yet");
        if (id.size() != idLength || !isHex(id))
            return fail(ErrorCode::Corrupt, m_name, Message("The reference \"%1\" does not hold a commit id", {shownPath(path)}));
        return std::optional<std::string>(id);
    }

    Result<std::optional<std::string>> packed(const std::string& path)
    {
        if (!m_packed) {
            auto text = readBeneath(m_gitFolder, "packed-refs", maximumPackedBytes);
            if (!text && text.error().code != ErrorCode::NotFound)
                return std::unexpected(std::move(text).error());
            m_packed = text ? std::move(*text) : std::string();
        }
        // "<id> <name>" lines; "#" starts a comment, "^" what a tag points to.
        const std::string wanted = ' ' + path + '\n';
        const std::size_t at = m_packed->find(wanted);
        if (at == std::string::npos)
            return std::optional<std::string>();
        const std::size_t newline = at == 0 ? std::string::npos : m_packed->rfind('\n', at - 1);
        const std::size_t start = newline == std::string::npos ? 0 : newline + 1;
        return checkedId(std::string_view(*m_packed).substr(start, at - start), path);
    }

    int m_gitFolder;
    const std::string& m_name;
    std::optional<std::string> m_packed;
};

} // namespace

Result<std::string> resolveRef(int gitFolder, const std::string& ref, const std::string& name)
{
    return RefReader(gitFolder, name).resolve(ref);
}

} // namespace gatehouse::workspace
