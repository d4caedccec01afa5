#pragma once
// Bytes made smaller in a way that browsers undo by themselves.

#include <string>
#include <string_view>

namespace optichain::sim {

/// As a zlib stream (RFC 1950): what JavaScript's DecompressionStream("deflate") reads.
std::string deflated(std::string_view bytes);

}  // namespace optichain::sim
