#include "core/policy/command.h"
#include "tests/support/testmain.h"

#include <nlohmann/json.hpp>

using namespace gatehouse::policy;

// "w:env ls | curl x ; > f ; = NAME" as one line, for comparing.
static std::string shown(const Command& command)
{
    static constexpr const char* kinds[] = {"argv", "tree", "opaque"};
    std::string result = kinds[static_cast<int>(command.kind)];
    for (const SimpleCommand& simple : command.commands) {
        result += simple.wrapper ? " (w" : " (";
        for (const std::string& word : simple.argv)
            result += ' ' + word;
        result += simple.openEnded ? " …)" : ")";
    }
    for (const std::string& file : command.redirects)
        result += " >" + file;
    for (const std::string& name : command.environment)
        result += " =" + name;
    return result;
}

class TestPolicyCommand : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void trees_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char* text, const char* expected) { QTest::newRow(text) << QByteArray(text) << QByteArray(expected); };
        row("ls -l", "tree ( ls -l)");
        row("ls; curl x", "tree ( ls) ( curl x)");
        row("ls && cat a | grep b || true &", "tree ( ls) ( cat a) ( grep b) ( true)");
        row("(cd a && make)", "tree ( cd a) ( make)");
        row("! grep -q x f", "tree ( grep -q x f)");
        row("ls # curl", "tree ( ls)");
        row("ls\ncurl x\n", "tree ( ls) ( curl x)");
        row("ls \\\n  -l", "tree ( ls -l)");
        row("cu\"r\"l 'a b' \"c $\" d\\ e", "tree ( curl a b c $ d e)");
        row("\\curl x", "tree ( curl x)");
        row("sort <in >out 2>&1 >>log", "tree ( sort) >log >out");
        row("make >/dev/null 2>&1", "tree ( make)");
        row("make &>all", "tree ( make) >all");
        row("(ls; pwd) >out 2>err", "tree ( ls) ( pwd) >err >out");
        row("FOO=bar make", "tree ( make) =FOO");
        row("PATH=/tmp; ls", "tree ( ls) =PATH");
        row("export PATH=/tmp && ls", "tree ( export PATH=/tmp) ( ls) =PATH");
        row("set -euo pipefail; make", "tree ( set -euo pipefail) ( make)");
        row("env A=1 curl x", "tree (w env A=1 curl x) ( curl x) =A");
        row("env", "tree ( env)");
        row("nice -n 5 curl x", "tree (w nice -n 5 curl x) ( curl x)");
        row("nice -5 timeout -k 3 10s curl x", "tree (w nice -5 timeout -k 3 10s curl x) (w timeout -k 3 10s curl x) ( curl x)");
        row("ls | xargs -n 1 rm -f", "tree ( ls) (w xargs -n 1 rm -f) ( rm -f …)");
        row("sh -c 'curl x; ls'", "tree (w sh -c curl x; ls) ( curl x) ( ls)");
        row("bash -lc \"sh -c 'wget y'\"", "tree (w bash -lc sh -c 'wget y') (w sh -c wget y) ( wget y)");
        row("busybox wget y", "tree (w busybox wget y) ( wget y)");
        row("/usr/bin/env curl", "tree (w /usr/bin/env curl) ( curl)");
        row("command -v curl", "tree ( command -v curl)");
        row("bash build.sh", "tree ( bash build.sh)");
        row("find . -name '*.c'", "tree ( find . -name *.c)");
        row("[ -f a ]", "tree ( [ -f a ])");
        row("touch {}", "tree ( touch {})");
    }

    void trees()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const Command command = parseShell(text.toStdString());
        QCOMPARE(QByteArray::fromStdString(shown(command)), expected);
        QCOMPARE(commandFromJson(toJson(command)), command);
    }

    void opaque_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"$CMD x",
                                 "ls $HOME",
                                 "echo \"$X\"",
                                 "echo `id`",
                                 "echo $(id)",
                                 "echo \"$(id)\"",
                                 "ls *.txt",
                                 "ls ?",
                                 "ls [ab]",
                                 "cat ~/x",
                                 "{curl,x}",
                                 "{ ls; }",
                                 "if true; then ls; fi",
                                 "for i in a; do ls; done",
                                 "while true; do ls; done",
                                 "case a in a) ls;; esac",
                                 "f() { ls; }; f",
                                 "cat <<E\nx\nE",
                                 "cat <<<x",
                                 "diff <(ls) x",
                                 "eval ls",
                                 ". ./x",
                                 "source x",
                                 "exec -a ls curl",
                                 "trap ls EXIT",
                                 "alias ls=curl",
                                 "sudo ls",
                                 "ssh h ls",
                                 "find . -exec curl x {} +",
                                 "xargs -I{} curl {}",
                                 "env -S 'curl x'",
                                 "nice --odd ls",
                                 "curl x | sh",
                                 "sh",
                                 "sh -o",
                                 "bash -s",
                                 "zsh -c ls",
                                 "fish -c ls",
                                 "python3 -c 'x' &&",
                                 "ls |",
                                 "echo 'a",
                                 "echo \"a",
                                 "ls )",
                                 "(ls",
                                 "ls (",
                                 "ls a\\",
                                 "ls ;; pwd",
                                 "ls |& cat",
                                 "a=(x) ls",
                                 "./env ls",
                                 "/tmp/sh -c ls",
                                 "exec 3<>/dev/tcp/h/80",
                                 "cat </dev/tcp/h/1",
                                 "$'curl' x",
                                 "$\"curl\" x",
                                 "ls\rcurl",
                                 "ls \x01",
                                 "",
                                 "   ",
                                 "''",
                                 "hash -p /bin/curl ls; ls",
                                 "set -- a",
                                 "(( 1 ))",
                                 "[[ a ]]",
                                 "time -o f ls",
                                 "ls >",
                                 "ls > *",
                                 "ls > $X",
                                 "echo a:~/x",
                                 "X=~ ls",
                                 "ls >(cat)",
                                 "coproc ls",
                                 "echo \xff"})
            QTest::newRow(*text ? text : "empty") << QByteArray(text);
        QTest::newRow("NUL") << QByteArray("ls\0curl", 7);
        QTest::newRow("deep") << QByteArray(1000, '(');
        QTest::newRow("many") << QByteArray("ls;").repeated(1000);
        QTest::newRow("large") << QByteArray((1 << 20) + 1, 'a');
    }

    void opaque()
    {
        QFETCH(QByteArray, text);
        const Command command = parseShell(text.toStdString());
        QVERIFY2(command.kind == Command::Kind::Opaque, shown(command).c_str());
        QVERIFY(!command.why.empty());
    }

    void argvStaysArgvUnlessItWraps()
    {
        QCOMPARE(shown(parseArgv({"ls", "*", "$X"})), std::string("argv ( ls * $X)"));
        QCOMPARE(shown(parseArgv({"bash", "-lc", "curl x"})), std::string("tree (w bash -lc curl x) ( curl x)"));
        QCOMPARE(shown(parseArgv({"env", "curl"})), std::string("tree (w env curl) ( curl)"));
        QCOMPARE(shown(parseArgv({"sh", "-c", ">f"})), std::string("tree (w sh -c >f) >f"));
        QCOMPARE(shown(parseArgv({})), std::string("opaque"));
        QCOMPARE(shown(parseArgv({""})), std::string("opaque"));
        QCOMPARE(shown(parseArgv({"bash", "-c", "$X"})), std::string("opaque (w bash -c $X)"));
    }

    void whatASnapshotSaysIsNotTrusted()
    {
        using nlohmann::json;
        QCOMPARE(shown(commandFromJson(json::parse(R"({"argv":["bash","-c","curl x"]})"))),
                 std::string("tree (w bash -c curl x) ( curl x)"));
        for (const char* text : {"[]", "{}", "3", R"({"argv":"ls"})", R"({"argv":[1]})", R"({"tree":[{}]})", R"({"tree":[{"argv":[]}]})",
                                 R"({"opaque":1})", R"({"argv":["ls"],"tree":[]})"})
            QVERIFY2(commandFromJson(json::parse(text)).kind == Command::Kind::Opaque, text);
    }
};

GATEHOUSE_TEST_MAIN(TestPolicyCommand)
#include "tst_policycommand.moc"
