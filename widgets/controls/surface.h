// Surfaces: a card (rounded, outlined), a panel (a flat fill), a chip (a small outlined label), a key hint. GUI thread.
#pragma once

#include <QFrame>

#include "widgets/controls/statuspill.h"

namespace gatehouse::widgets {

// A rounded outline on the panel colour; its tone colours the outline (Ask for what waits for a person).
class Card final : public QFrame {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Card)
public:
    explicit Card(QWidget* parent = nullptr);
    void setTone(Tone tone);
    void setSecond(bool second); // on the second panel colour: machine text

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Tone m_tone = Tone::Neutral;
    bool m_second = false;
};

enum class SurfaceKind { Window, Panel, PanelSecond };

// A flat fill with a rule along some of its edges.
class Surface final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Surface)
public:
    explicit Surface(SurfaceKind kind, QWidget* parent = nullptr);
    void setRules(Qt::Edges edges);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    SurfaceKind m_kind;
    Qt::Edges m_rules;
};

// A small outlined text: a filter, a fact.
class Chip final : public QLabel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Chip)
public:
    explicit Chip(const QString& text, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;
};

// A key as it stands on the keyboard, beside what it does.
class KeyHint final : public QLabel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyHint)
public:
    explicit KeyHint(const QString& key, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace gatehouse::widgets
