// Any text as an answer of DynamoDB: nothing that came over the network may end the program or be
// taken for an empty answer, and what is left of a batch is never more than could have been asked.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "dynamo/item_answers.h"
#include "dynamo/service_error.h"
#include "dynamo/stream_codec.h"
#include "dynamo/table_codec.h"

namespace {

using namespace zael;

// A reader fails in one way only.
template <typename T>
bool Reads(const Result<T>& answer) {
  CHECK(answer.ok() || answer.error().code() == ErrorCode::kUnavailable);
  return answer.ok();
}

void ReadAsRefusal(const std::string& text) {
  const auto refusal = dynamo::ReadServiceError({.status = 400, .headers = {}, .body = text});
  (void)dynamo::ClassOf(refusal);
  CHECK(!dynamo::ToStoreError(refusal, "UpdateItem").message().empty());
  (void)Reads(dynamo::ReadLostCondition(refusal));
  const std::size_t members = refusal.reasons.size();
  const auto outcome = dynamo::ReadCancellation(refusal, members);
  if (outcome.ok()) CHECK(!outcome->applied && outcome->cancellations.size() == members);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  (void)Reads(dynamo::ReadGetAnswer(text));
  (void)Reads(dynamo::ReadWriteAnswer(text));
  (void)Reads(dynamo::ReadBatchGetAnswer(text, "T"));
  (void)Reads(dynamo::ReadQueryAnswer(text));
  if (const auto table = dynamo::ReadTable(text); Reads(table)) {
    CHECK(!table->description.spec.name.empty() && !table->description.spec.keys.hash.name.empty());
  }
  (void)Reads(dynamo::ReadTimeToLive(text));
  (void)Reads(dynamo::ReadTableNames(text));
  (void)Reads(dynamo::ReadTags(text));
  (void)Reads(dynamo::ReadShards(text));
  if (const auto iterator = dynamo::ReadShardIterator(text); Reads(iterator)) {
    CHECK(!iterator->empty());
  }
  (void)Reads(dynamo::ReadRecords(text));
  ReadAsRefusal(text);
  return 0;
}
