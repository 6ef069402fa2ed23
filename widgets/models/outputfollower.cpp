#include "widgets/models/outputfollower.h"

#include "widgets/models/recordfields.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace gatehouse::widgets {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(OutputFollower)
};

LogPiece note(const QString& words)
{
    return {LogStream::Note, (words + u'\n').toStdString()};
}

} // namespace

void OutputFollower::follow(std::uint64_t ticket, const RowPtr& row)
{
    *this = {};
    m_ticket = ticket;
    m_row = row->firstSeq;
    m_bounded = row->state != RowState::Running && row->state != RowState::Allowed && row->state != RowState::Asks;
    m_allowed = allowance;
}

void OutputFollower::allowMore(std::uint64_t ticket)
{
    if (ticket == m_ticket && m_given >= m_allowed) // pressed twice is once
        m_allowed = m_given + allowance;
}

void OutputFollower::acknowledge(std::uint64_t ticket)
{
    if (ticket == m_ticket)
        m_inFlight = false;
}

OutputBatchPtr OutputFollower::next(journal::Reader& reader, const RunFold& fold)
{
    const int row = m_ticket == 0 || m_inFlight ? -1 : fold.rowFrom(m_row);
    if (row < 0)
        return nullptr;
    const std::vector<OutputPiece>& pieces = fold.output().pieces(row);
    auto batch = std::make_shared<OutputBatch>();
    std::uint64_t room = m_bounded ? std::min(batchBytes, m_allowed - std::min(m_allowed, m_given)) : batchBytes;
    for (std::size_t records = 0; m_piece < pieces.size() && room > 0 && records < batchRecords; ++records) {
        const OutputPiece& piece = pieces[m_piece];
        if (m_offset == 0 && piece.missing > 0)
            batch->pieces.push_back(note(Text::tr("%1 of the output were not kept: it was longer than the sandbox keeps")
                                             .arg(QLocale().formattedDataSize(qint64(piece.missing)))));
        std::uint64_t most = std::min(room, piece.size - m_offset);
        room -= most;
        if (most > 0)
            batch->pieces.push_back(read(reader, piece, most));
        // What can't be read is said once.
        if (most > 0 && batch->pieces.back().stream == LogStream::Note)
            most = piece.size - m_offset;
        m_given += most;
        m_offset += most;
        if (m_offset >= piece.size) {
            ++m_piece;
            m_offset = 0;
        }
    }
    const std::uint64_t left = fold.output().bytes(row) - m_given;
    batch->behind = m_bounded ? std::min(left, m_allowed - std::min(m_allowed, m_given)) : left;
    batch->heldBack = left - batch->behind;
    batch->ticket = m_ticket;
    batch->first = !m_began;
    if (m_began && batch->pieces.empty() && batch->behind == m_saidBehind)
        return nullptr;
    m_saidBehind = batch->behind;
    m_began = true;
    m_inFlight = true;
    return batch;
}

LogPiece OutputFollower::read(journal::Reader& reader, const OutputPiece& piece, std::uint64_t most)
{
    const auto failed = [](const std::string& why) { return note(Text::tr("Could not be read: %1").arg(QString::fromStdString(why))); };
    const auto records = reader.readFrom(piece.seq, 1);
    if (!records)
        return failed(records.error().toString());
    if (records->empty())
        return failed("the record is no longer there");
    const nlohmann::json value = fields::value(records->front().data, piece.field);
    const nlohmann::json payload = value.is_string() ? nlohmann::json{{"text", value}} : value;
    auto part = reader.payloadPart(payload, piece.skip + m_offset, most);
    if (!part)
        return failed(part.error().toString());
    return part->size() == most ? LogPiece{piece.stream, *std::move(part)} : failed("it is shorter than the record says");
}

} // namespace gatehouse::widgets
