// Partition: the part of AWS that a region belongs to, and the names its services have there.
#pragma once

#include <string_view>

namespace zael::aws {

struct Partition {
  std::string_view name;               // as in an ARN: `aws`, `aws-cn`
  std::string_view suffix;             // `amazonaws.com`
  std::string_view dual_stack_suffix;  // for IPv4 and IPv6
};

// A region of no known form is taken for a new one of `aws`.
const Partition& PartitionOf(std::string_view region);

// Whether it can be part of a host's name: letters, digits and inner hyphens, at most 63.
bool IsRegionName(std::string_view region);

}  // namespace zael::aws
