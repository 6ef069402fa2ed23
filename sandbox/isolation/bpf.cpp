#include "sandbox/isolation/bpf.h"

#include <linux/seccomp.h>

namespace gatehouse::isolation {

static constexpr std::uint16_t loadWord = BPF_LD | BPF_W | BPF_ABS;

void BpfProgram::returns(std::uint32_t verdict)
{
    m_code.push_back(BPF_STMT(BPF_RET | BPF_K, verdict));
}

void BpfProgram::loadNumber()
{
    m_code.push_back(BPF_STMT(loadWord, offsetof(seccomp_data, nr)));
}

void BpfProgram::loadArchitecture()
{
    m_code.push_back(BPF_STMT(loadWord, offsetof(seccomp_data, arch)));
}

void BpfProgram::loadArgumentLow(int argument)
{
    m_code.push_back(BPF_STMT(loadWord, static_cast<std::uint32_t>(offsetof(seccomp_data, args) + 8u * static_cast<unsigned>(argument))));
}

void BpfProgram::loadArgumentHigh(int argument)
{
    m_code.push_back(
        BPF_STMT(loadWord, static_cast<std::uint32_t>(offsetof(seccomp_data, args) + 8u * static_cast<unsigned>(argument) + 4u)));
}

void BpfProgram::maskWith(std::uint32_t mask)
{
    m_code.push_back(BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask));
}

void BpfProgram::conditional(std::uint16_t comparison, std::uint32_t value, bool wanted, const std::function<void()>& body)
{
    const auto code = static_cast<std::uint16_t>(BPF_JMP | comparison | BPF_K);
    m_code.push_back(BPF_JUMP(code, value, static_cast<std::uint8_t>(wanted ? 1 : 0), static_cast<std::uint8_t>(wanted ? 0 : 1)));
    const std::size_t over = m_code.size();
    m_code.push_back(BPF_STMT(BPF_JMP | BPF_JA, 0));
    body();
    m_code[over].k = static_cast<std::uint32_t>(m_code.size() - over - 1);
}

void DecisionTree::verdict(int number, std::uint32_t value)
{
    m_verdicts[number] = value;
}

void DecisionTree::check(int number, Leaf leaf)
{
    m_checks[number] = std::move(leaf);
}

// Neighbouring numbers with the same verdict are one range; every range knows only where it begins.
std::vector<DecisionTree::Range> DecisionTree::ranges() const
{
    std::vector<Range> all;
    const auto begin = [&all](std::uint32_t first, std::uint32_t verdict, const Leaf* leaf) {
        if (!all.empty() && all.back().first == first)
            all.pop_back();
        if (all.empty() || leaf != nullptr || all.back().leaf != nullptr || all.back().verdict != verdict)
            all.push_back({first, verdict, leaf});
    };
    begin(0, m_fallback, nullptr);
    std::map<int, const Leaf*> numbers;
    for (const auto& [number, value] : m_verdicts)
        numbers[number] = nullptr;
    for (const auto& [number, leaf] : m_checks)
        numbers[number] = &leaf;
    for (const auto& [number, leaf] : numbers) {
        const auto first = static_cast<std::uint32_t>(number);
        begin(first, leaf != nullptr ? 0 : m_verdicts.at(number), leaf);
        begin(first + 1, m_fallback, nullptr);
    }
    return all;
}

void DecisionTree::emitRanges(BpfProgram& program, const std::vector<Range>& all, std::size_t from, std::size_t to)
{
    if (to - from == 1) {
        if (all[from].leaf != nullptr)
            (*all[from].leaf)(program);
        else
            program.returns(all[from].verdict);
        return;
    }
    const std::size_t middle = from + (to - from) / 2;
    program.ifAtLeast(all[middle].first, [&] { emitRanges(program, all, middle, to); });
    emitRanges(program, all, from, middle);
}

void DecisionTree::emit(BpfProgram& program) const
{
    const std::vector<Range> all = ranges();
    program.loadNumber();
    emitRanges(program, all, 0, all.size());
}

} // namespace gatehouse::isolation
