#include "aws/partition.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "aws/ascii.h"

namespace zael::aws {
namespace {

struct Entry {
  std::string_view region_prefix;
  Partition partition;
};

// The first whose prefix fits.
constexpr std::array<Entry, 8> kPartitions = {{
    {"cn-", {"aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"}},
    {"us-gov-", {"aws-us-gov", "amazonaws.com", "api.aws"}},
    {"us-iso-", {"aws-iso", "c2s.ic.gov", "api.aws.ic.gov"}},
    {"us-isob-", {"aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"}},
    {"eu-isoe-", {"aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"}},
    {"us-isof-", {"aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov"}},
    {"eusc-", {"aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"}},
    {"", {"aws", "amazonaws.com", "api.aws"}},
}};

constexpr std::size_t kMaxLabelBytes = 63;

}  // namespace

const Partition& PartitionOf(std::string_view region) {
  const auto fits = [region](const Entry& entry) {
    return region.substr(0, entry.region_prefix.size()) == entry.region_prefix;
  };
  return std::find_if(kPartitions.begin(), kPartitions.end(), fits)->partition;
}

bool IsRegionName(std::string_view region) {
  const auto fits = [](char c) { return IsAlphanumeric(c) || c == '-'; };
  return !region.empty() && region.size() <= kMaxLabelBytes && region.front() != '-' &&
         region.back() != '-' && std::all_of(region.begin(), region.end(), fits);
}

}  // namespace zael::aws
