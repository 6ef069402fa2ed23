#include "widgets/authoring/undostep.h"

#include <utility>

namespace gatehouse::widgets {

static constexpr qint64 typingPause = 1500; // ms

UndoStep::UndoStep(const QString& name, QString burst, std::vector<TextEdit> edits, const std::string& text, Replace replace)
    : QUndoCommand(name), m_burst(std::move(burst)), m_forwards(std::move(edits)), m_replace(std::move(replace)), m_text(text)
{
    std::string at = text;
    for (const TextEdit& edit : m_forwards) {
        m_backwards.insert(m_backwards.begin(), inverse(at, edit));
        at = applied(at, edit);
    }
    m_age.start();
}

static std::string all(std::string text, const std::vector<TextEdit>& edits)
{
    for (const TextEdit& edit : edits)
        text = applied(text, edit);
    return text;
}

void UndoStep::redo()
{
    m_replace(all(m_text, m_forwards), changesOf(m_forwards));
}

void UndoStep::undo()
{
    m_replace(all(m_text, m_backwards), changesOf(m_backwards));
}

int UndoStep::id() const
{
    return m_burst.isEmpty() ? -1 : 1;
}

static bool endsLine(const std::vector<TextEdit>& edits)
{
    return edits.back().text.find('\n') != std::string::npos;
}

bool UndoStep::mergeWith(const QUndoCommand* later)
{
    const auto* next = static_cast<const UndoStep*>(later);
    if (next->m_burst != m_burst)
        return false;
    if (m_burst == typing() && (m_age.elapsed() > typingPause || endsLine(m_forwards)))
        return false;
    m_forwards.insert(m_forwards.end(), next->m_forwards.begin(), next->m_forwards.end());
    m_backwards.insert(m_backwards.begin(), next->m_backwards.begin(), next->m_backwards.end());
    m_age.start();
    return true;
}

} // namespace gatehouse::widgets
