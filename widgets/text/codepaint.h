// How a line of machine text is painted, wherever it stands: ground, ink, syntax colours, changed words, marks. GUI thread.
#pragma once

#include "widgets/text/codeview.h"

class QPainter;

namespace gatehouse::widgets {

[[nodiscard]] QColor lineGround(LineTone tone);
[[nodiscard]] QColor lineInk(LineTone tone);

// The part of a line from start, with its top left corner at origin; always left to right, never wrapped.
void paintCode(QPainter& painter, const CodeLine& line, int start, int length, QPointF origin);

} // namespace gatehouse::widgets
