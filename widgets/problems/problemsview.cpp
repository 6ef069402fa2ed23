#include "widgets/problems/problemsview.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include "widgets/controls/label.h"
#include "widgets/controls/pressablerows.h"
#include "widgets/controls/surface.h"
#include "widgets/outline/nodewords.h"
#include "widgets/style/fonts.h"
#include "widgets/style/icons.h"
#include "widgets/style/paint.h"
#include "widgets/text/markedtext.h"

#include <algorithm>

namespace gatehouse::widgets {

namespace {

class ProblemDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {px(200), px(44)}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Tokens& t = tokens();
        const bool selected = option.state & QStyle::State_Selected;
        const Severity severity = Severity(index.data(ProblemModel::SeverityRole).toInt());
        const bool error = severity == Severity::Error;
        painter->save();
        if (selected)
            painter->fillRect(option.rect, t.accentTint);
        else if (option.state & QStyle::State_MouseOver)
            painter->fillRect(option.rect, mix(t.panel, t.text, 0.04));
        if (selected && t.highContrast)
            paintRoundedRect(*painter, option.rect, 0, {}, t.accent, 2);
        const QRect row = option.rect.adjusted(px(14), px(4), -px(12), -px(4));
        const auto place = [&](const QRect& rect) { return QStyle::visualRect(option.direction, option.rect, rect); };
        paintGlyph(*painter, place({row.left(), row.top() + px(3), px(13), px(13)}), error ? Glyph::Cross : Glyph::Triangle,
                   error ? t.deny : t.ask);
        const QRect text = row.adjusted(px(23), 0, 0, 0);
        const int align = int(QStyle::visualAlignment(option.direction, Qt::AlignLeft)) | Qt::AlignVCenter | Qt::TextSingleLine;
        const QFont font = textFont();
        painter->setFont(font);
        painter->setPen(t.text);
        painter->drawText(place({text.left(), text.top(), text.width(), px(19)}), align,
                          QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight, text.width()));
        paintSecond(*painter, place({text.left(), text.top() + px(19), text.width(), px(17)}), align, severity, index);
        painter->restore();
        if ((option.state & QStyle::State_HasFocus) && (option.state & QStyle::State_KeyboardFocusChange))
            paintFocusRing(*painter, QRectF(option.rect).adjusted(2, 1, -2, -1), 5);
    }

private:
    static void paintSecond(QPainter& painter, const QRect& rect, int align, Severity severity, const QModelIndex& index)
    {
        const Tokens& t = tokens();
        const QFont small = textFont(TextSize::Small);
        painter.setFont(small);
        painter.setPen(t.second);
        const QFontMetrics metrics(small);
        QString words = severityWord(severity) + QStringLiteral(" · ") + index.data(ProblemModel::PlaceRole).toString();
        // The place is what one needs; the rule stands in the tool tip too.
        if (const QString all = words + QStringLiteral(" · ") + index.data(ProblemModel::RuleRole).toString();
            metrics.horizontalAdvance(all) <= rect.width())
            words = all;
        painter.drawText(rect, align, metrics.elidedText(words, Qt::ElideMiddle, rect.width()));
    }
};

QListView* makeList(ProblemModel& model, QWidget* parent)
{
    auto* list = new QListView;
    list->setModel(&model);
    list->setItemDelegate(new ProblemDelegate(parent));
    list->setAccessibleName(ProblemsView::tr("Problems"));
    list->setFrameShape(QFrame::NoFrame);
    list->setUniformItemSizes(true);
    list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setMouseTracking(true);
    list->viewport()->setAutoFillBackground(false);
    return list;
}

} // namespace

ProblemsView::ProblemsView(ProblemModel& model, QWidget* parent) : QWidget(parent), m_model(model), m_list(makeList(model, this))
{
    auto* strip = new Surface(SurfaceKind::PanelSecond);
    strip->setRules(Qt::TopEdge);
    m_strip = strip;
    m_buttons = new QHBoxLayout(m_strip);
    m_buttons->setContentsMargins(px(12), px(6), px(12), px(6));
    m_buttons->setSpacing(px(8));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_list, 1);
    column->addWidget(m_strip);
    setFocusProxy(m_list);
    m_list->installEventFilter(this);
    m_list->viewport()->installEventFilter(this);
    connect(m_list, &QListView::activated, this, &ProblemsView::choose);
    connect(m_list, &QListView::clicked, this, &ProblemsView::choose);
    makeRowsPressable(*m_list, [this](const QModelIndex& index) { choose(index); });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &ProblemsView::showFixes);
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, &ProblemsView::showFixes);
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &ProblemsView::showFixes);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &ProblemsView::showFixes);
    showFixes();
}

void ProblemsView::addDocument(WorkflowDocument& document)
{
    m_documents.emplace_back(&document);
    const auto take = [this, &document] {
        m_model.setProblems(document.path(), document.problems());
        showFixes();
    };
    connect(&document, &WorkflowDocument::problemsChanged, this, take);
    connect(&document, &WorkflowDocument::textChanged, this, &ProblemsView::showFixes);
    connect(&document, &QObject::destroyed, this, [this, path = document.path()] { m_model.removeSource(path); });
    take();
}

void ProblemsView::removeDocument(WorkflowDocument& document)
{
    document.disconnect(this);
    std::erase(m_documents, &document);
    m_model.removeSource(document.path());
    showFixes();
}

