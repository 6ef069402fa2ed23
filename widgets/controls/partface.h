// What a screen reader finds in a view that paints its parts itself: lines, rows, bars, cards.
//
// PartFace is one part, Faces the ones of a view that exist at a time. Parts have no QObject; their faces are made when somebody asks
// and let go again, since a view can have more of them than anybody walks through. Owner: Qt's cache, by the id in Faces, which gives
// them back with the view's own face. GUI thread.
#pragma once

#include <QAccessible>
#include <QWidget>

#include <deque>
#include <map>
#include <unordered_map>

namespace gatehouse::widgets {

// By default a read-only item of a list, selected and focused where the view's current part is.
class PartFace : public QAccessibleInterface {
public:
    // surface: in whose coordinates place() is; the view itself, or its viewport.
    PartFace(QWidget& view, QWidget& surface) : m_view(view), m_surface(surface) { }

    QObject* object() const override { return nullptr; }
    QAccessibleInterface* parent() const override { return QAccessible::queryAccessibleInterface(&m_view); }
    QAccessibleInterface* child(int) const override { return nullptr; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    void setText(QAccessible::Text, const QString&) override { }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    QString text(QAccessible::Text kind) const override { return kind == QAccessible::Name && isValid() ? name() : QString(); }
    QRect rect() const override
    {
        const QRect part = isValid() ? place() : QRect();
        return part.isEmpty() ? QRect() : QRect(m_surface.mapToGlobal(part.topLeft()), part.size());
    }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        state.invalid = !isValid();
        if (state.invalid)
            return state;
        state.selectable = state.focusable = state.readOnly = true;
        state.offscreen = place().isEmpty();
        state.selected = isCurrent();
        state.focused = state.selected && m_view.hasFocus();
        return state;
    }

protected:
    // Asked of valid parts only.
    [[nodiscard]] virtual QString name() const = 0;
    [[nodiscard]] virtual QRect place() const = 0; // empty: out of sight
    [[nodiscard]] virtual bool isCurrent() const = 0;

private:
    QWidget& m_view;
    QWidget& m_surface;
};

// The faces of a view's parts, by what names a part in that view. When there are `most` of them the oldest is let go before the next.
template <typename Key> class Faces {
public:
    explicit Faces(std::size_t most) : m_most(most) { }
    Faces(const Faces&) = delete;
    Faces& operator=(const Faces&) = delete;
    ~Faces() { forget(); }

    // make: gives a new face, which Qt owns from then on.
    template <typename Make> QAccessibleInterface* face(const Key& key, Make make)
    {
        if (const auto known = m_ids.find(key); known != m_ids.end())
            return QAccessible::accessibleInterface(known->second);
        if (m_ids.size() >= m_most)
            forgetOldest();
        const QAccessible::Id id = QAccessible::registerAccessibleInterface(make());
        m_ids.emplace(key, id);
        m_keys.emplace(id, key);
        m_byAge.push_back(key);
        return QAccessible::accessibleInterface(id);
    }

    // Null for what is not one of these.
    [[nodiscard]] const Key* keyOf(const QAccessibleInterface* face) const
    {
        const auto found = m_keys.find(QAccessible::uniqueId(const_cast<QAccessibleInterface*>(face)));
        return found == m_keys.end() ? nullptr : &found->second;
    }

    void forget()
    {
        for (const auto& [id, key] : m_keys)
            QAccessible::deleteAccessibleInterface(id);
        m_keys.clear();
        m_ids.clear();
        m_byAge.clear();
    }

private:
    void forgetOldest()
    {
        const auto oldest = m_ids.find(m_byAge.front());
        QAccessible::deleteAccessibleInterface(oldest->second);
        m_keys.erase(oldest->second);
        m_ids.erase(oldest);
        m_byAge.pop_front();
    }

    std::size_t m_most;
    std::map<Key, QAccessible::Id> m_ids;
    std::unordered_map<QAccessible::Id, Key> m_keys;
    std::deque<Key> m_byAge;
};

// For a view's constructor, before anything asks for its face: Qt keeps the first that it finds.
template <typename View, typename Face> void installFace()
{
    [[maybe_unused]] static const bool installed = [] {
        QAccessible::installFactory([](const QString&, QObject* object) -> QAccessibleInterface* {
            auto* view = qobject_cast<View*>(object);
            return view ? new Face(view) : nullptr;
        });
        return true;
    }();
}

} // namespace gatehouse::widgets
