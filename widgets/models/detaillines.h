// A row's payloads as the lines that the detail pane shows. Pure; any thread; the reader makes them off the GUI thread.
#pragma once

#include "widgets/models/runrow.h"

namespace gatehouse::widgets {

[[nodiscard]] DetailLines detailLines(const RowDetail& detail);

} // namespace gatehouse::widgets
