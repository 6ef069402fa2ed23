#include "app/workbench/documentpage.h"

#include <QFile>
#include <QFileInfo>
#include <QVBoxLayout>

#include "widgets/controls/label.h"
#include "widgets/controls/surface.h"
#include "widgets/text/markedtext.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::workbench {

using namespace widgets;

// As the readers of documents take them.
static constexpr qint64 longestDocument = 4 << 20;

// Only a regular file: a FIFO in a document's place would hold us (O_NONBLOCK), a device would never end. Empty: it is open.
static QString openRegular(const QString& path, QFile& file)
{
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return qt_error_string(errno);
    struct stat facts = {};
    if (::fstat(descriptor, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        ::close(descriptor);
        return DocumentPage::tr("it is not a regular file");
    }
    return file.open(descriptor, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle) ? QString() : file.errorString();
}

static CodeLine cutNote()
{
    CodeLine line;
    line.text.text = DocumentPage::tr("The file is larger than 4 MiB: the rest of it is not shown.");
    line.tone = LineTone::Note;
    return line;
}

DocumentText readDocument(const QString& path)
{
    DocumentText text;
    QFile file;
    if (const QString why = openRegular(path, file); !why.isEmpty()) {
        text.problem = DocumentPage::tr("%1 can't be read: %2").arg(shown(path.toStdString()), why);
        return text;
    }
    const std::string bytes = file.read(longestDocument).toStdString();
    auto runs = std::make_shared<std::vector<SyntaxRun>>(1);
    runs->front().fileName = path;
    for (MarkedText& marked : markedLines(bytes)) {
        runs->front().lines << marked.text;
        CodeLine line;
        line.text = std::move(marked);
        line.label = QString::number(text.lines.size() + 1);
        text.lines.push_back(std::move(line));
    }
    if (!file.read(1).isEmpty())
        text.lines.push_back(cutNote());
    text.code = runs;
    return text;
}

DocumentPage::DocumentPage(const QString& path, BackgroundThread& background, QWidget* parent)
    : QWidget(parent), m_path(path), m_text(new CodeView)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* head = new Surface(SurfaceKind::Panel);
    head->setRules(Qt::BottomEdge);
    head->setFixedHeight(px(44));
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(px(14), 0, px(14), 0);
    row->setSpacing(px(12));
    row->addWidget(makeTitle(title()));
    auto* place = makeMono(shown(path.toStdString()), TokenRole::Third);
    place->setEliding(Eliding::Middle);
    row->addWidget(place, 1);
    column->addWidget(head);
    column->addWidget(m_text, 1);
    m_text->setAccessibleName(tr("The document %1").arg(title()));
    connect(&SyntaxService::instance(), &SyntaxService::finished, this, &DocumentPage::takeColours);
    inBackground(background, this, [path] { return readDocument(path); }, [this](const DocumentText& text) { takeText(text); });
}

QString DocumentPage::title() const
{
    return shown(QFileInfo(m_path).fileName().toStdString());
}

void DocumentPage::takeText(const DocumentText& text)
{
    m_text->setEmptyText(text.problem.isEmpty() ? tr("The document is empty.") : text.problem);
    m_text->setLines(text.lines);
    if (text.code)
        m_ticket = SyntaxService::instance().start(text.code);
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
