#include "sim/output/deflate.hpp"

#include <zlib.h>

#include "sim/base/check.hpp"

namespace optichain::sim {

std::string deflated(std::string_view bytes) {
  uLongf size = compressBound(bytes.size());
  std::string out(size, '\0');
  const int status =
      compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                reinterpret_cast<const Bytef*>(bytes.data()), bytes.size(), Z_DEFAULT_COMPRESSION);
  OPTICHAIN_CHECK(status == Z_OK, "zlib: {}", zError(status));
  out.resize(size);
  return out;
}

}  // namespace optichain::sim
