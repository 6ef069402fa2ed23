// What a sandbox must withstand. Each planted token is read outside by the same command first: a probe that could not have found it
// proves nothing.
#include "core/foundation/uniquefd.h"
#include "tests/sandbox/sandboxtest.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testresult.h"

#include <QProcess>

#include <arpa/inet.h>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace gatehouse;

static const std::string token = "gatehouse-planted-" + std::to_string(::getpid());

// Answers every connection with the token.
class Listener {
public:
    Listener(int family, const sockaddr* address, socklen_t size) : m_socket(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        if (::bind(m_socket.get(), address, size) != 0 || ::listen(m_socket.get(), 8) != 0)
            qFatal("no listener: %s", std::strerror(errno));
        m_thread = std::thread([this] {
            for (;;) {
                const UniqueFd peer(::accept4(m_socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
                if (!peer)
                    return;
                (void)!::send(peer.get(), token.data(), token.size(), MSG_NOSIGNAL);
            }
        });
    }
    ~Listener()
    {
        ::shutdown(m_socket.get(), SHUT_RDWR);
        m_thread.join();
    }
    [[nodiscard]] int port() const
    {
        sockaddr_in address = {};
        socklen_t size = sizeof address;
        ::getsockname(m_socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
        return ntohs(address.sin_port);
    }

private:
    UniqueFd m_socket;
    std::thread m_thread;
};

static std::unique_ptr<Listener> listenLocal(const std::string& name)
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    return std::make_unique<Listener>(AF_UNIX, reinterpret_cast<sockaddr*>(&address),
                                      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size()));
}

static std::unique_ptr<Listener> listenTcp()
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return std::make_unique<Listener>(AF_INET, reinterpret_cast<sockaddr*>(&address), sizeof address);
}

// A script outside, with descriptor 9 and the environment as this program has them.
static std::string outside(const std::string& script)
{
    QProcess process;
    process.start(QStringLiteral("sh"), {QStringLiteral("-c"), QString::fromStdString(script)});
    if (!process.waitForFinished(20000))
        process.kill();
    return process.readAllStandardOutput().toStdString() + process.readAllStandardError().toStdString();
}

class TestProbes : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_backend = test::makeBackend();
        auto session = m_backend->open(test::smallSpec(), CancelToken());
        QVERIFY2(session.has_value(), session ? "" : session.error().toString().c_str());
        m_session = std::move(*session);
    }
    void cleanup()
    {
        m_session.reset();
        m_backend.reset();
    }
    void plantedTokens_data();
    void plantedTokens();
    void refused_data();
    void refused();
    void sweepFindsNothing();
    void checkoutUnderPrivateHome();

private:
    std::string inside(const std::string& script)
    {
        auto outcome = m_session->exec(test::shell(script), nullptr, {});
        if (!outcome)
            qFatal("%s", outcome.error().toString().c_str());
        return outcome->output.head + outcome->error.head;
    }
    std::unique_ptr<backends::LocalBackend> m_backend;
    std::unique_ptr<execution::SandboxSession> m_session;
};

void TestProbes::plantedTokens_data()
{
    QTest::addColumn<QString>("where");
    for (const char* where : {"/home", "/etc", "/tmp", "/dev/shm", "/var/tmp", "environment", "descriptor 9", "arguments", "127.0.0.1",
                              "abstract socket", "socket file", "datagram pair"})
        QTest::newRow(where) << QString::fromUtf8(where);
}

// Makes the token findable and gives the command that finds it. Empty where this user can't plant it.
struct Planted {
    std::string script;
    std::string file;
    pid_t process = 0;
    std::unique_ptr<Listener> listener;
    ~Planted()
    {
        if (!file.empty())
            std::filesystem::remove(file);
        if (process > 0) {
            ::kill(process, SIGKILL);
            ::waitpid(process, nullptr, 0);
        }
        ::unsetenv("GATEHOUSE_PROBE_TOKEN");
    }
};

static const char connectScript[] = "python3 -c 'import socket,sys\ns=socket.socket(socket.AF_UNIX)\ns.connect(%1)\nprint(s.recv(99))'";

static void plantSocket(Planted& planted, const std::string& where)
{
    if (where == "127.0.0.1") {
        planted.listener = listenTcp();
        planted.script = "python3 -c 'import socket; print(socket.create_connection((\"127.0.0.1\"," +
            std::to_string(planted.listener->port()) + ")).recv(99))'";
    } else if (where == "abstract socket") {
        planted.listener = listenLocal(std::string(1, '\0') + token);
        planted.script = formatMessage(connectScript, {"\"\\0" + token + "\""});
    } else {
        // In /dev/null's own neighbourhood there is no place that both sides see; the workspace below is one.
        planted.file = (std::filesystem::temp_directory_path() / token).string();
        planted.listener = listenLocal(planted.file);
        ::chmod(planted.file.c_str(), 0777);
        planted.script = formatMessage(connectScript, {"\"" + planted.file + "\""});
    }
}

