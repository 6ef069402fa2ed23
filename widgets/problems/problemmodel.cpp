#include "widgets/problems/problemmodel.h"

#include "widgets/text/markedtext.h"

#include <algorithm>
#include <tuple>

namespace gatehouse::widgets {

QString severityWord(Severity severity)
{
    return severity == Severity::Error ? ProblemModel::tr("Error") : ProblemModel::tr("Warning");
}

void ProblemModel::setProblems(const QString& source, std::vector<Problem> problems)
{
    if (problems.empty())
        m_sources.erase(source);
    else
        m_sources[source] = std::move(problems);
    const auto counts = std::pair(errors(), warnings());
    follow(gathered());
    if (counts != std::pair(errors(), warnings()))
        Q_EMIT countChanged(errors(), warnings());
}

static auto orderOf(const Problem& problem)
{
    return std::tie(problem.severity, problem.file, problem.position.line, problem.position.column, problem.rule, problem.message.text,
                    problem.message.arguments, problem.pointer);
}

std::vector<Problem> ProblemModel::gathered() const
{
    std::vector<Problem> out;
    for (const auto& [source, problems] : m_sources)
        out.insert(out.end(), problems.begin(), problems.end());
    std::ranges::sort(out, [](const Problem& a, const Problem& b) { return orderOf(a) < orderOf(b); });
    // A byte's place may be of another moment: what reads the same is the same.
    const auto same = [](const Problem& a, const Problem& b) { return orderOf(a) == orderOf(b); };
    out.erase(std::unique(out.begin(), out.end(), same), out.end());
    return out;
}

// What stands at the begin and at the end in both stays; what is between is exchanged.
void ProblemModel::follow(std::vector<Problem> now)
{
    const auto [inOld, inNew] = std::ranges::mismatch(m_rows, now);
    const auto begin = int(inOld - m_rows.begin());
    int same = 0;
    const int most = int(std::min(m_rows.size(), now.size())) - begin;
    while (same < most && m_rows[m_rows.size() - 1 - std::size_t(same)] == now[now.size() - 1 - std::size_t(same)])
        ++same;
    const int oldEnd = int(m_rows.size()) - same;
    const int newEnd = int(now.size()) - same;
    const int changed = std::min(oldEnd, newEnd);
    std::copy(now.begin() + begin, now.begin() + changed, m_rows.begin() + begin);
    if (oldEnd > changed) {
        beginRemoveRows({}, changed, oldEnd - 1);
        m_rows.erase(m_rows.begin() + changed, m_rows.begin() + oldEnd);
        m_errors = int(std::ranges::count(m_rows, Severity::Error, &Problem::severity));
        endRemoveRows();
    } else if (newEnd > changed) {
        beginInsertRows({}, changed, newEnd - 1);
        m_rows.insert(m_rows.begin() + changed, now.begin() + changed, now.begin() + newEnd);
        m_errors = int(std::ranges::count(m_rows, Severity::Error, &Problem::severity));
        endInsertRows();
    }
    m_errors = int(std::ranges::count(m_rows, Severity::Error, &Problem::severity));
    if (changed > begin)
        Q_EMIT dataChanged(index(begin), index(changed - 1));
}

const Problem* ProblemModel::problem(const QModelIndex& index) const
{
    return index.isValid() && index.row() < rowCount() ? &m_rows[std::size_t(index.row())] : nullptr;
}

int ProblemModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

static QString placeOf(const Problem& problem)
{
    const std::string name = problem.file.substr(problem.file.rfind('/') + 1);
    return shown(placeName(name, problem.position));
}

QVariant ProblemModel::data(const QModelIndex& index, int role) const
{
    const Problem* found = problem(index);
    if (!found)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return shown(found->message.format());
    case SeverityRole:
        return int(found->severity);
    case PlaceRole:
        return placeOf(*found);
    case RuleRole:
        return shown(found->rule);
    case LineRole:
        return shown(found->line());
    case Qt::ToolTipRole:
        return plainToolTip(shown(found->line()));
    case Qt::AccessibleTextRole:
        return tr("%1: %2, %3, rule %4")
            .arg(severityWord(found->severity), shown(found->message.format()), placeOf(*found), shown(found->rule));
    default:
        return {};
    }
}

} // namespace gatehouse::widgets
