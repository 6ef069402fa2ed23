// StatusPill: a status as glyph, word and colour, never by colour alone. GUI thread.
//
// Status is the one vocabulary of states of rows, runs and requests; delegates paint the same pill with paintPill().
#pragma once

#include <QLabel>

#include "widgets/style/icons.h"

namespace gatehouse::widgets {

enum class Tone { Neutral, Accent, Ok, Ask, Deny };

struct PillLook {
    Tone tone = Tone::Neutral;
    Glyph glyph = Glyph::None;
    QString text;
};

[[nodiscard]] QColor toneInk(Tone tone);
[[nodiscard]] QColor toneTint(Tone tone);
[[nodiscard]] QSize pillSize(const PillLook& look);
// Left-aligned (right-aligned in RTL) and vertically centred in rect.
void paintPill(QPainter& painter, const QRect& rect, const PillLook& look, Qt::LayoutDirection direction = Qt::LeftToRight);

class StatusPill final : public QLabel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StatusPill)
public:
    explicit StatusPill(QWidget* parent = nullptr);
    explicit StatusPill(const PillLook& look, QWidget* parent = nullptr);

    [[nodiscard]] const PillLook& look() const { return m_look; }
    void setLook(const PillLook& look);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    PillLook m_look;
};

} // namespace gatehouse::widgets
