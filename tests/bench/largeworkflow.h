// A workflow of many agents for the probes of the canvas: in a grid, as people lay them out; every agent uses one of twenty tools.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace gatehouse::bench {

inline std::string largeWorkflow(int agents)
{
    using nlohmann::json;
    json root = {{"schema", "gatehouse:workflow/1"}, {"name", "large"}, {"class", "draft"}, {"entry", "agent0"}};
    for (int i = 0; i < agents; ++i) {
        const std::string name = "agent" + std::to_string(i);
        const std::string tool = "tool" + std::to_string(i % 20);
        root["agents"][name] = {{"instructions", ""}, {"capabilities", json::array()}, {"tools", {tool}}, {"data", json::object()}};
        root["tools"][tool] = {{"description", ""}, {"parameters", json::object()}, {"command", {"sh", "x"}}};
        root["layout"]["nodes"]["agent:" + name] = {(i % 25) * 280, (i / 25) * 140};
        root["layout"]["nodes"]["tool:" + tool] = {7200, (i % 20) * 140};
    }
    return root.dump(2);
}

} // namespace gatehouse::bench
