#include "widgets/forms/fieldkinds.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>
#include <QStringList>

#include "core/base/jsonschema.h"
#include "core/workflow/quantities.h"
#include "widgets/forms/durationwords.h"
#include "widgets/outline/nodewords.h"
#include "widgets/source/shieldedtext.h"
#include "widgets/text/markedtext.h"

#include <set>

namespace gatehouse::widgets {

using authoring::Editor;
using nlohmann::json;

namespace {

struct Fields {
    Q_DECLARE_TR_FUNCTIONS(Fields)
};

QString textOf(const json& value)
{
    return shielded(value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, json::error_handler_t::replace));
}

QString readText(const json* value)
{
    return value && !value->is_null() ? textOf(*value) : QString();
}

bool saysText(const QString& text, const json* value)
{
    return value && value->is_string() ? unshielded(text) == value->get_ref<const std::string&>() : !value && text.isEmpty();
}

Result<void> writeText(Editor& editor, const std::string& pointer, const QString& text, Presence presence)
{
    if (text.isEmpty() && presence == Presence::Optional)
        return editor.remove(pointer);
    return editor.set(pointer, unshielded(text));
}

// As people group digits: in threes.
QString grouped(std::uint64_t count)
{
    QString out = QString::number(count);
    const QLocale locale;
    if (!(locale.numberOptions() & QLocale::OmitGroupSeparator))
        for (qsizetype at = out.size() - 3; at > 0; at -= 3)
            out.insert(at, locale.groupSeparator());
    return out;
}

// "1.5" and "200,00" are no counts, wherever a point or a comma separates thousands.
std::optional<std::uint64_t> countOf(const QString& text)
{
    static const QRegularExpression inThrees(QStringLiteral("^[0-9]{1,3}(?:([^0-9])[0-9]{3})(?:\\1[0-9]{3})*$"));
    QString digits = text.trimmed();
    const QString separator = inThrees.match(digits).captured(1);
    if (!separator.isEmpty() && (separator == QLocale().groupSeparator() || QStringLiteral(" '\u00a0\u202f").contains(separator)))
        digits.remove(separator);
    static const QRegularExpression plain(QStringLiteral("^[0-9]{1,20}$"));
    bool fine = false;
    const qulonglong value = digits.toULongLong(&fine);
    return fine && plain.match(digits).hasMatch() ? std::optional<std::uint64_t>(value) : std::nullopt;
}

json linesOf(const QString& text)
{
    json out = json::array();
    if (text.isEmpty())
        return out;
    for (const QString& line : text.split(u'\n'))
        out.push_back(unshielded(line));
    return out;
}

// A line break inside a word would look like two words.
constexpr char16_t breakMark = 0x21B5;

QString readLines(const json* value)
{
    if (!value || !value->is_array())
        return readText(value);
    QStringList lines;
    for (const json& line : *value)
        lines << textOf(line).replace(u'\n', QChar(breakMark));
    return lines.join(u'\n');
}

bool holdsBreaks(const json* value)
{
    return value && value->is_array() && std::ranges::any_of(*value, [](const json& line) {
               return !line.is_string() || line.get_ref<const std::string&>().find('\n') != std::string::npos;
           });
}

json parsed(const QString& text)
{
    return json::parse(unshielded(text), nullptr, false);
}

QString schemaFault(const json& value)
{
    const auto compiled = JsonSchema::compile(value, "parameters");
    if (!compiled)
        return Fields::tr("This is no JSON Schema: %1").arg(reasonOf(compiled.error()));
    const auto type = value.find("type");
    if (type != value.end() && *type != "object")
        return Fields::tr("The parameters of a tool are an object: \"type\": \"object\"");
    return {};
}

QString jsonFault(const QString& text, JsonUse use)
{
    const auto document = JsonDocument::parse(unshielded(text), std::string());
    if (!document) {
        const QString where = shown(document.error().where).section(u':', 1);
        return where.isEmpty() ? reasonOf(document.error()) : Fields::tr("%1, at %2").arg(reasonOf(document.error()), where);
    }
    if (!document->value().is_object())
        return Fields::tr("An object in braces { } belongs here");
    return use == JsonUse::ParametersSchema ? schemaFault(document->value()) : QString();
}

struct Variable {
    std::string name;
    std::string value;
};

std::vector<Variable> variablesOf(const QString& text)
{
    std::vector<Variable> out;
    for (const QString& line : text.split(u'\n', Qt::SkipEmptyParts)) {
        const qsizetype equals = line.indexOf(u'=');
        out.push_back({unshielded(line.left(equals).trimmed()), equals < 0 ? std::string() : unshielded(line.mid(equals + 1))});
    }
    return out;
}

const json* valueOfVariable(const json& variable)
{
    if (!variable.is_object())
        return &variable;
    const auto value = variable.find("value");
    return value == variable.end() ? nullptr : &*value;
}

QString environmentFault(const QString& text)
{
    static const QRegularExpression name(QStringLiteral("^\\s*[A-Za-z_][A-Za-z0-9_]*\\s*$"));
    std::set<std::string> seen;
    for (const QString& line : text.split(u'\n', Qt::SkipEmptyParts)) {
        if (!line.contains(u'='))
            return Fields::tr("“%1” is no variable: NAME=value").arg(bounded(line.left(80)));
        const QString left = line.section(u'=', 0, 0);
        if (!name.match(left).hasMatch())
            return Fields::tr("“%1” is no name of a variable: letters, digits and _, no digit first").arg(bounded(left.left(80)));
        if (!seen.insert(unshielded(left.trimmed())).second)
            return Fields::tr("%1 is there twice").arg(left.trimmed());
    }
    return {};
}

// The value of the variable that stands there.
std::string variableAt(const JsonDocument& document, const std::string& pointer)
{
    const std::string inner = pointer + "/value";
    const auto range = document.range(document.contains(inner) ? inner : pointer);
    const json value = json::parse(document.text().substr(range->begin, range->end - range->begin), nullptr, false);
    return value.is_string() ? value.get<std::string>() : std::string();
}

Result<void> writeEnvironment(Editor& editor, const std::string& pointer, const QString& text)
{
    const std::vector<Variable> variables = variablesOf(text);
    std::set<std::string> gone;
    for (const std::string& name : editor.document().keys(pointer))
        if (std::ranges::find(variables, name, &Variable::name) == variables.end())
            gone.insert(childPointer(pointer, std::string_view(name)));
    std::vector<Variable> added;
    for (const Variable& variable : variables)
        if (!editor.document().contains(childPointer(pointer, std::string_view(variable.name))))
            added.push_back(variable);
    // The same value under another name stays where it is, with what else is said of it.
    if (gone.size() == 1 && added.size() == 1 && variableAt(editor.document(), *gone.begin()) == added.front().value)
        GH_TRY(editor.rename(*gone.begin(), added.front().name));
    else
        GH_TRY(editor.removeAll(gone));
    for (const Variable& variable : variables) {
        std::string place = childPointer(pointer, std::string_view(variable.name));
        if (editor.document().contains(place + "/value"))
            place += "/value";
        GH_TRY(editor.set(place, variable.value));
    }
    return {};
}

// Text may hold line ends that the field shows otherwise, so equality is asked of what would be written.
QString readEnvironment(const json* value)
{
    QStringList lines;
    if (!value || !value->is_object())
        return {};
    for (const auto& [name, variable] : value->items()) {
        const json* text = valueOfVariable(variable);
        lines << shielded(name) + u'=' + (text ? textOf(*text).replace(u'\n', QChar(breakMark)) : QString());
    }
    return lines.join(u'\n');
}

bool saysEnvironment(const QString& text, const json* value)
{
    const std::vector<Variable> variables = variablesOf(text);
    if (!value || !value->is_object())
        return variables.empty();
    return variables.size() == value->size() && std::ranges::all_of(variables, [value](const Variable& variable) {
               const auto found = value->find(variable.name);
               const json* there = found == value->end() ? nullptr : valueOfVariable(*found);
               return there && *there == variable.value;
           });
}

} // namespace

