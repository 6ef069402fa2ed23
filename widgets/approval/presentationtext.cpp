#include "widgets/approval/presentationtext.h"

#include <QCoreApplication>

namespace gatehouse::widgets {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(PresentationText)
};

using approval::Block;
using approval::BlockKind;

QString blockLabel(const Block& block)
{
    switch (block.kind) {
    case BlockKind::Argument:
        return Text::tr("argument %1").arg(block.index);
    case BlockKind::Directory:
        return Text::tr("folder");
    case BlockKind::Variable:
        return Text::tr("variable");
    case BlockKind::Input:
        return Text::tr("input");
    case BlockKind::File:
        return Text::tr("file");
    case BlockKind::Timeout:
        return Text::tr("time limit");
    case BlockKind::Path:
        return Text::tr("path");
    case BlockKind::Mode:
        return Text::tr("mode");
    case BlockKind::Expected:
        return Text::tr("replaces");
    case BlockKind::Content:
        return Text::tr("content");
    }
    return {};
}

CodeLine line(const QString& label, MarkedText text)
{
    CodeLine made;
    made.label = label;
    made.text = std::move(text);
    return made;
}

} // namespace

std::vector<CodeLine> payloadLines(const approval::Presentation& presentation)
{
    std::vector<CodeLine> lines;
    for (const Block& block : presentation.payload) {
        QString label = blockLabel(block);
        if (!block.name.empty()) {
            lines.push_back(line(label, markedText(block.name, Tabs::Mark)));
            label.clear();
        }
        if (block.absent) {
            lines.push_back(line(label, {Text::tr("removed"), {}}));
            lines.back().tone = LineTone::Note;
            continue;
        }
        if (block.lines.empty())
            lines.push_back(line(label, {}));
        for (const approval::Spans& spans : block.lines) {
            lines.push_back(line(label, markedText(spans)));
            label.clear();
        }
    }
    return lines;
}

Patch presentationDiff(const approval::Presentation& presentation)
{
    std::vector<FileSides> files;
    for (const approval::EditView& edit : presentation.edits) {
        FileSides sides;
        sides.path = approval::plain(edit.path);
        const auto bytes = [](const std::optional<Block>& block) -> std::optional<std::string> {
            if (!block || block->absent)
                return std::nullopt;
            auto decoded = approval::blockBytes(*block);
            return decoded ? *std::move(decoded) : std::string();
        };
        sides.before = bytes(edit.before);
        sides.after = bytes(edit.after);
        files.push_back(std::move(sides));
    }
    return diffSides(files);
}

ApprovalText approvalText(const approval::Presentation& presentation)
{
    ApprovalText made;
    made.payload = payloadLines(presentation);
    if (presentation.edits.empty())
        return made;
    Patch patch = presentationDiff(presentation);
    made.diff = diffText(patch);
    made.changes = makeDiffDocument(std::move(patch));
    return made;
}

QString rowValue(const approval::Presentation& presentation, approval::RowKind kind)
{
    for (const approval::Row& row : presentation.rows)
        if (row.kind == kind)
            return bounded(QString::fromStdString(approval::plain(row.value)));
    return {};
}

QString rowLabel(approval::RowKind kind)
{
    using approval::RowKind;
    switch (kind) {
    case RowKind::Agent:
        return Text::tr("Agent");
    case RowKind::Requester:
        return Text::tr("Started by");
    case RowKind::Run:
        return Text::tr("Run");
    case RowKind::Class:
        return Text::tr("Class");
    case RowKind::Sandbox:
        return Text::tr("Where it runs");
    case RowKind::Network:
        return Text::tr("Network");
    case RowKind::Rule:
        return Text::tr("Why you are asked");
    case RowKind::Reason:
        return Text::tr("Reason of the rule");
    case RowKind::Effects:
        return Text::tr("Effect");
    case RowKind::Reversible:
        return Text::tr("Reversible");
    case RowKind::Quorum:
        return Text::tr("Who decides");
    case RowKind::Expires:
        return Text::tr("Expires");
    case RowKind::ReasonRequired:
        return Text::tr("Your reason");
    }
    return {};
}

QString translated(const Message& message)
{
    const std::string sentence = QCoreApplication::translate("core", message.text.c_str()).toStdString();
    return QString::fromStdString(formatMessage(sentence, message.arguments));
}

} // namespace gatehouse::widgets
