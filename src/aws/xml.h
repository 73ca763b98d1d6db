// XmlElement: an XML text, read: the answers of AWS's query protocol (STS, CloudFormation).
//
// Adapter over expat; nothing else reads XML. Everything is bounded, and a document type is
// refused: so there are no entities of the sender's own. Namespaces, attributes, comments and
// processing instructions are dropped; text is kept as it is between the tags of one element.
#pragma once

#include <zael/result.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace zael::aws {

struct XmlElement {
  std::string name;  // without prefix
  std::string text;  // its own, not its children's
  std::vector<XmlElement> children;

  // The first child of that name; null when there is none.
  const XmlElement* Child(std::string_view name) const;
  // The text at a path such as `Result/Credentials/AccessKeyId`; empty when it is not there.
  std::string_view TextAt(std::string_view path) const;
};

struct XmlBounds {
  std::size_t max_bytes = 1024 * 1024;
  std::size_t max_depth = 32;
  std::size_t max_elements = 20'000;
};

// The root. Errors: kInvalidArgument `read XML: line N: cause`.
Result<XmlElement> ParseXml(std::string_view text, const XmlBounds& bounds = {});

}  // namespace zael::aws
