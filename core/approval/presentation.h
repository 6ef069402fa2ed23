// What a card shows, made from the bytes that would run. Window and terminal draw the same one. A value; any thread.
//
// Complete by construction: the payload's blocks, decoded and put together, are the executed bytes (payloadCovers says so and
// present() refuses when it is not). Nothing is cut, whatever its size. Labels are closed enums and Messages, so that programs
// can translate them; everything that came from outside stands in spans.
#pragma once

#include "core/approval/action.h"
#include "core/approval/request.h"
#include "core/approval/span.h"
#include "core/execution/tool.h"
#include "core/foundation/result.h"
#include "core/policy/decision.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::approval {

enum class RowKind { Agent, Requester, Run, Class, Sandbox, Network, Rule, Reason, Effects, Reversible, Quorum, Expires, ReasonRequired };
[[nodiscard]] std::string_view rowKindName(RowKind kind);

struct Row {
    RowKind kind = RowKind::Agent;
    Spans value;
    Message note; // our own words, where there is no value: "not known in advance"
    bool operator==(const Row&) const = default;
};

enum class BlockKind {
    Argument,  // index counts from 0: argv[0] is the program
    Directory, // the working directory
    Variable,  // "NAME=value" of the environment
    Input,     // standard input
    File,      // an input file; name is its variable
    Timeout,   // milliseconds
    Path,      // of a file commit
    Mode,      // its kind and mode: "regular 0644"
    Expected,  // digest of the bytes that must stand there now, or "absent"
    Content,   // its new bytes, or absent when it is removed
};
[[nodiscard]] std::string_view blockKindName(BlockKind kind);

struct Block {
    BlockKind kind = BlockKind::Argument;
    std::uint32_t index = 0;  // of the argument, variable, file or commit
    std::string name;         // of the variable of an input file
    std::vector<Spans> lines; // split at line feeds, which stand in no span; joined by "\n" they are the bytes
    std::uint64_t size = 0;   // bytes
    bool absent = false;      // a commit that removes its file
    bool operator==(const Block&) const = default;
};
// Exactly what was given to the block.
[[nodiscard]] Result<std::string> blockBytes(const Block& block);

// One file's change for the diff view; contents are those of the payload.
struct EditView {
    Spans path;
    std::optional<Block> before;
    std::optional<Block> after;
    std::uint32_t modeBefore = 0;
    std::uint32_t modeAfter = 0;
    bool operator==(const EditView&) const = default;
};

struct Presentation {
    Message title; // "Run a command (%1)", arguments already safe to show
    std::vector<Row> rows;
    std::vector<Block> payload;
    std::vector<EditView> edits;
    std::vector<Message> warnings; // arguments already safe to show
    std::uint64_t payloadSize = 0; // bytes of all blocks
    std::string binding;           // digest of the action that a vote must name
    std::string payloadDigest;
    bool operator==(const Presentation&) const = default;

    // "9f2c41d8 … 77e0a1b3"
    [[nodiscard]] std::string shortBinding() const;
};

// Where it would run and what is known about it, in words of the profile; hostile text is allowed.
struct PresentationContext {
    std::string sandbox;                   // "delivery: overlay, 2 GiB, 256 processes"
    std::string network;                   // "none"
    std::optional<std::string> reversible; // "the workspace is a copy"; absent: not known
    std::vector<std::string> agents;       // entry first
    std::string runName;
};

[[nodiscard]] Result<Presentation> present(const Action& action, const execution::PreparedCall& prepared, const policy::Decision& decision,
                                           const Request& request, const PresentationContext& context);
// Whether the blocks decode to exactly what the prepared call would execute.
[[nodiscard]] bool payloadCovers(const Presentation& presentation, const execution::PreparedCall& prepared);

[[nodiscard]] nlohmann::json toJson(const Presentation& presentation);
[[nodiscard]] Result<Presentation> presentationFromJson(const nlohmann::json& value);
// SHA-256 of the canonical JSON: for `approval.presented`.
[[nodiscard]] Result<std::string> presentationDigest(const Presentation& presentation);

// For terminals, in English: whole, and free of ESC, other controls and bidi characters.
[[nodiscard]] std::string renderText(const Presentation& presentation);

} // namespace gatehouse::approval
