// CanvasPage: a canvas with what lies on it: buttons to add nodes, zoom controls, mini map, the line that says what happens, the
// strip of a fault in the source, and what an empty workflow begins with. Owner: the workflow's page. GUI thread.
#pragma once

#include <QWidget>

#include "widgets/background.h"
#include "widgets/canvas/canvascommands.h"
#include "widgets/canvas/canvasview.h"
#include "widgets/style/tokens.h"

class QLineEdit;
class QPushButton;

namespace gatehouse::widgets {

class Label;
class MiniMap;

class CanvasPage final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CanvasPage)
public:
    // The document outlives the page. Files may be dropped that lie within projectFolder.
    CanvasPage(WorkflowDocument& document, BackgroundThread& background, const QString& projectFolder, QWidget* parent = nullptr);

    [[nodiscard]] CanvasView& view() const { return *m_view; }
    // With stable object names: "canvas.rename", … For the window's menus, palette and shortcut sheet.
    [[nodiscard]] const std::vector<QAction*>& commands() const { return m_commands->all(); }
    [[nodiscard]] QAction* command(const char* id) const { return m_commands->action(id); }
    // What the line says now.
    [[nodiscard]] QString line() const;
    [[nodiscard]] QLineEdit* nameEdit() const { return m_name; }

Q_SIGNALS:
    // The inspector shall show this node.
    void openRequested(const gatehouse::authoring::NodeId& node);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void makeOverlays();
    [[nodiscard]] QPushButton* button(const QString& text, const char* command);
    void placeOverlays();
    void refresh();
    void say(const QString& text, TokenRole role);
    void showMenu(const QPoint& place);
    void showInsert();
    void takeFiles(const QStringList& paths, const QPointF& scenePoint);
    void startRename();
    void placeRename();
    void checkName(const QString& text);
    void finishRename();
    void endRename();

    WorkflowDocument& m_document;
    BackgroundThread& m_background;
    QString m_projectFolder;
    CanvasView* m_view;
    CanvasCommands* m_commands;
    QWidget* m_strip;
    Label* m_stripText;
    QWidget* m_adding = nullptr;
    QWidget* m_zooming = nullptr;
    QPushButton* m_zoom = nullptr;
    MiniMap* m_map = nullptr;
    QWidget* m_line = nullptr;
    Label* m_lineText = nullptr;
    QWidget* m_empty = nullptr;
    QLineEdit* m_name = nullptr;
    std::optional<authoring::NodeId> m_renamed;
};

} // namespace gatehouse::widgets
