#include "app/cli/command.h"

#include "app/cli/console.h"

#include <algorithm>

namespace gatehouse::cli {

static std::vector<std::string> rawArguments;

void Arguments::keepRaw(int argc, char** argv)
{
    rawArguments.assign(argv, argv + argc);
}

static std::vector<std::string> rawAfterDashes()
{
    const auto dashes = std::ranges::find(rawArguments, "--");
    return dashes == rawArguments.end() ? std::vector<std::string>() : std::vector<std::string>(dashes + 1, rawArguments.end());
}

Arguments::Arguments(QString name, const QString& summary, QString synopsis) : m_name(std::move(name)), m_synopsis(std::move(synopsis))
{
    m_parser.setApplicationDescription(summary);
    m_parser.addOption({{QStringLiteral("h"), QStringLiteral("help")}, tr("Prints this.")});
}

void Arguments::option(const QString& name, const QString& description, const QString& valueName)
{
    m_parser.addOption({name, description, valueName});
    if (!valueName.isEmpty())
        m_valued.append(name);
}

void Arguments::projectOption()
{
    option(QStringLiteral("project"), tr("The project's folder; default: the nearest parent with gatehouse.json."), QStringLiteral("DIR"));
}

void Arguments::jsonOption()
{
    option(QStringLiteral("json"), tr("Prints JSON on standard output, and nothing else there."));
}

std::optional<ExitStatus> Arguments::parse(const QStringList& arguments, int fewest, int most)
{
    QStringList own = arguments;
    const qsizetype dashes = own.indexOf(QStringLiteral("--"));
    if (m_acceptsCommand && dashes >= 0) {
        m_command = rawAfterDashes();
        own = own.mid(0, dashes);
    }
    const QString help = tr("see gatehouse %1 --help").arg(m_name);
    if (!m_parser.parse(own)) {
        QString why = m_parser.errorText();
        while (why.endsWith(QLatin1Char('.')))
            why.chop(1);
        return reportUsage(m_name, why, help);
    }
    if (m_parser.isSet(QStringLiteral("help"))) {
        const QString text = m_parser.helpText();
        printLine(tr("Usage: gatehouse %1 %2").arg(m_name, m_synopsis));
        print(text.mid(text.indexOf(QLatin1Char('\n')) + 1).toStdString());
        return ExitStatus::Done;
    }
    setJsonOutput(m_parser.optionNames().contains(QStringLiteral("json")));
    m_positional = m_parser.positionalArguments();
    if (m_positional.size() < fewest || m_positional.size() > most)
        return reportUsage(m_name, tr("expected %1").arg(m_synopsis), help);
    // An empty word is a variable that nobody set, not a wish: an empty folder name would be the working folder.
    static const QStringList free = {QStringLiteral("input"), QStringLiteral("reason"), QStringLiteral("name")};
    for (const QString& option : std::as_const(m_valued)) {
        if (m_parser.isSet(option) && m_parser.value(option).isEmpty() && !free.contains(option))
            return reportUsage(m_name, tr("--%1 is empty").arg(option), help);
    }
    if (m_positional.contains(QString()))
        return reportUsage(m_name, tr("an argument is empty, expected %1").arg(m_synopsis), help);
    return std::nullopt;
}

std::optional<std::string> Arguments::value(const QString& option) const
{
    if (!m_parser.isSet(option))
        return std::nullopt;
    return m_parser.value(option).toStdString();
}

} // namespace gatehouse::cli
