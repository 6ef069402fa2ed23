// Icons and status glyphs, drawn as paths on a 16 × 16 grid in a token's colour at paint time.
//
// So they follow the theme without a cache to flush, are sharp at every scale, and need neither an icon theme nor Qt Svg.
// Status glyphs are never font characters: ✕ ◐ ▾ fall to another font with another size and baseline. GUI thread.
#pragma once

#include "widgets/style/tokens.h"

#include <QIcon>
#include <QRectF>

class QPainter;

namespace gatehouse::widgets {

enum class Glyph {
    None,
    Check,    // allowed, done, verified
    Cross,    // denied, failed
    Diamond,  // waits for a person
    Dot,      // running, plain state
    HalfDot,  // paused, waiting
    Ring,     // not started
    Triangle, // warning
    ChevronDown,
    ChevronRight,
    Play,
    Pause,
    Stop,
    Folder,
    FolderOpen,
    File,
    Workflow,
    Policy,
    Profile,
    Run,
    Shield,
    Refresh,
    Search,
    Copy,
    Info,
    ArrowDown,
    Plus,
    Sun,
    Moon,
    Eye,
    Lock,
};

// All there are, for tests.
[[nodiscard]] const std::vector<Glyph>& allGlyphs();
// Fills rect's centred square.
void paintGlyph(QPainter& painter, const QRectF& rect, Glyph glyph, const QColor& colour);
// Disabled icons are drawn in the third text colour.
[[nodiscard]] QIcon icon(Glyph glyph, TokenRole role = TokenRole::Second);

} // namespace gatehouse::widgets
