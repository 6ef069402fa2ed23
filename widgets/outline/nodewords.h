// How nodes of a workflow are called and drawn in lists and forms: words, glyphs, and where a new one is put. GUI thread.
#pragma once

#include <QColor>
#include <QRectF>
#include <QString>

#include "widgets/authoring/workflowdocument.h"

class QPainter;

namespace gatehouse::widgets {

// "Agent", "Tool", "MCP server", "Capability", "Data".
[[nodiscard]] QString kindName(authoring::NodeKind kind);
// Safe to show, in one line.
[[nodiscard]] QString nodeName(const authoring::NodeId& node);
// An error as a sentence for people, without its place.
[[nodiscard]] QString reasonOf(const Error& error);
// A ring with a dot for an agent (the entry agent's is filled), a prompt, a plug, a shield, a sheet.
void paintNodeGlyph(QPainter& painter, const QRectF& rect, authoring::NodeKind kind, const QColor& colour, bool entry = false);
// An arrow for what is handed on to.
void paintHandoffGlyph(QPainter& painter, const QRectF& rect, const QColor& colour, Qt::LayoutDirection direction);
// Beneath the last of its kind, on none of the others.
[[nodiscard]] authoring::Place freePlace(const WorkflowDocument& document, authoring::NodeKind kind);

} // namespace gatehouse::widgets
