#include "widgets/diff/diffpane.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QSettings>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/controls/surface.h"
#include "widgets/style/gatehousestyle.h"

namespace gatehouse::widgets {

namespace {

constexpr const char* layoutKey = "diff/layout";
constexpr const char* sideBySide = "side-by-side";

DiffLayout rememberedLayout()
{
    return QSettings().value(QLatin1StringView(layoutKey)).toString() == QLatin1StringView(sideBySide) ? DiffLayout::SideBySide
                                                                                                       : DiffLayout::Inline;
}

// An arrow up or down: to the change before or after.
class StepButton final : public QToolButton {
public:
    explicit StepButton(Direction direction) : m_direction(direction)
    {
        setLook(this, Look::Quiet);
        setFocusPolicy(Qt::TabFocus);
        setFixedSize(px(28), px(26));
    }

protected:
    void paintEvent(QPaintEvent* event) override
    {
        QToolButton::paintEvent(event);
        QPainter painter(this);
        painter.translate(rect().center() + QPointF(0.5, 0.5));
        painter.scale(1, int(m_direction));
        paintGlyph(painter, QRectF(-px(7), -px(7), px(14), px(14)), Glyph::ArrowDown, isEnabled() ? tokens().second : tokens().third);
    }

private:
    Direction m_direction;
};

} // namespace

DiffPane::DiffPane(QWidget* parent)
    : QWidget(parent),
      m_summary(makeSmall({}, TokenRole::Second)),
      m_note(makeSmall({}, TokenRole::Second)),
      m_layouts(new QTabBar),
      m_head(makeHead()),
      m_splitter(new QSplitter),
      m_files(makeFileList(m_model)),
      m_view(new PatchView)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_head);
    m_note->setContentsMargins(px(14), px(4), px(14), px(4));
    m_note->setWordWrap(true);
    column->addWidget(m_note);
    addFiles();
    column->addWidget(m_splitter, 1);
    setFocusProxy(m_view);
    m_view->setChosenLayout(rememberedLayout());
    m_view->setAccessibleName(tr("Changes"));
    connect(m_view, &PatchView::layoutChanged, this, &DiffPane::showLayout);
    connect(m_layouts, &QTabBar::currentChanged, this,
            [this](int index) { chooseLayout(index == 1 ? DiffLayout::SideBySide : DiffLayout::Inline); });
    setDocument(nullptr);
}

QWidget* DiffPane::makeHead()
{
    auto* head = new Surface(SurfaceKind::Panel);
    head->setRules(Qt::BottomEdge);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(px(14), px(3), px(8), px(3));
    row->setSpacing(px(4));
    m_summary->setEliding(Eliding::Right);
    row->addWidget(m_summary, 1);
    setLook(m_layouts, Look::Pill);
    m_layouts->setDrawBase(false);
    m_layouts->setExpanding(false);
    m_layouts->setUsesScrollButtons(false);
    m_layouts->setElideMode(Qt::ElideNone);
    m_layouts->addTab(tr("Inline"));
    m_layouts->addTab(tr("Side by side"));
    m_layouts->setAccessibleName(tr("Layout of the changes"));
    m_layouts->setToolTip(tr("One column, or the old lines beside the new ones (Ctrl+Shift+D)"));
    row->addWidget(makeStep(Direction::Back));
    row->addWidget(makeStep(Direction::Forward));
    row->addWidget(m_layouts);
    return head;
}

QToolButton* DiffPane::makeStep(Direction direction)
{
    const bool back = direction == Direction::Back;
    auto* button = new StepButton(direction);
    button->setAccessibleName(back ? tr("Previous change") : tr("Next change"));
    button->setToolTip(back ? tr("Previous change (Shift+F7)") : tr("Next change (F7)"));
    connect(button, &QToolButton::clicked, this, [this, direction] { goToChange(direction); });
    return button;
}

void DiffPane::addFiles()
{
    m_files->setAccessibleName(tr("Changed files"));
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_files);
    m_splitter->addWidget(m_view);
    m_splitter->setStretchFactor(1, 1);
    connect(m_files->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& now) {
        if (now.isValid() && now.row() != m_view->currentFile())
            m_view->goToFile(now.row());
    });
    connect(m_files, &QListView::activated, this, [this](const QModelIndex& index) {
        m_view->goToFile(index.row());
        m_view->setFocus(Qt::OtherFocusReason);
    });
    connect(m_view, &PatchView::currentFileChanged, this, [this](int file) {
        if (file >= 0)
            m_files->setCurrentIndex(m_model.index(file));
    });
}

void DiffPane::setDocument(DiffDocumentPtr document)
{
    if (!document)
        document = std::make_shared<DiffDocument>();
    m_model.setDocument(document);
    m_view->setDocument(std::move(document));
    m_head->setVisible(!isEmpty());
    m_files->setVisible(m_model.rowCount() > 1);
    showSummary();
    showLayout();
    placeFiles();
}

void DiffPane::setEmptyText(const QString& text)
{
    m_view->setEmptyText(text);
}

void DiffPane::showSummary()
{
    const DiffDocument& document = m_view->document();
    const int files = int(document.patch.files.size());
    const QString counts = QStringLiteral("+%1 \u2212%2").arg(document.added).arg(document.removed);
    m_summary->setText(files > 1 ? tr("%n files", nullptr, files) + QStringLiteral("  ") + counts : counts);
    m_summary->setAccessibleName(tr("%n files", nullptr, files) + QStringLiteral(", ") + tr("%n lines added", nullptr, document.added) +
                                 QStringLiteral(", ") + tr("%n lines removed", nullptr, document.removed));
}

void DiffPane::showLayout()
{
    const QSignalBlocker quiet(m_layouts);
    m_layouts->setCurrentIndex(m_view->chosenLayout() == DiffLayout::SideBySide ? 1 : 0);
    const bool tooNarrow = m_view->chosenLayout() != m_view->shownLayout() && !isEmpty();
    m_note->setText(tooNarrow ? tr("Too narrow for two sides: shown inline.") : QString());
    m_note->setVisible(tooNarrow);
}

void DiffPane::chooseLayout(DiffLayout layout)
{
    QSettings().setValue(QLatin1StringView(layoutKey),
                         layout == DiffLayout::SideBySide ? QLatin1StringView(sideBySide) : QLatin1StringView("inline"));
    m_view->setChosenLayout(layout);
}

void DiffPane::toggleLayout()
{
    chooseLayout(chosenLayout() == DiffLayout::Inline ? DiffLayout::SideBySide : DiffLayout::Inline);
}

void DiffPane::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_D && event->modifiers() == (Qt::ControlModifier | Qt::ShiftModifier))
        return toggleLayout();
    QWidget::keyPressEvent(event);
}

void DiffPane::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    placeFiles();
}

// Beside the patch, unless that would leave too little of it.
void DiffPane::placeFiles()
{
    const Qt::Orientation orientation = width() >= px(620) ? Qt::Horizontal : Qt::Vertical;
    const bool beside = orientation == Qt::Horizontal;
    m_files->setMaximumHeight(beside ? QWIDGETSIZE_MAX : px(26) * std::min(5, std::max(1, m_model.rowCount())));
    if (m_splitter->orientation() == orientation && m_splitter->sizes().value(0) > 0)
        return;
    m_splitter->setOrientation(orientation);
    m_splitter->setSizes(beside ? QList<int>{px(220), std::max(px(400), width() - px(220))}
                                : QList<int>{m_files->maximumHeight(), std::max(px(200), height())});
}

void DiffPane::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), tokens().panel);
}

} // namespace gatehouse::widgets
