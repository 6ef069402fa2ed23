// Quick fixes: the edits that certainly mend a problem of a workflow. Pure but for the words. GUI thread.
#pragma once

#include "widgets/authoring/workflowdocument.h"

#include <vector>

namespace gatehouse::widgets {

struct QuickFix {
    QString text; // also the name of the undo step
    WorkflowDocument::Change change;
};

// None while the text can't be parsed, or when the problem's place holds something else by now.
[[nodiscard]] std::vector<QuickFix> quickFixes(const WorkflowDocument& document, const Problem& problem);

} // namespace gatehouse::widgets