static bool plantFile(Planted& planted, const std::string& folder)
{
    const std::string path = folder + "/" + token;
    const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!fd)
        return false;
    planted.file = path;
    ::fchmod(fd.get(), 0644);
    (void)!::write(fd.get(), token.data(), token.size());
    planted.script =
        "cat " + path + "; find " + folder + " /proc/1/root" + folder + " -maxdepth 1 -name 'gatehouse-planted*' -exec cat {} +";
    return true;
}

static bool plant(Planted& planted, const std::string& where)
{
    if (where.starts_with("/"))
        return plantFile(planted, where);
    if (where == "environment") {
        ::setenv("GATEHOUSE_PROBE_TOKEN", token.c_str(), 1);
        planted.script = "env; cat /proc/*/environ | tr '\\0' '\\n'";
    } else if (where == "descriptor 9") {
        planted.file = (std::filesystem::temp_directory_path() / token).string();
        test::writeFile(planted.file, token);
        UniqueFd fd(::open(planted.file.c_str(), O_RDONLY)); // as careless programs do: not close-on-exec
        if (fd.get() == 9)
            (void)fd.release();
        else
            ::dup2(fd.get(), 9);
        planted.script = "cat /proc/self/fd/9 <&9; cat <&9";
    } else if (where == "arguments") {
        planted.process = ::fork();
        if (planted.process == 0) {
            ::execlp("sh", "sh", "-c", "sleep 60; :", token.c_str(), nullptr);
            ::_exit(127);
        }
        ::usleep(100000);
        planted.script = "cat /proc/*/cmdline | tr '\\0' '\\n'; ps ax";
    } else {
        plantSocket(planted, where);
    }
    return true;
}

void TestProbes::plantedTokens()
{
    QFETCH(QString, where);
    if (where == QStringLiteral("datagram pair")) {
        const char script[] = "python3 -c 'import socket; a,b=socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM); print(\"made\")'";
        QVERIFY(outside(script).find("made") != std::string::npos);
        QVERIFY(inside(script).find("made") == std::string::npos);
        return;
    }
    // A new backend after planting sees it all; the old one goes first, or descriptor 9 could be its own.
    m_session.reset();
    m_backend.reset();
    Planted planted;
    if (!plant(planted, where.toStdString())) {
        std::printf("NOT PLANTED (%s): this user can't write to %s\n", test::roleName().c_str(), qPrintable(where));
        return;
    }
    m_backend = test::makeBackend();
    GH_VALUE(m_session, m_backend->open(test::smallSpec(), CancelToken()));
    const std::string seen = outside(planted.script);
    QVERIFY2(seen.find(token) != std::string::npos, seen.c_str());
    const std::string found = inside(planted.script);
    if (where == QStringLiteral("descriptor 9"))
        ::close(9);
    // Its own command line is the script, which may name it as a path or address.
    std::string rest = found;
    for (std::size_t at = 0; (at = rest.find(planted.script)) != std::string::npos;)
        rest.erase(at, planted.script.size());
    const bool named = planted.script.find(token) != std::string::npos;
    if (named)
        QVERIFY2(rest.find("b'" + token) == std::string::npos && rest.find(token + token) == std::string::npos, rest.c_str());
    else
        QVERIFY2(rest.find(token) == std::string::npos, rest.c_str());
    if (where.startsWith(QLatin1Char('/')))
        QVERIFY2(found.find("No such file") != std::string::npos, found.c_str());
}

