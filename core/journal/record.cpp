#include "core/journal/record.h"

#include "core/base/canonicaljson.h"
#include "core/foundation/hex.h"

#include <array>

namespace gatehouse::journal {

using nlohmann::json;

namespace {

constexpr std::array<std::string_view, 12> members = {"actor", "boot", "cls",  "data", "mono_ns", "prev",
                                                      "run",   "seq",  "span", "type", "v",       "wall"};

std::unexpected<Error> corrupt(Message why)
{
    return fail(ErrorCode::Corrupt, {}, std::move(why));
}

bool isHex(std::string_view text, std::size_t size)
{
    return text.size() == size && fromHex(text).has_value();
}

bool isDigits(std::string_view text)
{
    return !text.empty() && text.size() <= 20 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

void appendMember(std::string& out, std::string_view name, std::string_view text, bool& good)
{
    out += ",\"";
    out += name;
    out += "\":";
    good = appendCanonicalString(out, text) && good;
}

// The twelve members and no other, each of its type.
bool hasRecordShape(const json& value)
{
    if (!value.is_object() || value.size() != members.size())
        return false;
    auto member = value.begin(); // sorted by name, as the array is
    for (const std::string_view name : members) {
        const bool good = member.key() == name &&
            (name == "seq" || name == "v"            ? member->is_number_unsigned()
                 : name == "actor" || name == "data" ? member->is_object()
                                                     : member->is_string());
        if (!good)
            return false;
        ++member;
    }
    const json& actor = value["actor"];
    return actor.size() == 2 && actor.contains("id") && actor["id"].is_string() && actor.contains("kind") && actor["kind"].is_string();
}

} // namespace

std::string recordName(std::uint64_t seq)
{
    return "record " + std::to_string(seq);
}

const std::string& zeroDigest()
{
    static const std::string zeros(64, '0');
    return zeros;
}

Sha256Digest leafHash(std::string_view line)
{
    Sha256 hash;
    hash.update(std::string_view("\0", 1));
    hash.update(line);
    return hash.finish();
}

Result<std::string> formatRecord(const Record& record)
{
    bool good = true;
    std::string line = "{\"actor\":{\"id\":";
    good = appendCanonicalString(line, record.actor.id);
    appendMember(line, "kind", actorKindName(record.actor.kind), good);
    line += '}';
    appendMember(line, "boot", record.boot, good);
    appendMember(line, "cls", record.cls, good);
    line += ",\"data\":";
    if (!record.data.is_object())
        return fail(ErrorCode::InvalidInput, std::string(eventTypeName(record.type)), "The data of a record is an object");
    if (auto done = appendCanonicalJson(line, record.data); !done) {
        done.error().where = std::string(eventTypeName(record.type)) + " data" + done.error().where;
        return std::unexpected(std::move(done).error());
    }
    appendMember(line, "mono_ns", record.monoNs, good);
    appendMember(line, "prev", record.prev, good);
    appendMember(line, "run", record.run.text(), good);
    line += ",\"seq\":" + std::to_string(record.seq);
    appendMember(line, "span", record.span.text(), good);
    appendMember(line, "type", eventTypeName(record.type), good);
    line += ",\"v\":" + std::to_string(recordVersion);
    appendMember(line, "wall", record.wall, good);
    line += '}';
    if (!good)
        return fail(ErrorCode::InvalidInput, std::string(eventTypeName(record.type)), "A text of the record is not valid UTF-8");
    if (line.size() + 1 > maximumRecordBytes)
        return fail(ErrorCode::Limit, std::string(eventTypeName(record.type)),
                    Message("The record would have %1 bytes; at most %2 fit",
                            {std::to_string(line.size() + 1), std::to_string(maximumRecordBytes)}),
                    "Store what is large as a payload");
    return line;
}

Result<Record> parseRecord(std::string_view line)
{
    if (line.size() + 1 > maximumRecordBytes)
        return corrupt(Message("The line is longer than %1 bytes", {std::to_string(maximumRecordBytes - 1)}));
    auto parsed = parseCanonical(line);
    if (!parsed)
        return corrupt(Message("The line is not canonical JSON (%1)", {parsed.error().toString()}));
    json& value = *parsed;
    if (!hasRecordShape(value))
        return corrupt("The line is not a record");
    if (value["v"] != recordVersion)
        return corrupt(Message("The record has version %1, which is not known here", {value["v"].dump()}));
    const auto type = eventTypeFromName(value["type"].get_ref<const std::string&>());
    if (!type)
        return corrupt(Message("The event type \"%1\" is not known here", {value["type"].get<std::string>()}));
    const auto kind = actorKindFromName(value["actor"]["kind"].get_ref<const std::string&>());
    if (!kind)
        return corrupt(Message("The actor kind \"%1\" is not known here", {value["actor"]["kind"].get<std::string>()}));
    const auto take = [&](const char* name) { return std::move(value[name].get_ref<std::string&>()); };
    Record record;
    record.seq = value["seq"].get<std::uint64_t>();
    record.run = RunId(take("run"));
    record.prev = take("prev");
    record.wall = take("wall");
    record.boot = take("boot");
    record.monoNs = take("mono_ns");
    record.cls = take("cls");
    record.actor = {*kind, std::move(value["actor"]["id"].get_ref<std::string&>())};
    record.type = *type;
    record.span = SpanId(take("span"));
    record.data = std::move(value["data"]);
    record.line = line;
    if (!isHex(record.prev, 64) || !isDigits(record.monoNs) || !(record.span.empty() || isHex(record.span.text(), 16)))
        return corrupt("A member of the record does not have its form");
    return record;
}

} // namespace gatehouse::journal
