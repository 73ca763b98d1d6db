#include "aws/xml.h"

#include <expat.h>

#include <algorithm>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "base/format.h"

namespace zael::aws {
namespace {

using Parser = std::unique_ptr<std::remove_pointer_t<XML_Parser>, decltype(&XML_ParserFree)>;

// What expat calls back. No exception may cross it: only running out of memory could throw here,
// and that ends the process as everywhere in this library.
class Reader {
 public:
  Reader(XML_Parser parser, const XmlBounds& bounds) : parser_(parser), bounds_(bounds) {
    XML_SetUserData(parser, this);
    XML_SetElementHandler(parser, &Reader::Begin, &Reader::End);
    XML_SetCharacterDataHandler(parser, &Reader::Text);
    XML_SetStartDoctypeDeclHandler(parser, &Reader::Doctype);
  }

  // Null: expat's own reason counts.
  const char* cause() const { return cause_; }
  XmlElement Take() { return std::move(root_.children.front()); }

 private:
  static Reader& Of(void* self) { return *static_cast<Reader*>(self); }

  // Expat may still call back a few times after it; those calls find `cause_` set.
  void Stop(const char* cause) {
    if (cause_ == nullptr) cause_ = cause;
    XML_StopParser(parser_, XML_FALSE);
  }

  static void XMLCALL Begin(void* self, const XML_Char* name, const XML_Char** /*attributes*/) {
    Reader& reader = Of(self);
    if (reader.cause_ != nullptr) return;
    if (reader.open_.size() > reader.bounds_.max_depth) {
      return reader.Stop("elements are nested too deep");
    }
    if (++reader.elements_ > reader.bounds_.max_elements) {
      return reader.Stop("there are too many elements");
    }
    const std::string_view full(name);
    const std::size_t colon = full.rfind(':');
    // The parent's other children do not move any more while this one is open.
    std::vector<XmlElement>& siblings = reader.open_.back()->children;
    siblings.emplace_back();
    siblings.back().name = colon == std::string_view::npos ? full : full.substr(colon + 1);
    reader.open_.push_back(&siblings.back());
  }

  static void XMLCALL End(void* self, const XML_Char* /*name*/) {
    if (Of(self).cause_ == nullptr) Of(self).open_.pop_back();
  }

  static void XMLCALL Text(void* self, const XML_Char* text, int size) {
    if (Of(self).cause_ != nullptr) return;
    Of(self).open_.back()->text.append(text, static_cast<std::size_t>(size));
  }

  static void XMLCALL Doctype(void* self, const XML_Char* /*name*/, const XML_Char* /*system*/,
                              const XML_Char* /*public*/, int /*has_internal_subset*/) {
    Of(self).Stop("a document type is not allowed");
  }

  XML_Parser parser_;
  const XmlBounds& bounds_;
  XmlElement root_;                        // holds the real one as its child
  std::vector<XmlElement*> open_{&root_};  // from root_ to the innermost
  std::size_t elements_ = 0;
  const char* cause_ = nullptr;
};

}  // namespace

const XmlElement* XmlElement::Child(std::string_view wanted) const {
  const auto found =
      std::find_if(children.begin(), children.end(),
                   [wanted](const XmlElement& child) { return child.name == wanted; });
  return found == children.end() ? nullptr : &*found;
}

std::string_view XmlElement::TextAt(std::string_view path) const {
  const XmlElement* element = this;
  while (!path.empty() && element != nullptr) {
    const std::size_t slash = std::min(path.find('/'), path.size());
    element = element->Child(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return element == nullptr ? std::string_view() : std::string_view(element->text);
}

Result<XmlElement> ParseXml(std::string_view text, const XmlBounds& bounds) {
  if (text.size() > bounds.max_bytes) {
    return Error(ErrorCode::kInvalidArgument,
                 Format("read XML: it is larger than {} bytes", bounds.max_bytes));
  }
  const Parser parser(XML_ParserCreate("UTF-8"), &XML_ParserFree);
  if (!parser) throw std::bad_alloc();
  Reader reader(parser.get(), bounds);
  if (XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE) ==
      XML_STATUS_OK) {
    return reader.Take();
  }
  const char* cause = reader.cause();
  if (cause == nullptr) cause = XML_ErrorString(XML_GetErrorCode(parser.get()));
  return Error(ErrorCode::kInvalidArgument,
               Format("read XML: line {}: {}", XML_GetCurrentLineNumber(parser.get()), cause));
}

}  // namespace zael::aws
