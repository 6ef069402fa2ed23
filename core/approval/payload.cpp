#include "core/approval/payload.h"

#include <array>
#include <charconv>
#include <cstdio>

namespace gatehouse::approval {

namespace {

using execution::CommandEffect;
using execution::CommitEffect;
using execution::FileCommit;
using execution::FileKind;

constexpr std::array<std::string_view, 5> fileKinds = {"absent", "regular", "directory", "symlink", "other"};
constexpr std::string_view absent = "absent";

std::vector<Spans> linesOf(std::string_view bytes)
{
    std::vector<Spans> result;
    for (;;) {
        const std::size_t end = bytes.find('\n');
        result.push_back(escape(bytes.substr(0, end)));
        if (end == std::string_view::npos)
            return result;
        bytes.remove_prefix(end + 1);
    }
}

Block absentBlock(BlockKind kind, std::size_t index)
{
    return {kind, static_cast<std::uint32_t>(index), {}, {}, 0, true};
}

std::vector<Block> commandBlocks(const execution::ExecRequest& request)
{
    std::vector<Block> result;
    for (std::size_t i = 0; i < request.argv.size(); ++i)
        result.push_back(blockOf(BlockKind::Argument, i, request.argv[i]));
    result.push_back(blockOf(BlockKind::Directory, 0, request.workdir));
    for (std::size_t i = 0; i < request.environment.size(); ++i)
        result.push_back(blockOf(BlockKind::Variable, i, request.environment[i].first + '=' + request.environment[i].second));
    if (!request.standardInput.empty())
        result.push_back(blockOf(BlockKind::Input, 0, request.standardInput));
    for (std::size_t i = 0; i < request.files.size(); ++i)
        result.push_back(blockOf(BlockKind::File, i, request.files[i].bytes, request.files[i].variable));
    if (request.timeout)
        result.push_back(blockOf(BlockKind::Timeout, 0, std::to_string(request.timeout->count())));
    return result;
}

std::vector<Block> commitBlocks(const CommitEffect& commit)
{
    std::vector<Block> result;
    for (std::size_t i = 0; i < commit.files.size(); ++i) {
        const FileCommit& file = commit.files[i];
        result.push_back(blockOf(BlockKind::Path, i, file.path));
        result.push_back(blockOf(BlockKind::Mode, i, std::string(fileKindName(file.kind)) + ' ' + modeText(file.mode)));
        result.push_back(blockOf(BlockKind::Expected, i, file.expectedSha256.value_or(std::string(absent))));
        result.push_back(file.bytes ? blockOf(BlockKind::Content, i, *file.bytes) : absentBlock(BlockKind::Content, i));
    }
    return result;
}

std::unexpected<Error> notAnEffect()
{
    return fail(ErrorCode::Corrupt, "presentation", "Its blocks are not those of one effect");
}

Result<void> addToCommand(execution::ExecRequest& request, const Block& block, std::string bytes)
{
    switch (block.kind) {
    case BlockKind::Argument:
        request.argv.push_back(std::move(bytes));
        return {};
    case BlockKind::Directory:
        request.workdir = std::move(bytes);
        return {};
    case BlockKind::Variable: {
        const std::size_t equals = bytes.find('=');
        if (equals == std::string::npos)
            return notAnEffect();
        request.environment.emplace_back(bytes.substr(0, equals), bytes.substr(equals + 1));
        return {};
    }
    case BlockKind::Input:
        request.standardInput = std::move(bytes);
        return {};
    case BlockKind::File:
        request.files.push_back({block.name, std::move(bytes)});
        return {};
    case BlockKind::Timeout: {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(bytes.data(), bytes.data() + bytes.size(), value);
        if (error != std::errc() || end != bytes.data() + bytes.size())
            return notAnEffect();
        request.timeout = std::chrono::milliseconds(value);
        return {};
    }
    default:
        return notAnEffect();
    }
}

bool readMode(const std::string& bytes, FileCommit& file)
{
    const std::size_t space = bytes.find(' ');
    if (space == std::string::npos)
        return false;
    for (std::size_t i = 0; i < fileKinds.size(); ++i)
        if (fileKinds[i] == std::string_view(bytes).substr(0, space))
            file.kind = static_cast<FileKind>(i);
    const char* end = bytes.data() + bytes.size();
    return std::from_chars(bytes.data() + space + 1, end, file.mode, 8).ptr == end;
}

Result<void> addToCommit(CommitEffect& commit, const Block& block, std::string bytes)
{
    if (block.kind == BlockKind::Path) {
        commit.files.emplace_back().path = std::move(bytes);
        return {};
    }
    if (commit.files.empty())
        return notAnEffect();
    FileCommit& file = commit.files.back();
    switch (block.kind) {
    case BlockKind::Mode:
        return readMode(bytes, file) ? Result<void>() : notAnEffect();
    case BlockKind::Expected:
        if (bytes != absent)
            file.expectedSha256 = std::move(bytes);
        return {};
    case BlockKind::Content:
        if (!block.absent)
            file.bytes = std::move(bytes);
        return {};
    default:
        return notAnEffect();
    }
}

} // namespace

Block blockOf(BlockKind kind, std::size_t index, std::string_view bytes, std::string name)
{
    return {kind, static_cast<std::uint32_t>(index), std::move(name), linesOf(bytes), bytes.size(), false};
}

std::string_view fileKindName(FileKind kind)
{
    return fileKinds[static_cast<std::size_t>(kind)];
}

std::string modeText(std::uint32_t mode)
{
    std::array<char, 16> text;
    std::snprintf(text.data(), text.size(), "%04o", mode);
    return text.data();
}

Result<std::string> blockBytes(const Block& block)
{
    std::string result;
    for (std::size_t i = 0; i < block.lines.size(); ++i) {
        GH_ASSIGN(const std::string line, unescape(block.lines[i]));
        if (line.find('\n') != std::string::npos)
            return fail(ErrorCode::Corrupt, "presentation", "A line holds a line feed");
        result += (i == 0 ? "" : "\n") + line;
    }
    if (result.size() != block.size || (block.absent && !block.lines.empty()))
        return fail(ErrorCode::Corrupt, "presentation", "A block is not of its size");
    return result;
}

std::vector<Block> blocksOf(const Effect& effect)
{
    if (const auto* command = std::get_if<CommandEffect>(&effect))
        return commandBlocks(command->request);
    return commitBlocks(std::get<CommitEffect>(effect));
}

Result<Effect> effectOf(const std::vector<Block>& blocks)
{
    const bool commit = blocks.empty() || blocks.front().kind == BlockKind::Path;
    CommandEffect command;
    CommitEffect files;
    for (const Block& block : blocks) {
        GH_ASSIGN(std::string bytes, blockBytes(block));
        GH_TRY(commit ? addToCommit(files, block, std::move(bytes)) : addToCommand(command.request, block, std::move(bytes)));
    }
    if (commit)
        return files;
    return command;
}

} // namespace gatehouse::approval
