// The one source file that knows KSyntaxHighlighting, of KF5 or KF6.
#include "widgets/text/syntax.h"

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/State>
#include <KSyntaxHighlighting/Theme>

namespace gatehouse::widgets {

namespace {

namespace ks = KSyntaxHighlighting;

// Longer lines are data, not code, and some definitions are slow on them.
constexpr qsizetype longestLine = 2000;

SyntaxKind kindOf(ks::Theme::TextStyle style)
{
    switch (style) {
    case ks::Theme::Keyword:
    case ks::Theme::ControlFlow:
    case ks::Theme::Import:
    case ks::Theme::Preprocessor:
        return SyntaxKind::Keyword;
    case ks::Theme::Function:
    case ks::Theme::BuiltIn:
    case ks::Theme::Extension:
        return SyntaxKind::Function;
    case ks::Theme::DataType:
    case ks::Theme::Attribute:
    case ks::Theme::Annotation:
        return SyntaxKind::Type;
    case ks::Theme::Char:
    case ks::Theme::SpecialChar:
    case ks::Theme::String:
    case ks::Theme::VerbatimString:
    case ks::Theme::SpecialString:
        return SyntaxKind::String;
    case ks::Theme::DecVal:
    case ks::Theme::BaseN:
    case ks::Theme::Float:
    case ks::Theme::Constant:
        return SyntaxKind::Number;
    case ks::Theme::Comment:
    case ks::Theme::Documentation:
    case ks::Theme::CommentVar:
        return SyntaxKind::Comment;
    default:
        return SyntaxKind::Plain;
    }
}

class Collector final : public ks::AbstractHighlighter {
public:
    std::vector<SyntaxSpan> spans(const QString& line)
    {
        m_spans.clear();
        if (line.size() <= longestLine)
            m_state = highlightLine(line, m_state);
        return m_spans;
    }

protected:
    void applyFormat(int offset, int length, const ks::Format& format) override
    {
        if (const SyntaxKind kind = kindOf(format.textStyle()); length > 0 && kind != SyntaxKind::Plain)
            m_spans.push_back({offset, length, kind});
    }

private:
    ks::State m_state;
    std::vector<SyntaxSpan> m_spans;
};

// Only the service's thread comes here (and tests' one), so the repository needs no lock.
ks::Repository& repository()
{
    static ks::Repository definitions;
    return definitions;
}

} // namespace

SyntaxResult highlight(const SyntaxRun& run)
{
    SyntaxResult result(static_cast<std::size_t>(run.lines.size()));
    const ks::Definition definition = repository().definitionForFileName(run.fileName);
    if (!definition.isValid())
        return result;
    Collector collector;
    collector.setDefinition(definition);
    for (qsizetype i = 0; i < run.lines.size(); ++i)
        result[static_cast<std::size_t>(i)] = collector.spans(run.lines.at(i));
    return result;
}

QString syntaxEngineName()
{
    return QStringLiteral("KSyntaxHighlighting " GATEHOUSE_SYNTAX_VERSION);
}

} // namespace gatehouse::widgets
