#include "widgets/diff/diffview.h"

namespace gatehouse::widgets {

DiffView::DiffView(QWidget* parent) : CodeView(parent)
{
    connect(&SyntaxService::instance(), &SyntaxService::finished, this, &DiffView::takeColours);
}

void DiffView::setDiff(const DiffText& diff)
{
    setLines(diff.lines);
    m_places = diff.places;
    m_hasColours = false;
    m_ticket = diff.code ? SyntaxService::instance().start(diff.code) : 0;
}

void DiffView::takeColours(quint64 ticket, const SyntaxResults& results)
{
    if (ticket != m_ticket || results->size() != m_places.size())
        return;
    for (std::size_t run = 0; run < m_places.size(); ++run)
        for (std::size_t i = 0; i < m_places[run].size() && i < (*results)[run].size(); ++i)
            setSyntax(m_places[run][i], (*results)[run][i]);
    m_hasColours = true;
    repaintText();
    Q_EMIT coloursArrived();
}

} // namespace gatehouse::widgets
