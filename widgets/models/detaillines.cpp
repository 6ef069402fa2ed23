#include "widgets/models/detaillines.h"

#include <QCoreApplication>

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

// JSON is laid out for reading; what is not JSON, or not UTF-8 within, is shown as it is.
std::string indented(const std::string& text)
{
    const auto parsed = nlohmann::json::parse(text, nullptr, false);
    return parsed.is_discarded() ? text : parsed.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
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
    append(made.arguments, {}, indented(detail.arguments));
    for (const std::string& line : detail.records)
        append(made.records, recordHeading(line), indented(line));
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
