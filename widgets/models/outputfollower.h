// OutputFollower: the output of one row, or of a run as a whole, from the journal to whoever looks at it: only what is new, in batches of a
// bounded size, the next one when the last has been shown. What waits stands in the journal, so nothing is dropped and nothing piles up.
// The reader's thread.
#pragma once

#include "core/journal/reader.h"
#include "widgets/models/runfold.h"

#include <QMetaType>

#include <memory>
#include <optional>
#include <vector>

namespace gatehouse::widgets {

// Immutable; for the GUI thread.
struct OutputBatch {
    std::uint64_t ticket = 0;
    bool first = false; // of its ticket: what was shown before is another row's
    std::vector<LogPiece> pieces;
    std::uint64_t behind = 0;   // bytes in the journal that are still to come by themselves
    std::uint64_t heldBack = 0; // bytes that come when they are asked for
};
using OutputBatchPtr = std::shared_ptr<const OutputBatch>;

class OutputFollower {
public:
    static constexpr std::uint64_t batchBytes = 256 * 1024;
    static constexpr std::size_t batchRecords = 512;
    // Of a row that was over when it was chosen: this much comes by itself, and as much again each time more is asked for. Of a row that
    // goes on everything comes.
    static constexpr std::uint64_t allowance = 4 << 20;

    void follow(std::uint64_t ticket, const RowPtr& row);
    // All rows, each piece below a line that says whose it is; of what is there already no more than the last allowance.
    void followRun(std::uint64_t ticket);
    void allowMore(std::uint64_t ticket);
    void acknowledge(std::uint64_t ticket);
    // Null: there is nothing to tell.
    [[nodiscard]] OutputBatchPtr next(journal::Reader& reader, const RunFold& fold);

private:
    // Where to go on.
    [[nodiscard]] std::optional<OutputIndex::Place> place(const RunFold& fold, int row) const;
    void beginNearEnd(const RunFold& fold, OutputBatch& batch);
    void addHeading(const RunFold& fold, const OutputIndex::Place& place, OutputBatch& batch);
    std::uint64_t take(journal::Reader& reader, const OutputPiece& piece, std::uint64_t room, OutputBatch& batch);
    [[nodiscard]] LogPiece read(journal::Reader& reader, const OutputPiece& piece, std::uint64_t most);

    std::uint64_t m_ticket = 0;
    std::uint64_t m_row = 0; // its first seq
    bool m_all = false;      // of the run
    int m_headed = -1;       // the row whose heading was said last
    bool m_bounded = false;
    std::uint64_t m_allowed = 0;
    std::uint64_t m_given = 0;
    std::size_t m_piece = 0;
    std::uint64_t m_offset = 0; // within the piece
    std::uint64_t m_saidBehind = 0;
    bool m_began = false;
    bool m_inFlight = false;
};

} // namespace gatehouse::widgets

Q_DECLARE_METATYPE(gatehouse::widgets::OutputBatchPtr)
