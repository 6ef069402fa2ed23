// WorkspaceRail: the column of four buttons that choose the workspace, with the number of open requests on Approve. GUI thread.
//
// Radio buttons to a screen reader and to the arrow keys: exactly one is chosen.
#pragma once

#include <QRadioButton>
#include <QWidget>

#include "widgets/shell/workspace.h"
#include "widgets/style/icons.h"

#include <vector>

namespace gatehouse::widgets {

class RailButton final : public QRadioButton {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RailButton)
public:
    RailButton(const QString& text, Glyph glyph, QWidget* parent = nullptr);
    // 0: none is shown.
    void setBadge(int count);
    [[nodiscard]] int badge() const { return m_badge; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    bool hitButton(const QPoint& at) const override { return rect().contains(at); }
    void paintEvent(QPaintEvent* event) override;

private:
    void paintBadge(QPainter& painter, const QRectF& glyph) const;

    Glyph m_glyph;
    int m_badge = 0;
};

class WorkspaceRail final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WorkspaceRail)
public:
    explicit WorkspaceRail(QWidget* parent = nullptr);
    void setWorkspace(Workspace workspace);
    void setWaiting(int requests);
    [[nodiscard]] RailButton& button(Workspace workspace) const { return *m_buttons[std::size_t(workspace)]; }

Q_SIGNALS:
    void chosen(gatehouse::widgets::Workspace workspace);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<RailButton*> m_buttons;
};

} // namespace gatehouse::widgets
