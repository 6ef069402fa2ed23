#include "widgets/models/outputindex.h"

#include "widgets/models/recordfields.h"

#include <algorithm>

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

void OutputIndex::add(int row, const OutputPiece& piece)
{
    if (piece.size == 0 && piece.missing == 0)
        return;
    Output& output = m_outputs[row];
    m_order.push_back({row, output.pieces.size()});
    m_allBytes += piece.size;
    output.bytes += piece.size;
    output.pieces.push_back(piece);
}

void OutputIndex::addText(int row, const Record& record, const char* field)
{
    add(row, {record.seq, field, LogStream::Says, sizeOf(value(record.data, field))});
}

void OutputIndex::beginEffect(int row)
{
    if (const auto found = m_outputs.find(row); found != m_outputs.end())
        found->second.streamed = {};
}

void OutputIndex::addChunk(int row, const Record& record)
{
    Output& output = m_outputs[row];
    const LogStream stream = text(record.data, "stream") == "error" ? LogStream::Error : LogStream::Output;
    const std::uint64_t size = sizeOf(value(record.data, "bytes"));
    output.streamed[indexOf(stream)] += size;
    ++output.chunks;
    add(row, {record.seq, "bytes", stream, size});
}

void OutputIndex::addRest(int row, const Record& record)
{
    addRestOf(row, record, LogStream::Output, {"output", "outputBytes", "outputTail"});
    addRestOf(row, record, LogStream::Error, {"errorOutput", "errorBytes", "errorTail"});
}

// The sandbox keeps the beginning and the end of a long stream: the rest is what no chunk has of the one, and all of the other. That end
// may stand in chunks too, and what lies between may stand nowhere.
void OutputIndex::addRestOf(int row, const Record& record, LogStream stream, const Fields& fields)
{
    const std::uint64_t rest = sizeOf(value(record.data, fields.rest));
    const std::int64_t all = number(record.data, fields.total, -1);
    OutputPiece piece{record.seq, fields.rest, stream, rest};
    if (all >= 0) {
        // Where the record does not say it, all of the rest counts as the end.
        const std::uint64_t tail = std::min(rest, std::uint64_t(std::max<std::int64_t>(0, number(record.data, fields.tail, INT64_MAX))));
        const std::uint64_t head = rest - tail;
        const std::uint64_t known = m_outputs[row].streamed[indexOf(stream)] + head;
        const std::uint64_t expected = std::uint64_t(all) - std::min(std::uint64_t(all), known);
        add(row, {record.seq, fields.rest, stream, head});
        piece.size = std::min(tail, expected);
        piece.skip = rest - piece.size;
        piece.missing = expected - piece.size;
    }
    add(row, piece);
}

void OutputIndex::addResult(int row, const Record& record)
{
    add(row, {record.seq, "text", LogStream::Output, sizeOf(value(record.data, "text"))});
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
