// One subcommand of the command line. The table in main.cpp is the whole of them.
#pragma once

#include "app/cli/exitstatus.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

namespace gatehouse::cli {

struct Command {
    const char* name;
    const char* summary;                                         // marked with QT_TRANSLATE_NOOP("cli", …)
    std::function<ExitStatus(const QStringList& arguments)> run; // arguments[0] is the command's full name
};

// The parser of one subcommand: declares options, parses, and answers --help and mistakes itself.
class Arguments {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::cli::Arguments)

public:
    // synopsis: what stands after the name, as "RUN [--json]".
    Arguments(QString name, const QString& summary, QString synopsis);

    void option(const QString& name, const QString& description, const QString& valueName = {});
    // --project DIR and --json, which most commands take.
    void projectOption();
    void jsonOption();

    // Empty: go on. Otherwise the command ends with this status (help was printed, or the mistake).
    [[nodiscard]] std::optional<ExitStatus> parse(const QStringList& arguments, int fewest, int most);

    [[nodiscard]] bool has(const QString& option) const { return m_parser.isSet(option); }
    [[nodiscard]] std::optional<std::string> value(const QString& option) const;
    [[nodiscard]] const QStringList& positional() const { return m_positional; }
    [[nodiscard]] std::string at(int index) const { return m_positional.at(index).toStdString(); }
    [[nodiscard]] bool json() const { return has(QStringLiteral("json")); }
    // What follows a bare "--", for commands that pass it on.
    void acceptCommand() { m_acceptsCommand = true; }
    [[nodiscard]] const QStringList& command() const { return m_command; }
    [[nodiscard]] const QString& name() const { return m_name; }

private:
    QString m_name;
    QString m_synopsis;
    QCommandLineParser m_parser;
    QStringList m_positional;
    QStringList m_command;
    bool m_acceptsCommand = false;
};

} // namespace gatehouse::cli