FieldKind textKind(Presence presence)
{
    return {
        readText, [](const QString&) { return QString(); },
        [presence](Editor& editor, const std::string& pointer, const QString& text) { return writeText(editor, pointer, text, presence); },
        saysText};
}

FieldKind countKind(std::uint64_t least, std::uint64_t most)
{
    const auto fault = [least, most](const QString& text) {
        if (text.trimmed().isEmpty())
            return QString();
        const auto value = countOf(text);
        if (!value)
            return Fields::tr("A whole number belongs here");
        if (*value < least || *value > most)
            return Fields::tr("It is %1 to %2").arg(QLocale().toString(qulonglong(least)), QLocale().toString(qulonglong(most)));
        return QString();
    };
    const auto write = [](Editor& editor, const std::string& pointer, const QString& text) {
        const auto value = countOf(text);
        return value ? editor.set(pointer, *value) : editor.remove(pointer);
    };
    const auto says = [](const QString& text, const json* value) {
        const auto count = countOf(text);
        return count ? value && value->is_number() && *value == *count : !value && text.trimmed().isEmpty();
    };
    const auto read = [](const json* value) {
        return value && value->is_number_unsigned() ? grouped(value->get<std::uint64_t>()) : readText(value);
    };
    return {read, fault, write, says};
}

