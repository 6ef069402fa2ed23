#include "widgets/style/pathdata.h"

#include <charconv>

namespace gatehouse::widgets {

namespace {
class Cursor {
public:
    explicit Cursor(std::string_view data) : m_data(data) { }
    bool atEnd()
    {
        while (!m_data.empty() && (m_data.front() == ' ' || m_data.front() == ','))
            m_data.remove_prefix(1);
        return m_data.empty();
    }
    // A letter changes the command; numbers go on with the one before.
    char command(char current)
    {
        if (m_data.front() < 'A')
            return current;
        const char letter = m_data.front();
        m_data.remove_prefix(1);
        return letter;
    }
    double number()
    {
        if (atEnd())
            return 0;
        double value = 0;
        const auto result = std::from_chars(m_data.data(), m_data.data() + m_data.size(), value);
        m_data.remove_prefix(static_cast<std::size_t>(result.ptr - m_data.data()));
        return value;
    }
    QPointF point()
    {
        const double x = number();
        return {x, number()};
    }

private:
    std::string_view m_data;
};
} // namespace

QPainterPath parsePathData(std::string_view data)
{
    QPainterPath path;
    Cursor cursor(data);
    char command = 'M';
    while (!cursor.atEnd()) {
        command = cursor.command(command);
        switch (command) {
        case 'M':
            path.moveTo(cursor.point());
            command = 'L';
            break;
        case 'L':
            path.lineTo(cursor.point());
            break;
        case 'H':
            path.lineTo(cursor.number(), path.currentPosition().y());
            break;
        case 'V':
            path.lineTo(path.currentPosition().x(), cursor.number());
            break;
        case 'C': {
            const QPointF first = cursor.point();
            const QPointF second = cursor.point();
            path.cubicTo(first, second, cursor.point());
            break;
        }
        case 'Z':
            path.closeSubpath();
            break;
        default:
            return path;
        }
    }
    return path;
}

} // namespace gatehouse::widgets
