// Tokens of DynamoDB's expressions: the words, placeholders and signs of one expression text.
//
// Nothing is refused here: what begins no token is a token of kind kUnknown, and the parser says
// where it stands. Tokens view the text. Pure functions. Facts: dynamodb-api.md 2.1.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace zael::endpoint {

enum class TokenKind {
  kWord,     // an attribute, a function or a keyword
  kName,     // #name
  kValue,    // :value
  kDigits,   // 0, or digits that do not begin with 0
  kSign,     // = <> < <= > >= ( ) [ ] . , + -
  kUnknown,  // one character that begins none of these
  kEnd,      // of the text
};

// Keywords in any case; no attribute can be named so without a placeholder.
enum class Keyword { kNone, kAnd, kOr, kNot, kBetween, kIn, kSet, kRemove, kAdd, kDelete };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;
  std::size_t offset = 0;
  Keyword keyword = Keyword::kNone;
};

// Always ends with a token of kind kEnd.
std::vector<Token> Tokenize(std::string_view expression);

// `Syntax error; token: "AND", near: "OR AND b"` about tokens[at].
std::string SyntaxErrorText(std::string_view expression, const std::vector<Token>& tokens,
                            std::size_t at);

// Whether `text` is a whole placeholder: `first` ('#' or ':') and letters, digits or underscores.
bool IsPlaceholder(std::string_view text, char first);

}  // namespace zael::endpoint
