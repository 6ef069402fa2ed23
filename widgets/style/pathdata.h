// The path data of SVG, as far as our icons use it: M L H V C Z, absolute coordinates, separated by blanks. Trusted input.
#pragma once

#include <QPainterPath>

#include <string_view>

namespace gatehouse::widgets {

[[nodiscard]] QPainterPath parsePathData(std::string_view data);

} // namespace gatehouse::widgets
