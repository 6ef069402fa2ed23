#include "tests/app/workbench/accessibletree.h"

#include "tests/app/processtree.h"

#include <QDBusArgument>
#include <QDBusObjectPath>
#include <QDBusPendingCall>
#include <QDBusVariant>
#include <QDir>
#include <QStandardPaths>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>

namespace gatehouse::test {

namespace {

constexpr const char* accessibleInterface = "org.a11y.atspi.Accessible";
constexpr const char* actionInterface = "org.a11y.atspi.Action";
constexpr const char* editableInterface = "org.a11y.atspi.EditableText";
const QString rootPath = QStringLiteral("/org/a11y/atspi/accessible/root");
const QString nullPath = QStringLiteral("/org/a11y/atspi/null");
// No list of this window is longer; a longer one is a fault of the tree.
constexpr std::size_t mostObjects = 20'000;

struct Reference {
    QString service;
    QString path;
};

std::vector<Reference> references(const QDBusMessage& answer)
{
    std::vector<Reference> out;
    if (answer.type() != QDBusMessage::ReplyMessage || answer.arguments().isEmpty())
        return out;
    const auto list = answer.arguments().constFirst().value<QDBusArgument>();
    list.beginArray();
    while (!list.atEnd()) {
        Reference one;
        QDBusObjectPath path;
        list.beginStructure();
        list >> one.service >> path;
        list.endStructure();
        one.path = path.path();
        out.push_back(one);
    }
    list.endArray();
    return out;
}

QDBusMessage request(const QString& service, const QString& path, const char* interface, const char* method)
{
    return QDBusMessage::createMethodCall(service, path, QLatin1StringView(interface), QLatin1StringView(method));
}

void end(QProcess& process)
{
    if (process.state() == QProcess::NotRunning)
        return;
    // What the bus started for others belongs to it.
    const std::vector<int> below = processesBelow(int(process.processId()));
    process.terminate();
    if (!process.waitForFinished(10'000)) {
        process.kill();
        process.waitForFinished();
    }
    if (!becomes([&] { return std::ranges::none_of(below, isRunning); }, 10'000))
        for (const int pid : below)
            if (isRunning(pid))
                ::kill(pid, SIGKILL);
}

bool isMenu(const Accessible& object)
{
    return object.role.contains(u"menu");
}

} // namespace

bool Accessible::has(const char* interface) const
{
    return interfaces.contains(QLatin1StringView(interface));
}

AccessibilityBus::~AccessibilityBus()
{
    if (!m_name.isEmpty())
        QDBusConnection::disconnectFromBus(m_name);
    end(m_launcher);
    end(m_session);
}

QString AccessibilityBus::start(const Desktop& desktop, CommandLine& cli)
{
    const QString launcher = QStandardPaths::findExecutable(QStringLiteral("at-spi-bus-launcher"),
                                                            {QStringLiteral("/usr/libexec"), QStringLiteral("/usr/lib/at-spi2-core")});
    if (launcher.isEmpty() || QStandardPaths::findExecutable(QStringLiteral("dbus-daemon")).isEmpty())
        return QStringLiteral("at-spi2-core or dbus is missing: packaging/dependencies/debian.txt names them");
    const QString runtime = QString::fromStdString(cli.folder().path("runtime"));
    QDir().mkpath(runtime);
    QFile::setPermissions(runtime, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QProcessEnvironment environment = cli.environment();
    environment.insert(QStringLiteral("DISPLAY"), desktop.display());
    environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), runtime);
    environment.insert(QStringLiteral("GSETTINGS_BACKEND"), QStringLiteral("memory"));
    for (QProcess* process : {&m_session, &m_launcher})
        process->setStandardErrorFile(QProcess::nullDevice());
    m_session.setProcessEnvironment(environment);
    m_session.start(
        QStringLiteral("dbus-daemon"),
        {QStringLiteral("--session"), QStringLiteral("--nofork"), QStringLiteral("--nopidfile"), QStringLiteral("--print-address=1")});
    if (!m_session.waitForStarted(patience) || !becomes([this] {
            m_session.waitForReadyRead(50);
            return m_session.canReadLine() || m_session.state() == QProcess::NotRunning;
        }))
        return QStringLiteral("dbus-daemon did not start");
    const QString address = QString::fromUtf8(m_session.readLine()).trimmed();
    environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), address);
    m_launcher.setProcessEnvironment(environment);
    m_launcher.start(launcher, {QStringLiteral("--launch-immediately")});
    if (!m_launcher.waitForStarted(patience))
        return QStringLiteral("at-spi-bus-launcher did not start");

