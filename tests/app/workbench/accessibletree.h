// What a screen reader, a voice control or a switch finds and does: the program's accessible tree over AT-SPI's own bus.
//
// The wire is spoken directly (QtDBus), so nothing is cached on this side: what is read is what the program says now. No key and no
// pointer event comes from here, only accessible actions. GUI-less; one thread.
#pragma once

#include "tests/app/workbench/desktop.h"

#include <QDBusConnection>
#include <QDBusMessage>

namespace gatehouse::test {

// The bits of AT-SPI's state set that are asked for here.
enum class Shown { Enabled = 8, Focusable = 11, Focused = 12, Selected = 23, Showing = 25, Visible = 30 };

struct Accessible {
    QString path = {}; // its address on the bus
    QString role = {}; // as AT-SPI calls it: "push button"
    QString name = {};
    quint64 states = 0;
    QStringList interfaces = {};
    QString trail = {}; // roles and names from the window down, for people

    [[nodiscard]] bool is(Shown state) const { return states & (quint64(1) << int(state)); }
    [[nodiscard]] bool has(const char* interface) const;
};

// A session bus with the accessibility bus on it, both of the test's own.
class AccessibilityBus {
public:
    AccessibilityBus() = default;
    ~AccessibilityBus();
    Q_DISABLE_COPY_MOVE(AccessibilityBus)
    // Why there is none; empty: it stands. The program has to be started with these variables.
    [[nodiscard]] QString start(const Desktop& desktop, CommandLine& cli);
    [[nodiscard]] QDBusConnection connection() const { return QDBusConnection(m_name); }

private:
    QProcess m_session;
    QProcess m_launcher;
    QString m_name;
};

class AccessibleProgram {
public:
    using Wanted = std::function<bool(const Accessible&)>;
    explicit AccessibleProgram(const AccessibilityBus& bus) : m_bus(bus.connection()) { }

    // Until the program has said on the bus that it is there.
    [[nodiscard]] bool awaitProgram();
    // All that is visible, and what stands in menus, shown or not.
    [[nodiscard]] std::vector<Accessible> tree() const;
    [[nodiscard]] std::optional<Accessible> find(const Wanted& wanted) const;
    [[nodiscard]] std::optional<Accessible> await(const char* what, const Wanted& wanted) const;
    [[nodiscard]] bool awaitGone(const Wanted& wanted) const;
    [[nodiscard]] QStringList actionsOf(const Accessible& object) const;

    // Each waits for the object and for it to have what is asked.
    [[nodiscard]] bool act(const char* what, const Wanted& wanted, const QString& action) const;
    [[nodiscard]] bool press(const char* what, const Wanted& wanted) const { return act(what, wanted, QStringLiteral("Press")); }
    [[nodiscard]] bool write(const char* what, const Wanted& wanted, const QString& text) const;
    // Acts until the outcome is there.
    [[nodiscard]] bool insist(const Wanted& wanted, const QString& action, const Wanted& outcome) const;

private:
    [[nodiscard]] QDBusMessage call(const QString& path, const char* interface, const char* method, const QVariantList& arguments) const;
    void complete(std::vector<Accessible>& objects) const;
    [[nodiscard]] std::vector<std::vector<QString>> childrenOf(const std::vector<Accessible>& objects) const;
    [[nodiscard]] bool doAction(const Accessible& object, const QString& action) const;

    QDBusConnection m_bus;
    QString m_service;
};

[[nodiscard]] AccessibleProgram::Wanted accessible(const QString& role, const QString& beginning);

} // namespace gatehouse::test
