// CommandPalette: type some letters of a command, a run or a document, Enter does it. Lies over the window it belongs to, as a part of
// it; Esc closes it, and so does whatever takes the focus. The keyboard stays in the line; Up, Down and the page keys move through the
// list. GUI thread.
#pragma once

#include <QPointer>
#include <QWidget>

#include "widgets/actions/palettemodel.h"

class QLineEdit;
class QListView;

namespace gatehouse::widgets {

class ActionRegistry;
class Label;

// The commands of a registry that have words.
[[nodiscard]] std::vector<PaletteEntry> paletteEntries(const ActionRegistry& actions);

class CommandPalette final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandPalette)
public:
    explicit CommandPalette(QWidget* window);

    // Shows itself with these; recent: ids, the last used first.
    void open(std::vector<PaletteEntry> entries, const QStringList& recent);
    // Gives the focus back to where it was.
    void leave();
    [[nodiscard]] const PaletteModel& model() const { return m_model; }
    [[nodiscard]] QLineEdit& line() const { return *m_line; }

Q_SIGNALS:
    // The palette is closed by now, and what was chosen is about to be done.
    void chosen(const QString& id);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void place();
    void patternChanged(const QString& pattern);
    void move(int rows);
    void choose();
    [[nodiscard]] bool movedBy(int key);

    PaletteModel m_model;
    QLineEdit* m_line;
    QListView* m_list;
    Label* m_none;
    QPointer<QWidget> m_before; // had the focus
};

} // namespace gatehouse::widgets
