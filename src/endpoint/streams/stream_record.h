// StreamRecord: one change as DynamoDB Streams writes it.
//
// Pure. Facts: dynamodb-api.md 1.9 (record, SizeBytes, images).
#pragma once

#include <zael/store.h>

#include <cstddef>
#include <string_view>

#include "endpoint/streams/stream_position.h"
#include "json/json_writer.h"

namespace zael::endpoint {

struct RecordFrame {
  std::string_view region;
  std::string_view view;      // NEW_IMAGE, ...
  std::string_view table_id;  // event ids differ between tables
};

// Bytes that count for a page of records.
std::size_t RecordBytes(const Change& change, std::string_view view);

void WriteRecord(json::JsonWriter& writer, const Change& change, const StreamPlace& place,
                 const RecordFrame& frame);

}  // namespace zael::endpoint
