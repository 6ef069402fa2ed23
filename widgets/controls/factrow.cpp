#include "widgets/controls/factrow.h"

#include <QHBoxLayout>
#include <QPainter>

#include "widgets/style/paint.h"

namespace gatehouse::widgets {

FactRow::FactRow(const QString& name, const QString& value, FactLayout layout, QWidget* parent)
    : QWidget(parent), m_name(makeSmall(name, TokenRole::Second, this)), m_value(makeSmall({}, TokenRole::Text, this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, px(4), 0, px(5));
    row->setSpacing(px(12));
    row->addWidget(m_name, 0, Qt::AlignTop);
    if (layout == FactLayout::Ends) {
        m_value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_value->setEliding(Eliding::Middle);
    } else {
        m_name->setFixedWidth(px(118));
        m_value->setWordWrap(true);
        m_value->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    }
    row->addWidget(m_value, 1);
    setValue(value);
}

void FactRow::setValue(const QString& value)
{
    m_value->setText(value);
    m_value->setAccessibleName(m_name->text() + QStringLiteral(": ") + value);
}

void FactRow::setValueRole(TokenRole role)
{
    m_value->setRole(role);
}

void FactRow::setRule(bool rule)
{
    m_rule = rule;
    layout()->setContentsMargins(0, px(rule ? 6 : 4), 0, px(rule ? 7 : 5)); // between two rules in the middle
    update();
}

void FactRow::paintEvent(QPaintEvent*)
{
    if (!m_rule)
        return;
    QPainter painter(this);
    paintRule(painter, rect(), Qt::BottomEdge, tokens().lineFaint);
}

} // namespace gatehouse::widgets
