// SmallVector: a vector whose first N elements need no memory of their own. The only file that
// includes Boost.Container, whose small_vector it is.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>

namespace zael {

template <typename T, std::size_t N>
using SmallVector = boost::container::small_vector<T, N>;

}  // namespace zael
