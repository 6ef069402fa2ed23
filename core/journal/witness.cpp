#include "core/journal/witness.h"

#include <cstring>
#include <unordered_map>

namespace gatehouse::journal {

namespace {

struct DigestHash {
    std::size_t operator()(const Sha256Digest& digest) const
    {
        std::size_t value = 0;
        std::memcpy(&value, digest.data(), sizeof value);
        return value;
    }
};

class Comparison {
public:
    Comparison(std::span<const Sha256Digest> lines, std::span<const Sha256Digest> witness)
        : m_lines(lines), m_witness(witness), m_placed(witness.size(), false)
    {
        for (std::size_t i = 0; i < witness.size(); ++i)
            m_seqOf.emplace(witness[i], i);
        m_stands.resize(witness.size(), false);
        for (const Sha256Digest& line : lines) {
            if (const auto found = m_seqOf.find(line); found != m_seqOf.end())
                m_stands[found->second] = true;
        }
    }

    [[nodiscard]] std::vector<Deviation> run()
    {
        while (m_seq < m_witness.size() || m_line < m_lines.size()) {
            if (m_seq < m_witness.size() && m_placed[m_seq])
                ++m_seq; // stood earlier, told as swapped
            else if (m_line == m_lines.size())
                tell(FindingKind::Missing, m_seq++);
            else if (m_seq < m_witness.size() && m_lines[m_line] == m_witness[m_seq])
                place(m_seq++);
            else
                deviate();
        }
        return std::move(m_out);
    }

private:
    void tell(FindingKind kind, std::size_t seq, std::size_t other = 0) { m_out.push_back({kind, seq, m_line, other}); }

    void place(std::size_t seq)
    {
        m_placed[seq] = true;
        ++m_line;
    }

    // The line is not the one that should stand here.
    void deviate()
    {
        const auto found = m_seqOf.find(m_lines[m_line]);
        if (found == m_seqOf.end())
            unknownLine();
        else if (m_placed[found->second])
            repeated(found->second);
        else if (m_seq < m_witness.size() && found->second > m_seq && m_stands[m_seq])
            moved(found->second);
        else if (m_seq < m_witness.size() && found->second > m_seq)
            tell(FindingKind::Missing, m_seq++);
        else
            place(found->second); // the late half of a swap that was told already
    }

    void unknownLine()
    {
        // Where the record that belongs here stands elsewhere, or none belongs here, this line was put in.
        const bool inserted = m_seq == m_witness.size() || m_stands[m_seq];
        tell(inserted ? FindingKind::Extra : FindingKind::Altered, m_seq);
        if (!inserted)
            m_placed[m_seq++] = true;
        ++m_line;
    }

    void repeated(std::size_t seq)
    {
        tell(FindingKind::Doubled, seq);
        ++m_line;
    }

    void moved(std::size_t seq)
    {
        // The record that belongs here stands further on: it is told with this one, and taken when it comes.
        tell(FindingKind::Swapped, m_seq++, seq);
        place(seq);
    }

    std::span<const Sha256Digest> m_lines;
    std::span<const Sha256Digest> m_witness;
    std::unordered_map<Sha256Digest, std::size_t, DigestHash> m_seqOf;
    std::vector<bool> m_placed; // a line for it was taken
    std::vector<bool> m_stands; // some line is it
    std::vector<Deviation> m_out;
    std::size_t m_seq = 0;
    std::size_t m_line = 0;
};

} // namespace

std::vector<Deviation> compareWithWitness(std::span<const Sha256Digest> lines, std::span<const Sha256Digest> witness)
{
    return Comparison(lines, witness).run();
}

} // namespace gatehouse::journal
