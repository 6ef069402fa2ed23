// Pictures of every view of a project, for the README and for looking: `gatehouse-workbench --shot FOLDER PROJECT`; and of a tour
// from the welcome page to a run that is proven: `gatehouse-workbench --shot FOLDER --tour PROJECT`. GUI thread.
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

// Makes the sample project in the folder, which must not exist yet, through the welcome page; builds its workflow anew on the canvas
// with the window's own commands, runs it, approves, reads the diff, verifies. A step that does not come to its end is an error: no
// picture shows what did not happen. Changes the project only.
[[nodiscard]] Result<ShotResult> takeTour(MainWindow& window, widgets::Themer& themer, const std::string& project,
                                          const std::string& folder);

} // namespace gatehouse::workbench