    const QString session = QStringLiteral("session ") + address;
    QDBusConnection bus = QDBusConnection::connectToBus(address, session);
    QString accessibility;
    const bool answered = bus.isConnected() && becomes([&] {
                              const QDBusMessage answer = bus.call(
                                  request(QStringLiteral("org.a11y.Bus"), QStringLiteral("/org/a11y/bus"), "org.a11y.Bus", "GetAddress"));
                              if (answer.type() == QDBusMessage::ReplyMessage)
                                  accessibility = answer.arguments().value(0).toString();
                              return !accessibility.isEmpty();
                          });
    QDBusConnection::disconnectFromBus(session);
    if (!answered)
        return QStringLiteral("there is no accessibility bus");
    m_name = QStringLiteral("accessibility ") + accessibility;
    if (!QDBusConnection::connectToBus(accessibility, m_name).isConnected())
        return QStringLiteral("the accessibility bus does not answer");
    cli.setVariable(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), address);
    cli.setVariable(QStringLiteral("QT_LINUX_ACCESSIBILITY_ALWAYS_ON"), QStringLiteral("1"));
    return {};
}

QDBusMessage AccessibleProgram::call(const QString& path, const char* interface, const char* method, const QVariantList& arguments) const
{
    QDBusMessage message = request(m_service, path, interface, method);
    message.setArguments(arguments);
    return m_bus.call(message, QDBus::Block, patience);
}

bool AccessibleProgram::awaitProgram()
{
    return becomes([this] {
        const auto programs =
            references(m_bus.call(request(QStringLiteral("org.a11y.atspi.Registry"), rootPath, accessibleInterface, "GetChildren")));
        if (!programs.empty())
            m_service = programs.front().service;
        return !m_service.isEmpty() && !tree().empty();
    });
}

// All questions are on their way before the first answer is awaited.
void AccessibleProgram::complete(std::vector<Accessible>& objects) const
{
    struct Answers {
        QDBusPendingCall role, name, states, interfaces;
    };
    std::vector<Answers> answers;
    answers.reserve(objects.size());
    for (const Accessible& object : objects) {
        const auto ask = [&](const char* method) {
            return m_bus.asyncCall(request(m_service, object.path, accessibleInterface, method), patience);
        };
        QDBusMessage name = request(m_service, object.path, "org.freedesktop.DBus.Properties", "Get");
        name << QLatin1StringView(accessibleInterface) << QStringLiteral("Name");
        answers.push_back({ask("GetRoleName"), m_bus.asyncCall(name, patience), ask("GetState"), ask("GetInterfaces")});
    }
    for (std::size_t i = 0; i < objects.size(); ++i) {
        const auto answer = [](QDBusPendingCall& pending) {
            pending.waitForFinished();
            return pending.isError() ? QVariant() : pending.reply().arguments().value(0);
        };
        Accessible& object = objects[i];
        object.role = answer(answers[i].role).toString();
        object.name = answer(answers[i].name).value<QDBusVariant>().variant().toString();
        const QVariant states = answer(answers[i].states);
        if (states.isValid()) {
            const auto words = qdbus_cast<QList<uint>>(states.value<QDBusArgument>());
            object.states = quint64(words.value(0)) | (quint64(words.value(1)) << 32);
        }
        object.interfaces = answer(answers[i].interfaces).toStringList();
        object.trail += QStringLiteral(" › %1 “%2”").arg(object.role, object.name.left(60));
    }
}

std::vector<std::vector<QString>> AccessibleProgram::childrenOf(const std::vector<Accessible>& objects) const
{
    std::vector<QDBusPendingCall> pending;
    pending.reserve(objects.size());
    for (const Accessible& object : objects)
        pending.push_back(m_bus.asyncCall(request(m_service, object.path, accessibleInterface, "GetChildren"), patience));
    std::vector<std::vector<QString>> out(objects.size());
    for (std::size_t i = 0; i < objects.size(); ++i) {
        pending[i].waitForFinished();
        for (const Reference& child : references(pending[i].reply()))
            if (child.path != nullPath)
                out[i].push_back(child.path);
    }
    return out;
}

