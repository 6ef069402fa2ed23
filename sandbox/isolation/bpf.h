// A small assembler for seccomp filters: a decision tree over system call numbers with argument checks at its leaves.
//
// Our own because the checks we need (masks, exclusion lists, two comparisons of one argument) go past what libseccomp
// puts into one rule, and because the worker is static. Jumps over subtrees are unconditional 32-bit ones: a conditional
// jump reaches 255 instructions only. Values; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <linux/filter.h>
#include <map>
#include <vector>

namespace gatehouse::isolation {

class BpfProgram {
public:
    void returns(std::uint32_t verdict);
    void loadNumber();
    void loadArchitecture();
    void loadArgumentLow(int argument);
    void loadArgumentHigh(int argument);
    void maskWith(std::uint32_t mask);
    // Runs body when the loaded word compares so; then goes on behind it.
    void ifEqual(std::uint32_t value, const std::function<void()>& body) { conditional(BPF_JEQ, value, true, body); }
    void ifNotEqual(std::uint32_t value, const std::function<void()>& body) { conditional(BPF_JEQ, value, false, body); }
    void ifAtLeast(std::uint32_t value, const std::function<void()>& body) { conditional(BPF_JGE, value, true, body); }
    void ifAbove(std::uint32_t value, const std::function<void()>& body) { conditional(BPF_JGT, value, true, body); }
    void ifAnyBit(std::uint32_t bits, const std::function<void()>& body) { conditional(BPF_JSET, bits, true, body); }

    [[nodiscard]] const std::vector<sock_filter>& code() const { return m_code; }

private:
    void conditional(std::uint16_t comparison, std::uint32_t value, bool wanted, const std::function<void()>& body);
    std::vector<sock_filter> m_code;
};

// Emits what happens to one system call; it must end in returns() on every path.
using Leaf = std::function<void(BpfProgram&)>;

// What each number gets, the others the fallback verdict.
class DecisionTree {
public:
    explicit DecisionTree(std::uint32_t fallback) : m_fallback(fallback) { }
    void verdict(int number, std::uint32_t value);
    void check(int number, Leaf leaf);
    void emit(BpfProgram& program) const;

private:
    struct Range {
        std::uint32_t first = 0;
        std::uint32_t verdict = 0;
        const Leaf* leaf = nullptr;
    };
    [[nodiscard]] std::vector<Range> ranges() const;
    static void emitRanges(BpfProgram& program, const std::vector<Range>& all, std::size_t from, std::size_t to);

    std::uint32_t m_fallback;
    std::map<int, std::uint32_t> m_verdicts;
    std::map<int, Leaf> m_checks;
};

} // namespace gatehouse::isolation
