// Rows of a list or tree that can be pressed by accessible actions alone: by voice, by a switch, by a screen reader.
//
// Qt's own rows can be selected but not activated, and selecting one leaves the current row where it was. Here "Press" makes the row
// current and does what Enter does, "Toggle" selects it and makes it current, "SetFocus" brings the keyboard there. One column, rows
// in the order in which they are seen. Owner: Qt's cache, with the view. GUI thread.
#pragma once

#include <functional>

class QAbstractItemView;
class QModelIndex;

namespace gatehouse::widgets {

// Before anything asks for the view's face. What to do when the row that is now the current one is pressed.
void makeRowsPressable(QAbstractItemView& view, std::function<void(const QModelIndex&)> press);

} // namespace gatehouse::widgets
