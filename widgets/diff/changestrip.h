// ChangeStrip: where in a whole patch its changes are, and what of it is on screen: beside the scroll bar of its PatchView, which owns
// it. Removed lines stand left, added ones right, so that colour is not needed. GUI thread.
#pragma once

#include <QWidget>

#include <vector>

namespace gatehouse::widgets {

class PatchView;

class ChangeStrip final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChangeStrip)
public:
    explicit ChangeStrip(PatchView& view);
    // The rows of the view are others than before.
    void countAnew();
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    struct Mark {
        bool removed = false;
        bool added = false;
    };
    void count();
    void scrollTo(int y);
    [[nodiscard]] int ends() const; // where the rows end: short patches don't fill it

    PatchView& m_view;
    std::vector<Mark> m_marks; // for each pixel row
    bool m_isCounted = false;
};

} // namespace gatehouse::widgets
