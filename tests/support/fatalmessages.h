// A message handler that fails the running test on any warning it did not announce with QTest::ignoreMessage.
#pragma once

namespace gatehouse::test {

// Installed by the mains of testmain.h before the test object is made.
void failOnUnexpectedMessages();

} // namespace gatehouse::test
