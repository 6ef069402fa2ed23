#include "sandbox/worker/socket.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>

namespace gatehouse::worker {

Result<void> sendMessage(int socket, std::string_view message, const std::vector<int>& descriptors)
{
    alignas(cmsghdr) char control[CMSG_SPACE(8 * sizeof(int))] = {};
    const std::size_t count = std::min<std::size_t>(descriptors.size(), 8);
    iovec part = {const_cast<char*>(message.data()), message.size()};
    msghdr header = {};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    if (count > 0) {
        header.msg_control = control;
        header.msg_controllen = CMSG_SPACE(count * sizeof(int));
        cmsghdr* item = CMSG_FIRSTHDR(&header);
        item->cmsg_level = SOL_SOCKET;
        item->cmsg_type = SCM_RIGHTS;
        item->cmsg_len = CMSG_LEN(count * sizeof(int));
        std::memcpy(CMSG_DATA(item), descriptors.data(), count * sizeof(int));
    }
    while (::sendmsg(socket, &header, MSG_NOSIGNAL) < 0)
        if (errno != EINTR)
            return failErrno({}, "Could not answer the host", errno);
    return {};
}

std::optional<std::string> receiveMessage(int socket)
{
    // Peeked first: a message has the size it has, and only our own host is at the other end.
    ssize_t size = -1;
    while ((size = ::recv(socket, nullptr, 0, MSG_PEEK | MSG_TRUNC)) < 0 && errno == EINTR) { }
    if (size < 0)
        return std::nullopt;
    std::string message(static_cast<std::size_t>(size), '\0');
    ssize_t got = -1;
    while ((got = ::recv(socket, message.data(), message.size(), 0)) < 0 && errno == EINTR) { }
    if (got != size)
        return std::nullopt;
    return message;
}

bool sendDescriptor(int socket, int descriptor)
{
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    char byte = 'd';
    iovec part = {&byte, 1};
    msghdr header = {};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    cmsghdr* item = CMSG_FIRSTHDR(&header);
    item->cmsg_level = SOL_SOCKET;
    item->cmsg_type = SCM_RIGHTS;
    item->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(item), &descriptor, sizeof descriptor);
    return ::sendmsg(socket, &header, MSG_NOSIGNAL) == 1;
}

UniqueFd receiveDescriptor(int socket)
{
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    char byte = 0;
    iovec part = {&byte, 1};
    msghdr header = {};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof control;
    ssize_t got = -1;
    while ((got = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) { }
    const cmsghdr* item = got == 1 ? CMSG_FIRSTHDR(&header) : nullptr;
    int descriptor = -1;
    if (item != nullptr && item->cmsg_type == SCM_RIGHTS)
        std::memcpy(&descriptor, CMSG_DATA(item), sizeof descriptor);
    return UniqueFd(descriptor);
}

std::optional<std::size_t> sendSome(int socket, std::string_view bytes)
{
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t sent = ::send(socket, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (sent <= 0)
            return std::nullopt;
        done += static_cast<std::size_t>(sent);
    }
    return done;
}

bool sendAll(int socket, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

} // namespace gatehouse::worker
