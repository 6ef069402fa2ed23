// TailPill: over the lower edge of a view that no longer follows its tail: how much came since, and a press goes there. GUI thread.
#pragma once

#include <QPushButton>

namespace gatehouse::widgets {

class TailPill final : public QPushButton {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TailPill)
public:
    // Stands in the middle of the view and keeps its place there.
    explicit TailPill(QWidget* view);

    // Hidden while text is empty; spoken is its accessible name.
    void say(const QString& text, const QString& spoken);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();
};

} // namespace gatehouse::widgets
