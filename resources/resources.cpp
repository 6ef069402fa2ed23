#include "resources/resources.h"

#include <algorithm>

namespace gatehouse::resources {

std::optional<std::string_view> find(std::string_view path)
{
    const auto resources = all();
    const auto found = std::ranges::lower_bound(resources, path, {}, &Resource::path);
    if (found == resources.end() || found->path != path)
        return std::nullopt;
    return found->bytes;
}

} // namespace gatehouse::resources
