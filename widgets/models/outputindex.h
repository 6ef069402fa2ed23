// Where a run's journal has the output of its rows: for each row the records, in order, and how much each of them holds. Made by RunFold
// as records come; the bytes stay in the journal until somebody looks. Values; the reader's thread.
#pragma once

#include "core/journal/record.h"
#include "widgets/terminal/logstore.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gatehouse::widgets {

struct OutputPiece {
    std::uint64_t seq = 0;
    const char* field = ""; // of the record's data: a payload, or a text
    LogStream stream = LogStream::Output;
    std::uint64_t size = 0;    // bytes to show
    std::uint64_t skip = 0;    // bytes before them that other records have already
    std::uint64_t missing = 0; // bytes of the stream before these that were not kept anywhere
};

class OutputIndex {
public:
    // What a row says in words: a field of the record.
    void addText(int row, const journal::Record& record, const char* field);
    // effect.started: what is streamed from here on is another execution's, also where it is of the same call.
    void beginEffect(int row);
    // output.chunk
    void addChunk(int row, const journal::Record& record);
    // effect.finished: what no chunk has of both streams.
    void addRest(int row, const journal::Record& record);
    // tool.result, where nothing was executed.
    void addResult(int row, const journal::Record& record);

    [[nodiscard]] const std::vector<OutputPiece>& pieces(int row) const;
    // The pieces of all rows, in the order of the records.
    struct Place {
        int row = 0;
        std::size_t piece = 0;
    };
    [[nodiscard]] const std::vector<Place>& order() const { return m_order; }
    [[nodiscard]] const OutputPiece& at(const Place& place) const { return pieces(place.row)[place.piece]; }
    [[nodiscard]] std::uint64_t allBytes() const { return m_allBytes; }
    [[nodiscard]] std::uint64_t bytes(int row) const;
    [[nodiscard]] std::uint64_t chunks(int row) const;

private:
    struct Output {
        std::vector<OutputPiece> pieces;
        std::uint64_t bytes = 0;
        std::uint64_t chunks = 0;
        std::array<std::uint64_t, 2> streamed = {}; // in chunks of the effect that goes on, of each stream
    };
    // What effect.finished says of one stream: the names of its fields.
    struct Fields {
        const char* rest;
        const char* total;
        const char* tail;
    };
    void add(int row, const OutputPiece& piece);
    void addRestOf(int row, const journal::Record& record, LogStream stream, const Fields& fields);

    std::map<int, Output> m_outputs;
    std::vector<Place> m_order;
    std::uint64_t m_allBytes = 0;
};

} // namespace gatehouse::widgets
