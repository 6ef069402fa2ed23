// Whole messages on sockets: SEQPACKET ones with descriptors (launcher), byte streams of frames (worker).
#pragma once

#include "core/foundation/result.h"
#include "core/foundation/uniquefd.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::worker {

// One message with up to eight descriptors.
[[nodiscard]] Result<void> sendMessage(int socket, std::string_view message, const std::vector<int>& descriptors);
// One message; empty at the end of the connection. Descriptors that come with it are refused by the kernel (no control buffer).
[[nodiscard]] std::optional<std::string> receiveMessage(int socket);

// One descriptor on its own, by calls that are safe between fork and exec. receive waits; none when the other end closed.
[[nodiscard]] bool sendDescriptor(int socket, int descriptor);
[[nodiscard]] UniqueFd receiveDescriptor(int socket);

// As many of the bytes as can be sent without waiting, perhaps none. Nothing when the peer is gone.
[[nodiscard]] std::optional<std::size_t> sendSome(int socket, std::string_view bytes);
// All of the bytes, waiting as long as it takes. False when the peer is gone.
[[nodiscard]] bool sendAll(int socket, std::string_view bytes);

} // namespace gatehouse::worker
