#include "widgets/canvas/insertchooser.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QPointer>
#include <QVBoxLayout>

#include "widgets/actions/fuzzymatch.h"
#include "widgets/controls/pressablerows.h"
#include "widgets/style/fonts.h"
#include "widgets/style/paint.h"
#include "widgets/style/tokens.h"

#include <algorithm>

namespace gatehouse::widgets {

InsertChooser::InsertChooser(const std::vector<QAction*>& choices, QWidget* parent)
    : QFrame(parent, Qt::Popup), m_choices(choices), m_letters(new QLineEdit(this)), m_list(new QListWidget(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setAccessibleName(tr("Insert"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(px(8), px(8), px(8), px(8));
    layout->setSpacing(px(6));
    layout->addWidget(m_letters);
    layout->addWidget(m_list);
    m_letters->setPlaceholderText(tr("Insert…"));
    m_letters->setAccessibleName(tr("What to insert"));
    m_letters->installEventFilter(this);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setAccessibleName(tr("What can be inserted"));
    m_list->setUniformItemSizes(true);
    connect(m_letters, &QLineEdit::textChanged, this, &InsertChooser::narrow);
    connect(m_list, &QListWidget::itemClicked, this, &InsertChooser::choose);
    makeRowsPressable(*m_list, [this](const QModelIndex&) { choose(); });
    setFocusProxy(m_letters);
    narrow({});
}

void InsertChooser::narrow(const QString& letters)
{
    m_list->clear();
    for (QAction* choice : m_choices) {
        QString text = choice->text();
        text.remove(u'&');
        if (!choice->isEnabled() || !FuzzyMatch::find(letters, text))
            continue;
        auto* item = new QListWidgetItem(text, m_list);
        item->setToolTip(choice->whatsThis());
        item->setData(Qt::UserRole, QVariant::fromValue<QObject*>(choice));
    }
    m_list->setCurrentRow(0);
}

void InsertChooser::popup(const QPoint& globalPlace)
{
    const int row = std::max(px(26), m_list->sizeHintForRow(0));
    m_list->setFixedHeight(row * std::max(1, m_list->count()) + 2 * m_list->frameWidth());
    setFixedWidth(px(240));
    adjustSize();
    move(globalPlace);
    show();
    m_letters->setFocus(Qt::PopupFocusReason);
}

bool InsertChooser::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_letters || event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Down || key == Qt::Key_Up) {
        const int row = m_list->currentRow() + (key == Qt::Key_Down ? 1 : -1);
        m_list->setCurrentRow(std::clamp(row, 0, std::max(0, m_list->count() - 1)));
        return true;
    }
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        choose();
        return true;
    }
    if (key == Qt::Key_Escape) {
        close();
        return true;
    }
    return QFrame::eventFilter(watched, event);
}

void InsertChooser::choose()
{
    const QListWidgetItem* item = m_list->currentItem();
    if (!item)
        return;
    const QPointer<QAction> chosen = qobject_cast<QAction*>(item->data(Qt::UserRole).value<QObject*>());
    close();
    if (chosen)
        chosen->trigger();
}

void InsertChooser::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), tokens().panel);
    paintRoundedRect(painter, rect(), 0, tokens().panel, tokens().line, tokens().lineWidth);
}

} // namespace gatehouse::widgets
