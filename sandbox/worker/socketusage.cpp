#include "sandbox/worker/socketusage.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/netlink_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>

#include "core/foundation/uniquefd.h"
#include "sandbox/worker/processusage.h"

namespace gatehouse::worker {

namespace {

// Even full ones are a few MiB together.
constexpr std::uint64_t few = 8;
// What a buffer of the default size holds with the one message that may go past its end; programs can't set other sizes.
constexpr std::uint64_t unknownSocket = 512 << 10;

// One attribute of a message, as a copy; what is not there stays zero.
template <typename T> T attribute(std::string_view message, std::size_t fixed, unsigned short wanted)
{
    T value = {};
    for (std::size_t at = NLMSG_ALIGN(fixed); at + sizeof(nlattr) <= message.size();) {
        nlattr header;
        std::memcpy(&header, message.data() + at, sizeof header);
        if (header.nla_len < sizeof header || at + header.nla_len > message.size())
            break;
        if (header.nla_type == wanted)
            std::memcpy(&value, message.data() + at + NLA_HDRLEN, std::min<std::size_t>(sizeof value, header.nla_len - NLA_HDRLEN));
        at += NLA_ALIGN(header.nla_len);
    }
    return value;
}

struct SocketSizes {
    std::uint32_t values[SK_MEMINFO_VARS] = {};
    [[nodiscard]] std::uint64_t held() const
    {
        return std::uint64_t(values[SK_MEMINFO_RMEM_ALLOC]) + std::max(values[SK_MEMINFO_WMEM_ALLOC], values[SK_MEMINFO_WMEM_QUEUED]) +
            values[SK_MEMINFO_FWD_ALLOC] + values[SK_MEMINFO_OPTMEM] + values[SK_MEMINFO_BACKLOG];
    }
};

std::uint64_t ofInet(std::string_view message)
{
    return attribute<SocketSizes>(message, sizeof(inet_diag_msg), INET_DIAG_SKMEMINFO).held();
}

// What waits in a queue is charged to its sender, who may be gone and be listed no more: at most a whole send buffer.
std::uint64_t ofUnix(std::string_view message)
{
    const auto queues = attribute<unix_diag_rqlen>(message, sizeof(unix_diag_msg), UNIX_DIAG_RQLEN);
    const auto sizes = attribute<SocketSizes>(message, sizeof(unix_diag_msg), UNIX_DIAG_MEMINFO);
    return queues.udiag_rqueue == 0 ? 0 : std::uint64_t(sizes.values[SK_MEMINFO_SNDBUF]) * 5 / 4;
}

std::uint64_t ofNetlink(std::string_view message)
{
    return attribute<SocketSizes>(message, sizeof(netlink_diag_msg), NETLINK_DIAG_MEMINFO).held();
}

struct Sum {
    std::uint64_t sockets = 0;
    std::uint64_t bytes = 0;
};

// The answers to one dump; false when the kernel doesn't have it.
bool readDump(int socket, std::uint64_t (*sizeOf)(std::string_view), Sum& sum)
{
    alignas(nlmsghdr) static char buffer[32768];
    for (;;) {
        const ssize_t got = ::recv(socket, buffer, sizeof buffer, 0);
        if (got <= 0)
            return false;
        auto left = static_cast<unsigned>(got);
        for (auto* header = reinterpret_cast<nlmsghdr*>(buffer); NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
            if (header->nlmsg_type == NLMSG_DONE)
                return true;
            if (header->nlmsg_type == NLMSG_ERROR)
                return false;
            ++sum.sockets;
            sum.bytes += sizeOf({static_cast<const char*>(NLMSG_DATA(header)), header->nlmsg_len - NLMSG_HDRLEN});
        }
    }
}

template <typename Request> void dump(const Request& request, std::uint64_t (*sizeOf)(std::string_view), Sum& sum)
{
    struct {
        nlmsghdr header;
        Request request;
    } message = {{sizeof message, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, 1, 0}, request};
    const UniqueFd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
    Sum one;
    if (socket && ::send(socket.get(), &message, sizeof message, 0) == sizeof message && readDump(socket.get(), sizeOf, one)) {
        sum.sockets += one.sockets;
        sum.bytes += one.bytes;
    }
}

Sum dumpAll()
{
    Sum sum;
    for (const int family : {AF_INET, AF_INET6})
        for (const int protocol : {IPPROTO_TCP, IPPROTO_UDP}) {
            inet_diag_req_v2 request = {};
            request.sdiag_family = static_cast<std::uint8_t>(family);
            request.sdiag_protocol = static_cast<std::uint8_t>(protocol);
            request.idiag_ext = 1 << (INET_DIAG_SKMEMINFO - 1);
            request.idiag_states = ~0u;
            dump(request, ofInet, sum);
        }
    unix_diag_req local = {};
    local.sdiag_family = AF_UNIX;
    local.udiag_states = ~0u;
    local.udiag_show = UDIAG_SHOW_MEMINFO | UDIAG_SHOW_RQLEN;
    dump(local, ofUnix, sum);
    netlink_diag_req routing = {};
    routing.sdiag_family = AF_NETLINK;
    routing.sdiag_protocol = NDIAG_PROTO_ALL;
    routing.ndiag_show = NDIAG_SHOW_MEMINFO;
    dump(routing, ofNetlink, sum);
    return sum;
}

} // namespace

std::uint64_t socketMemory(int proc)
{
    const std::string text = readProc(proc, "self/net/sockstat");
    constexpr char key[] = "sockets: used ";
    const std::uint64_t used = text.starts_with(key) ? std::strtoull(text.c_str() + sizeof key - 1, nullptr, 10) : 0;
    if (used <= few)
        return 0;
    const Sum sum = dumpAll();
    // Sockets that no dump names are new ones without an address, which hold nothing, unless a dump itself is missing here.
    return sum.sockets > 0 ? sum.bytes : used * unknownSocket;
}

} // namespace gatehouse::worker
