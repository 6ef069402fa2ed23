// KeyButton: a push button that shows the key that does the same. GUI thread.
#pragma once

#include <QPushButton>

namespace gatehouse::widgets {

class KeyButton final : public QPushButton {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyButton)
public:
    KeyButton(const QString& text, const QString& key, QWidget* parent = nullptr);
    void setKey(const QString& key);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] int keyWidth() const;
    QString m_key;
};

} // namespace gatehouse::widgets
