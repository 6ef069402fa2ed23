#include "core/base/linediff.h"

#include <algorithm>
#include <cstdint>

namespace gatehouse {

namespace {

// Edit distance up to which the shortest script is looked for: memory grows with its square.
constexpr int mostEdits = 1500;
// Equal lines walked over on all the ways together: with few edits in long texts of equal lines each way is as long as the text.
constexpr std::int64_t mostComparisons = 20'000'000;

using Lines = std::vector<std::string_view>;

// What stays, as pairs of indices, by Myers' greedy algorithm; nothing when the texts are too far apart.
std::vector<std::pair<int, int>> commonLines(const std::string_view* a, int n, const std::string_view* b, int m)
{
    const int limit = std::min(n + m, mostEdits);
    std::vector<std::vector<int>> trace;
    std::vector<int> furthest(std::size_t(2 * limit + 2), 0);
    const auto at = [limit](int k) { return std::size_t(k + limit); };
    std::int64_t comparisonsLeft = mostComparisons;
    for (int d = 0; d <= limit; ++d) {
        trace.emplace_back(furthest.begin() + std::ptrdiff_t(at(-d)), furthest.begin() + std::ptrdiff_t(at(d)) + 1);
        for (int k = -d; k <= d; k += 2) {
            int x = k == -d || (k != d && furthest[at(k - 1)] < furthest[at(k + 1)]) ? furthest[at(k + 1)] : furthest[at(k - 1)] + 1;
            if (d == 0)
                x = 0;
            const int begun = x;
            while (x < n && x - k < m && a[x] == b[x - k])
                ++x;
            comparisonsLeft -= x - begun + 1;
            if (comparisonsLeft < 0)
                return {};
            furthest[at(k)] = x;
            if (x < n || x - k < m)
                continue;
            std::vector<std::pair<int, int>> pairs;
            int px = n;
            int py = m;
            for (int e = d; e > 0; --e) {
                const std::vector<int>& row = trace[std::size_t(e)]; // furthest of depth e-1, from diagonal -e
                const int kk = px - py;
                const auto was = [&row, e](int diagonal) { return row[std::size_t(diagonal + e)]; };
                const int from = kk == -e || (kk != e && was(kk - 1) < was(kk + 1)) ? kk + 1 : kk - 1;
                const int startX = was(from);
                const int startY = startX - from;
                const int afterX = from == kk + 1 ? startX : startX + 1;
                while (px > afterX)
                    pairs.emplace_back(--px, --py);
                px = startX;
                py = startY;
            }
            while (px > 0)
                pairs.emplace_back(--px, --py);
            std::reverse(pairs.begin(), pairs.end());
            return pairs;
        }
    }
    return {};
}

} // namespace

std::vector<std::string_view> splitLines(std::string_view text)
{
    Lines lines;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        lines.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return lines;
}

std::vector<LineChange> lineDiff(const Lines& before, const Lines& after)
{
    const int n = int(before.size());
    const int m = int(after.size());
    int head = 0;
    while (head < n && head < m && before[std::size_t(head)] == after[std::size_t(head)])
        ++head;
    int tail = 0;
    while (tail < n - head && tail < m - head && before[std::size_t(n - 1 - tail)] == after[std::size_t(m - 1 - tail)])
        ++tail;
    auto pairs = commonLines(before.data() + head, n - head - tail, after.data() + head, m - head - tail);
    pairs.emplace_back(n - head - tail, m - head - tail);
    std::vector<LineChange> changes;
    int i = 0;
    int j = 0;
    for (const auto& [x, y] : pairs) {
        if (x > i || y > j)
            changes.push_back({head + i, x - i, head + j, y - j});
        i = x + 1;
        j = y + 1;
    }
    return changes;
}

} // namespace gatehouse
