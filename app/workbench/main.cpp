// gatehouse-workbench: the window. Its arguments are PATH (a project, a run's folder or a workflow) and the options of --help.
#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QSettings>
#include <QTimer>
#include <QTranslator>

#include "app/services/engineservices.h"
#include "app/workbench/desktoptheme.h"
#include "app/workbench/enginecontroller.h"
#include "app/workbench/mainwindow.h"
#include "app/workbench/probe.h"
#include "app/workbench/shots.h"
#include "widgets/style/fonts.h"
#include "widgets/style/themer.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace {

using namespace gatehouse;
using widgets::ThemeChoice;

constexpr int exitUsage = 2;
constexpr int exitSystem = 9;

struct Options {
    QString path;
    QString shots;
    QString tour;
    std::optional<ThemeChoice> theme;
    bool paintProbe = false;
    bool probe = false;
};

int complain(const QString& why, int status)
{
    std::fprintf(stderr, "gatehouse-workbench: %s\n", qPrintable(why));
    return status;
}

// Before QApplication, which would abort: pictures need no display, a window does.
bool chooseDisplay(int argc, char** argv)
{
    const auto given = [&](const char* name) {
        for (int i = 1; i < argc; ++i)
            if (std::strncmp(argv[i], name, std::strlen(name)) == 0)
                return true;
        return false;
    };
    const auto set = [](const char* name) { return !qEnvironmentVariableIsEmpty(name); };
    if (set("QT_QPA_PLATFORM") || set("DISPLAY") || set("WAYLAND_DISPLAY") || given("-platform") || given("--platform"))
        return true;
    if (!given("--shot") && !given("--help") && !given("--version"))
        return false;
    qputenv("QT_QPA_PLATFORM", "offscreen");
    return true;
}

std::optional<int> readOptions(Options& options)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate("main", "The workbench for governed AI agents."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption theme(QStringLiteral("theme"), QCoreApplication::translate("main", "light, dark, high-contrast or system."),
                                   QStringLiteral("name"));
    const QCommandLineOption shot(
        QStringLiteral("shot"), QCoreApplication::translate("main", "Write pictures of every view of the project into <folder>, and end."),
        QStringLiteral("folder"));
    const QCommandLineOption tour(QStringLiteral("tour"),
                                  QCoreApplication::translate("main",
                                                              "With --shot: pictures of a tour instead, in a new sample project "
                                                              "made in <folder>; builds its workflow and runs it."),
                                  QStringLiteral("folder"));
    const QCommandLineOption project(QStringLiteral("project"), QCoreApplication::translate("main", "The project's folder."),
                                     QStringLiteral("folder"));
    QCommandLineOption probe(QStringLiteral("paint-probe"),
                             QCoreApplication::translate("main", "Print “painted” after the first paint, and end."));
    QCommandLineOption tell(QStringLiteral("probe"), QCoreApplication::translate("main", "Tell tests what a screen reader would find."));
    probe.setFlags(QCommandLineOption::HiddenFromHelp);
    tell.setFlags(QCommandLineOption::HiddenFromHelp);
    parser.addOptions({theme, shot, tour, project, probe, tell});
    parser.addPositionalArgument(QStringLiteral("PATH"), QCoreApplication::translate("main", "A project, a run's folder, or a workflow."),
                                 QStringLiteral("[PATH]"));
    parser.process(*qApp);
    const QStringList paths = parser.positionalArguments();
    if (paths.size() > 1)
        return complain(QCoreApplication::translate("main", "one PATH at most; see --help"), exitUsage);
    options.path = paths.isEmpty() ? parser.value(project) : paths.constFirst();
    options.shots = parser.value(shot);
    options.tour = parser.value(tour);
    if (!options.tour.isEmpty() && options.shots.isEmpty())
        return complain(QCoreApplication::translate("main", "--tour needs --shot, the folder of its pictures"), exitUsage);
    options.paintProbe = parser.isSet(probe);
    options.probe = parser.isSet(tell);
    if (parser.isSet(theme)) {
        options.theme = widgets::themeChoiceFromName(parser.value(theme));
        if (!options.theme)
            return complain(QCoreApplication::translate("main", "there is no theme %1; use light, dark, high-contrast or system")
                                .arg(parser.value(theme)),
                            exitUsage);
    }
    if (!options.path.isEmpty() && !QFileInfo::exists(options.path))
        return complain(QCoreApplication::translate("main", "%1 does not exist").arg(options.path), exitUsage);
    return std::nullopt;
}

