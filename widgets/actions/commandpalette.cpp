#include "widgets/actions/commandpalette.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include "widgets/actions/actionregistry.h"
#include "widgets/controls/label.h"
#include "widgets/controls/pressablerows.h"
#include "widgets/style/fonts.h"
#include "widgets/style/paint.h"
#include "widgets/style/tokens.h"

#include <algorithm>

namespace gatehouse::widgets {

namespace {

constexpr int rowHeight = 30;
constexpr int mostRows = 12;

// The text with its matched letters strong, the kind and the key at the far end.
class PaletteDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {px(200), px(rowHeight)}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Tokens& t = tokens();
        painter->save();
        const bool selected = option.state & QStyle::State_Selected;
        if (selected)
            paintRoundedRect(*painter, QRectF(option.rect).adjusted(px(4), 1, -px(4), -1), 6, t.accentTint,
                             t.highContrast ? t.accent : QColor());
        const QRect box = option.rect.adjusted(px(14), 0, -px(14), 0);
        const bool enabled = index.flags() & Qt::ItemIsEnabled;
        const QString end = endText(index);
        painter->setFont(textFont(TextSize::Small));
        painter->setPen(selected ? t.second : t.third);
        const int endWidth = painter->fontMetrics().horizontalAdvance(end);
        painter->drawText(box, int(QStyle::visualAlignment(option.direction, Qt::AlignRight)) | Qt::AlignVCenter | Qt::TextSingleLine, end);
        paintText(*painter, QStyle::visualRect(option.direction, box, box.adjusted(0, 0, -endWidth - px(16), 0)), index,
                  enabled ? t.text : t.third);
        painter->restore();
    }

private:
    static QString endText(const QModelIndex& index)
    {
        const QString key = index.data(PaletteModel::KeyRole).toString();
        return key.isEmpty() ? index.data(PaletteModel::KindRole).toString() : key;
    }

    // Run by run of letters that are or are not matched.
    static void paintText(QPainter& painter, const QRect& box, const QModelIndex& index, const QColor& ink)
    {
        const QFont plain = textFont();
        const QFont strong = textFont(TextSize::Base, QFont::DemiBold);
        const QString text = QFontMetrics(strong).elidedText(index.data().toString(), Qt::ElideRight, box.width());
        const auto positions = index.data(PaletteModel::PositionsRole).value<QList<int>>();
        const auto matched = [&positions](qsizetype at) { return std::binary_search(positions.begin(), positions.end(), int(at)); };
        painter.setPen(ink);
        int x = box.left();
        for (qsizetype at = 0; at < text.size();) {
            qsizetype end = at + 1;
            while (end < text.size() && (matched(end) == matched(at) || text[end].isLowSurrogate()))
                ++end;
            painter.setFont(matched(at) ? strong : plain);
            const QString part = text.mid(at, end - at);
            painter.drawText(QRect(x, box.top(), box.right() - x + 1, box.height()),
                             int(Qt::AlignLeft) | Qt::AlignVCenter | Qt::TextSingleLine, part);
            x += painter.fontMetrics().horizontalAdvance(part);
            at = end;
        }
    }
};

} // namespace

std::vector<PaletteEntry> paletteEntries(const ActionRegistry& actions)
{
    std::vector<PaletteEntry> entries;
    for (QAction* action : actions.actions()) {
        QString text = action->text();
        entries.push_back({action->objectName(), text.remove(u'&'), CommandPalette::tr("Command"),
                           action->shortcut().toString(QKeySequence::NativeText), action->isEnabled(), [action] { action->trigger(); }});
    }
    return entries;
}

