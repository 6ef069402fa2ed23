#include "sandbox/isolation/view.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <string_view>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/foundation/beneath.h"
#include "sandbox/isolation/step.h"

namespace gatehouse::isolation {

static constexpr std::uint64_t plainMount = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;

// Public configuration that programs below /usr need; never a folder in which other things could lie, but these two trees.
static constexpr const char* etcNames[] = {
    "alternatives",
    "ssl/certs",
    "ssl/openssl.cnf",
    "ld.so.cache",
    "services",
    "protocols",
    // Where other distributions keep certificates and the crypto libraries' defaults.
    "pki/tls/certs",
    "pki/tls/openssl.cnf",
    "pki/ca-trust/extracted",
    "crypto-policies",
};
static constexpr const char* deviceNames[] = {"null", "zero", "full", "random", "urandom", "tty"};
// Symbolic links into /usr on a merged system, folders of their own on an old one.
static constexpr const char* topNames[] = {"bin", "sbin", "lib", "lib32", "lib64", "libx32"};

// Stands below an overlay that has nothing else there; it must live as long as the overlay.
static constexpr char emptyFolder[] = "var/empty";

struct SyntheticFile {
    const char* path;
    const char* text;
};
static constexpr SyntheticFile etcFiles[] = {
    {"etc/passwd",
     "root:x:0:0:root:/nonexistent:/usr/sbin/nologin\nagent:x:1000:1000:agent:/home/agent:/bin/sh\n"
     "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"},
    {"etc/group", "root:x:0:\nagent:x:1000:\nnogroup:x:65534:\n"},
    {"etc/hosts", "127.0.0.1\tlocalhost sandbox\n::1\tlocalhost\n"},
    {"etc/hostname", "sandbox\n"},
    // Nobody listens there: names fail at once instead of after a timeout.
    {"etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"},
    {"etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n"},
};

Result<Tree> prepareTree(const std::string& host, const std::string& inside, TreeUse use, CloneWhen when, int idmap)
{
    Tree tree;
    tree.host = host;
    tree.inside = inside;
    tree.use = use;
    GH_ASSIGN(tree.source, openSource(host));
    struct stat info = {};
    if (::fstat(tree.source.get(), &info) != 0)
        return stepFailed("look at a source", host, errno);
    tree.directory = S_ISDIR(info.st_mode);
    if (when == CloneWhen::Now) {
        GH_ASSIGN(tree.clone, cloneTree(tree.source.get(), host));
        GH_TRY(restrictTree(tree.clone.get(), use, idmap, host));
    }
    return tree;
}

static bool isSymlink(const std::string& path)
{
    struct stat info = {};
    return ::lstat(path.c_str(), &info) == 0 && S_ISLNK(info.st_mode);
}

static Result<void> addIfThere(ViewPlan& plan, const std::string& host, TreeUse use, CloneWhen when)
{
    if (::access(host.c_str(), F_OK) != 0 || isSymlink(host))
        return {};
    GH_ASSIGN(Tree tree, prepareTree(host, host.substr(1), use, when));
    plan.trees.push_back(std::move(tree));
    return {};
}

Result<void> addSystemTrees(ViewPlan& plan, CloneWhen when)
{
    GH_ASSIGN(Tree usr, prepareTree("/usr", "usr", TreeUse::ReadOnly, when));
    plan.trees.push_back(std::move(usr));
    for (const char* name : topNames)
        GH_TRY(addIfThere(plan, std::string("/") + name, TreeUse::ReadOnly, when));
    for (const char* name : etcNames)
        GH_TRY(addIfThere(plan, std::string("/etc/") + name, TreeUse::ReadOnly, when));
    for (const char* name : deviceNames)
        GH_TRY(addIfThere(plan, std::string("/dev/") + name, TreeUse::DeviceNode, when));
    return {};
}

// The worker's own copy of a tree: the same path again, which must still be the same object.
static Result<void> cloneHere(Tree& tree)
{
    if (tree.clone)
        return {};
    GH_ASSIGN(const UniqueFd again, openSource(tree.host));
    GH_ASSIGN(tree.clone, cloneTree(again.get(), tree.host));
    struct stat expected = {};
    struct stat found = {};
    if (::fstat(tree.source.get(), &expected) != 0 || ::fstat(tree.clone.get(), &found) != 0)
        return stepFailed("look at a source", tree.host, errno);
    if (expected.st_dev != found.st_dev || expected.st_ino != found.st_ino)
        return stepFailed("find the source that was checked", tree.host, ESTALE);
    return restrictTree(tree.clone.get(), tree.use, -1, tree.host);
}

static Result<void> makeFolder(int root, const std::string& path, mode_t mode = 0755)
{
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
        if (::mkdirat(root, path.substr(0, slash).c_str(), 0755) != 0 && errno != EEXIST)
            return stepFailed("make a folder of the view", path, errno);
    if (::mkdirat(root, path.c_str(), mode) != 0 && errno != EEXIST)
        return stepFailed("make a folder of the view", path, errno);
    return {};
}

static Result<void> makeFile(int root, const std::string& path, std::string_view text)
{
    const std::size_t slash = path.rfind('/');
    if (slash != std::string::npos)
        GH_TRY(makeFolder(root, path.substr(0, slash)));
    UniqueFd fd(::openat(root, path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!fd && errno == EEXIST && text.empty())
        return {};
    if (!fd || ::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        return stepFailed("make a file of the view", path, errno);
    return {};
}

static Result<void> makeLink(int root, const std::string& path, const std::string& target)
{
    if (::symlinkat(target.c_str(), root, path.c_str()) != 0)
        return stepFailed("make a link of the view", path, errno);
    return {};
}

// Links that the host's own root has, as they are there.
static Result<void> copyLink(int root, const std::string& host)
{
    char target[PATH_MAX];
    const ssize_t length = ::readlink(host.c_str(), target, sizeof target);
    if (length <= 0)
        return {};
    return makeLink(root, host.substr(1), std::string(target, static_cast<std::size_t>(length)));
}

static Result<void> attachTree(int root, Tree& tree)
{
    GH_TRY(tree.directory ? makeFolder(root, tree.inside) : makeFile(root, tree.inside, {}));
    GH_TRY(attach(tree.clone.get(), root, tree.inside));
    tree.clone.reset();
    return {};
}

// A private tmpfs ends above the memory limit: who fills it can be seen past the limit, instead of dying of a full device that
// tells nobody. More than one process fills between two looks of the limit watch.
static constexpr std::uint64_t roomToBeSeen = 64ull << 20;

static Result<void> attachTmpfs(int root, const std::string& inside, const char* mode, const ViewPlan& plan)
{
    GH_ASSIGN(const UniqueFd mount,
              newFileSystem("tmpfs",
                            {{"size", std::to_string(plan.memory + roomToBeSeen)},
                             {"nr_inodes", std::to_string(plan.inodes)},
                             {"mode", mode},
                             {"uid", "1000"},
                             {"gid", "1000"}},
                            plainMount));
    GH_TRY(makeFolder(root, inside));
    return attach(mount.get(), root, inside);
}

static Result<void> makeEtc(int root)
{
    for (const SyntheticFile& file : etcFiles)
        GH_TRY(makeFile(root, file.path, file.text));
    GH_TRY(copyLink(root, "/etc/localtime"));
    return copyLink(root, "/etc/os-release");
}

static Result<void> makeDevices(int root)
{
    GH_TRY(makeFolder(root, "dev/pts"));
    GH_ASSIGN(const UniqueFd pts, newFileSystem("devpts", {{"ptmxmode", "0666"}, {"mode", "0600"}}, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC));
    GH_TRY(attach(pts.get(), root, "dev/pts"));
    GH_TRY(makeLink(root, "dev/ptmx", "pts/ptmx"));
    GH_TRY(makeLink(root, "dev/fd", "/proc/self/fd"));
    GH_TRY(makeLink(root, "dev/stdin", "/proc/self/fd/0"));
    GH_TRY(makeLink(root, "dev/stdout", "/proc/self/fd/1"));
    return makeLink(root, "dev/stderr", "/proc/self/fd/2");
}

static Result<UniqueFd> openInside(int root, const char* path)
{
    UniqueFd fd(::openat(root, path, O_PATH | O_CLOEXEC | O_NOFOLLOW));
    if (!fd)
        return stepFailed("open a part of the overlay", path, errno);
    return fd;
}

// A layer must be attached before an overlay takes it: the kernel refuses root's detached mounts there.
static Result<UniqueFd> openLayer(int root, Tree& tree, const char* place)
{
    tree.inside = place;
    GH_TRY(attachTree(root, tree));
    return openInside(root, place);
}

// A folder alone is presented through an overlay too, with an empty one beneath it: a bind mount would name the host's
// path in /proc/self/mountinfo.
static Result<void> attachReadOnly(int root, Tree& tree, const char* place, const std::string& inside)
{
    GH_ASSIGN(const UniqueFd lower, openLayer(root, tree, place));
    GH_ASSIGN(const UniqueFd empty, openInside(root, emptyFolder));
    GH_ASSIGN(const UniqueFd mount, newOverlay({lower.get(), empty.get()}, -1, -1, plainMount | MOUNT_ATTR_RDONLY));
    GH_TRY(makeFolder(root, inside));
    return attach(mount.get(), root, inside);
}

static Result<void> attachWorkspace(int root, ViewPlan& plan)
{
    if (plan.kind == WorkspaceKind::ReadOnly)
        return attachReadOnly(root, plan.workspace, ".l", "workspace");
    UniqueFd lower;
    if (plan.kind == WorkspaceKind::Empty) {
        GH_ASSIGN(lower, openInside(root, emptyFolder));
    } else {
        GH_ASSIGN(lower, openLayer(root, plan.workspace, ".l"));
    }
    GH_TRY(openLayer(root, plan.layer, ".s"));
    GH_ASSIGN(const UniqueFd upper, openInside(root, ".s/upper"));
    GH_ASSIGN(const UniqueFd work, openInside(root, ".s/work"));
    // Made while capabilities are whole: an overlay copies up with its mounter's.
    GH_ASSIGN(const UniqueFd mount, newOverlay({lower.get()}, upper.get(), work.get(), plainMount));
    GH_TRY(makeFolder(root, "workspace"));
    return attach(mount.get(), root, "workspace");
}

// The overlays live on without the places their layers were opened at; no host path is left to be read.
static Result<void> removeLayerPlaces()
{
    for (const char* place : {"/.l", "/.s", "/.t"}) {
        if (::umount2(place, MNT_DETACH) != 0 && errno != EINVAL && errno != ENOENT)
            return stepFailed("remove a layer's place", place, errno);
        ::rmdir(place);
    }
    return {};
}

// Before anything is mounted here: the new root stands on /tmp for a moment, and would hide what lies beneath.
static Result<void> cloneAll(ViewPlan& plan)
{
    for (Tree& tree : plan.trees)
        GH_TRY(cloneHere(tree));
    for (Tree* tree : {&plan.workspace, &plan.layer, &plan.tools})
        if (!tree->host.empty())
            GH_TRY(cloneHere(*tree));
    return {};
}

// A file system of its own: the nodes stand on plain files, as which a search that stays on the root's would take them.
static Result<void> attachDeviceFolder(int root)
{
    GH_ASSIGN(const UniqueFd mount,
              newFileSystem("tmpfs", {{"size", "64k"}, {"nr_inodes", "64"}, {"mode", "0755"}}, plainMount | MOUNT_ATTR_NOEXEC));
    GH_TRY(makeFolder(root, "dev"));
    return attach(mount.get(), root, "dev");
}

static Result<void> fillRoot(int root, ViewPlan& plan)
{
    GH_TRY(attachDeviceFolder(root));
    for (const char* name : topNames)
        GH_TRY(copyLink(root, std::string("/") + name));
    for (Tree& tree : plan.trees)
        GH_TRY(attachTree(root, tree));
    GH_TRY(makeEtc(root));
    GH_TRY(makeDevices(root));
    for (const char* folder : {"run/input", emptyFolder, "opt"})
        GH_TRY(makeFolder(root, folder));
    GH_TRY(makeLink(root, "var/tmp", "/tmp"));
    GH_TRY(attachTmpfs(root, "tmp", "1777", plan));
    GH_TRY(attachTmpfs(root, "dev/shm", "1777", plan));
    GH_TRY(attachTmpfs(root, &sandboxHome[1], "0700", plan));
    GH_TRY(attachWorkspace(root, plan));
    if (!plan.tools.host.empty())
        GH_TRY(attachReadOnly(root, plan.tools, ".t", "opt/tools"));
    return {};
}

Result<void> buildAndEnterView(ViewPlan& plan)
{
    ::umask(0);
    GH_TRY(makeAllPrivate());
    GH_TRY(cloneAll(plan));
    GH_ASSIGN(const UniqueFd mount, newFileSystem("tmpfs", {{"size", "4m"}, {"nr_inodes", "4096"}, {"mode", "0755"}}, plainMount));
    // Both while the host's root is in view: the kernel lets a new proc show no more than what can be seen already.
    GH_ASSIGN(const UniqueFd proc, newFileSystem("proc", {}, plainMount | MOUNT_ATTR_NOEXEC));
    GH_TRY(attach(mount.get(), AT_FDCWD, "/tmp"));
    const int root = mount.get();
    GH_TRY(makeFolder(root, "proc"));
    GH_TRY(attach(proc.get(), root, "proc"));
    GH_TRY(fillRoot(root, plan));
    GH_TRY(enterRoot(root));
    GH_TRY(removeLayerPlaces());
    GH_TRY(makeReadOnly("/dev"));
    GH_TRY(makeReadOnly("/"));
    static constexpr std::string_view name = "sandbox";
    if (::sethostname(name.data(), name.size()) != 0)
        return stepFailed("name the sandbox", {}, errno);
    return {};
}

} // namespace gatehouse::isolation
