#include "widgets/canvas/canvaspage.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/canvas/canvasmetrics.h"
#include "widgets/canvas/droppedfiles.h"
#include "widgets/canvas/insertchooser.h"
#include "widgets/canvas/minimap.h"
#include "widgets/controls/keybutton.h"
#include "widgets/controls/label.h"
#include "widgets/controls/surface.h"
#include "widgets/source/shieldedtext.h"
#include "widgets/text/markedtext.h"

#include <algorithm>
#include <cmath>

namespace gatehouse::widgets {

using namespace authoring;

CanvasPage::CanvasPage(WorkflowDocument& document, BackgroundThread& background, const QString& projectFolder, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_background(background),
      m_projectFolder(projectFolder),
      m_view(new CanvasView(document, this)),
      m_commands(new CanvasCommands(*m_view))
{
    auto* strip = new Surface(SurfaceKind::PanelSecond, this);
    strip->setRules(Qt::BottomEdge);
    m_strip = strip;
    m_stripText = new Label({}, TokenRole::Ask, m_strip);
    m_stripText->setEliding(Eliding::Right);
    auto* stripLayout = new QHBoxLayout(m_strip);
    stripLayout->setContentsMargins(px(16), px(7), px(16), px(7));
    stripLayout->addWidget(m_stripText);
    m_strip->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_strip);
    layout->addWidget(m_view, 1);
    setFocusProxy(m_view);
    makeOverlays();
    m_view->installEventFilter(this);

    connect(m_view, &CanvasView::openRequested, this, &CanvasPage::openRequested);
    connect(m_view, &CanvasView::menuRequested, this, &CanvasPage::showMenu);
    connect(m_view, &CanvasView::filesDropped, this, &CanvasPage::takeFiles);
    connect(m_view, &CanvasView::saying, this, [this](const QString& line) { say(line, TokenRole::Text); });
    connect(m_view, &CanvasView::refused, this, [this](const QString& why) { say(why, TokenRole::Ask); });
    connect(m_commands, &CanvasCommands::saying, this, [this](const QString& line) { say(line, TokenRole::Text); });
    connect(m_commands, &CanvasCommands::refused, this, [this](const QString& why) { say(why, TokenRole::Ask); });
    connect(m_commands, &CanvasCommands::insertRequested, this, &CanvasPage::showInsert);
    connect(m_commands, &CanvasCommands::renameRequested, this, &CanvasPage::startRename);
    connect(m_view, &CanvasView::viewChanged, this, &CanvasPage::refresh);
    connect(&document, &WorkflowDocument::canEditChanged, this, &CanvasPage::refresh);
    connect(&document, &WorkflowDocument::stateChanged, this, &CanvasPage::refresh);
    connect(&document, &WorkflowDocument::selectionChanged, this, [this] {
        endRename();
        if (!m_view->wiring().isActive())
            say({}, TokenRole::Text);
    });
    refresh();
}

QString CanvasPage::line() const
{
    return m_lineText->text();
}

void CanvasPage::refresh()
{
    const bool ready = m_document.state() == WorkflowDocument::State::Ready;
    const bool faulty = ready && !m_document.canEdit();
    m_strip->setVisible(faulty);
    if (faulty)
        m_stripText->setText(tr("The source has a fault at line %1. The canvas shows the last good version.").arg(m_document.fault()));
    const bool empty = ready && m_document.graph().nodes.empty() && !faulty;
    m_empty->setVisible(empty);
    m_adding->setVisible(!empty);
    m_map->setVisible(!m_document.graph().nodes.empty() && m_view->width() > px(480) && m_view->height() > px(280));
    m_zoom->setText(tr("%1 %").arg(int(std::lround(m_view->zoom() * 100))));
    if (faulty)
        endRename();
    placeRename();
}

// Polite: it is also told to a screen reader.
void CanvasPage::say(const QString& text, TokenRole role)
{
    if (m_lineText->text() == text)
        return;
    m_lineText->setRole(role);
    m_lineText->setText(text);
    m_line->setVisible(!text.isEmpty());
    placeOverlays();
    if (text.isEmpty() || !QAccessible::isActive())
        return;
    QAccessibleEvent told(m_lineText, QAccessible::Alert);
    QAccessible::updateAccessibility(&told);
}

void CanvasPage::showMenu(const QPoint& place)
{
    auto* menu = new QMenu(m_view);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    m_commands->fillMenu(*menu);
    menu->popup(place);
}

void CanvasPage::showInsert()
{
    std::vector<QAction*> choices;
    for (const char* id :
         {"canvas.addAgent", "canvas.addTool", "canvas.addData", "canvas.addMcp", "canvas.giveShell", "canvas.giveFilesystem"})
        choices.push_back(m_commands->action(id));
    auto* chooser = new InsertChooser(choices, m_view);
    const CanvasNode* current = m_document.current() ? m_view->scene().find(*m_document.current()) : nullptr;
    const QPointF place = current ? m_view->toView(current->rect.bottomLeft()) + QPointF(0, 8) : QPointF(px(16), px(56));
    const QRect room = m_view->rect().adjusted(0, 0, -px(240), -px(200));
    const QPoint kept(std::clamp(int(place.x()), 0, std::max(0, room.right())), std::clamp(int(place.y()), 0, std::max(0, room.bottom())));
    chooser->popup(m_view->mapToGlobal(kept));
}

void CanvasPage::takeFiles(const QStringList& paths, const QPointF& scenePoint)
{
    inBackground(
        m_background, this, [paths, project = m_projectFolder, path = m_document.path()] { return readDroppedFiles(paths, project, path); },
        [this, scenePoint](const DroppedFiles& files) {
            if (!files.data.empty())
                m_commands->addData(files.data, scenePoint);
            if (!files.refused.isEmpty())
                say(bounded(files.refused.join(QStringLiteral("; "))), TokenRole::Ask);
        });
}

void CanvasPage::startRename()
{
    const CanvasNode* node = m_document.current() ? m_view->scene().find(*m_document.current()) : nullptr;
    if (!node || !m_document.canEdit() || m_renamed)
        return;
    m_view->reveal(node->id());
    m_renamed = node->id();
    m_commands->setSuspended(true);
    m_name = new QLineEdit(shielded(node->id().name), m_view);
    m_name->setAccessibleName(tr("New name of %1").arg(node->wholeName));
    m_name->installEventFilter(this);
    connect(m_name, &QLineEdit::textChanged, this, &CanvasPage::checkName);
    placeRename();
    m_name->show();
    m_name->selectAll();
    m_name->setFocus(Qt::OtherFocusReason);
}

void CanvasPage::placeRename()
{
    const CanvasNode* node = m_renamed ? m_view->scene().find(*m_renamed) : nullptr;
    if (!m_name || !node)
        return;
    const QRectF card = m_view->toView(node->rect);
    const int width = std::max(px(180), int(card.width()) - px(20));
    m_name->setGeometry(int(card.left()) + px(10), int(card.top()) + px(6), width, px(28));
}

void CanvasPage::checkName(const QString& text)
{
    const std::string name = unshielded(text.trimmed());
    const NodeId wish{m_renamed->kind, name};
    const GraphNode* taken = m_document.graph().find(wish);
    if (const auto fault = nameFault(m_renamed->kind, name))
        return say(shown(fault->format()), TokenRole::Ask);
    if (taken && wish != *m_renamed && taken->definition == Definition::Here)
        return say(tr("%1 is taken: choose another name").arg(shown(name)), TokenRole::Ask);
    say({}, TokenRole::Text);
}

// A name that can't be given keeps the line edit open, the reason in the line.
void CanvasPage::finishRename()
{
    const NodeId node = *m_renamed;
    const QString name = m_name->text();
    const QString refusal = m_commands->rename(node, name);
    if (!refusal.isEmpty())
        return say(refusal, TokenRole::Ask);
    endRename();
    say({}, TokenRole::Text);
}

void CanvasPage::endRename()
{
    if (!m_name)
        return;
    QLineEdit* edit = std::exchange(m_name, nullptr);
    edit->disconnect(this); // an input method may commit on losing the focus
    m_renamed.reset();
    const bool hadFocus = edit->hasFocus();
    edit->removeEventFilter(this);
    edit->hide();
    edit->deleteLater();
    m_commands->setSuspended(false);
    if (hadFocus)
        m_view->setFocus(Qt::OtherFocusReason);
}

bool CanvasPage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_view && event->type() == QEvent::Resize)
        placeOverlays();
    if (m_name && watched == m_name) {
        if (event->type() == QEvent::FocusOut) {
            endRename();
            say({}, TokenRole::Text);
        } else if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
            endRename();
            say({}, TokenRole::Text);
            return true;
        } else if (event->type() == QEvent::KeyPress &&
                   (static_cast<QKeyEvent*>(event)->key() == Qt::Key_Return || static_cast<QKeyEvent*>(event)->key() == Qt::Key_Enter)) {
            finishRename();
            return true; // a line edit passes Enter on, and the canvas would open the node
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace gatehouse::widgets
