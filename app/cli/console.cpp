#include "app/cli/console.h"

#include "core/base/utf8.h"

#include <QCoreApplication>

#include <nlohmann/json.hpp>

#include <cstdio>
#include <unistd.h>

namespace gatehouse::cli {

static bool isUnsafe(char32_t c)
{
    const bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);
    const bool bidi = c == 0x061c || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f);
    const bool invisible = c == 0x00ad || c == 0x2028 || c == 0x2029 || c == 0xfeff || (c >= 0xe0000 && c <= 0xe007f);
    return control || bidi || invisible;
}

std::string terminalSafe(std::string_view text, LineBreaks breaks)
{
    std::string out;
    char escape[16];
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = codePointAt(text, at);
        const std::string_view bytes = text.substr(at, point.length);
        const bool keep = breaks == LineBreaks::Keep && (point.value == U'\n' || point.value == U'\t');
        if (point.valid && (keep || !isUnsafe(point.value))) {
            out += bytes;
        } else if (point.valid) {
            std::snprintf(escape, sizeof escape, point.value < 0x100 ? "\\x%02x" : "\\u{%x}", static_cast<unsigned>(point.value));
            out += escape;
        } else {
            for (const char byte : bytes) {
                std::snprintf(escape, sizeof escape, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
                out += escape;
            }
        }
        at += point.length;
    }
    return out;
}

QString translated(const Message& message)
{
    const QString sentence = QCoreApplication::translate("core", message.text.c_str());
    return QString::fromStdString(formatMessage(sentence.toStdString(), message.arguments));
}

ExitStatus reportError(const QString& what, const Error& error)
{
    QString line = what;
    if (!error.where.empty())
        line += QStringLiteral(": ") + QString::fromStdString(error.where);
    line += QStringLiteral(": ") + translated(error.why);
    if (!error.advice.empty())
        line += QStringLiteral("; ") + translated(error.advice);
    tell(QStringLiteral("gatehouse: ") + line);
    return exitStatusOf(error.code);
}

ExitStatus reportUsage(const QString& what, const QString& why)
{
    tell(QStringLiteral("gatehouse: %1: %2").arg(what, why));
    return ExitStatus::Usage;
}

void tell(const QString& line)
{
    const std::string safe = terminalSafe(line.toStdString()) + '\n';
    std::fwrite(safe.data(), 1, safe.size(), stderr);
}

void print(std::string_view text)
{
    std::fwrite(text.data(), 1, text.size(), stdout);
}

void printLine(const QString& line)
{
    print(terminalSafe(line.toStdString()) + '\n');
}

void printJson(const nlohmann::json& value)
{
    // Bytes that are not UTF-8 (path names of a sandbox) become replacement characters: output stays valid JSON.
    print(value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n');
    std::fflush(stdout);
}

bool colours()
{
    return ::isatty(STDERR_FILENO) == 1 && qEnvironmentVariableIsEmpty("NO_COLOR");
}

} // namespace gatehouse::cli
