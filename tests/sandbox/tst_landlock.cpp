// Landlock as each ABI has it, up to this kernel's: what is outside the rules is refused, what is inside works, and what an ABI
// does not know is what the other layers stand for. Each case in a process of its own: confinement is for good.
#include "sandbox/isolation/landlock.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/testmain.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace gatehouse;
using namespace gatehouse::isolation;

namespace {

struct Case {
    const char* name;
    int from;                  // the first ABI that must hold it
    bool allowed;              // once confined
    std::function<bool()> act; // true: it could be done
    bool root = false;         // only root could, unconfined
};

struct Place {
    explicit Place(const std::string& folder) : inside(folder + "/inside"), outside(folder + "/outside")
    {
        for (const std::string& each : {inside, outside}) {
            std::filesystem::create_directory(each);
            std::ofstream(each + "/file") << "text";
            std::filesystem::copy_file("/usr/bin/true", each + "/program");
        }
        std::filesystem::create_directory(outside + "/folder");
    }
    std::string inside;
    std::string outside;
};

bool canOpen(const std::string& path, int flags)
{
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
    if (fd >= 0)
        ::close(fd);
    return fd >= 0;
}

bool canRun(const std::string& path)
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::execl(path.c_str(), path.c_str(), nullptr);
        ::_exit(99);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool canBind(const std::string& path)
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    return bound;
}

// An abstract name, which has no place in a file system.
sockaddr_un abstractAddress()
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "gatehouse-test-%d", ::getppid());
    return address;
}

bool canReachAbstract()
{
    const sockaddr_un address = abstractAddress();
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool connected = ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    return connected;
}

std::vector<Case> casesAt(const Place& place)
{
    const std::string in = place.inside, out = place.outside;
    return {
        {"read inside", 1, true, [=] { return canOpen(in + "/file", O_RDONLY); }},
        {"write inside", 1, true, [=] { return canOpen(in + "/file", O_WRONLY); }},
        {"make a file inside", 1, true, [=] { return canOpen(in + "/new", O_WRONLY | O_CREAT); }},
        {"make a folder inside", 1, true, [=] { return ::mkdir((in + "/new-folder").c_str(), 0700) == 0; }},
        {"link inside", 1, true, [=] { return ::symlink("file", (in + "/link").c_str()) == 0; }},
        {"run inside", 1, true, [=] { return canRun(in + "/program"); }},
        {"run the system's", 1, true, [] { return canRun("/usr/bin/true"); }},
        {"read outside", 1, false, [=] { return canOpen(out + "/file", O_RDONLY); }},
        {"read outside by a link", 1, false,
         [=] { return ::symlink((out + "/file").c_str(), (in + "/way-out").c_str()) == 0 && canOpen(in + "/way-out", O_RDONLY); }},
        {"list outside", 1, false, [=] { return canOpen(out, O_RDONLY | O_DIRECTORY); }},
        {"write outside", 1, false, [=] { return canOpen(out + "/file", O_WRONLY); }},
        {"make a file outside", 1, false, [=] { return canOpen(out + "/new", O_WRONLY | O_CREAT); }},
        {"make a folder outside", 1, false, [=] { return ::mkdir((out + "/new-folder").c_str(), 0700) == 0; }},
        {"remove a folder outside", 1, false, [=] { return ::rmdir((out + "/folder").c_str()) == 0; }},
        {"run outside", 1, false, [=] { return canRun(out + "/program"); }},
        {"write the system's", 1, false, [] { return canOpen("/usr/bin/true", O_WRONLY); }, true},
        {"make a socket inside", 1, false, [=] { return canBind(in + "/socket"); }},
        {"make a device inside", 1, false, [=] { return ::mknod((in + "/null").c_str(), S_IFCHR | 0666, 0x103) == 0; }, true},
        // What is moved or linked out of its folder needs the right to refer, which the first ABI refuses to all.
        {"move out", 1, false, [=] { return ::rename((in + "/program").c_str(), (out + "/moved").c_str()) == 0; }},
        {"link in", 1, false, [=] { return ::link((out + "/file").c_str(), (in + "/linked").c_str()) == 0; }},
        {"truncate outside", 3, false, [=] { return ::truncate((out + "/file").c_str(), 0) == 0; }},
        {"reach an abstract socket", 6, false, canReachAbstract},
        {"signal the one who started us", 6, false, [] { return ::kill(::getppid(), 0) == 0; }},
        {"remove a file outside", 1, false, [=] { return ::unlink((out + "/file").c_str()) == 0; }},
    };
}

// The name of the first case that went otherwise, or "".
std::string confinedRun(const Place& place, int abi)
{
    std::array<int, 2> ends;
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return "no pipe";
    const pid_t child = ::fork();
    if (child == 0) {
        const std::array rules = {PathRule{"/usr", PathRight::ReadExecute}, PathRule{"/lib64", PathRight::ReadExecute},
                                  PathRule{"/etc", PathRight::Read}, PathRule{place.inside.c_str(), PathRight::Write}};
        // As in a session; who is not root must have it.
        const bool settled = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
        std::string wrong = settled && confineToPaths(rules, abi) ? "" : "could not be confined";
        if (wrong.empty())
            for (const Case& each : casesAt(place))
                if (each.act() != each.allowed && abi >= each.from)
                    wrong += std::string(wrong.empty() ? "" : ", ") + each.name;
        (void)!::write(ends[1], wrong.data(), wrong.size());
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string wrong;
    std::array<char, 4096> buffer;
    for (ssize_t got = 0; (got = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
        wrong.append(buffer.data(), std::size_t(got));
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? wrong : wrong + " (and died)";
}

} // namespace

class TestLandlock : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void unconfined();
    void eachAbi_data();
    void eachAbi();

private:
    int m_listener = -1;
};

void TestLandlock::initTestCase()
{
    QVERIFY2(landlockAbi() > 0, "this kernel has no Landlock, which the table of layers demands");
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "gatehouse-test-%d", ::getpid());
    m_listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    QCOMPARE(::bind(m_listener, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    QCOMPARE(::listen(m_listener, 64), 0);
}

// The control: whoever is not confined can do all of it.
void TestLandlock::unconfined()
{
    test::TemporaryFolder folder;
    const Place place(folder.path());
    const pid_t child = ::fork();
    if (child == 0) {
        int failed = 0;
        for (const Case& each : casesAt(place)) {
            if (each.act() || (each.root && ::geteuid() != 0))
                continue;
            std::fprintf(stderr, "not possible unconfined: %s\n", each.name);
            ++failed;
        }
        ::_exit(failed);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 0);
}

void TestLandlock::eachAbi_data()
{
    QTest::addColumn<int>("abi");
    for (int abi = 1; abi <= landlockAbi(); ++abi)
        QTest::newRow(qPrintable(QString::number(abi))) << abi;
}

void TestLandlock::eachAbi()
{
    QFETCH(int, abi);
    test::TemporaryFolder folder;
    const Place place(folder.path());
    const std::string wrong = confinedRun(place, abi);
    QVERIFY2(wrong.empty(), wrong.c_str());
}

GATEHOUSE_TEST_MAIN(TestLandlock)
#include "tst_landlock.moc"
