#include "tests/sandbox/cases/hostile.h"

#include <fcntl.h>
#include <sched.h>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void write(const char* path, std::size_t size, bool keep)
{
    static char block[mib];
    const int fd = ::open(path, O_WRONLY | O_CREAT, 0644);
    if (fd < 0)
        closed();
    for (std::size_t done = 0; done < size; done += mib)
        if (::write(fd, block, mib) <= 0)
            closed();
    if (keep)
        return;
    ::unlink(path);
    hold();
}

void deletedOnDisk()
{
    for (int i = 0; i < 8; ++i)
        if (::fork() == 0)
            write(("/workspace/f" + std::to_string(i)).c_str(), 50 * mib, false);
    hold();
}

void mappedOnDisk()
{
    for (int i = 0; i < 8; ++i) {
        const std::string path = "/workspace/f" + std::to_string(i);
        write(path.c_str(), 50 * mib, true);
        const int fd = ::open(path.c_str(), O_RDONLY);
        ::mmap(nullptr, 4096, PROT_READ, MAP_SHARED, fd, 0);
        ::unlink(path.c_str());
        ::closefrom(3);
    }
    hold();
}

void deepOnDisk()
{
    if (::chdir("/workspace") != 0)
        closed();
    for (int i = 0; i < 400; ++i)
        if (::mkdir("d", 0755) != 0 || ::chdir("d") != 0)
            closed();
    for (int i = 0; i < 8; ++i)
        write(std::to_string(i).c_str(), 50 * mib, true);
    hold();
}

void closedOnDisk()
{
    for (int i = 0; i < 8; ++i) {
        const std::string folder = "/workspace/d" + std::to_string(i);
        ::mkdir(folder.c_str(), 0755);
        const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY);
        const std::string file = folder + "/f";
        ::close(::open(file.c_str(), O_WRONLY | O_CREAT, 0644));
        const int out = ::open(file.c_str(), O_WRONLY);
        ::fchmod(fd, 0);
        static char block[mib];
        for (int k = 0; k < 50; ++k)
            if (::write(out, block, mib) <= 0)
                closed();
        ::close(out);
        ::close(fd);
    }
    hold();
}

// They share the thread storage of the first: nothing here may allocate.
static int deleteByThread(void* number)
{
    char path[] = "/workspace/f0";
    path[sizeof path - 2] = static_cast<char>('0' + *static_cast<const int*>(number));
    write(path, 50 * mib, false);
    return 0;
}

// Threads with tables of descriptors of their own, which the first thread's doesn't show.
void deletedByThreads()
{
    constexpr std::size_t stackSize = 65536;
    alignas(16) static char stacks[8][stackSize];
    static int numbers[8];
    for (int i = 0; i < 8; ++i) {
        numbers[i] = i;
        if (::clone(deleteByThread, stacks[i] + stackSize, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, &numbers[i]) < 0)
            closed();
    }
    hold();
}
