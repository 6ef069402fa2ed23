// Foreign bytes in our sentences: short, escaped, and without the key. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::model {

// The first maximum bytes, as one line of harmless text: control, invisible and direction-changing characters and bytes
// that are not UTF-8 are written as \n, \xNN or \u{NNNN}; "…" says that more followed.
[[nodiscard]] std::string excerpt(std::string_view bytes, std::size_t maximum);
// Every run of six or more characters that also stands in the secret becomes "[key]": servers like to quote keys.
[[nodiscard]] std::string withoutSecret(std::string_view text, std::string_view secret);

} // namespace gatehouse::model
