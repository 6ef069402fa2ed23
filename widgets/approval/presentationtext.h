// A presentation's parts as lines and words for the widgets. Pure; any thread. Nothing is left out and nothing is shortened.
#pragma once

#include "core/approval/presentation.h"
#include "widgets/diff/patch.h"
#include "widgets/models/runrow.h"
#include "widgets/text/codeview.h"

#include <QString>

#include <vector>

namespace gatehouse::widgets {

// Every line of every block, in order: what runs, whole.
[[nodiscard]] std::vector<CodeLine> payloadLines(const approval::Presentation& presentation);
// The whole change of each file, for the diff view.
[[nodiscard]] Patch presentationDiff(const approval::Presentation& presentation);
[[nodiscard]] ApprovalText approvalText(const approval::Presentation& presentation);
// The first of that kind, as it is shown; empty: there is none.
[[nodiscard]] QString rowValue(const approval::Presentation& presentation, approval::RowKind kind);
// Translated: "Why you are asked", "Where it runs", …
[[nodiscard]] QString rowLabel(approval::RowKind kind);
[[nodiscard]] QString translated(const Message& message);

} // namespace gatehouse::widgets
