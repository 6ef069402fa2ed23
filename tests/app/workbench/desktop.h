// A real desktop for tests: an X server and a window manager of its own, and the real workbench in it, driven by xdotool.
//
// What the window shows is asked of the program itself (gatehouse-workbench --probe: the accessible tree with its places on the
// screen), so clicks go where a person would click, and waits are for states, never for a time.
#pragma once

#include "tests/app/commandline.h"

#include <QJsonObject>
#include <QProcess>
#include <QRect>

#include <functional>
#include <memory>
#include <optional>

namespace gatehouse::test {

// Generous: a busy machine is no defect.
constexpr int patience = 60'000;

class Desktop {
public:
    ~Desktop();
    // Why there is none; empty: it stands.
    [[nodiscard]] QString start(const std::string& folder);
    [[nodiscard]] const QString& display() const { return m_display; }
    // One xdotool command; its output.
    QString tool(const QStringList& arguments) const;

private:
    QProcess m_server;
    QProcess m_manager;
    QString m_display;
};

struct Control {
    QString role;
    QString name;
    QRect place;
    bool enabled = false;
    bool focused = false;
    bool selected = false;
};

class Workbench {
public:
    Workbench(const Desktop& desktop, const CommandLine& cli, const QStringList& arguments);
    ~Workbench();

    [[nodiscard]] QProcess& process() { return m_process; }
    // What can be found now; empty when the program does not answer.
    [[nodiscard]] std::vector<Control> controls();
    using Wanted = std::function<bool(const Control&)>;
    [[nodiscard]] std::optional<Control> find(const Wanted& wanted);
    // Until such a control is there; what is there instead is printed when it is not.
    [[nodiscard]] std::optional<Control> await(const char* what, const Wanted& wanted, int milliseconds = patience);
    [[nodiscard]] bool awaitGone(const Wanted& wanted, int milliseconds = patience);
    // The window has the keyboard.
    [[nodiscard]] bool awaitActive();

    void key(const QString& key) const;
    void type(const QString& text) const;
    // Once it stays where it is: a dialog is shown before the window manager has moved it to its place.
    [[nodiscard]] std::optional<Control> settle(const char* what, const Wanted& wanted);
    enum class Mouse { Left = 1, Right = 3 };
    [[nodiscard]] bool click(const char* what, const Wanted& wanted, Mouse mouse = Mouse::Left);
    // Through menus by mouse: "Edit", "Undo".
    [[nodiscard]] bool chooseMenu(const QStringList& items);
    // Press, move as a hand does, let go.
    void drag(QPoint from, QPoint to) const;
    // Until the click has told: the dialog's button is gone.
    [[nodiscard]] bool clickAway(const char* what, const Wanted& wanted);
    void wheelDown(const Control& control, int steps) const;
    // Tab by Tab until such a control has the focus.
    [[nodiscard]] bool tabTo(const char* what, const Wanted& wanted);
    // Presses a key and gives the focus time to go elsewhere: the next one must not be pressed on what is known from before.
    void step(const QString& keys);
    // Presses or clicks until the outcome is there: for a card whose keys are dead at first.
    [[nodiscard]] bool insist(const std::function<void()>& act, const std::function<bool()>& outcome) const;
    // Whether it ended by itself.
    [[nodiscard]] bool awaitEnd();

private:
    void clickAt(const QPoint& at, Mouse mouse = Mouse::Left) const;

    const Desktop& m_desktop;
    QProcess m_process;
};

[[nodiscard]] Workbench::Wanted named(const QString& beginning);
[[nodiscard]] Workbench::Wanted button(const QString& name); // enabled
[[nodiscard]] Workbench::Wanted focusedOn(const QString& beginning);
[[nodiscard]] Workbench::Wanted menuItem(const QString& name); // enabled

// A project of the sample, and a desktop to work on it.
struct Stage {
    Stage();
    [[nodiscard]] QStringList project() const { return {QString::fromStdString(cli.project())}; }
    CommandLine cli;
    Desktop desktop;
    QString problem; // empty: it stands
};

// The card that is waited for: read with End, armed with A, confirmed with Enter.
[[nodiscard]] bool approveByKeys(Workbench& window, const CommandLine& cli);
// The last run: approved by a person at the window, seen before, executed once, finished; every byte of the record holds.
void checkApproved(const CommandLine& cli);

// Polls until it holds.
[[nodiscard]] bool becomes(const std::function<bool()>& holds, int milliseconds = patience);
// The id of the one open request, or empty.
[[nodiscard]] std::string openApproval(const CommandLine& cli);
// The data of the run's last record of this type; null: none.
[[nodiscard]] nlohmann::json lastOf(const std::vector<nlohmann::json>& records, const std::string& type);

} // namespace gatehouse::test
