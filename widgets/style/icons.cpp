#include "widgets/style/icons.h"

#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPixmap>

#include "widgets/style/inks.h"
#include "widgets/style/pathdata.h"

#include <array>
#include <map>

namespace gatehouse::widgets {

namespace {

struct Drawing {
    Glyph glyph;
    const char* fill;   // path data, or ""
    const char* stroke; // path data, or ""
    qreal pen = 1.5;
};

constexpr const char* disc = "M 8 3 C 10.76 3 13 5.24 13 8 C 13 10.76 10.76 13 8 13 C 5.24 13 3 10.76 3 8 C 3 5.24 5.24 3 8 3 Z";
constexpr const char* page = "M 4 2 H 9.5 L 12.5 5 V 14 H 4 Z";

constexpr std::array drawings = {
    Drawing{Glyph::None, "", ""},
    Drawing{Glyph::Check, "", "M 3.5 8.5 L 6.5 11.5 L 12.5 4.5", 1.8},
    Drawing{Glyph::Cross, "", "M 4 4 L 12 12 M 12 4 L 4 12", 1.8},
    Drawing{Glyph::Diamond, "M 8 1.5 L 14.5 8 L 8 14.5 L 1.5 8 Z", ""},
    Drawing{Glyph::Dot, disc, ""},
    Drawing{Glyph::HalfDot, "M 8 3.2 C 5.3 3.2 3.2 5.3 3.2 8 C 3.2 10.7 5.3 12.8 8 12.8 Z", disc, 1.3},
    Drawing{Glyph::Ring, "", disc},
    Drawing{Glyph::Triangle, "M 8 2 L 15 14 H 1 Z", ""},
    Drawing{Glyph::ChevronDown, "", "M 4 6 L 8 10 L 12 6"},
    Drawing{Glyph::ChevronRight, "", "M 6 4 L 10 8 L 6 12"},
    Drawing{Glyph::Play, "M 4.5 2.5 L 13 8 L 4.5 13.5 Z", ""},
    Drawing{Glyph::Pause, "M 4 3 H 6.7 V 13 H 4 Z M 9.3 3 H 12 V 13 H 9.3 Z", ""},
    Drawing{Glyph::Stop, "M 3.5 3.5 H 12.5 V 12.5 H 3.5 Z", ""},
    Drawing{Glyph::Folder, "",
            "M 1.8 4 C 1.8 3.4 2.2 3 2.8 3 H 6 L 7.5 4.8 H 13.2 C 13.8 4.8 14.2 5.2 14.2 5.8 V 12 C 14.2 12.6 13.8 13 13.2 13 H 2.8 C 2.2 "
            "13 1.8 12.6 1.8 12 Z",
            1.3},
    Drawing{Glyph::FolderOpen, "", "M 1.8 12.5 V 4 C 1.8 3.4 2.2 3 2.8 3 H 6 L 7.5 4.8 H 12 V 7 M 1.8 12.8 L 4 7 H 14.8 L 12.6 12.8 Z",
            1.3},
    Drawing{Glyph::File, "", page, 1.3},
    Drawing{Glyph::Workflow, "", "M 2 2.5 H 6.5 V 6.5 H 2 Z M 9.5 9.5 H 14 V 13.5 H 9.5 Z M 4.2 6.5 V 11.5 H 9.5", 1.3},
    Drawing{Glyph::Policy, "", "M 3 2 H 13 V 14 H 3 Z M 5.5 5.2 H 10.5 M 5.5 8 H 10.5 M 5.5 10.8 H 10.5", 1.2},
    Drawing{Glyph::Profile, "", "M 8 1.8 L 14 5 V 11 L 8 14.2 L 2 11 V 5 Z M 2 5 L 8 8.2 L 14 5 M 8 8.2 V 14.2", 1.2},
    Drawing{Glyph::Run, "", "M 4.5 2.8 L 12.8 8 L 4.5 13.2 Z", 1.4},
    Drawing{Glyph::Shield, "",
            "M 8 1.8 L 13.5 3.8 V 8 C 13.5 11.2 11.2 13.3 8 14.4 C 4.8 13.3 2.5 11.2 2.5 8 V 3.8 Z M 5.4 8 L 7.3 9.9 L 10.7 6.3", 1.3},
    Drawing{Glyph::Refresh, "",
            "M 13 8 C 13 10.8 10.8 13 8 13 C 5.2 13 3 10.8 3 8 C 3 5.2 5.2 3 8 3 C 9.6 3 11 3.7 12 4.9 M 12.3 2 V 5.2 H 9.1", 1.3},
    Drawing{Glyph::Search, "",
            "M 7 2.5 C 9.5 2.5 11.5 4.5 11.5 7 C 11.5 9.5 9.5 11.5 7 11.5 C 4.5 11.5 2.5 9.5 2.5 7 C 2.5 4.5 4.5 2.5 7 2.5 Z M 10.3 10.3 L "
            "14 14",
            1.4},
    Drawing{Glyph::Copy, "", "M 5.5 5.5 H 13.5 V 13.5 H 5.5 Z M 10.5 5.5 V 2.5 H 2.5 V 10.5 H 5.5", 1.3},
    Drawing{Glyph::Info, "M 7.2 4.2 H 8.8 V 5.8 H 7.2 Z",
            "M 8 1.8 C 11.4 1.8 14.2 4.6 14.2 8 C 14.2 11.4 11.4 14.2 8 14.2 C 4.6 14.2 1.8 11.4 1.8 8 C 1.8 4.6 4.6 1.8 8 1.8 Z M 8 7.3 V "
            "11.6",
            1.4},
    Drawing{Glyph::ArrowDown, "", "M 8 2.5 V 13 M 3.8 9 L 8 13.2 L 12.2 9", 1.5},
    Drawing{Glyph::Plus, "", "M 8 3 V 13 M 3 8 H 13", 1.6},
    Drawing{Glyph::Sun, "",
            "M 8 5 C 9.7 5 11 6.3 11 8 C 11 9.7 9.7 11 8 11 C 6.3 11 5 9.7 5 8 C 5 6.3 6.3 5 8 5 Z M 8 1 V 3 M 8 13 V 15 M 1 8 H 3 M 13 8 "
            "H 15 M 3 3 L 4.4 4.4 M 11.6 11.6 L 13 13 M 3 13 L 4.4 11.6 M 11.6 4.4 L 13 3",
            1.3},
    Drawing{Glyph::Moon, "",
            "M 13 9.8 C 12.3 10.1 11.6 10.2 10.8 10.2 C 7.8 10.2 5.6 8 5.6 5 C 5.6 4.2 5.8 3.4 6.2 2.7 C 3.9 3.4 2.3 5.5 2.3 8 C 2.3 11.2 "
            "4.8 13.7 8 13.7 C 10.4 13.7 12.3 12.1 13 9.8 Z",
            1.3},
    Drawing{Glyph::Eye, "",
            "M 1.5 8 C 3 5 5.3 3.5 8 3.5 C 10.7 3.5 13 5 14.5 8 C 13 11 10.7 12.5 8 12.5 C 5.3 12.5 3 11 1.5 8 Z M 8 6 C 9.1 6 10 6.9 10 8 "
            "C 10 9.1 9.1 10 8 10 C 6.9 10 6 9.1 6 8 C 6 6.9 6.9 6 8 6 Z",
            1.2},
    Drawing{Glyph::Lock, "", "M 3.5 7 H 12.5 V 13.5 H 3.5 Z M 5.5 7 V 5 C 5.5 3.4 6.5 2.3 8 2.3 C 9.5 2.3 10.5 3.4 10.5 5 V 7", 1.3},
};

struct Paths {
    QPainterPath fill;
    QPainterPath stroke;
    qreal pen = 1.5;
};

const Paths& pathsOf(Glyph glyph)
{
    static const std::map<Glyph, Paths> all = [] {
        std::map<Glyph, Paths> made;
        for (const Drawing& drawing : drawings)
            made[drawing.glyph] = {parsePathData(drawing.fill), parsePathData(drawing.stroke), drawing.pen};
        return made;
    }();
    return all.at(glyph);
}

class GlyphEngine final : public QIconEngine {
public:
    GlyphEngine(Glyph glyph, TokenRole role) : m_glyph(glyph), m_role(role) { }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        paintGlyph(*painter, rect, m_glyph, mode == QIcon::Disabled ? disabledInk() : colourOf(m_role));
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override { return scaledPixmap(size, mode, state, 1); }
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }
    QIconEngine* clone() const override { return new GlyphEngine(*this); }
    bool isNull() override { return m_glyph == Glyph::None; }

private:
    Glyph m_glyph;
    TokenRole m_role;
};

} // namespace

const std::vector<Glyph>& allGlyphs()
{
    static const std::vector<Glyph> all = [] {
        std::vector<Glyph> glyphs;
        for (const Drawing& drawing : drawings)
            glyphs.push_back(drawing.glyph);
        return glyphs;
    }();
    return all;
}

void paintGlyph(QPainter& painter, const QRectF& rect, Glyph glyph, const QColor& colour)
{
    const Paths& paths = pathsOf(glyph);
    const qreal side = std::min(rect.width(), rect.height());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rect.center() - QPointF(side / 2, side / 2));
    painter.scale(side / 16, side / 16);
    if (!paths.fill.isEmpty())
        painter.fillPath(paths.fill, colour);
    if (!paths.stroke.isEmpty())
        painter.strokePath(paths.stroke, QPen(colour, paths.pen, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.restore();
}

QIcon icon(Glyph glyph, TokenRole role)
{
    return QIcon(new GlyphEngine(glyph, role));
}

} // namespace gatehouse::widgets
