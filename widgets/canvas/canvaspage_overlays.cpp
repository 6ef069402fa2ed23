// What lies on the canvas, and where.
#include "widgets/canvas/canvaspage.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/canvas/minimap.h"
#include "widgets/controls/keybutton.h"
#include "widgets/controls/label.h"
#include "widgets/controls/surface.h"

#include <algorithm>

namespace gatehouse::widgets {

namespace {

// A row of buttons that lets the canvas shine through between them.
QHBoxLayout* makeRow(QWidget* row)
{
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(px(8));
    return layout;
}

} // namespace

// Shows the command's key as its tool tip and is off when the command is.
QPushButton* CanvasPage::button(const QString& text, const char* command)
{
    QAction* action = m_commands->action(command);
    auto* button = new QPushButton(text, m_view);
    button->setAutoDefault(false);
    button->setFocusPolicy(Qt::TabFocus);
    QString name = action->text();
    name.remove(u'&');
    button->setAccessibleName(name);
    const QString key = action->shortcut().toString(QKeySequence::NativeText);
    button->setToolTip(key.isEmpty() ? action->whatsThis() : tr("%1 (%2)").arg(action->whatsThis(), key));
    button->setEnabled(action->isEnabled());
    connect(action, &QAction::changed, button, [action, button] { button->setEnabled(action->isEnabled()); });
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    return button;
}

void CanvasPage::makeOverlays()
{
    m_adding = new QWidget(m_view);
    auto* adding = makeRow(m_adding);
    adding->addWidget(button(tr("+ Agent"), "canvas.addAgent"));
    adding->addWidget(button(tr("+ Tool"), "canvas.addTool"));
    adding->addWidget(button(tr("+ Data"), "canvas.addData"));
    adding->addWidget(button(tr("+ MCP"), "canvas.addMcp"));

    m_zooming = new QWidget(m_view);
    auto* zooming = makeRow(m_zooming);
    zooming->addWidget(button(QStringLiteral("−"), "canvas.zoomOut"));
    m_zoom = button(tr("%1 %").arg(100), "canvas.zoomReset");
    m_zoom->setMinimumWidth(px(64));
    zooming->addWidget(m_zoom);
    zooming->addWidget(button(QStringLiteral("+"), "canvas.zoomIn"));
    QAction* fit = m_commands->action("canvas.fit");
    auto* fitButton = new KeyButton(tr("Fit"), tr("Shift+1"), m_zooming);
    fitButton->setAutoDefault(false);
    fitButton->setFocusPolicy(Qt::TabFocus);
    fitButton->setFixedHeight(m_zoom->sizeHint().height());
    fitButton->setToolTip(fit->whatsThis());
    connect(fitButton, &QPushButton::clicked, fit, &QAction::trigger);
    zooming->addWidget(fitButton);
    zooming->addWidget(button(tr("Arrange"), "canvas.arrange"));

    m_map = new MiniMap(*m_view);

    auto* line = new Card(m_view);
    m_line = line;
    m_lineText = makeSmall({}, TokenRole::Text, m_line);
    m_lineText->setEliding(Eliding::Right);
    m_lineText->setAccessibleName(tr("What happens on the canvas"));
    auto* lineLayout = new QHBoxLayout(m_line);
    lineLayout->setContentsMargins(px(12), px(5), px(12), px(5));
    lineLayout->addWidget(m_lineText);
    m_line->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_line->hide();

    m_empty = new QWidget(m_view);
    auto* empty = new QVBoxLayout(m_empty);
    empty->setSpacing(px(14));
    Label* title = makeTitle(tr("An empty workflow: add an agent to begin"), m_empty);
    title->setAlignment(Qt::AlignCenter);
    empty->addWidget(title);
    Label* hint = makeSmall(tr("The first agent gets the task. Drop files or folders of the project here to give it data."),
                            TokenRole::Second, m_empty);
    hint->setAlignment(Qt::AlignCenter);
    empty->addWidget(hint);
    auto* buttons = makeRow(new QWidget(m_empty));
    buttons->addStretch();
    buttons->addWidget(button(tr("+ Agent"), "canvas.addAgent"));
    buttons->addWidget(button(tr("+ Tool"), "canvas.addTool"));
    buttons->addWidget(button(tr("+ Data"), "canvas.addData"));
    buttons->addStretch();
    empty->addWidget(buttons->parentWidget());
    m_empty->hide();
}

void CanvasPage::placeOverlays()
{
    const int margin = px(16);
    const QSize room = m_view->size();
    const auto put = [](QWidget* widget, int x, int y) {
        widget->resize(widget->sizeHint());
        widget->move(x, y);
    };
    put(m_adding, margin, margin);
    put(m_zooming, margin, room.height() - margin - m_zooming->sizeHint().height());
    put(m_map, room.width() - margin - m_map->sizeHint().width(), room.height() - margin - m_map->sizeHint().height());
    put(m_empty, (room.width() - m_empty->sizeHint().width()) / 2, (room.height() - m_empty->sizeHint().height()) / 2);
    const QFontMetrics metrics(m_lineText->font());
    const int end = room.width() - margin - m_map->sizeHint().width() - px(10); // the map stays free
    const int width = std::min(metrics.horizontalAdvance(m_lineText->text()) + px(28), std::max(px(120), end - margin));
    const int height = metrics.height() + px(12);
    const int above = m_zooming->y() - px(10) - height;
    m_line->setGeometry(std::max(margin, std::min((room.width() - width) / 2, end - width)), above, width, height);
    m_line->raise();
}

} // namespace gatehouse::widgets
