// DiffPane: a patch to be reviewed: how much changed, the choice of layout, a list of its files where there are several, the patch.
//
// The layout that a person chooses is remembered (QSettings, "diff/layout"). The document is made elsewhere, off this thread. GUI thread.
#pragma once

#include <QListView>
#include <QSplitter>
#include <QTabBar>

#include "widgets/controls/label.h"
#include "widgets/diff/filelist.h"
#include "widgets/diff/patchview.h"

class QToolButton;

namespace gatehouse::widgets {

class DiffPane final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DiffPane)
public:
    explicit DiffPane(QWidget* parent = nullptr);

    // Null shows the empty text.
    void setDocument(DiffDocumentPtr document);
    void setEmptyText(const QString& text);
    [[nodiscard]] bool isEmpty() const { return m_view->document().isEmpty(); }
    [[nodiscard]] bool hasColours() const { return m_view->hasColours(); }
    [[nodiscard]] PatchView& view() const { return *m_view; }
    [[nodiscard]] QListView& files() const { return *m_files; }

    // What commands do; true when there was somewhere to go.
    bool goToChange(Direction direction) { return m_view->goToChange(direction); }
    bool goToFile(Direction direction) { return m_view->goToFile(direction); }
    [[nodiscard]] DiffLayout chosenLayout() const { return m_view->chosenLayout(); }
    // Remembers it.
    void chooseLayout(DiffLayout layout);
    void toggleLayout();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] QWidget* makeHead();
    [[nodiscard]] QToolButton* makeStep(Direction direction);
    void addFiles();
    void showSummary();
    void showLayout();
    void placeFiles();

    FileListModel m_model;
    Label* m_summary;
    Label* m_note;
    QTabBar* m_layouts;
    QWidget* m_head;
    QSplitter* m_splitter;
    QListView* m_files;
    PatchView* m_view;
};

} // namespace gatehouse::widgets
