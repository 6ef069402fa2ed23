// Where keys come from: "env:NAME" and "file:PATH". A key is read once; an environment variable is then overwritten
// and removed, so that neither a child process nor /proc/…/environ shows it, and this object remembers the key for the
// next client. Owned by the program, one per process; read before other threads use the environment. Not thread-safe.
#pragma once

#include "core/foundation/result.h"
#include "core/model/secret.h"

#include <map>
#include <string>

namespace gatehouse::model {

class KeyRing {
public:
    // baseDirectory: what a relative file: path starts at. Errors name the reference, never a byte of the key.
    [[nodiscard]] Result<Secret> read(const std::string& reference, const std::string& baseDirectory = {});

private:
    std::map<std::string, Secret> m_fromEnvironment;
};

} // namespace gatehouse::model
