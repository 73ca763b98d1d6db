#include "cli/datum.h"

#include "base/format.h"
#include "json/json_writer.h"

namespace zael::cli {
namespace {

void Write(json::JsonWriter& writer, const Datum& datum) {
  std::visit(
      [&writer](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, Datum::Null>) {
          writer.Null();
        } else if constexpr (std::is_same_v<T, bool>) {
          writer.Bool(value);
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          writer.Int(value);
        } else if constexpr (std::is_same_v<T, double>) {
          writer.Double(value);
        } else if constexpr (std::is_same_v<T, std::string>) {
          writer.String(value);
        } else if constexpr (std::is_same_v<T, Datum::List>) {
          writer.BeginArray();
          for (const Datum& element : value) Write(writer, element);
          writer.EndArray();
        } else {
          writer.BeginObject();
          for (const auto& [name, member] : value) {
            writer.Key(name);
            Write(writer, member);
          }
          writer.EndObject();
        }
      },
      datum.data());
}

std::string Joined(const Datum::List& list) {
  std::string text;
  for (const Datum& element : list) text += (text.empty() ? "" : ",") + ToPlainText(element);
  return text.empty() ? "-" : text;
}

std::string Joined(const Datum::Object& object) {
  std::string text;
  for (const auto& [name, member] : object) {
    text += Format("{}{}={}", text.empty() ? "" : ",", Printable(name), ToPlainText(member));
  }
  return text.empty() ? "-" : text;
}

}  // namespace

std::string ToJsonDocument(const Datum& datum) {
  json::JsonWriter writer(json::JsonWriter::Layout::kIndented);
  Write(writer, datum);
  return writer.Take() + "\n";
}

std::string ToPlainText(const Datum& datum) {
  if (const auto* text = std::get_if<std::string>(&datum.data())) {
    return text->empty() ? "-" : Printable(*text);
  }
  if (const auto* list = std::get_if<Datum::List>(&datum.data())) return Joined(*list);
  if (const auto* object = std::get_if<Datum::Object>(&datum.data())) return Joined(*object);
  if (const auto* number = std::get_if<std::int64_t>(&datum.data())) return Format("{}", *number);
  if (const auto* number = std::get_if<double>(&datum.data())) return Format("{:.6g}", *number);
  if (const auto* flag = std::get_if<bool>(&datum.data())) return *flag ? "true" : "false";
  return "-";
}

std::string Printable(std::string_view text) {
  std::string printable;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      printable += Format("\\x{:02x}", byte);
    } else {
      printable += c;
    }
  }
  return printable;
}

}  // namespace zael::cli