// English as well: of "%n lines" one is "1 line". The words are the same wherever they are said, so none is looked up by its place.
class NumberWords final : public QTranslator {
public:
    using QTranslator::QTranslator;
    QString translate(const char*, const char* words, const char*, int count) const override
    {
        return count < 0 ? QString() : QTranslator::translate("numbers", words, nullptr, count);
    }
};

class PaintProbe final : public QObject {
public:
    using QObject::QObject;
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Paint && !m_painted) {
            m_painted = true;
            // Behind the paint that is going on now.
            QTimer::singleShot(0, this, [] {
                std::puts("painted");
                std::fflush(stdout);
                QCoreApplication::quit();
            });
        }
        return QObject::eventFilter(watched, event);
    }

private:
    bool m_painted = false;
};

Result<workbench::ShotResult> takePictures(workbench::MainWindow& window, widgets::Themer& themer, const Options& options)
{
    const std::string folder = options.shots.toStdString();
    if (!options.tour.isEmpty())
        return workbench::takeTour(window, themer, QFileInfo(options.tour).absoluteFilePath().toStdString(), folder);
    std::vector<ThemeChoice> themes = {ThemeChoice::Light, ThemeChoice::Dark};
    if (options.theme)
        themes = {*options.theme};
    return workbench::takeShots(window, themer, QFileInfo(options.path).absoluteFilePath().toStdString(), folder, themes);
}

int writePictures(workbench::MainWindow& window, widgets::Themer& themer, const Options& options)
{
    if (options.path.isEmpty() && options.tour.isEmpty())
        return complain(QCoreApplication::translate("main", "--shot needs a project's folder"), exitUsage);
    const auto taken = takePictures(window, themer, options);
    if (!taken)
        return complain(QString::fromStdString(taken.error().toString()), exitSystem);
    for (const std::string& path : taken->written)
        std::puts(path.c_str());
    for (const std::string& view : taken->missing)
        std::fprintf(stderr, "gatehouse-workbench: no picture of “%s”: the project has no such run\n", view.c_str());
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    if (!chooseDisplay(argc, argv)) {
        std::fputs("gatehouse-workbench: there is no display; use “gatehouse run” in a terminal, or start it in a desktop session\n",
                   stderr);
        return exitUsage;
    }
    // First of all, and from this thread, which lives as long as the program: the launcher ends with the thread that started it,
    // and must not see what this process reads later. Where it can't start, a run says so.
    app::EngineServices services;
    (void)services.start();
    QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("gatehouse"));
    QApplication::setApplicationName(QStringLiteral("gatehouse-workbench"));
    QApplication::setApplicationDisplayName(QStringLiteral("Gatehouse"));
    QApplication::setApplicationVersion(QStringLiteral(GATEHOUSE_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("org.gatehouse.Workbench"));
    NumberWords words;
    if (words.load(QStringLiteral(":/translations/gatehouse_en.qm")))
        QApplication::installTranslator(&words);
    Options options;
    if (const auto status = readOptions(options))
        return *status;

    widgets::Themer themer; // reads the desktop's palette before ours is set
    widgets::applyLook(widgets::Theme::Light);
    const auto remembered = widgets::themeChoiceFromName(QSettings().value(QStringLiteral("theme")).toString());
    themer.setChoice(options.theme.value_or(remembered.value_or(ThemeChoice::System)));
    workbench::DesktopTheme desktop(themer);
    if (options.shots.isEmpty())
        desktop.start();

    widgets::JournalThread journals;
    workbench::MainWindow window(journals, themer, [&services](const std::string& project) {
        return std::make_unique<workbench::EngineController>(services, project);
    });
    if (!options.shots.isEmpty())
        return writePictures(window, themer, options);
    if (!options.path.isEmpty())
        window.openPath(QFileInfo(options.path).absoluteFilePath().toStdString());
    else if (!options.paintProbe)
        window.restoreSession();
    std::unique_ptr<workbench::Probe> told;
    if (options.probe)
        told = std::make_unique<workbench::Probe>();
    PaintProbe probe;
    if (options.paintProbe)
        window.installEventFilter(&probe);
    window.restoreGeometry(QSettings().value(QStringLiteral("window/geometry")).toByteArray());
    window.show();
    return QApplication::exec();
}
