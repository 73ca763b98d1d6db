#include "aws/xml.h"

#include <gtest/gtest.h>

namespace zael::aws {
namespace {

XmlElement Parse(std::string_view text) {
  auto parsed = ParseXml(text);
  EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : parsed.error().message());
  return parsed.ok() ? *parsed : XmlElement{};
}

std::string Complaint(std::string_view text, const XmlBounds& bounds = {}) {
  const auto parsed = ParseXml(text, bounds);
  if (parsed.ok()) return "accepted";
  EXPECT_EQ(parsed.error().code(), ErrorCode::kInvalidArgument);
  return parsed.error().message();
}

std::string Nested(int depth) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += "<a>";
  for (int i = 0; i < depth; ++i) text += "</a>";
  return text;
}

TEST(Xml, IsReadIntoElementsAndTheirTexts) {
  const XmlElement root = Parse(
      "<?xml version=\"1.0\"?>\n<R xmlns=\"https://x/\"><A>one</A><B><A>two</A><A>three</A></B>"
      "<!-- no --><C/></R>\n");
  EXPECT_EQ(root.name, "R");
  ASSERT_EQ(root.children.size(), 3U);
  EXPECT_EQ(root.TextAt("A"), "one");
  EXPECT_EQ(root.TextAt("B/A"), "two");
  EXPECT_EQ(root.TextAt("C"), "");
  EXPECT_EQ(root.TextAt("D/A"), "");
  EXPECT_EQ(root.TextAt("A/A"), "");
  EXPECT_EQ(root.Child("B")->children.size(), 2U);
  EXPECT_EQ(root.Child("Z"), nullptr);
}

TEST(Xml, EntitiesAndCharacterDataAreText) {
  EXPECT_EQ(Parse("<a>1 &lt;&amp;&gt; &#65;<![CDATA[<b>]]></a>").text, "1 <&> A<b>");
}

TEST(Xml, PrefixesAreDropped) { EXPECT_EQ(Parse("<x:a xmlns:x=\"u\"/>").name, "a"); }

TEST(Xml, WhatIsNotWellFormedIsRefusedWithItsLine) {
  EXPECT_EQ(Complaint("<a>\n</b>"), "read XML: line 2: mismatched tag");
  EXPECT_EQ(Complaint(""), "read XML: line 1: no element found");
  EXPECT_EQ(Complaint("<a>"), "read XML: line 1: no element found");
  EXPECT_EQ(Complaint("<a/><b/>"), "read XML: line 1: junk after document element");
  EXPECT_EQ(Complaint("<a>\xff</a>"), "read XML: line 1: not well-formed (invalid token)");
  EXPECT_EQ(Complaint("{\"a\": 1}"), "read XML: line 1: not well-formed (invalid token)");
}

TEST(Xml, ADocumentTypeIsRefusedSoNoEntityCanGrow) {
  EXPECT_EQ(Complaint("<!DOCTYPE a [<!ENTITY b \"bbbb\">]>\n<a>&b;&b;</a>"),
            "read XML: line 1: a document type is not allowed");
}

TEST(Xml, IsBounded) {
  EXPECT_EQ(Complaint(Nested(32)), "accepted");
  EXPECT_EQ(Complaint(Nested(33)), "read XML: line 1: elements are nested too deep");
  EXPECT_EQ(Complaint(Nested(100'000)), "read XML: line 1: elements are nested too deep");
  EXPECT_EQ(Complaint("<a><b/><b/></a>", {.max_elements = 3}), "accepted");
  EXPECT_EQ(Complaint("<a><b/><b/></a>", {.max_elements = 2}),
            "read XML: line 1: there are too many elements");
  EXPECT_EQ(Complaint("<a/>", {.max_bytes = 3}), "read XML: it is larger than 3 bytes");
}

}  // namespace
}  // namespace zael::aws
