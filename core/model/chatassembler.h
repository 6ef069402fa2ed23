// One Chat Completions answer from its chunks: text, tool calls put together by index, usage, finish reason.
// A value; any thread. The chunks are a server's: unknown members are ignored, wrong ones are one clear error.
#pragma once

#include "core/foundation/result.h"
#include "core/model/conversation.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::model {

class ChatAssembler {
public:
    explicit ChatAssembler(std::size_t maximumCalls) : m_maximumCalls(maximumCalls) { }

    // One event's data; returns the text it adds. "[DONE]" ends the answer; what follows is ignored.
    [[nodiscard]] Result<std::string> add(std::string_view data);
    // [DONE] has come.
    [[nodiscard]] bool done() const { return m_done; }
    // The answer has its end: [DONE], or a finish reason after which the stream ended in order.
    [[nodiscard]] bool complete() const { return m_done || !m_finish.empty(); }
    [[nodiscard]] std::size_t textBytes() const { return m_text.size(); }
    // The whole answer, once complete; a call without id or name is an error here.
    [[nodiscard]] Result<Response> take();

private:
    struct Slot {
        std::int64_t index = 0;
        ToolCall call;
    };

    Result<std::string> addChunk(const nlohmann::json& chunk);
    Result<std::string> addChoice(const nlohmann::json& choice);
    Result<std::string> addDelta(const nlohmann::json& delta);
    Result<void> addCallDelta(const nlohmann::json& delta);
    Result<Slot*> slotFor(const nlohmann::json& delta, const std::string& id, const std::string& name);
    void addUsage(const nlohmann::json& usage);
    Result<void> checkCalls() const;

    std::size_t m_maximumCalls;
    std::string m_text;
    std::vector<Slot> m_slots;
    std::string m_finish;
    std::string m_providerModel;
    Usage m_usage;
    bool m_refused = false;
    bool m_sawChoice = false;
    bool m_done = false;
};

} // namespace gatehouse::model
