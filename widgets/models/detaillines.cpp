#include "widgets/models/detaillines.h"

#include <QCoreApplication>

#include "widgets/text/jsonwords.h"

namespace gatehouse::widgets {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(DetailLines)
};

void append(std::vector<CodeLine>& lines, const QString& heading, std::string_view bytes)
{
    if (bytes.empty())
        return;
    if (!heading.isEmpty()) {
        CodeLine head;
        head.text.text = heading;
        head.tone = LineTone::Heading;
        lines.push_back(std::move(head));
    }
    for (MarkedText& text : markedLines(bytes)) {
        CodeLine line;
        line.text = std::move(text);
        lines.push_back(std::move(line));
    }
}

// JSON is laid out and coloured for reading; what is not JSON, or not UTF-8 within, is shown as it is.
void appendJson(std::vector<CodeLine>& lines, const QString& heading, const std::string& bytes)
{
    const auto parsed = nlohmann::json::parse(bytes, nullptr, false);
    if (parsed.is_discarded())
        return append(lines, heading, bytes);
    const std::size_t before = lines.size();
    append(lines, heading, parsed.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    for (std::size_t i = before; i < lines.size(); ++i)
        if (lines[i].tone != LineTone::Heading)
            lines[i].syntax = jsonWords(lines[i].text.text);
}

QString recordHeading(const std::string& line)
{
    const auto record = nlohmann::json::parse(line, nullptr, false);
    const auto seq = record.is_object() ? record.find("seq") : record.end();
    return seq != record.end() && seq->is_number_unsigned() ? Text::tr("record %1").arg(seq->get<std::uint64_t>()) : Text::tr("record");
}

} // namespace

DetailLines detailLines(const RowDetail& detail)
{
    DetailLines made;
    appendJson(made.arguments, {}, detail.arguments);
    for (const std::string& line : detail.records)
        appendJson(made.records, recordHeading(line), line);
    if (detail.outputRecords > 0)
        append(made.records, Text::tr("%n more records with output, which is shown under Output", nullptr, int(detail.outputRecords)), " ");
    for (const std::string& problem : detail.problems)
        append(made.records, Text::tr("could not be read"), problem);
    if (detail.cut)
        append(made.records, Text::tr("Only the first part is shown here; the journal has all of it."), " ");
    if (!detail.patch.empty())
        made.changes = makeDiffDocument(detail.patch);
    return made;
}

} // namespace gatehouse::widgets
