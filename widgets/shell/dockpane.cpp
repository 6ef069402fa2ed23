#include "widgets/shell/dockpane.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/style/gatehousestyle.h"
#include "widgets/style/icons.h"
#include "widgets/style/paint.h"

namespace gatehouse::widgets {

static QWidget* makeEmpty(const QString& text)
{
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(px(14), px(4), px(14), px(14));
    auto* label = new Label(text, TokenRole::Third);
    label->setWordWrap(true);
    column->addWidget(label);
    column->addStretch(1);
    return page;
}

DockPane::DockPane(const QString& title, const QString& emptyText, QWidget* parent)
    : QWidget(parent), m_remark(makeSmall({})), m_stack(new QStackedWidget), m_empty(makeEmpty(emptyText))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(px(14), px(8), px(8), px(4));
    row->setSpacing(px(8));
    row->addWidget(makeSection(title));
    row->addWidget(m_remark);
    row->addStretch(1);
    auto* close = new QToolButton;
    close->setIcon(icon(Glyph::Cross, TokenRole::Third));
    close->setIconSize({px(12), px(12)});
    close->setAccessibleName(tr("Close the pane %1").arg(title));
    close->setToolTip(tr("Close this pane; View brings it back"));
    close->setFocusPolicy(Qt::TabFocus);
    setLook(close, Look::Quiet);
    connect(close, &QToolButton::clicked, this, &DockPane::closeRequested);
    row->addWidget(close);
    column->addLayout(row);
    m_stack->addWidget(m_empty);
    column->addWidget(m_stack, 1);
}

void DockPane::show(QWidget* contents)
{
    if (contents && m_stack->indexOf(contents) < 0)
        m_stack->addWidget(contents);
    m_stack->setCurrentWidget(contents ? contents : m_empty);
}

QWidget* DockPane::contents() const
{
    return m_stack->currentWidget() == m_empty ? nullptr : m_stack->currentWidget();
}

void DockPane::setRemark(const QString& remark, TokenRole role)
{
    m_remark->setText(remark);
    m_remark->setRole(role);
    m_remark->setVisible(!remark.isEmpty());
}

void DockPane::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), tokens().panelSecond);
}

} // namespace gatehouse::widgets