void TestProbes::refused_data()
{
    QTest::addColumn<QByteArray>("script");
    // Each prints "HELD" when the wall held; the positive half, where there is one, is in the same script.
    const auto row = [](const char* name, const char* script) { QTest::newRow(name) << QByteArray(script); };
    row("shadow", "test ! -r /etc/shadow && ! cat /proc/self/root/etc/shadow 2>/dev/null && test -r /etc/passwd && echo HELD");
    row("homes",
        "test -z \"$(ls -A /root /mnt /media /srv /var/lib /sys /boot 2>/dev/null)\" && test \"$(ls /home)\" = agent && echo HELD");
    row("system folders", "! touch /usr/x /etc/x /bin/x /x /proc/x 2>/dev/null && touch /workspace/x /tmp/x && echo HELD");
    row("mount",
        "! mount -o remount,rw,bind /usr 2>/dev/null && ! umount -l /proc 2>/dev/null && ! mount -t tmpfs none /tmp 2>/dev/null && echo "
        "HELD");
    row("first process",
        "! cat /proc/1/environ 2>/dev/null && ! ls /proc/1/root/ 2>/dev/null && ! readlink /proc/1/exe && "
        "test \"$(tr '\\0' ' ' < /proc/1/cmdline)\" = 'gatehouse-worker --launcher ' && echo HELD");
    row("kernel controls",
        "! (echo x > /proc/sys/kernel/core_pattern) 2>/dev/null && ! (echo h > /proc/sysrq-trigger) 2>/dev/null && "
        "! (echo 1 > /proc/sys/net/ipv4/ip_forward) 2>/dev/null && ! (echo :x > /proc/sys/fs/binfmt_misc/register) 2>/dev/null && echo "
        "HELD");
    row("kernel memory",
        "test ! -s /proc/kcore && test -z \"$(cat /proc/kallsyms /proc/keys /proc/timer_list /proc/config.gz 2>/dev/null)\" && "
        "test ! -e /sys/firmware && test -n \"$(cat /proc/meminfo)\" && echo HELD");
    row("devices",
        "test \"$(ls /dev | tr '\\n' ' ')\" = 'fd full null ptmx pts random shm stderr stdin stdout tty urandom zero ' && "
        "! mknod /workspace/b b 254 0 2>/dev/null && ! mknod /tmp/c c 1 3 2>/dev/null && echo x > /dev/null && echo HELD");
    row("set-uid",
        "cp /usr/bin/id /workspace/s && chmod 6755 /workspace/s && test \"$(/workspace/s -u)\" = \"$(id -u)\" && ! su -c id 2>/dev/null && "
        "echo HELD");
    row("hard link of a system file", "! ln /usr/bin/su /workspace/h 2>/dev/null && echo HELD");
    row("root by descriptor", "exec 7</; test \"$(cd -P /proc/self/fd/7/.. && ls -d workspace)\" = workspace && echo HELD");
    row("host names in the mount table", "! grep -E 'gatehouse-|/layer|/root/|/home/[^a]' /proc/self/mountinfo && echo HELD");
    row("namespaces",
        "! unshare -U true 2>/dev/null && ! unshare -Urn true 2>/dev/null && ! nsenter -t 1 -a true 2>/dev/null && echo HELD");
    row("signals", "! kill -9 1 2>/dev/null || true; kill -0 1 2>/dev/null; test -d /proc/1 && echo HELD");
    row("core size",
        "! (ulimit -c unlimited) 2>/dev/null && test \"$(ulimit -c)\" = 0 && ! prlimit --pid 1 --nofile=9999:9999 2>/dev/null && echo "
        "HELD");
    row("priority", "nice -n -5 true 2>&1 | grep -q 'cannot set' && ! chrt -f 10 true 2>/dev/null && echo HELD");
    row("resolver", "! getent hosts localhost.attacker.test && echo HELD");
    row("egress",
        "python3 -c 'import socket,errno\nfor f,a in ((2,(\"1.1.1.1\",80)),(2,(\"8.8.8.8\",53)),(10,(\"2606:4700::1111\",443))):\n"
        " for t in (1,2):\n  try: socket.socket(f,t).connect(a); print(\"OUT\")\n  except OSError as e: assert e.errno in "
        "(errno.ENETUNREACH,errno.EADDRNOTAVAIL), e\n"
        "print(\"HELD\")'");
    row("sockets",
        "python3 -c 'import socket\nbad=0\nfor f in (1,15,17,29,30,31,38,40,41,43,44,45):\n try: socket.socket(f,socket.SOCK_DGRAM); "
        "bad+=1\n except OSError: pass\n"
        " try: socket.socket(f,socket.SOCK_STREAM); bad+=1\n except OSError: pass\n"
        "try: socket.socket(2,3,1); bad+=1\nexcept OSError: pass\nsocket.socket(2,1)\nprint(\"HELD\" if bad==0 else bad)'");
    row("system calls",
        "python3 -c 'import ctypes,os\nl=ctypes.CDLL(None,use_errno=True)\nbad=[]\n"
        "for n in (425,426,323,321,298,250,248,249,165,430,428,429,442,155,161,166,313,246,169,167,163,179,103,164,305,172,154,"
        "101,310,311,438,312,272,308,435,447,303,304,300,175,320,443,440,279,256,237,238,239,173,227,159+146):\n"
        " r=l.syscall(n,0,0,0,0,0,0)\n if r!=-1 or ctypes.get_errno() not in (1,38): bad.append((n,r,ctypes.get_errno()))\n"
        "assert l.syscall(39)==os.getpid()\nprint(\"HELD\" if not bad else bad)'");
    row("other ABI",
        "cd /tmp && command -v cc >/dev/null || { echo HELD; exit; }; printf '#include <unistd.h>\\n#include <sys/syscall.h>\\nint "
        "main(void){return "
        "syscall(0x40000000+39)>0?7:8;}' > x.c && cc x.c -o x && ./x; s=$?; printf 'int main(void){int r; __asm__ volatile(\"int "
        "$0x80\":\"=a\"(r):\"a\"(20)); return 7;}' "
        "> y.c && cc y.c -o y && ./y; t=$?; test $s = 159 && { test $t = 159 || test $t = 139; } && echo HELD"); // 139: this kernel has no
                                                                                                                 // such calls at all
    row("typing into a terminal",
        "python3 -c 'import os,fcntl,pty\nm,s=os.openpty()\nbad=0\nfor r in (0x5412,0x541C,0x5423):\n try: fcntl.ioctl(s,r,b\"x\"); "
        "bad+=1\n"
        " except OSError as e: bad+= e.errno!=1\nprint(\"HELD\" if bad==0 else bad)'");
    row("System V leftovers",
        "python3 -c 'import ctypes; l=ctypes.CDLL(None); assert l.msgget(4711,0o1666)>=0; assert l.semget(4711,1,0o1666)>=0; "
        "print(\"HELD\")'");
    row("capabilities",
        "grep -q 'CapEff:.0*$' /proc/self/status && grep -q 'CapBnd:.0*$' /proc/self/status && grep -q 'NoNewPrivs:.1' /proc/self/status "
        "&& echo HELD");
    row("keys", "! keyctl show >/dev/null 2>&1 && ! env | grep -qE 'SSH_|DBUS|XDG|DISPLAY|WAYLAND|GPG' && echo HELD");
}

