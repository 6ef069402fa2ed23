#include "widgets/models/outputfollower.h"

#include "widgets/models/recordfields.h"
#include "widgets/models/runrecordmodel.h"
#include "widgets/text/markedtext.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <utility>

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

void OutputFollower::followRun(std::uint64_t ticket)
{
    *this = {};
    m_ticket = ticket;
    m_all = true;
}

std::optional<OutputIndex::Place> OutputFollower::place(const RunFold& fold, int row) const
{
    const OutputIndex& output = fold.output();
    if (m_all)
        return m_piece < output.order().size() ? std::optional(output.order()[m_piece]) : std::nullopt;
    return m_piece < output.pieces(row).size() ? std::optional(OutputIndex::Place{row, m_piece}) : std::nullopt;
}

void OutputFollower::beginNearEnd(const RunFold& fold, OutputBatch& batch)
{
    const auto& order = fold.output().order();
    std::uint64_t rest = 0;
    m_piece = order.size();
    while (m_piece > 0 && rest < allowance)
        rest += fold.output().at(order[--m_piece]).size;
    m_offset = rest - std::min(rest, allowance); // into the first of them
    m_given = fold.output().allBytes() - rest + m_offset;
    if (m_given > 0)
        batch.pieces.push_back(note(Text::tr("%1 before this stand with their events").arg(QLocale().formattedDataSize(qint64(m_given)))));
}

void OutputFollower::addHeading(const RunFold& fold, const OutputIndex::Place& place, OutputBatch& batch)
{
    if (!m_all || std::exchange(m_headed, place.row) == place.row)
        return;
    const RunRow& row = fold.row(place.row);
    const QString summary = row.kind == RowKind::Call ? shown(row.summary) : QString();
    const QString title = RunRecordModel::titleOf(row);
    // What another row began, a colour or half of a sequence, ends here.
    batch.pieces.push_back(note(summary.isEmpty() ? title : title + QStringLiteral("  ") + summary));
    batch.pieces.back().fresh = true;
}

OutputBatchPtr OutputFollower::next(journal::Reader& reader, const RunFold& fold)
{
    const int row = m_ticket == 0 || m_inFlight ? -1 : m_all ? 0 : fold.rowFrom(m_row);
    if (row < 0)
        return nullptr;
    auto batch = std::make_shared<OutputBatch>();
    if (m_all && !m_began)
        beginNearEnd(fold, *batch);
    std::uint64_t room = m_bounded ? std::min(batchBytes, m_allowed - std::min(m_allowed, m_given)) : batchBytes;
    for (std::size_t records = 0; room > 0 && records < batchRecords; ++records) {
        const auto at = place(fold, row);
        if (!at)
            break;
        addHeading(fold, *at, *batch);
        room -= take(reader, fold.output().at(*at), room, *batch);
    }
    const std::uint64_t left = (m_all ? fold.output().allBytes() : fold.output().bytes(row)) - m_given;
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

// As much of the piece as there is room for; how much that was.
std::uint64_t OutputFollower::take(journal::Reader& reader, const OutputPiece& piece, std::uint64_t room, OutputBatch& batch)
{
    if (m_offset == 0 && piece.missing > 0)
        batch.pieces.push_back(note(Text::tr("%1 of the output were not kept: it was longer than the sandbox keeps")
                                        .arg(QLocale().formattedDataSize(qint64(piece.missing)))));
    const std::uint64_t most = std::min(room, piece.size - m_offset);
    std::uint64_t gone = most;
    if (most > 0) {
        batch.pieces.push_back(read(reader, piece, most));
        // What can't be read is said once.
        if (batch.pieces.back().stream == LogStream::Note)
            gone = piece.size - m_offset;
    }
    m_given += gone;
    m_offset += gone;
    if (m_offset >= piece.size) {
        ++m_piece;
        m_offset = 0;
    }
    return most;
}

LogPiece OutputFollower::read(journal::Reader& reader, const OutputPiece& piece, std::uint64_t most)
{
    const auto failed = [](const QString& why) { return note(Text::tr("Could not be read: %1").arg(why)); };
    const auto records = reader.readFrom(piece.seq, 1);
    if (!records)
        return failed(shown(records.error().toString()));
    if (records->empty())
        return failed(Text::tr("the record is no longer there"));
    const nlohmann::json value = fields::value(records->front().data, piece.field);
    const nlohmann::json payload = value.is_string() ? nlohmann::json{{"text", value}} : value;
    auto part = reader.payloadPart(payload, piece.skip + m_offset, most);
    if (!part)
        return failed(shown(part.error().toString()));
    return part->size() == most ? LogPiece{piece.stream, *std::move(part)} : failed(Text::tr("it is shorter than the record says"));
}

} // namespace gatehouse::widgets
