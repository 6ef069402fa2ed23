#include "app/cli/command.h"

#include "app/cli/console.h"

namespace gatehouse::cli {

Arguments::Arguments(QString name, const QString& summary, QString synopsis) : m_name(std::move(name)), m_synopsis(std::move(synopsis))
{
    m_parser.setApplicationDescription(summary);
    m_parser.addOption({{QStringLiteral("h"), QStringLiteral("help")}, tr("Prints this.")});
}

void Arguments::option(const QString& name, const QString& description, const QString& valueName)
{
    m_parser.addOption({name, description, valueName});
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
        m_command = own.mid(dashes + 1);
        own = own.mid(0, dashes);
    }
    if (!m_parser.parse(own))
        return reportUsage(m_name, tr("%1; see gatehouse %2 --help").arg(m_parser.errorText(), m_name));
    if (m_parser.isSet(QStringLiteral("help"))) {
        QString text = m_parser.helpText();
        const qsizetype options = text.indexOf(QLatin1Char('\n'));
        printLine(tr("Usage: gatehouse %1 %2").arg(m_name, m_synopsis));
        print(text.mid(options + 1).toStdString());
        return ExitStatus::Done;
    }
    m_positional = m_parser.positionalArguments();
    if (m_positional.size() < fewest || m_positional.size() > most)
        return reportUsage(m_name, tr("expected %1; see gatehouse %2 --help").arg(m_synopsis, m_name));
    return std::nullopt;
}

std::optional<std::string> Arguments::value(const QString& option) const
{
    if (!m_parser.isSet(option))
        return std::nullopt;
    return m_parser.value(option).toStdString();
}

} // namespace gatehouse::cli
