#include "core/policy/pathpattern.h"
#include "tests/support/testmain.h"

using namespace gatehouse::policy;

class TestPathPattern : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void globs_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("expected");
        const auto row = [](const char* pattern, const char* path, bool expected) {
            QTest::addRow("%s on %s", pattern, path) << QByteArray(pattern) << QByteArray(path) << expected;
        };
        row("src/*.cpp", "src/a.cpp", true);
        row("src/*.cpp", "src/sub/a.cpp", false);
        row("src/**", "src/a/b/c", true);
        row("src/**", "src", true);
        row("src/**", "source/a", false);
        row("**/secret", "secret", true);
        row("**/secret", "a/b/secret", true);
        row("**/secret", "a/b/secrets", false);
        row("a/**/z", "a/z", true);
        row("a/**/z", "a/b/c/z", true);
        row("a/**/z", "a/b/c/y", false);
        row("?.txt", "é.txt", true);
        row("?.txt", "ab.txt", false);
        row("[a-c]x", "bx", true);
        row("[!a-c]x", "bx", false);
        row("[!a-c]x", "dx", true);
        row("a\\*b", "a*b", true);
        row("a\\*b", "axb", false);
        row("*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false);
        row("/etc/**", "/etc/passwd", true);
        row("/etc/**", "etc/passwd", false);
        row("**", "", true);
    }

    void globs()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, path);
        QFETCH(bool, expected);
        QVERIFY(isGlob(pattern.toStdString()));
        QCOMPARE(globMatches(pattern.toStdString(), path.toStdString()), expected);
    }

    void patternsThatAreNone()
    {
        for (const char* bad : {"", "a[b", "a\\", "a**", "**b/c", "x/***"})
            QVERIFY2(!isGlob(bad), bad);
    }

    void pathsHaveOneSpelling()
    {
        QCOMPARE(normalPath("a/./b//c/../d"), std::optional<std::string>("a/b/d"));
        QCOMPARE(normalPath("/../etc"), std::optional<std::string>("/etc"));
        QVERIFY(!normalPath("../a"));
        QVERIFY(!normalPath("a/../../b"));
        QVERIFY(!normalPath(std::string_view("a\0b", 3)));
    }

    void hosts_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<bool>("expected");
        const auto row = [](const char* pattern, const char* host, bool expected) {
            QTest::addRow("%s on %s", pattern, host) << QByteArray(pattern) << QByteArray(host) << expected;
        };
        row("api.example.com", "api.example.com", true);
        row("api.example.com", "API.Example.COM.", true);
        row("*.example.com", "api.example.com", true);
        row("*.example.com", "a.b.example.com", true);
        row("*.example.com", "example.com", false);
        row("*.example.com", "badexample.com", false);
        row("example.com", "example.com.evil.net", false);
        row("bücher.example", "xn--bcher-kva.example", true);
        row("*.0.0.1", "127.0.0.1", false);
        row("127.0.0.1", "127.0.0.1", true);
        row("::1", "[::1]", true);
    }

    void hosts()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, host);
        QFETCH(bool, expected);
        QVERIFY(isHostPattern(pattern.toStdString()));
        QCOMPARE(hostMatches(pattern.toStdString(), host.toStdString()), expected);
    }

    void networks()
    {
        const auto ten = parseNetwork("10.0.0.0/8");
        QVERIFY(ten);
        QCOMPARE(networkHolds(*ten, "10.255.0.1"), std::optional(true));
        QCOMPARE(networkHolds(*ten, "11.0.0.1"), std::optional(false));
        QCOMPARE(networkHolds(*ten, "::ffff:10.1.2.3"), std::optional(true));
        QVERIFY(!networkHolds(*ten, "ten.example.com"));
        QVERIFY(!networkHolds(*ten, "0x0a.1"));
        const auto six = parseNetwork("fd00::/8");
        QCOMPARE(networkHolds(*six, "fd12::1"), std::optional(true));
        QCOMPARE(networkHolds(*six, "10.0.0.1"), std::optional(false));
        for (const char* bad : {"10.0.0.1/8", "10.0.0.0/33", "x/8", "10.0.0.0/", "fd00::/129", ""})
            QVERIFY2(!parseNetwork(bad), bad);
    }
};

GATEHOUSE_TEST_MAIN(TestPathPattern)
#include "tst_pathpattern.moc"
