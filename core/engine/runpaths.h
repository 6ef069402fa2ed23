// Where runs live, and what their first record says. Any thread.
#pragma once

#include "core/base/ids.h"
#include "core/engine/recorder.h"
#include "core/engine/runplan.h"
#include "core/foundation/result.h"
#include "core/journal/reader.h"
#include "core/workspace/knownstate.h"

#include <string>

namespace gatehouse::engine {

// <project>/.gatehouse/runs
[[nodiscard]] std::string runsDirectory(const std::string& project);
// The project of a run's folder.
[[nodiscard]] std::string projectOf(const std::string& runDirectory);
// The folder of a new run; its parents are made, with a .gitignore of their own.
[[nodiscard]] Result<std::string> makeRunParent(const workflow::Project& project, const RunId& run);

// Data of run.opened, but for payloads.
[[nodiscard]] nlohmann::json openingData(const RunPlan& plan);
// And back: what a resumed run was asked for. project: its folder today.
[[nodiscard]] Result<RunRequest> requestOf(const nlohmann::json& opening, journal::Reader& reader, const std::string& project);
// The git entries of a resumed run start from the commits that it first started from, whatever their branches are now.
void pinSources(workflow::Manifest& manifest, const nlohmann::json& receipts);
// SHA-256 over the receipts, so that a workspace made from something else can be told.
[[nodiscard]] Result<std::string> sourcesDigest(const nlohmann::json& receipts);

// Bytes of path versions from a journal; the reader must outlive the source, and be used by one thread.
[[nodiscard]] workspace::BytesSource blobSource(journal::Reader& reader);

} // namespace gatehouse::engine
