#include "tests/app/workbench/desktop.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QStandardPaths>
#include <QTest>

#include <algorithm>
#include <cstdio>

namespace gatehouse::test {

bool becomes(const std::function<bool()>& holds, int milliseconds)
{
    QElapsedTimer clock;
    clock.start();
    while (!holds()) {
        if (clock.hasExpired(milliseconds))
            return false;
        QTest::qWait(50);
    }
    return true;
}

static void end(QProcess& process)
{
    if (process.state() == QProcess::NotRunning)
        return;
    process.terminate();
    if (!process.waitForFinished(10'000)) {
        process.kill();
        process.waitForFinished();
    }
}

Desktop::~Desktop()
{
    end(m_manager);
    end(m_server);
}

QString Desktop::start(const std::string& folder)
{
    for (const char* program : {"Xvfb", "openbox", "xdotool"})
        if (QStandardPaths::findExecutable(QLatin1StringView(program)).isEmpty())
            return QStringLiteral("%1 is missing: packaging/dependencies/debian.txt names its package").arg(QLatin1StringView(program));
    // The server chooses a free display and says which.
    m_server.setStandardErrorFile(QProcess::nullDevice());
    m_server.start(QStringLiteral("Xvfb"),
                   {QStringLiteral("-displayfd"), QStringLiteral("1"), QStringLiteral("-screen"), QStringLiteral("0"),
                    QStringLiteral("1600x1000x24"), QStringLiteral("-nolisten"), QStringLiteral("tcp"), QStringLiteral("-noreset")});
    QByteArray number;
    if (!m_server.waitForStarted(patience) || !becomes([&] {
            m_server.waitForReadyRead(50);
            number += m_server.readAllStandardOutput();
            return number.contains('\n') || m_server.state() == QProcess::NotRunning;
        }) ||
        !number.contains('\n'))
        return QStringLiteral("Xvfb did not start");
    m_display = u':' + QString::fromLatin1(number.trimmed());
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("DISPLAY"), m_display);
    environment.insert(QStringLiteral("HOME"), QString::fromStdString(folder));
    m_manager.setProcessEnvironment(environment);
    m_manager.setStandardErrorFile(QProcess::nullDevice());
    // A window that appears while the manager takes over the screen may never be managed, though the manager's properties are
    // there already: it is ready when it runs its start-up command.
    const std::string ready = folder + "/window-manager-ready";
    m_manager.start(QStringLiteral("openbox"), {QStringLiteral("--startup"), QString::fromStdString("touch '" + ready + "'")});
    const bool started = becomes([&] { return QFile::exists(QString::fromStdString(ready)); });
    QFile::remove(QString::fromStdString(ready));
    return started ? QString() : QStringLiteral("openbox did not start");
}

QString Desktop::tool(const QStringList& arguments) const
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("DISPLAY"), m_display);
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral("xdotool"), arguments);
    process.waitForFinished(patience);
    return QString::fromUtf8(process.readAllStandardOutput());
}

Workbench::Workbench(const Desktop& desktop, const CommandLine& cli, const QStringList& arguments) : m_desktop(desktop)
{
    QProcessEnvironment environment = cli.environment();
    environment.insert(QStringLiteral("DISPLAY"), desktop.display());
    environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("xcb"));
    environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), qEnvironmentVariable("XDG_RUNTIME_DIR"));
    m_process.setProcessEnvironment(environment);
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(CommandLine::programPath(QStringLiteral("gatehouse-workbench")),
                    QStringList{QStringLiteral("--probe"), QStringLiteral("--theme"), QStringLiteral("light")} + arguments);
    m_process.waitForStarted(patience);
}

Workbench::~Workbench()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished();
}

std::vector<Control> Workbench::controls()
{
    m_process.write("\n");
    if (!becomes([this] {
            m_process.waitForReadyRead(20);
            return m_process.canReadLine() || m_process.state() == QProcess::NotRunning;
        }))
        return {};
    std::vector<Control> found;
    for (const QJsonValue& value : QJsonDocument::fromJson(m_process.readLine()).array()) {
        const QJsonObject one = value.toObject();
        const auto number = [&](const char* key) { return one[QLatin1StringView(key)].toInt(); };
        found.push_back({one[QStringLiteral("role")].toString(), one[QStringLiteral("name")].toString(),
                         QRect(number("x"), number("y"), number("width"), number("height")), one[QStringLiteral("enabled")].toBool(),
                         one[QStringLiteral("focused")].toBool(), one[QStringLiteral("selected")].toBool()});
    }
    return found;
}

