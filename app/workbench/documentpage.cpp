#include "app/workbench/documentpage.h"

#include <QFile>
#include <QFileInfo>
#include <QVBoxLayout>

#include "widgets/controls/label.h"
#include "widgets/controls/surface.h"
#include "widgets/text/codeview.h"

namespace gatehouse::workbench {

using namespace widgets;

// As the readers of documents take them.
static constexpr qint64 longestDocument = 4 << 20;

DocumentPage::DocumentPage(const QString& path, QWidget* parent) : QWidget(parent), m_path(path), m_text(new CodeView)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* head = new Surface(SurfaceKind::Panel);
    head->setRules(Qt::BottomEdge);
    head->setFixedHeight(px(44));
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(px(14), 0, px(14), 0);
    row->addWidget(makeTitle(QFileInfo(path).fileName()));
    auto* place = makeMono(path, TokenRole::Third);
    place->setEliding(Eliding::Middle);
    row->addWidget(place, 1);
    column->addWidget(head);
    column->addWidget(m_text, 1);
    m_text->setAccessibleName(tr("The document %1").arg(QFileInfo(path).fileName()));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        m_text->setEmptyText(tr("%1 can't be read: %2").arg(path, file.errorString()));
        return;
    }
    const std::string bytes = file.read(longestDocument).toStdString();
    std::vector<CodeLine> lines;
    auto runs = std::make_shared<std::vector<SyntaxRun>>(1);
    runs->front().fileName = path;
    for (MarkedText& text : markedLines(bytes)) {
        runs->front().lines << text.text;
        CodeLine line;
        line.text = std::move(text);
        line.label = QString::number(lines.size() + 1);
        lines.push_back(std::move(line));
    }
    m_text->setLines(std::move(lines));
    connect(&SyntaxService::instance(), &SyntaxService::finished, this, &DocumentPage::takeColours);
    m_ticket = SyntaxService::instance().start(runs);
}

void DocumentPage::takeColours(quint64 ticket, const SyntaxResults& results)
{
    if (ticket != m_ticket)
        return;
    for (std::size_t line = 0; line < results->front().size(); ++line)
        m_text->setSyntax(line, results->front()[line]);
    m_text->repaintText();
}

} // namespace gatehouse::workbench
