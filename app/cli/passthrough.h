// Passthrough: a command's output as it happens, on our own streams: byte for byte into a file or a pipe, made safe on a terminal.
//
// outputArrived() comes on the thread that executes the command and hands over to a thread that writes: a slow reader keeps neither a
// limit nor a cancellation from the command. What waits for the reader is bounded by takesOutput(). A reader that goes away cancels
// the command, as it would end without a sandbox. After a cancellation nothing waits for a reader any more: what one of them does not
// take at once is lost, and finish() says so.
#pragma once

#include "app/cli/terminaltext.h"
#include "core/execution/sandbox.h"
#include "core/foundation/cancel.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace gatehouse::cli {

class Passthrough final : public execution::ExecObserver {
public:
    explicit Passthrough(CancelSource& cancel);
    ~Passthrough() override;
    Passthrough(const Passthrough&) = delete;
    Passthrough& operator=(const Passthrough&) = delete;

    void outputArrived(execution::Stream stream, std::string_view bytes) override;
    [[nodiscard]] bool takesOutput() override;
    // Waits until everything is written or lost. False: something was lost. Once, after the command's end.
    [[nodiscard]] bool finish();

private:
    struct Piece {
        execution::Stream stream;
        std::string bytes;
    };

    void write();
    void writeOutput(std::string_view bytes);
    void writeError(std::string_view bytes);
    [[nodiscard]] bool awaitRoom(int descriptor, bool& lost);

    CancelSource& m_cancel;
    // The writing thread's own.
    bool m_outputTerminal;
    bool m_errorTerminal;
    TerminalStream m_output;
    TerminalStream m_error;
    bool m_outputLost = false; // its reader took no more after a cancellation
    bool m_errorLost = false;

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Piece> m_pieces;
    std::size_t m_waiting = 0; // bytes in m_pieces
    bool m_over = false;
    std::thread m_thread;
};

} // namespace gatehouse::cli
