// Built when KSyntaxHighlighting was not found: every word is plain.
#include "widgets/text/syntax.h"

namespace gatehouse::widgets {

SyntaxResult highlight(const SyntaxRun& run)
{
    return SyntaxResult(static_cast<std::size_t>(run.lines.size()));
}

QString syntaxEngineName()
{
    return {};
}

} // namespace gatehouse::widgets
