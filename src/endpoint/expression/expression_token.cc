#include "endpoint/expression/expression_token.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/format.h"

namespace zael::endpoint {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWordByte(char c) { return IsLetter(c) || IsDigit(c) || c == '_'; }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::size_t WordLength(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && IsWordByte(text[length])) ++length;
  return length;
}

std::size_t DigitsLength(std::string_view text) {
  if (text.front() == '0') return 1;
  std::size_t length = 0;
  while (length < text.size() && IsDigit(text[length])) ++length;
  return length;
}

// Of the character of UTF-8 that begins the text.
std::size_t CharacterLength(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) {
    ++length;
  }
  return length;
}

std::size_t SignLength(std::string_view text) {
  if (text.starts_with("<>") || text.starts_with("<=") || text.starts_with(">=")) return 2;
  return std::string_view("=<>()[].,+-").find(text.front()) == std::string_view::npos ? 0 : 1;
}

Keyword KeywordOf(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, Keyword>, 9> kKeywords{
      {{"AND", Keyword::kAnd},
       {"OR", Keyword::kOr},
       {"NOT", Keyword::kNot},
       {"BETWEEN", Keyword::kBetween},
       {"IN", Keyword::kIn},
       {"SET", Keyword::kSet},
       {"REMOVE", Keyword::kRemove},
       {"ADD", Keyword::kAdd},
       {"DELETE", Keyword::kDelete}}};
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; };
  for (const auto& [text, keyword] : kKeywords) {
    if (std::equal(text.begin(), text.end(), word.begin(), word.end(),
                   [&](char a, char b) { return a == upper(b); })) {
      return keyword;
    }
  }
  return Keyword::kNone;
}

// The token that begins `rest`, which is not empty and not blank.
Token First(std::string_view rest) {
  const char first = rest.front();
  if (IsLetter(first)) {
    const std::string_view word = rest.substr(0, WordLength(rest));
    return {.kind = TokenKind::kWord, .text = word, .keyword = KeywordOf(word)};
  }
  if (IsDigit(first)) return {TokenKind::kDigits, rest.substr(0, DigitsLength(rest))};
  if (first == '#' || first == ':') {
    const std::size_t length = 1 + WordLength(rest.substr(1));
    if (length == 1) return {TokenKind::kUnknown, rest.substr(0, 1)};
    return {first == '#' ? TokenKind::kName : TokenKind::kValue, rest.substr(0, length)};
  }
  if (const std::size_t length = SignLength(rest)) {
    return {TokenKind::kSign, rest.substr(0, length)};
  }
  return {TokenKind::kUnknown, rest.substr(0, CharacterLength(rest))};
}

}  // namespace

std::vector<Token> Tokenize(std::string_view expression) {
  std::vector<Token> tokens;
  std::size_t offset = 0;
  for (;;) {
    while (offset < expression.size() && IsBlank(expression[offset])) ++offset;
    if (offset == expression.size()) break;
    Token token = First(expression.substr(offset));
    token.offset = offset;
    offset += token.text.size();
    tokens.push_back(token);
  }
  tokens.push_back({.kind = TokenKind::kEnd, .offset = offset});
  return tokens;
}

std::string SyntaxErrorText(std::string_view expression, const std::vector<Token>& tokens,
                            std::size_t at) {
  const Token& token = tokens[at];
  const bool ends = token.kind == TokenKind::kEnd;
  const std::size_t from = at > 0 ? tokens[at - 1].offset : ends ? 0 : token.offset;
  std::size_t to = expression.size();
  if (!ends && tokens[at + 1].kind != TokenKind::kEnd) {
    to = tokens[at + 1].offset + tokens[at + 1].text.size();
  }
  return Format("Syntax error; token: \"{}\", near: \"{}\"", ends ? "<EOF>" : token.text,
                expression.substr(from, to - from));
}

bool IsPlaceholder(std::string_view text, char first) {
  return text.size() > 1 && text.front() == first && WordLength(text.substr(1)) + 1 == text.size();
}

}  // namespace zael::endpoint