FieldKind durationKind()
{
    const auto read = [](const json* value) {
        return value && value->is_string() ? durationWords(value->get_ref<const std::string&>()) : readText(value);
    };
    const auto fault = [](const QString& text) {
        return text.trimmed().isEmpty() || durationOf(text) ? QString() : Fields::tr("Write a time as 30 s, 10 min or 1 h 30 min");
    };
    const auto write = [](Editor& editor, const std::string& pointer, const QString& text) {
        const auto duration = durationOf(text);
        return duration ? editor.set(pointer, *duration) : editor.remove(pointer);
    };
    // PT90M is 1 h 30 min: looked at and left, it stays as its author spelled it.
    const auto says = [](const QString& text, const json* value) {
        const auto duration = durationOf(text);
        if (!duration || !value || !value->is_string())
            return saysText(text.trimmed(), value); // also what is none, as it stands
        const auto there = workflow::parseDuration(value->get_ref<const std::string&>());
        return there && *there == *workflow::parseDuration(*duration);
    };
    return {read, fault, write, says};
}

FieldKind moneyKind()
{
    FieldKind kind = textKind();
    kind.fault = [](const QString& text) {
        if (text.trimmed().isEmpty())
            return QString();
        const auto value = workflow::parseMoney(unshielded(text.trimmed()));
        return value ? QString() : reasonOf(value.error());
    };
    kind.write = [](Editor& editor, const std::string& pointer, const QString& text) {
        return writeText(editor, pointer, text.trimmed(), Presence::Optional);
    };
    kind.says = [](const QString& text, const json* value) { return saysText(text.trimmed(), value); };
    return kind;
}

FieldKind linesKind(LineUse use)
{
    const auto fault = [use](const QString& text) {
        if (use == LineUse::Command && (text.isEmpty() || text.startsWith(u'\n')))
            return Fields::tr("A command begins with its program");
        if (text.contains(QChar(breakMark)))
            return Fields::tr("A word with a line break can be changed in the source only");
        if (use == LineUse::Words && text.split(u'\n').contains(QString()) && !text.isEmpty())
            return Fields::tr("A line is empty");
        return QString();
    };
    const auto write = [use](Editor& editor, const std::string& pointer, const QString& text) {
        if (text.isEmpty() && use == LineUse::Words)
            return editor.remove(pointer);
        return editor.set(pointer, linesOf(text));
    };
    const auto says = [](const QString& text, const json* value) {
        return value ? !holdsBreaks(value) && linesOf(text) == *value : text.isEmpty();
    };
    return {readLines, fault, write, says};
}

FieldKind jsonKind(JsonUse use)
{
    const auto read = [](const json* value) {
        return value ? shielded(value->dump(2, ' ', false, json::error_handler_t::replace)) : QString();
    };
    const auto write = [](Editor& editor, const std::string& pointer, const QString& text) {
        return writeDifference(editor, pointer, parsed(text));
    };
    const auto says = [](const QString& text, const json* value) { return value ? parsed(text) == *value : text.isEmpty(); };
    return {read, [use](const QString& text) { return jsonFault(text, use); }, write, says};
}

FieldKind environmentKind()
{
    const auto fault = [](const QString& text) {
        return text.contains(QChar(breakMark)) ? Fields::tr("A value with a line break can be changed in the source only")
                                               : environmentFault(text);
    };
    return {readEnvironment, fault, writeEnvironment, saysEnvironment};
}

Result<void> writeDifference(Editor& editor, const std::string& pointer, const json& value)
{
    const auto range = editor.document().range(pointer);
    if (!range)
        return editor.set(pointer, value);
    const std::string text = editor.document().text().substr(range->begin, range->end - range->begin);
    const json before = json::parse(text, nullptr, false);
    if (before == value)
        return {};
    if (!before.is_object() || !value.is_object())
        return editor.set(pointer, value);
    for (const auto& [key, member] : before.items()) {
        if (!value.contains(key))
            GH_TRY(editor.remove(childPointer(pointer, std::string_view(key))));
    }
    for (const auto& [key, member] : value.items())
        GH_TRY(writeDifference(editor, childPointer(pointer, std::string_view(key)), member));
    return {};
}

} // namespace gatehouse::widgets