WorkflowDocument* ProblemsView::documentOf(const Problem& problem) const
{
    const auto found = std::ranges::find_if(
        m_documents, [&problem](const auto& document) { return document && document->path().toStdString() == problem.file; });
    return found == m_documents.end() ? nullptr : *found;
}

void ProblemsView::choose(const QModelIndex& index)
{
    const Problem* found = m_model.problem(index);
    if (!found)
        return;
    const Problem problem = *found; // what follows may exchange the rows
    if (WorkflowDocument* document = documentOf(problem)) {
        if (const authoring::GraphNode* node = document->graph().at(problem.pointer))
            document->select({node->id}, node->id);
        if (problem.position.line > 0)
            Q_EMIT document->placeRequested(problem.position.offset);
    }
    Q_EMIT placeChosen(QString::fromStdString(problem.file), problem.position);
}

void ProblemsView::showFixes()
{
    while (QLayoutItem* item = m_buttons->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater(); // it may be the one that was pressed
        }
        delete item;
    }
    m_fixes.clear();
    const Problem* problem = m_model.problem(m_list->currentIndex());
    if (const WorkflowDocument* document = problem ? documentOf(*problem) : nullptr)
        m_fixes = quickFixes(*document, *problem);
    m_strip->setVisible(!m_fixes.empty());
    update();
    if (m_fixes.empty())
        return;
    m_buttons->addWidget(makeSmall(tr("Quick fix")));
    for (std::size_t i = 0; i < m_fixes.size(); ++i) {
        auto* button = new QPushButton(withoutMnemonics(m_fixes[i].text));
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, [this, i] { fix(i); });
        m_buttons->addWidget(button);
    }
    m_buttons->addStretch(1);
}

void ProblemsView::fix(std::size_t index)
{
    if (const Problem* problem = m_model.problem(m_list->currentIndex()); problem && index < m_fixes.size())
        mend(Problem(*problem), QString(m_fixes[index].text)); // copies: the edit exchanges both
}

void ProblemsView::mend(const Problem& problem, const QString& offered)
{
    WorkflowDocument* document = documentOf(problem);
    const bool isThere = document && std::ranges::any_of(document->problems(), [&problem](const Problem& now) {
                             return now.pointer == problem.pointer && now.rule == problem.rule && now.message == problem.message;
                         });
    const std::vector<QuickFix> now = isThere ? quickFixes(*document, problem) : std::vector<QuickFix>();
    const auto chosen = std::ranges::find(now, offered, &QuickFix::text);
    if (chosen == now.end())
        Q_EMIT refused(tr("The workflow has changed since: look at its problems again"));
    else if (const auto done = document->edit(chosen->text, chosen->change); !done)
        Q_EMIT refused(reasonOf(done.error()));
    m_list->setFocus(Qt::OtherFocusReason);
}

void ProblemsView::copy() const
{
    QModelIndexList rows = m_list->selectionModel()->selectedIndexes();
    std::sort(rows.begin(), rows.end());
    QStringList lines;
    for (const QModelIndex& row : rows)
        lines << row.data(ProblemModel::LineRole).toString();
    if (!lines.isEmpty())
        QApplication::clipboard()->setText(lines.join(u'\n'));
}

void ProblemsView::showMenu(QPoint place)
{
    QMenu menu;
    // The list may be exchanged while the menu is open.
    const QPersistentModelIndex current = m_list->currentIndex();
    menu.addAction(tr("Show the place"), this, [this, current] { choose(current); })->setEnabled(current.isValid());
    if (const Problem* problem = m_model.problem(current))
        for (const QuickFix& offered : m_fixes)
            menu.addAction(withoutMnemonics(offered.text), this, [this, problem = *problem, text = offered.text] { mend(problem, text); });
    menu.addSeparator();
    QAction* copyAction = menu.addAction(tr("Copy"), this, &ProblemsView::copy);
    copyAction->setShortcut(QKeySequence::Copy);
    copyAction->setShortcutVisibleInContextMenu(true);
    copyAction->setEnabled(m_list->selectionModel()->hasSelection());
    menu.exec(place);
}

bool ProblemsView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Copy)) {
            copy();
            return true;
        }
        if ((key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) && m_list->currentIndex().isValid()) {
            choose(m_list->currentIndex());
            return true;
        }
    }
    if (watched == m_list && event->type() == QEvent::ContextMenu) {
        const auto* menu = static_cast<QContextMenuEvent*>(event);
        const bool mouse = menu->reason() == QContextMenuEvent::Mouse;
        showMenu(mouse ? menu->globalPos() : m_list->mapToGlobal(m_list->visualRect(m_list->currentIndex()).bottomLeft()));
        return true;
    }
    if (watched == m_list->viewport() && event->type() == QEvent::Paint && m_model.rowCount() == 0) {
        QPainter painter(m_list->viewport());
        painter.setFont(textFont());
        const QRect space = m_list->viewport()->rect();
        const QString words = tr("No problems");
        const int width = px(19) + painter.fontMetrics().horizontalAdvance(words);
        QRect line(0, 0, std::min(width, space.width()), px(18));
        line.moveCenter(space.center());
        const QRect mark(line.left(), line.top() + px(2), px(14), px(14));
        paintGlyph(painter, QStyle::visualRect(layoutDirection(), line, mark), Glyph::Check, tokens().ok);
        painter.setPen(tokens().second);
        painter.drawText(QStyle::visualRect(layoutDirection(), line, line.adjusted(px(19), 0, 0, 0)), Qt::AlignVCenter, words);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void ProblemsView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), tokens().panel);
}

} // namespace gatehouse::widgets
