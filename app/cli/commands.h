// Every command of the command line; each is a function in the file that its name says.
#pragma once

#include "app/cli/command.h"
#include "app/cli/projectoption.h"
#include "app/services/engineservices.h"

namespace gatehouse::cli {

ExitStatus newCommand(const QStringList& arguments);
ExitStatus validateCommand(const QStringList& arguments);
ExitStatus runCommand(const QStringList& arguments, app::EngineServices& services);
ExitStatus resumeCommand(const QStringList& arguments, app::EngineServices& services);
ExitStatus runsCommand(const QStringList& arguments);
ExitStatus showCommand(const QStringList& arguments);
ExitStatus diffCommand(const QStringList& arguments);
ExitStatus verifyCommand(const QStringList& arguments);
ExitStatus controlCommand(const QStringList& arguments, app::EngineServices& services); // stop, pause, say
ExitStatus approvalsCommand(const QStringList& arguments, app::EngineServices& services);
ExitStatus sandboxCommand(const QStringList& arguments, app::EngineServices& services);
ExitStatus sandboxExec(const QStringList& arguments, app::EngineServices& services);
ExitStatus schemaCommand(const QStringList& arguments);
ExitStatus benchCommand(const QStringList& arguments);
ExitStatus openCommand(const QStringList& arguments);

} // namespace gatehouse::cli
