// One subcommand of the command line. The table in main.cpp is the whole of them.
#pragma once

#include "app/cli/exitstatus.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QStringList>

#include <functional>
#include <optional>
#include <string>
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
    // What follows a bare "--", for commands that pass it on: byte for byte, it need not be text.
    void acceptCommand() { m_acceptsCommand = true; }
    [[nodiscard]] const std::vector<std::string>& command() const { return m_command; }
    // main()'s, once, before anything is parsed.
    static void keepRaw(int argc, char** argv);
    [[nodiscard]] const QString& name() const { return m_name; }

private:
    QString m_name;
    QString m_synopsis;
    QCommandLineParser m_parser;
    QStringList m_positional;
    std::vector<std::string> m_command;
    QStringList m_valued; // options that take a value
    bool m_acceptsCommand = false;
};

} // namespace gatehouse::cli
