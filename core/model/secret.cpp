#include "core/model/secret.h"

#include <string.h>
#include <utility>

namespace gatehouse::model {

void wipe(std::string& bytes)
{
    bytes.resize(bytes.capacity()); // what a longer, earlier value left behind the end goes too
    ::explicit_bzero(bytes.data(), bytes.size());
    bytes.clear();
}

Secret::Secret(Secret&& other) noexcept : m_value(other.m_value)
{
    wipe(other.m_value); // a short string would otherwise stay behind in the moved-from object
}

Secret& Secret::operator=(const Secret& other)
{
    if (this != &other) {
        wipe(m_value);
        m_value = other.m_value;
    }
    return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept
{
    if (this != &other) {
        wipe(m_value);
        m_value = other.m_value;
        wipe(other.m_value);
    }
    return *this;
}

Secret::~Secret()
{
    wipe(m_value);
}

} // namespace gatehouse::model