CommandPalette::CommandPalette(QWidget* window) : QWidget(window), m_line(new QLineEdit), m_list(new QListView), m_none(makeSmall({}))
{
    setAccessibleName(tr("Command palette"));
    hide();
    window->installEventFilter(this);
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) {
        if (now && !isAncestorOf(now))
            hide();
    });
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(px(10), px(10), px(10), px(8));
    column->setSpacing(px(6));
    m_line->setPlaceholderText(tr("Search or run a command"));
    m_line->setAccessibleName(tr("Command, run or document"));
    m_line->installEventFilter(this);
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new PaletteDelegate(m_list));
    m_list->setAccessibleName(tr("What matches"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_none->setText(tr("Nothing matches. Commands, runs and documents of this project can be found here."));
    m_none->setContentsMargins(px(6), px(4), px(6), px(8));
    m_none->setWordWrap(true);
    column->addWidget(m_line);
    column->addWidget(m_list);
    column->addWidget(m_none);
    connect(m_line, &QLineEdit::textChanged, this, &CommandPalette::patternChanged);
    connect(m_list, &QListView::entered, m_list, [this](const QModelIndex& index) {
        if (index.flags() & Qt::ItemIsEnabled)
            m_list->setCurrentIndex(index);
    });
    connect(m_list, &QListView::clicked, this, &CommandPalette::choose);
    makeRowsPressable(*m_list, [this](const QModelIndex&) { choose(); });
}

void CommandPalette::open(std::vector<PaletteEntry> entries, const QStringList& recent)
{
    m_model.setEntries(std::move(entries), recent);
    if (!isVisible())
        m_before = QApplication::focusWidget();
    m_line->clear();
    patternChanged({});
    raise();
    show();
    m_line->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::leave()
{
    hide();
    if (m_before)
        m_before->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::place()
{
    const QWidget* window = parentWidget();
    const int rows = std::clamp(m_model.rowCount(), 0, mostRows);
    m_list->setVisible(rows > 0);
    m_none->setVisible(rows == 0);
    m_list->setFixedHeight(rows * px(rowHeight));
    setFixedWidth(std::min(px(620), std::max(px(320), window->width() - px(80))));
    layout()->activate();
    resize(width(), sizeHint().height());
    QWidget::move((window->width() - width()) / 2, px(64));
}

void CommandPalette::patternChanged(const QString& pattern)
{
    m_model.setPattern(pattern);
    m_list->setCurrentIndex(m_model.entry(0) && m_model.entry(0)->enabled ? m_model.index(0) : QModelIndex());
    m_list->scrollToTop();
    place();
}

// Past the ends it goes on at the other; what can't be done now comes last and is passed over.
void CommandPalette::move(int rows)
{
    int enabled = 0;
    while (enabled < m_model.rowCount() && m_model.entry(enabled)->enabled)
        ++enabled;
    if (enabled == 0)
        return;
    const int now = std::max(0, m_list->currentIndex().row());
    const bool page = rows > 1 || rows < -1;
    const int row = page ? std::clamp(now + rows, 0, enabled - 1) : (now + rows + enabled) % enabled;
    m_list->setCurrentIndex(m_model.index(row));
    m_list->scrollTo(m_model.index(row));
}

void CommandPalette::choose()
{
    const PaletteEntry* entry = m_model.entry(m_list->currentIndex().row());
    if (!entry || !entry->enabled)
        return;
    const PaletteEntry found = *entry; // what runs may open the palette again
    leave();
    Q_EMIT chosen(found.id);
    found.run();
}

bool CommandPalette::movedBy(int key)
{
    switch (key) {
    case Qt::Key_Down:
        move(1);
        return true;
    case Qt::Key_Up:
        move(-1);
        return true;
    case Qt::Key_PageDown:
        move(mostRows);
        return true;
    case Qt::Key_PageUp:
        move(-mostRows);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        choose();
        return true;
    case Qt::Key_Escape:
        leave();
        return true;
    default:
        return false;
    }
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget()) {
        if (event->type() == QEvent::Resize && isVisible())
            place();
        return false;
    }
    if (event->type() == QEvent::KeyPress && movedBy(static_cast<QKeyEvent*>(event)->key()))
        return true;
    return QWidget::eventFilter(watched, event);
}

void CommandPalette::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& t = tokens();
    paintRoundedRect(painter, rect(), 10, t.panel, fieldLine(), t.lineWidth); // it lies on what is of the same colour
}

} // namespace gatehouse::widgets
