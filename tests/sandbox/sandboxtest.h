// The main of sandbox tests: started by root, every case runs twice, first as a plain user, then as root; else once.
//
// The plain run is a forked child that has become uid 65534 for good, with copies of the programs in a private folder of its own:
// the checkout may lie where that user can't look.
#pragma once

#include "core/execution/sandbox.h"
#include "sandbox/backends/localbackend.h"
#include "tests/support/testmain.h"

#include <memory>
#include <string>
#include <vector>

namespace gatehouse::test {

// "root" or "plain".
[[nodiscard]] std::string roleName();
[[nodiscard]] std::string workerProgram();
[[nodiscard]] std::string hostCaseProgram();
// Of cases/hostilecase.cpp: a folder to be presented as the sandbox's tools.
[[nodiscard]] std::string hostileTools(const std::string& folder);
// Runs body once or twice, as described; gives its worst status.
int runInRoles(int argc, char** argv, int (*body)(int, char**));

// A backend with our worker, and sandboxes of modest limits.
[[nodiscard]] std::unique_ptr<backends::LocalBackend> makeBackend();
[[nodiscard]] execution::SandboxSpec smallSpec(const std::string& workspace = {});
[[nodiscard]] execution::ExecRequest shell(const std::string& script);

} // namespace gatehouse::test

#define GATEHOUSE_SANDBOX_TEST_MAIN(TestClass)                                                                                             \
    static int runTests(int argc, char** argv)                                                                                             \
    {                                                                                                                                      \
        QCoreApplication app(argc, argv);                                                                                                  \
        TestClass test;                                                                                                                    \
        QTEST_SET_MAIN_SOURCE_PATH                                                                                                         \
        return QTest::qExec(&test, argc, argv);                                                                                            \
    }                                                                                                                                      \
    int main(int argc, char** argv)                                                                                                        \
    {                                                                                                                                      \
        gatehouse::test::failOnUnexpectedMessages();                                                                                       \
        return gatehouse::test::runInRoles(argc, argv, runTests);                                                                          \
    }
