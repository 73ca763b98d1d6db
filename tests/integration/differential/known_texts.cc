#include "tests/integration/differential/known_texts.h"

namespace zael::differential {
namespace {

// The pattern from its first letter to its end, or what is left of both.
bool MatchesFrom(std::string_view text, std::string_view pattern) {
  while (!pattern.empty() && pattern.front() != '*') {
    if (text.empty() || text.front() != pattern.front()) return false;
    text.remove_prefix(1);
    pattern.remove_prefix(1);
  }
  if (pattern.empty()) return text.empty();
  pattern.remove_prefix(1);
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (MatchesFrom(text.substr(i), pattern)) return true;
  }
  return false;
}

const std::vector<KnownText> kAll =
    {
        {"The provided key element does not match the schema",
         "The number of conditions on the keys is invalid", "GetItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"}}})~"},
        {"The provided key element does not match the schema",
         "One or more parameter values were invalid: Type mismatch for key", "GetItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"S":"1"}}})~"},
        {"The provided key element does not match the schema", "Invalid attribute value type",
         "GetItem", R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"BOOL":true}}})~"},
        {"The provided key element does not match the schema",
         "One of the required keys was not given a value", "GetItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"other":{"N":"1"}}})~"},
        {"One or more parameter values were invalid: Missing the key * in the item",
         "One of the required keys was not given a value", "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"}}})~"},
        {"One or more parameter values were invalid: Type mismatch for key * expected: * actual: *",
         "One or more parameter values were invalid: Type mismatch for key", "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"S":"1"}}})~"},
        {"One or more parameter values were invalid: Type mismatch for key * expected: * actual: *",
         "Invalid attribute value type", "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"NULL":true}}})~"},
        {"One or more parameter values were invalid: Type mismatch for Index Key * Expected: * "
         "Actual: * IndexName: *",
         "One or more parameter values were invalid: Type mismatch for Index Key", "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"},"gk":{"N":"1"}}})~"},
        {"One or more parameter values were invalid: Type mismatch for Index Key * Expected: * "
         "Actual: * IndexName: *",
         "Invalid attribute value type", "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"},"gk":{"M":{}}}})~"},
        {"One or more parameter values are not valid. The AttributeValue for a key attribute "
         "cannot "
         "contain an empty * value. Key: *",
         "", "GetItem", R"~({"TableName":"example","Key":{"pk":{"S":""},"sk":{"N":"1"}}})~"},
        {"One or more parameter values are not valid. A value specified for a secondary index key "
         "is "
         "not supported. *",
         "", "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"},"gk":{"S":""}}})~"},
        {"One or more parameter values are not valid. The update expression attempted to update a "
         "secondary index key to a value that is not supported. *",
         "", "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET gk = :x","ExpressionAttributeValues":{":x":{"S":""}}})~"},
        {"One or more parameter values were invalid: Cannot update attribute *. This attribute is "
         "part of the key",
         "", "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET sk = :x","ExpressionAttributeValues":{":x":{"N":"2"}}})~"},
        {"Key attributes must be scalars; *", "", "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET b = pk.x"})~"},
        {"ReturnValues can only be ALL_OLD or NONE", "Return values set to invalid value",
         "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"}},"ReturnValues":"ALL_NEW"})~"},
        {"Requested resource not found", "Cannot do operations on a non-existent table", "GetItem",
         R"~({"TableName":"nowhere","Key":{"pk":{"S":"x"}}})~"},
        {"Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
         "", "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"},"v":{}}})~"},
        {"Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
         "supported datatypes",
         "", "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"},"v":{"N":"1","S":"x"}}})~"},
        {"One or more parameter values were invalid: An string set  may not be empty", "",
         "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"},"v":{"SS":[]}}})~"},
        {"One or more parameter values were invalid: Input collection [*] contains duplicates.",
         "One or more parameter values were invalid: Input collection [*] contains duplicates",
         "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"},"v":{"SS":["x","x"]}}})~"},
        {"Input collection contains duplicates", "", "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"},"v":{"NS":["1","1.0"]}}})~"},
        {"One or more parameter values were invalid: Null attribute value types must have the "
         "value "
         "of true",
         "", "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"},"v":{"NULL":false}}})~"},
        {"The parameter cannot be converted to a numeric value: *",
         "A value provided cannot be converted into a number", "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"},"v":{"N":"abc"}}})~"},
        {"The parameter cannot be converted to a numeric value",
         "A value provided cannot be converted into a number", "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"},"v":{"N":""}}})~"},
        {"Number overflow. Attempting to store a number with magnitude larger than supported range",
         "", "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"},"v":{"N":"1e200"}}})~"},
        {"Number underflow. Attempting to store a number with magnitude smaller than supported "
         "range",
         "", "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"},"v":{"N":"1e-140"}}})~"},
        {"Attempting to store more than 38 significant digits in a Number",
         "DynamoDB only supports precision up to 38 digits", "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"},"v":{"N":"123456789012345678901234567890123456789"}}})~"},
        {"Attempting to store more than 38 significant digits in a Number",
         "DynamoDB only supports precision up to 38 digits", "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET n = a + :x","ExpressionAttributeValues":{":x":{"N":"1e-40"}}})~"},
        {"ExpressionAttributeValues contains invalid value: * contains duplicates. for key *",
         "ExpressionAttributeValues contains invalid value: * contains duplicates for key *",
         "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET n = :x","ExpressionAttributeValues":{":x":{"SS":["x","x"]}}})~"},
        {"ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a "
         "numeric value* for key *",
         "ExpressionAttributeValues contains invalid value: A value provided cannot be converted "
         "into a number for key *",
         "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET n = :x","ExpressionAttributeValues":{":x":{"N":"abc"}}})~"},
        {"ExpressionAttributeValues contains invalid value: *", "", "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET n = :x","ExpressionAttributeValues":{":x":{"SS":[]}}})~"},
        {"Invalid ConditionExpression: Syntax error; *", "", "DeleteItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":"a ="})~"},
        {"Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: *",
         "", "DeleteItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":"status = a"})~"},
        {"Invalid ConditionExpression: Invalid function name; function: *", "", "DeleteItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":"foo(a)"})~"},
        {"Invalid ConditionExpression: An expression attribute name used in the document path is "
         "not "
         "defined; attribute name: *",
         "", "DeleteItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":"#u = a"})~"},
        {"Invalid ConditionExpression: An expression attribute value used in expression is not "
         "defined; attribute value: *",
         "", "DeleteItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":"a = :u"})~"},
        {"Invalid ConditionExpression: Incorrect operand type for operator or function; *", "",
         "DeleteItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":"a < :x","ExpressionAttributeValues":{":x":{"BOOL":true}}})~"},
        {"Invalid ConditionExpression: The first operand must be distinct from the remaining "
         "operands for this operator or function; *",
         "", "DeleteItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":"a = a"})~"},
        {"Invalid ConditionExpression: Incorrect number of operands for operator or function; *",
         "", "DeleteItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":"attribute_exists(a, b)"})~"},
        {"Invalid ConditionExpression: Operator or function requires a document path; *", "",
         "DeleteItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":"attribute_exists(:x)","ExpressionAttributeValues":{":x":{"S":"x"}}})~"},
        {"Invalid ConditionExpression: The function is not allowed to be used this way in an "
         "expression; *",
         "", "DeleteItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":"size(a)"})~"},
        {"Invalid ConditionExpression: The BETWEEN operator requires same data type for lower and "
         "upper bounds; *",
         "", "DeleteItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":"a BETWEEN :x AND :y","ExpressionAttributeValues":{":x":{"S":"x"},":y":{"N":"1"}}})~"},
        {"Invalid ConditionExpression: The BETWEEN operator requires upper bound to be greater "
         "than "
         "or equal to lower bound; *",
         "", "DeleteItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":"a BETWEEN :x AND :y","ExpressionAttributeValues":{":x":{"S":"x"},":y":{"S":"a"}}})~"},
        {"Invalid ConditionExpression: The expression has redundant parentheses;", "", "DeleteItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":"((a = b))"})~"},
        {"Invalid ConditionExpression: The expression can not be empty;", "", "DeleteItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":""})~"},
        {"Invalid ConditionExpression: Invalid attribute type name found; type: *, valid types: "
         "{B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
         "Invalid ConditionExpression: Invalid attribute type name found; type: *, valid types: "
         "{N,BS,L,B,NULL,M,S,SS,NS,BOOL}",
         "DeleteItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ConditionExpression":"attribute_type(a, :x)","ExpressionAttributeValues":{":x":{"S":"X"}}})~"},
        {"Invalid FilterExpression: Syntax error; *", "", "Scan",
         R"~({"TableName":"example","FilterExpression":"a ="})~"},
        {"Invalid FilterExpression: Attribute name is a reserved keyword; reserved keyword: *", "",
         "Scan", R"~({"TableName":"example","FilterExpression":"status = a"})~"},
        {"Invalid FilterExpression: Invalid function name; function: *", "", "Scan",
         R"~({"TableName":"example","FilterExpression":"foo(a)"})~"},
        {"Invalid FilterExpression: An expression attribute name used in the document path is not "
         "defined; attribute name: *",
         "", "Scan", R"~({"TableName":"example","FilterExpression":"#u = a"})~"},
        {"Invalid FilterExpression: An expression attribute value used in expression is not "
         "defined; "
         "attribute value: *",
         "", "Scan", R"~({"TableName":"example","FilterExpression":"a = :u"})~"},
        {"Invalid FilterExpression: Incorrect operand type for operator or function; *", "", "Scan",
         R"~({"TableName":"example","FilterExpression":"a < :x","ExpressionAttributeValues":{":x":{"BOOL":true}}})~"},
        {"Invalid FilterExpression: The first operand must be distinct from the remaining operands "
         "for this operator or function; *",
         "", "Scan", R"~({"TableName":"example","FilterExpression":"a = a"})~"},
        {"Invalid FilterExpression: Incorrect number of operands for operator or function; *", "",
         "Scan", R"~({"TableName":"example","FilterExpression":"attribute_exists(a, b)"})~"},
        {"Invalid FilterExpression: Operator or function requires a document path; *", "", "Scan",
         R"~({"TableName":"example","FilterExpression":"attribute_exists(:x)","ExpressionAttributeValues":{":x":{"S":"x"}}})~"},
        {"Invalid FilterExpression: The function is not allowed to be used this way in an "
         "expression; *",
         "", "Scan", R"~({"TableName":"example","FilterExpression":"size(a)"})~"},
        {"Invalid FilterExpression: The BETWEEN operator requires same data type for lower and "
         "upper "
         "bounds; *",
         "", "Scan",
         R"~({"TableName":"example","FilterExpression":"a BETWEEN :x AND :y","ExpressionAttributeValues":{":x":{"S":"x"},":y":{"N":"1"}}})~"},
        {"Invalid FilterExpression: The BETWEEN operator requires upper bound to be greater than "
         "or "
         "equal to lower bound; *",
         "", "Scan",
         R"~({"TableName":"example","FilterExpression":"a BETWEEN :x AND :y","ExpressionAttributeValues":{":x":{"S":"x"},":y":{"S":"a"}}})~"},
        {"Invalid FilterExpression: The expression has redundant parentheses;", "", "Scan",
         R"~({"TableName":"example","FilterExpression":"((a = b))"})~"},
        {"Invalid FilterExpression: The expression can not be empty;", "", "Scan",
         R"~({"TableName":"example","FilterExpression":""})~"},
        {"Invalid FilterExpression: Invalid attribute type name found; type: *, valid types: "
         "{B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
         "Invalid FilterExpression: Invalid attribute type name found; type: *, valid types: "
         "{N,BS,L,B,NULL,M,S,SS,NS,BOOL}",
         "Scan",
         R"~({"TableName":"example","FilterExpression":"attribute_type(a, :x)","ExpressionAttributeValues":{":x":{"S":"X"}}})~"},
        {"Invalid UpdateExpression: Syntax error; *", "", "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET a ="})~"},
        {"Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: *", "",
         "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"REMOVE status"})~"},
        {"Invalid UpdateExpression: Invalid function name; function: *", "", "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET n = foo(a)"})~"},
        {"Invalid UpdateExpression: An expression attribute name used in the document path is not "
         "defined; attribute name: *",
         "", "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"REMOVE #u"})~"},
        {"Invalid UpdateExpression: An expression attribute value used in expression is not "
         "defined; "
         "attribute value: *",
         "", "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET n = :u"})~"},
        {"Invalid UpdateExpression: Two document paths overlap with each other; must remove or "
         "rewrite one of these paths; path one: *, path two: *",
         "", "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"REMOVE b, b.x"})~"},
        {"Invalid UpdateExpression: Two document paths conflict with each other; must remove or "
         "rewrite one of these paths; path one: *, path two: *",
         "", "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"REMOVE b.x, b[1]"})~"},
        {"Invalid UpdateExpression: Incorrect operand type for operator or function; *", "",
         "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"ADD n :x","ExpressionAttributeValues":{":x":{"S":"x"}}})~"},
        {"Invalid UpdateExpression: Operator or function requires a document path; *", "",
         "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET n = if_not_exists(:x, :x)","ExpressionAttributeValues":{":x":{"S":"x"}}})~"},
        {R"~(Invalid UpdateExpression: The "*" section can only be used once in an update expression;)~",
         "", "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"REMOVE b REMOVE c"})~"},
        {"Invalid UpdateExpression: The expression can not be empty;", "", "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":""})~"},
        {"Invalid ProjectionExpression: Syntax error; *", "", "GetItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ProjectionExpression":"a,"})~"},
        {"Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: *",
         "", "GetItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ProjectionExpression":"status"})~"},
        {"Invalid ProjectionExpression: An expression attribute name used in the document path is "
         "not defined; attribute name: *",
         "", "GetItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ProjectionExpression":"#u"})~"},
        {"Invalid ProjectionExpression: Two document paths overlap with each other; must remove or "
         "rewrite one of these paths; path one: *, path two: *",
         "", "GetItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ProjectionExpression":"b, b.x"})~"},
        {"Invalid ProjectionExpression: Two document paths conflict with each other; must remove "
         "or "
         "rewrite one of these paths; path one: *, path two: *",
         "", "GetItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ProjectionExpression":"b.x, b[1]"})~"},
        {"Invalid ProjectionExpression: The expression can not be empty;", "", "GetItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ProjectionExpression":""})~"},
        {"Invalid KeyConditionExpression: Syntax error; *", "", "Query",
         R"~({"TableName":"example","KeyConditionExpression":"pk ="})~"},
        {"Invalid KeyConditionExpression: An expression attribute name used in the document path "
         "is "
         "not defined; attribute name: *",
         "", "Query",
         R"~({"TableName":"example","KeyConditionExpression":"#u = :x","ExpressionAttributeValues":{":x":{"S":"x"}}})~"},
        {"Invalid KeyConditionExpression: An expression attribute value used in expression is not "
         "defined; attribute value: *",
         "", "Query", R"~({"TableName":"example","KeyConditionExpression":"pk = :u"})~"},
        {"Invalid KeyConditionExpression: Incorrect operand type for operator or function; *", "",
         "Query",
         R"~({"TableName":"example","KeyConditionExpression":"pk = :x AND sk < :y","ExpressionAttributeValues":{":x":{"S":"x"},":y":{"BOOL":true}}})~"},
        {"Invalid KeyConditionExpression: Attribute name is a reserved keyword; reserved keyword: "
         "*",
         "", "Query",
         R"~({"TableName":"example","KeyConditionExpression":"status = :x","ExpressionAttributeValues":{":x":{"S":"x"}}})~"},
        {"Invalid KeyConditionExpression: Invalid function name; function: *",
         "", "Query", R"~({"TableName":"example","KeyConditionExpression":"pk = :x AND foo(sk)","ExpressionAttributeValues":{":x":{"S":"x"}}})~"},
        {"Invalid KeyConditionExpression: The BETWEEN operator requires same data type for lower "
         "and "
         "upper bounds; *",
         "", "Query",
         R"~({"TableName":"example","KeyConditionExpression":"pk = :x AND sk BETWEEN :x AND :y","ExpressionAttributeValues":{":x":{"S":"x"},":y":{"N":"1"}}})~"},
        {"Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater "
         "than or equal to lower bound; *",
         "", "Query",
         R"~({"TableName":"example","KeyConditionExpression":"pk = :x AND sk BETWEEN :y AND :z","ExpressionAttributeValues":{":x":{"S":"x"},":y":{"N":"2"},":z":{"N":"1"}}})~"},
        {"Value provided in ExpressionAttributeNames unused in expressions: keys: {*}", "",
         "GetItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"ProjectionExpression":"a","ExpressionAttributeNames":{"#u":"b"}})~"},
        {"Value provided in ExpressionAttributeValues unused in expressions: keys: {*}", "",
         "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"REMOVE q","ExpressionAttributeValues":{":u":{"N":"1"}}})~"},
        {"ExpressionAttributeNames can only be specified when using expressions", "", "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"}},"ExpressionAttributeNames":{"#u":"b"}})~"},
        {"ExpressionAttributeValues can only be specified when using expressions: *", "", "PutItem",
         R"~({"TableName":"example","Item":{"pk":{"S":"x"},"sk":{"N":"1"}},"ExpressionAttributeValues":{":u":{"N":"1"}}})~"},
        {"The provided expression refers to an attribute that does not exist in the item", "",
         "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET n = q"})~"},
        {"An operand in the update expression has an incorrect data type", "", "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET n = a + z"})~"},
        {"The document path provided in the update expression is invalid for update", "",
         "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET z.x = a"})~"},
        {"Invalid UpdateExpression: The first operand must be distinct from the remaining operands "
         "for this operator or function; *",
         "", "UpdateItem",
         R"~({"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}},"UpdateExpression":"SET n = if_not_exists(a, a)"})~"},
        {"Must specify the AttributesToGet or ProjectionExpression when choosing to get "
         "SPECIFIC_ATTRIBUTES",
         "", "Scan", R"~({"TableName":"example","Select":"SPECIFIC_ATTRIBUTES"})~"},
        {"Cannot specify the ProjectionExpression when choosing to get *", "", "Scan",
         R"~({"TableName":"example","Select":"COUNT","ProjectionExpression":"a"})~"},
        {"The provided starting key is invalid: The provided key element does not match the schema",
         "Type mismatch for attribute to update", "Query",
         R"~({"TableName":"example","KeyConditionExpression":"pk = :x","ExpressionAttributeValues":{":x":{"S":"x"}},"ExclusiveStartKey":{"pk":{"BS":["AQ=="]},"sk":{"N":"1"}}})~"},
        {"Query condition missed key schema element: *",
         "Query condition missed key schema element", "Query",
         R"~({"TableName":"example","KeyConditionExpression":"sk = :x","ExpressionAttributeValues":{":x":{"N":"1"}}})~"},
        {"Query key condition not supported", "", "Query",
         R"~({"TableName":"example","KeyConditionExpression":"pk < :x","ExpressionAttributeValues":{":x":{"S":"x"}}})~"},
        {"One or more parameter values were invalid: Condition parameter type does not match "
         "schema "
         "type",
         "", "Query",
         R"~({"TableName":"example","KeyConditionExpression":"pk = :x","ExpressionAttributeValues":{":x":{"N":"1"}}})~"},
        {"Invalid operator used in KeyConditionExpression: *", "", "Query",
         R"~({"TableName":"example","KeyConditionExpression":"pk <> :x","ExpressionAttributeValues":{":x":{"S":"x"}}})~"},
        {"The table does not have the specified index: *", "", "Scan",
         R"~({"TableName":"example","IndexName":"nothing"})~"},
        {"Consistent reads are not supported on global secondary indexes", "", "Scan",
         R"~({"TableName":"example","IndexName":"global-some","ConsistentRead":true})~"},
        {"Filter Expression can only contain non-primary key attributes: Primary key attribute: *",
         "", "Query",
         R"~({"TableName":"example","KeyConditionExpression":"pk = :x","ExpressionAttributeValues":{":x":{"S":"x"}},"FilterExpression":"attribute_exists(sk)"})~"},
        {"One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported "
         "for "
         "global secondary index * because its projection type is not ALL",
         "", "Scan",
         R"~({"TableName":"example","IndexName":"global-some","Select":"ALL_ATTRIBUTES"})~"},
        {"One or more parameter values were invalid: ALL_PROJECTED_ATTRIBUTES can be used only "
         "when "
         "Querying using an IndexName",
         "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName", "Scan",
         R"~({"TableName":"example","Select":"ALL_PROJECTED_ATTRIBUTES"})~"},
        {"One or more parameter values were invalid: Secondary index * does not project one or "
         "more "
         "filter attributes: [*]",
         "", "Query",
         R"~({"TableName":"example","KeyConditionExpression":"gk = :x","ExpressionAttributeValues":{":x":{"S":"x"}},"IndexName":"global-some","FilterExpression":"attribute_exists(z)"})~"},
        {"One or more parameter values were invalid: Global secondary index * does not project [*]",
         "", "Scan",
         R"~({"TableName":"example","IndexName":"global-some","ProjectionExpression":"z"})~"},
        {"The provided starting key is outside query boundaries based on provided conditions",
         "The provided starting key does not match the range key predicate", "Query",
         R"~({"TableName":"example","KeyConditionExpression":"pk = :x","ExpressionAttributeValues":{":x":{"S":"x"}},"ExclusiveStartKey":{"pk":{"S":"y"},"sk":{"N":"1"}}})~"},
        {"The provided starting key does not match the range key predicate", "", "Query",
         R"~({"TableName":"example","KeyConditionExpression":"pk = :x AND sk < :y","ExpressionAttributeValues":{":x":{"S":"x"},":y":{"N":"5"}},"ExclusiveStartKey":{"pk":{"S":"x"},"sk":{"N":"7"}}})~"},
        {"The provided starting key is invalid: The provided key element does not match the schema",
         "Exclusive Start Key must have same size as table's key schema", "Query",
         R"~({"TableName":"example","KeyConditionExpression":"pk = :x","ExpressionAttributeValues":{":x":{"S":"x"}},"ExclusiveStartKey":{"pk":{"S":"x"}}})~"},
        {"The query can return at most one row and cannot be restarted",
         "The provided starting key does not match the range key predicate", "Query",
         R"~({"TableName":"example-hash","KeyConditionExpression":"pk = :x","ExclusiveStartKey":{"pk":{"S":"y"}},"ExpressionAttributeValues":{":x":{"S":"x"}}})~"},
        {"Provided list of item keys contains duplicates", "", "BatchGetItem",
         R"~({"RequestItems":{"example":{"Keys":[{"pk":{"S":"x"},"sk":{"N":"1"}},{"pk":{"S":"x"},"sk":{"N":"1"}}]}}})~"},
        {"Transaction request cannot include multiple operations on one item", "",
         "TransactGetItems",
         R"~({"TransactItems":[{"Get":{"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}}}},{"Get":{"TableName":"example","Key":{"pk":{"S":"x"},"sk":{"N":"1"}}}}]})~"},
};

}  // namespace

bool Matches(std::string_view text, std::string_view pattern) { return MatchesFrom(text, pattern); }

const std::vector<KnownText>& KnownTexts() { return kAll; }

bool IsSameText(std::string_view ours, std::string_view local) {
  for (const KnownText& text : kAll) {
    if (text.local.empty() || !Matches(ours, text.ours)) continue;
    if (Matches(local, text.local)) return true;
  }
  return false;
}

bool TellOtherFaults(std::string_view ours, std::string_view local) {
  for (const KnownText& one : kAll) {
    if (!Matches(ours, one.ours)) continue;
    for (const KnownText& two : kAll) {
      if (two.ours != one.ours && Matches(local, two.local.empty() ? two.ours : two.local)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace zael::differential
