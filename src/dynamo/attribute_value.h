// AttributeValue: values and items in DynamoDB's JSON, {"S":"a"}, both ways.
//
// Reading checks what DynamoDB checks of a value by itself and answers with its words, so that the
// endpoint can pass them on; the client reads its answers with the same code. Strings that are not
// UTF-8 cannot be written in JSON: whoever writes asks the writer's mended() at the end.
// Pure functions.
// Facts: dynamodb-api.md 1.3 (AttributeValue validation), 3.1 (serialization texts).
#pragma once

#include <zael/result.h>
#include <zael/value.h>

#include "json/json_document.h"
#include "json/json_writer.h"

namespace zael::dynamo {

// {"S":"a"} or its like.
void WriteValue(json::JsonWriter& writer, const Value& value);
// {"name":{"S":"a"}, ...}
void WriteItem(json::JsonWriter& writer, const Item& item);

// Whether the JSON has the types DynamoDB's model says, before any meaning; base64 included. The
// message is that of a SerializationException. Members of unknown name are passed over.
Status CheckValueShape(const json::JsonValue& value);
Status CheckItemShape(const json::JsonValue& item);

// Errors: kInvalidArgument; the message is that of a ValidationException, or of a
// SerializationException when the shape was not checked before and is wrong.
Result<Value> ReadValue(const json::JsonValue& value);
Result<Item> ReadItem(const json::JsonValue& item);

}  // namespace zael::dynamo
