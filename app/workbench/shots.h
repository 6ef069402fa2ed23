// Pictures of every view of a project, for the README and for looking: `gatehouse-workbench --shot DIR`. GUI thread.
#pragma once

#include "core/foundation/result.h"
#include "widgets/style/themer.h"

#include <string>
#include <vector>

namespace gatehouse::workbench {

class MainWindow;

// Writes <folder>/<nn>-<view>-<theme>.png for each view that the project has something to show for; returns their names.
// Views that need a run which is not there are named in missing.
struct ShotResult {
    std::vector<std::string> written;
    std::vector<std::string> missing;
};
[[nodiscard]] Result<ShotResult> takeShots(MainWindow& window, widgets::Themer& themer, const std::string& project,
                                           const std::string& folder, const std::vector<widgets::ThemeChoice>& themes);

} // namespace gatehouse::workbench
