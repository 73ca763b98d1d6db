#include "aws/providers/command_words.h"

#include <optional>
#include <utility>

#include "aws/ascii.h"

namespace zael::aws {
namespace {

class Splitter {
 public:
  // What is wrong, or null.
  const char* Split(std::string_view command) {
    for (rest_ = command; !rest_.empty();) {
      const char c = Take();
      if (IsBlank(c) || c == '\n') {
        EndWord();
      } else if (const char* wrong = Read(c)) {
        return wrong;
      }
    }
    EndWord();
    return words_.empty() ? "it names no program" : nullptr;
  }

  std::vector<std::string> TakeWords() { return std::move(words_); }

 private:
  char Take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  void EndWord() {
    if (word_) words_.push_back(*std::move(word_));
    word_.reset();
  }

  const char* Read(char c) {
    if (!word_) word_.emplace();
    if (c == '\'' || c == '"') return ReadQuoted(c);
    if (c != '\\') {
      *word_ += c;
      return nullptr;
    }
    if (rest_.empty()) return "it ends with a backslash";
    *word_ += Take();
    return nullptr;
  }

  const char* ReadQuoted(char quote) {
    while (!rest_.empty()) {
      const char c = Take();
      if (c == quote) return nullptr;
      const bool escapes = quote == '"' && c == '\\' && !rest_.empty() &&
                           (rest_.front() == '"' || rest_.front() == '\\');
      *word_ += escapes ? Take() : c;
    }
    return "a quote is not closed";
  }

  std::string_view rest_;
  std::optional<std::string> word_;  // the one begun
  std::vector<std::string> words_;
};

}  // namespace

Result<std::vector<std::string>> SplitCommand(std::string_view command) {
  Splitter splitter;
  if (const char* wrong = splitter.Split(command)) {
    return Error(ErrorCode::kInvalidArgument, std::string("split command: ") + wrong);
  }
  return splitter.TakeWords();
}

}  // namespace zael::aws
