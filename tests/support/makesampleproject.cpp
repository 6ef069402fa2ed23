// gatehouse-sample-project DIR: a project with runs, for pictures and for looking. Its journals are real, its story is made up.
#include "tests/support/samplejournal.h"

#include <cstdio>

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::fputs("usage: gatehouse-sample-project DIR\n", stderr);
        return 2;
    }
    gatehouse::test::writeSampleProjectWithRuns(argv[1]);
    return 0;
}
