// gatehouse-worker: one static program, two roles. Nothing is ever passed in argv but the role: a sandbox can read it.
#include <cstdio>
#include <cstring>

#include "sandbox/worker/launcher.h"

int main(int argc, char** argv)
{
    if (argc == 2 && std::strcmp(argv[1], "--launcher") == 0)
        return gatehouse::worker::runLauncher();
    std::fputs("gatehouse-worker is started by gatehouse; it has no use of its own.\n", stderr);
    return 2;
}