std::vector<Accessible> AccessibleProgram::tree() const
{
    std::vector<Accessible> all;
    std::vector<Accessible> level{Accessible{.path = rootPath}};
    while (!level.empty() && all.size() < mostObjects) {
        const auto children = childrenOf(level);
        std::vector<Accessible> next;
        for (std::size_t i = 0; i < level.size(); ++i)
            for (const QString& path : children[i])
                next.push_back({.path = path, .trail = level[i].trail});
        complete(next);
        std::erase_if(next, [](const Accessible& object) { return !object.is(Shown::Visible) && !isMenu(object); });
        all.insert(all.end(), next.begin(), next.end());
        level = std::move(next);
    }
    return all;
}

std::optional<Accessible> AccessibleProgram::find(const Wanted& wanted) const
{
    const std::vector<Accessible> all = tree();
    const auto found = std::ranges::find_if(all, wanted);
    return found == all.end() ? std::nullopt : std::optional(*found);
}

std::optional<Accessible> AccessibleProgram::await(const char* what, const Wanted& wanted) const
{
    std::optional<Accessible> found;
    if (becomes([&] { return (found = find(wanted)).has_value(); }))
        return found;
    std::fprintf(stderr, "not there: %s; the bus shows:\n", what);
    for (const Accessible& object : tree())
        std::fprintf(stderr, "  %s “%s” %llx\n", qPrintable(object.role), qPrintable(object.name.left(100)),
                     static_cast<unsigned long long>(object.states));
    return std::nullopt;
}

bool AccessibleProgram::awaitGone(const Wanted& wanted) const
{
    return becomes([&] { return !find(wanted); });
}

QStringList AccessibleProgram::actionsOf(const Accessible& object) const
{
    QStringList names;
    if (!object.has(actionInterface))
        return names;
    const QDBusMessage answer = call(object.path, actionInterface, "GetActions", {});
    if (answer.type() != QDBusMessage::ReplyMessage || answer.arguments().isEmpty())
        return names;
    const auto list = answer.arguments().constFirst().value<QDBusArgument>();
    list.beginArray();
    while (!list.atEnd()) {
        QString name;
        QString description;
        QString key;
        list.beginStructure();
        list >> name >> description >> key;
        list.endStructure();
        names << name;
    }
    list.endArray();
    return names;
}

bool AccessibleProgram::doAction(const Accessible& object, const QString& action) const
{
    const auto at = actionsOf(object).indexOf(action);
    return at >= 0 && call(object.path, actionInterface, "DoAction", {int(at)}).arguments().value(0).toBool();
}

bool AccessibleProgram::act(const char* what, const Wanted& wanted, const QString& action) const
{
    const auto object = await(what, [&](const Accessible& each) { return wanted(each) && each.is(Shown::Enabled); });
    if (!object)
        return false;
    if (doAction(*object, action))
        return true;
    std::fprintf(stderr, "no %s: %s; its actions: %s\n", qPrintable(action), what, qPrintable(actionsOf(*object).join(u' ')));
    return false;
}

bool AccessibleProgram::write(const char* what, const Wanted& wanted, const QString& text) const
{
    const auto object = await(what, [&](const Accessible& each) { return wanted(each) && each.has(editableInterface); });
    return object && call(object->path, editableInterface, "SetTextContents", {text}).arguments().value(0).toBool();
}

bool AccessibleProgram::insist(const Wanted& wanted, const QString& action, const Wanted& outcome) const
{
    return becomes([&] {
        if (find(outcome))
            return true;
        if (const auto object = find([&](const Accessible& each) { return wanted(each) && each.is(Shown::Enabled); }))
            (void)doAction(*object, action);
        return becomes([&] { return find(outcome).has_value(); }, 3000);
    });
}

AccessibleProgram::Wanted accessible(const QString& role, const QString& beginning)
{
    return [role, beginning](const Accessible& object) { return object.role == role && object.name.startsWith(beginning); };
}

} // namespace gatehouse::test