std::optional<Control> Workbench::find(const Wanted& wanted)
{
    const std::vector<Control> all = controls();
    const auto found = std::find_if(all.begin(), all.end(), wanted);
    return found == all.end() ? std::nullopt : std::optional(*found);
}

std::optional<Control> Workbench::await(const char* what, const Wanted& wanted, int milliseconds)
{
    std::optional<Control> found;
    if (becomes([&] { return (found = find(wanted)).has_value(); }, milliseconds))
        return found;
    std::fprintf(stderr, "not there: %s; the window (%s) shows:\n", what, m_process.state() == QProcess::NotRunning ? "ended" : "alive");
    for (const Control& control : controls())
        std::fprintf(stderr, "  %s “%s”%s%s\n", qPrintable(control.role), qPrintable(control.name.left(100)),
                     control.focused ? " focused" : "", control.enabled ? "" : " disabled");
    return std::nullopt;
}

bool Workbench::awaitGone(const Wanted& wanted, int milliseconds)
{
    return becomes([&] { return !find(wanted); }, milliseconds);
}

bool Workbench::awaitActive()
{
    return becomes([&] {
        const QString active = m_desktop.tool({QStringLiteral("getactivewindow"), QStringLiteral("getwindowpid")}).trimmed();
        return active == QString::number(m_process.processId());
    });
}

void Workbench::key(const QString& key) const
{
    m_desktop.tool({QStringLiteral("key"), key});
}

void Workbench::type(const QString& text) const
{
    m_desktop.tool({QStringLiteral("type"), QStringLiteral("--delay"), QStringLiteral("5"), text});
}

std::optional<Control> Workbench::settle(const char* what, const Wanted& wanted)
{
    std::optional<Control> before = await(what, wanted);
    const bool settled = before && becomes([&] {
                             const std::optional<Control> now = find(wanted);
                             const bool stays = now && before && now->place == before->place;
                             before = now;
                             return stays;
                         });
    return settled ? before : std::nullopt;
}

bool Workbench::click(const char* what, const Wanted& wanted, Mouse mouse)
{
    const auto there = settle(what, wanted);
    if (there)
        clickAt(there->place.center(), mouse);
    return there.has_value();
}

bool Workbench::chooseMenu(const QStringList& items)
{
    return std::ranges::all_of(items, [this](const QString& item) { return click(qPrintable(item), menuItem(item)); });
}

void Workbench::drag(QPoint from, QPoint to) const
{
    constexpr int steps = 8;
    QStringList moves{QStringLiteral("mousemove"), QString::number(from.x()), QString::number(from.y()), QStringLiteral("mousedown"),
                      QStringLiteral("1")};
    for (int step = 1; step <= steps; ++step) {
        const QPoint at = from + (to - from) * step / steps;
        moves << QStringLiteral("mousemove") << QString::number(at.x()) << QString::number(at.y());
    }
    m_desktop.tool(moves << QStringLiteral("mouseup") << QStringLiteral("1"));
}

bool Workbench::clickAway(const char* what, const Wanted& wanted)
{
    return await(what, wanted) &&
        insist(
               [&] {
                   if (const auto there = find(wanted))
                       clickAt(there->place.center());
               },
               [&] { return !find(wanted); });
}

void Workbench::clickAt(const QPoint& at, Mouse mouse) const
{
    m_desktop.tool({QStringLiteral("mousemove"), QString::number(at.x()), QString::number(at.y()), QStringLiteral("click"),
                    QString::number(int(mouse))});
}

void Workbench::wheelDown(const Control& control, int steps) const
{
    const QPoint at = control.place.center();
    m_desktop.tool({QStringLiteral("mousemove"), QString::number(at.x()), QString::number(at.y()), QStringLiteral("click"),
                    QStringLiteral("--repeat"), QString::number(steps), QStringLiteral("5")});
}

