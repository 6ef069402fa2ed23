#include "widgets/models/outputindex.h"

#include "widgets/models/recordfields.h"

namespace gatehouse::widgets {

using journal::Record;
using nlohmann::json;
using namespace fields;

static std::uint64_t sizeOf(const json& payload)
{
    if (payload.is_object() && payload.contains("commit"))
        return std::uint64_t(std::max<std::int64_t>(0, number(payload, "size")));
    return inlineText(payload).size();
}

static std::size_t indexOf(LogStream stream)
{
    return stream == LogStream::Error ? 1 : 0;
}

void OutputIndex::add(Output& output, const OutputPiece& piece)
{
    if (piece.size == 0 && piece.missing == 0)
        return;
    output.bytes += piece.size;
    output.pieces.push_back(piece);
}

void OutputIndex::addText(int row, const Record& record, const char* field)
{
    add(m_outputs[row], {record.seq, field, LogStream::Says, sizeOf(value(record.data, field))});
}

void OutputIndex::addChunk(int row, const Record& record)
{
    Output& output = m_outputs[row];
    const LogStream stream = text(record.data, "stream") == "error" ? LogStream::Error : LogStream::Output;
    const std::uint64_t size = sizeOf(value(record.data, "bytes"));
    output.streamed[indexOf(stream)] += size;
    ++output.chunks;
    add(output, {record.seq, "bytes", stream, size});
}

void OutputIndex::addRest(int row, const Record& record)
{
    Output& output = m_outputs[row];
    addRestOf(output, record, LogStream::Output, "output", "outputBytes");
    addRestOf(output, record, LogStream::Error, "errorOutput", "errorBytes");
}

// The sandbox keeps the beginning and the end of a long stream. The end may stand in chunks too, and what lies between them in none.
void OutputIndex::addRestOf(Output& output, const Record& record, LogStream stream, const char* field, const char* total)
{
    const std::uint64_t rest = sizeOf(value(record.data, field));
    const std::uint64_t streamed = output.streamed[indexOf(stream)];
    const std::int64_t all = number(record.data, total, -1);
    OutputPiece piece{record.seq, field, stream, rest};
    if (all >= 0) {
        const auto expected = std::uint64_t(all) - std::min(std::uint64_t(all), streamed);
        piece.skip = rest - std::min(rest, expected);
        piece.size = rest - piece.skip;
        piece.missing = expected - piece.size;
    }
    add(output, piece);
}

void OutputIndex::addResult(int row, const Record& record)
{
    add(m_outputs[row], {record.seq, "text", LogStream::Output, sizeOf(value(record.data, "text"))});
}

const std::vector<OutputPiece>& OutputIndex::pieces(int row) const
{
    static const std::vector<OutputPiece> none;
    const auto found = m_outputs.find(row);
    return found == m_outputs.end() ? none : found->second.pieces;
}

std::uint64_t OutputIndex::bytes(int row) const
{
    const auto found = m_outputs.find(row);
    return found == m_outputs.end() ? 0 : found->second.bytes;
}

std::uint64_t OutputIndex::chunks(int row) const
{
    const auto found = m_outputs.find(row);
    return found == m_outputs.end() ? 0 : found->second.chunks;
}

} // namespace gatehouse::widgets