void TestProbes::refused()
{
    QFETCH(QByteArray, script);
    const std::string text = inside(script.toStdString());
    QVERIFY2(text.find("HELD") != std::string::npos, text.c_str());
}

// What can be read is read, the files of the view up to a bound, and every process's variables and arguments. Controls of our own show
// that the sweep finds what is there.
void TestProbes::sweepFindsNothing()
{
    Planted shm;
    ::setenv("GATEHOUSE_PROBE_TOKEN", token.c_str(), 1);
    const bool planted = plantFile(shm, "/dev/shm");
    QVERIFY(planted);
    m_session.reset();
    m_backend = test::makeBackend();
    GH_VALUE(m_session, m_backend->open(test::smallSpec(), CancelToken()));
    const std::string sweep = "echo gatehouse-control > /tmp/control; mkdir -p /workspace/a/b; (head -c 8192 /dev/zero; echo "
                              "gatehouse-control) > /workspace/a/b/c; "
                              "find / -xdev -type f -readable ! -path '/proc/*' 2>/dev/null | head -5000 | xargs -d '\\n' grep -laE "
                              "'gatehouse-(planted|control)' 2>/dev/null; "
                              "for d in /home /tmp /dev/shm /workspace /opt /run /var /etc/ssl; do grep -rlaE "
                              "'gatehouse-(planted|control)' $d 2>/dev/null; done; "
                              "CONTROL=gatehouse-planted-$((40+2)) sleep 5 & sleep 0.3; "
                              "cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep -o 'gatehouse-planted-[0-9]*'";
    const std::string text = inside(sweep);
    QVERIFY2(text.find("/tmp/control") != std::string::npos && text.find("/workspace/a/b/c") != std::string::npos, text.c_str());
    QVERIFY2(text.find("gatehouse-planted-42\n") != std::string::npos, text.c_str());
    QVERIFY2(text.find(token) == std::string::npos, text.c_str());
}

void TestProbes::checkoutUnderPrivateHome()
{
    test::TemporaryFolder home;
    ::chmod(home.path().c_str(), 0700);
    home.write("project/src/file", "readable\n");
    home.write("project/tools/tool", "#!/bin/sh\necho tool\n");
    ::chmod(home.path("project").c_str(), 0700);
    ::chmod(home.path("project/src").c_str(), 0700);
    ::chmod(home.path("project/src/file").c_str(), 0600);
    ::chmod(home.path("project/tools").c_str(), 0700);
    ::chmod(home.path("project/tools/tool").c_str(), 0700);
    home.write("other", token);
    auto spec = test::smallSpec(home.path("project/src"));
    spec.tools = home.path("project/tools");
    GH_VALUE(const auto session, m_backend->open(spec, CancelToken()));
    GH_VALUE(const auto outcome,
             session->exec(test::shell("cat file; /opt/tools/tool; echo more >> file; cat file; ls ..; cat /workspace/../other; cat " +
                                       home.path("other")),
                           nullptr, {}));
    QVERIFY2(outcome.output.head.starts_with("readable\ntool\nreadable\nmore\n"), (outcome.output.head + outcome.error.head).c_str());
    QVERIFY(outcome.output.head.find(token) == std::string::npos);
    QCOMPARE(home.read("project/src/file"), std::string("readable\n"));
}

GATEHOUSE_SANDBOX_TEST_MAIN(TestProbes)
#include "tst_probes.moc"