void Workbench::step(const QString& keys)
{
    constexpr int longest = 3000; // a key that moves nothing is no mistake, only slow
    // All that have it: a view and its current row do both.
    const auto focused = [this] {
        QStringList all;
        for (const Control& control : controls())
            if (control.focused)
                all << QStringLiteral("%1 %2 %3,%4").arg(control.role, control.name).arg(control.place.x()).arg(control.place.y());
        return all;
    };
    const QStringList before = focused();
    key(keys);
    (void)becomes([&] { return focused() != before; }, longest);
}

bool Workbench::tabTo(const char* what, const Wanted& wanted)
{
    constexpr int mostTabs = 60;
    for (int i = 0; i < mostTabs; ++i) {
        if (find([&](const Control& control) { return control.focused && wanted(control); }))
            return true;
        step(QStringLiteral("Tab"));
    }
    return await(what, [&](const Control& control) { return control.focused && wanted(control); }, 1).has_value();
}

bool Workbench::insist(const std::function<void()>& act, const std::function<bool()>& outcome) const
{
    return becomes([&] {
        if (outcome())
            return true;
        act();
        return becomes(outcome, 3000);
    });
}

bool Workbench::awaitEnd()
{
    const bool ended = becomes([this] { return m_process.waitForFinished(50) || m_process.state() == QProcess::NotRunning; });
    if (!ended)
        (void)await("the window's end", [](const Control&) { return false; }, 0);
    return ended;
}

Workbench::Wanted named(const QString& beginning)
{
    return [beginning](const Control& control) { return control.name.startsWith(beginning); };
}

Workbench::Wanted button(const QString& name)
{
    return [name](const Control& control) {
        return control.name == name && control.enabled && (control.role == u"Button" || control.role == u"PushButton");
    };
}

Workbench::Wanted focusedOn(const QString& beginning)
{
    return [beginning](const Control& control) { return control.focused && control.name.startsWith(beginning); };
}

Workbench::Wanted menuItem(const QString& name)
{
    return [name](const Control& control) { return control.role == u"MenuItem" && control.name == name && control.enabled; };
}

Stage::Stage()
{
    if (cli.makeProject().status != 0)
        problem = QStringLiteral("no project");
    else
        problem = desktop.start(cli.folder().path("home"));
}

bool approveByKeys(Workbench& window, const CommandLine& cli)
{
    const auto armed = focusedOn(QStringLiteral("Confirm the approval of apply_patch"));
    if (!becomes([&] { return !openApproval(cli).empty(); }) ||
        !window.insist([&] { window.key(QStringLiteral("F8")); },
                       [&] { return window.find(focusedOn(QStringLiteral("Deny apply_patch"))).has_value(); }) ||
        !window.insist([&] { window.key(QStringLiteral("End")); },
                       [&] { return window.find(named(QStringLiteral("Everything has been on screen."))).has_value(); }) ||
        !window.insist([&] { window.key(QStringLiteral("a")); }, [&] { return window.find(armed).has_value(); }))
        return false;
    window.key(QStringLiteral("Return"));
    return becomes([&] { return countOf(cli.records("last"), "run.finished") == 1; });
}

void checkApproved(const CommandLine& cli)
{
    const auto records = cli.records("last");
    QCOMPARE(countOf(records, "approval.presented"), 1);
    QCOMPARE(countOf(records, "approval.vote"), 1);
    QCOMPARE(countOf(records, "approval.consumed"), 1);
    GH_JSON(lastOf(records, "approval.vote")["channel"], "window");
    GH_JSON(lastOf(records, "approval.resolved")["decision"], "approve");
    GH_JSON(lastOf(records, "run.finished")["outcome"], "completed");
    QCOMPARE(cli.run({QStringLiteral("verify"), QStringLiteral("last")}).status, 0);
}

std::string openApproval(const CommandLine& cli)
{
    const auto list = cli.run({QStringLiteral("approvals"), QStringLiteral("list"), QStringLiteral("--json")}).json();
    if (list.is_array())
        for (const auto& request : list)
            if (request["state"] == "requested" || request["state"] == "delivered")
                return request["id"];
    return {};
}

nlohmann::json lastOf(const std::vector<nlohmann::json>& records, const std::string& type)
{
    nlohmann::json found;
    for (const auto& record : records)
        if (record.value("type", "") == type)
            found = record["data"];
    return found;
}

} // namespace gatehouse::test
