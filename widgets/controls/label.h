// Label: text in a token's colour. Always plain text, so that a name from elsewhere can't become markup. GUI thread.
//
// Derives from QLabel for its accessible role; paints by itself because a label in a bar inherits the bar's foreground role.
#pragma once

#include <QLabel>
#include <QTextOption>

#include "widgets/style/fonts.h"
#include "widgets/style/tokens.h"

namespace gatehouse::widgets {

enum class Eliding { None, Middle, Right };

class Label final : public QLabel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Label)
public:
    explicit Label(const QString& text = {}, TokenRole role = TokenRole::Text, QWidget* parent = nullptr);

    void setRole(TokenRole role);
    // An elided label shows its whole text as tool tip.
    void setEliding(Eliding eliding);
    // With word wrap a word that is longer than the line is broken: a path or digest makes no card wider than its window.
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] QString elided() const;
    [[nodiscard]] QTextOption wrapping() const;

    TokenRole m_role;
    Eliding m_eliding = Eliding::None;
};

// The kinds there are: a pane's title, a request's title, machine text, small print, capitals of a section.
[[nodiscard]] Label* makeTitle(const QString& text, QWidget* parent = nullptr);
[[nodiscard]] Label* makeHeading(const QString& text, QWidget* parent = nullptr);
[[nodiscard]] Label* makeMono(const QString& text, TokenRole role = TokenRole::Text, QWidget* parent = nullptr);
[[nodiscard]] Label* makeSmall(const QString& text, TokenRole role = TokenRole::Second, QWidget* parent = nullptr);
[[nodiscard]] Label* makeStrong(const QString& text, QWidget* parent = nullptr);
[[nodiscard]] Label* makeSection(const QString& text, QWidget* parent = nullptr);

} // namespace gatehouse::widgets
