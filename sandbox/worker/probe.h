// Trying each layer from inside a session, hardened as any command: prints "name value" lines to standard output.
// The host compares them with the same attempts made outside (its positive controls). Parsed nowhere else.
#pragma once

namespace gatehouse::worker {

void probeFromInside();

} // namespace gatehouse::worker
