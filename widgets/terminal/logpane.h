// LogPane: a LogView with what belongs around it: a bar to find in it (Ctrl+F), and a line of facts below: how much there is, what is not
// shown and why, more on demand. GUI thread.
#pragma once

#include <QWidget>

#include "widgets/controls/label.h"
#include "widgets/terminal/logview.h"

class QLineEdit;
class QPushButton;

namespace gatehouse::widgets {

class LogPane final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LogPane)
public:
    explicit LogPane(QWidget* parent = nullptr);

    [[nodiscard]] LogView& view() const { return *m_view; }
    // See LogView.
    void take(std::vector<LogPiece> pieces) { m_view->take(std::move(pieces)); }
    void clear();
    // Bytes that are written already and not shown yet; 0: the view is not behind.
    void setBehind(std::uint64_t bytes);
    // There is this much more, to be shown when moreRequested() is answered; 0: that was all.
    void setHeldBack(std::uint64_t bytes);
    [[nodiscard]] QString facts() const { return m_facts->text(); }

    void openFind();
    void closeFind();
    [[nodiscard]] bool isFindOpen() const { return m_findBar->isVisibleTo(this); }
    [[nodiscard]] QLineEdit& findField() const { return *m_field; }
    [[nodiscard]] QString findCount() const { return m_count->text(); }

Q_SIGNALS:
    void moreRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] QWidget* makeFindBar();
    [[nodiscard]] QWidget* makeFacts();
    void find();
    void takeHits();
    void sayFacts();
    void sayCount();

    LogView* m_view;
    QWidget* m_findBar = nullptr;
    QLineEdit* m_field = nullptr;
    QPushButton* m_case = nullptr;
    Label* m_count = nullptr;
    Label* m_facts = nullptr;
    QPushButton* m_more = nullptr;
    QPushButton* m_wrap = nullptr;
    QPushButton* m_find = nullptr;
    std::uint64_t m_behind = 0;
    std::uint64_t m_heldBack = 0;
    bool m_goToFirst = false; // the needle is new: the first hit behind the selection's start is shown when it is found
    bool m_copyCut = false;
};

} // namespace gatehouse::widgets
