#include "widgets/diff/patchnames.h"

#include <QCoreApplication>

#include <optional>

#include "widgets/diff/patch.h"
#include "widgets/text/markedtext.h"

namespace gatehouse::widgets {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Diff)
};

std::optional<char> plainEscape(char letter)
{
    constexpr std::string_view letters = "abtnvfr\"\\";
    constexpr std::string_view meanings = "\a\b\t\n\v\f\r\"\\";
    const std::size_t at = letters.find(letter);
    return at == std::string_view::npos ? std::nullopt : std::optional(meanings[at]);
}

bool isOctal(char c)
{
    return c >= '0' && c <= '7';
}

std::string_view withoutSide(std::string_view name)
{
    if (name.starts_with("a/") || name.starts_with("b/"))
        name.remove_prefix(2);
    return name;
}

bool isExecutable(int mode)
{
    return (mode & 0111) != 0;
}

QString modeWords(const PatchFile& file)
{
    if (file.oldMode == 0 || file.newMode == 0 || file.oldMode == file.newMode)
        return (file.newMode & 0170000) == 0120000 ? Text::tr("symbolic link") : QString();
    if ((file.oldMode & 0170000) == (file.newMode & 0170000) && isExecutable(file.oldMode) != isExecutable(file.newMode))
        return isExecutable(file.newMode) ? Text::tr("now executable") : Text::tr("no longer executable");
    return Text::tr("mode %1 is now %2").arg(QString::number(file.oldMode, 8), QString::number(file.newMode, 8));
}

} // namespace

std::string unquotedName(std::string_view text)
{
    if (text.size() < 2 || !text.starts_with('"') || !text.ends_with('"'))
        return std::string(text);
    std::string name;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        if (text[i] != '\\') {
            name += text[i];
            continue;
        }
        if (const auto meant = plainEscape(text[++i]); meant && i + 1 < text.size()) {
            name += *meant;
        } else if (i + 3 < text.size() && isOctal(text[i]) && isOctal(text[i + 1]) && isOctal(text[i + 2])) {
            name += static_cast<char>((text[i] - '0') * 64 + (text[i + 1] - '0') * 8 + (text[i + 2] - '0'));
            i += 2;
        } else {
            return std::string(text);
        }
    }
    return name;
}

std::string nameOfSideLine(std::string_view text)
{
    if (!text.starts_with('"'))
        text = text.substr(0, text.find('\t')); // git ends a name with blanks in it by a tab; diff -u puts a date there
    const std::string name = unquotedName(text);
    return std::string(withoutSide(name));
}

// "a/x b/x": the second half.
QString namesOfGitLine(std::string_view text)
{
    if (const std::size_t quoted = text.rfind(" \"b/"); text.ends_with('"') && quoted != std::string_view::npos)
        return shown(withoutSide(unquotedName(text.substr(quoted + 1))));
    // The names are the same, but for a rename, which says so in lines of its own: a name with " b/" in it is no riddle.
    if (const std::size_t half = text.size() / 2; text.size() % 2 == 1 && text[half] == ' ' && text.size() > 4) {
        const std::string_view a = text.substr(0, half);
        const std::string_view b = text.substr(half + 1);
        if (a.starts_with("a/") && b.starts_with("b/") && a.substr(2) == b.substr(2))
            return shown(b.substr(2));
    }
    const std::size_t middle = text.rfind(" b/");
    return shown(middle == std::string_view::npos ? text : text.substr(middle + 3));
}

QStringList fileWords(const PatchFile& file)
{
    QStringList words;
    switch (file.change) {
    case FileChange::Modified:
        break;
    case FileChange::Added:
        words << (isExecutable(file.newMode) ? Text::tr("new, executable") : Text::tr("new"));
        break;
    case FileChange::Deleted:
        words << Text::tr("deleted");
        break;
    case FileChange::Renamed:
        words << Text::tr("renamed from %1").arg(file.oldName);
        break;
    case FileChange::Copied:
        words << Text::tr("copied from %1").arg(file.oldName);
        break;
    }
    if (file.similarity >= 0 && file.similarity < 100)
        words << Text::tr("%1 % alike").arg(file.similarity);
    if (const QString mode = modeWords(file); !mode.isEmpty())
        words << mode;
    if (file.content == FileContent::Binary)
        words << Text::tr("binary");
    return words;
}

} // namespace gatehouse::widgets
