// GetRecords: a page of a stream, and the iterator that goes on after it.
//
// A page ends at its limit, at a megabyte, or where the feed ends a page; an empty page is normal.
// The last page of a disabled stream has no next iterator. Facts: dynamodb-api.md 1.9.
#pragma once

#include "endpoint/authentication.h"
#include "endpoint/tables/table_plane.h"
#include "json/json_document.h"

namespace zael::endpoint {

ApiOutcome GetRecords(TablePlane& plane, const Caller& caller, const json::JsonValue& request);

}  // namespace zael::endpoint
