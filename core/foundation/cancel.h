// Cancellation that a poll() can wait for. One source, any number of tokens, any thread; cancelling twice is once.
#pragma once

#include <memory>

namespace gatehouse {

class CancelToken {
public:
    // A token that is never cancelled.
    CancelToken() = default;

    [[nodiscard]] bool cancelled() const;
    // A descriptor that becomes readable on cancellation, or -1; owned by the source's shared state.
    [[nodiscard]] int fd() const;

private:
    friend class CancelSource;
    struct State;
    explicit CancelToken(std::shared_ptr<State> state) : m_state(std::move(state)) { }
    // Shared: the token must stay good for poll() when the source goes first.
    std::shared_ptr<State> m_state;
};

class CancelSource {
public:
    CancelSource();
    void cancel();
    [[nodiscard]] CancelToken token() const { return CancelToken(m_state); }

private:
    std::shared_ptr<CancelToken::State> m_state;
};

} // namespace gatehouse
