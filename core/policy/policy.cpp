#include "core/policy/policy.h"

#include <algorithm>
#include <array>

namespace gatehouse::policy {

namespace {

constexpr std::array<std::string_view, 4> layerNames = {"org", "project", "template", "run"};
constexpr std::array<std::string_view, 3> effectNames = {"allow", "ask", "deny"};

template <typename E, std::size_t N> std::optional<E> fromName(const std::array<std::string_view, N>& names, std::string_view name)
{
    const auto found = std::ranges::find(names, name);
    if (found == names.end())
        return std::nullopt;
    return static_cast<E>(found - names.begin());
}

} // namespace

std::string_view layerName(Layer layer)
{
    return layerNames[static_cast<std::size_t>(layer)];
}

std::optional<Layer> layerFromName(std::string_view name)
{
    return fromName<Layer>(layerNames, name);
}

std::string_view effectName(Effect effect)
{
    return effectNames[static_cast<std::size_t>(effect)];
}

std::optional<Effect> effectFromName(std::string_view name)
{
    return fromName<Effect>(effectNames, name);
}

bool Rule::appliesAt(Point point) const
{
    return std::ranges::find(points, point) != points.end();
}

} // namespace gatehouse::policy
