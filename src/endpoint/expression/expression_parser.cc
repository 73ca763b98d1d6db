#include "endpoint/expression/expression_parser.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/format.h"
#include "base/try.h"
#include "endpoint/expression/expression_token.h"
#include "endpoint/validation.h"

namespace zael::endpoint {
namespace {

// More parentheses or NOTs inside each other than any expression within its operators needs.
constexpr int kMaxDepth = 650;

constexpr std::array<std::pair<std::string_view, CompareOp>, 6> kCompareSigns{
    {{"=", CompareOp::kEqual},
     {"<>", CompareOp::kNotEqual},
     {"<", CompareOp::kLess},
     {"<=", CompareOp::kLessOrEqual},
     {">", CompareOp::kGreater},
     {">=", CompareOp::kGreaterOrEqual}}};

constexpr std::array<std::pair<Keyword, Section>, 4> kSections{
    {{Keyword::kSet, Section::kSet},
     {Keyword::kRemove, Section::kRemove},
     {Keyword::kAdd, Section::kAdd},
     {Keyword::kDelete, Section::kDelete}}};

Error TooManyOperators() {
  return Invalid(
      Format("The expression contains too many operators; operator count: {}", kMaxOperators + 1));
}

bool IsOperand(const Syntax& syntax) {
  return syntax.kind == SyntaxKind::kPath || syntax.kind == SyntaxKind::kValue ||
         syntax.kind == SyntaxKind::kFunction;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), tokens_(Tokenize(text)) {}

  Result<Syntax> Condition() {
    ZAEL_ASSIGN(Syntax condition, Disjunction());
    if (IsBare(condition)) return SyntaxError();
    ZAEL_TRY(Finish());
    return condition;
  }

  Result<UpdateSyntax> Update() {
    UpdateSyntax update;
    do {
      const std::optional<Section> section = SectionHere();
      if (!section.has_value()) return SyntaxError();
      Skip();
      update.sections.push_back(*section);
      do {
        ZAEL_ASSIGN(ActionSyntax action, Action(*section));
        update.actions.push_back(std::move(action));
      } while (TakeSign(","));
    } while (here().kind != TokenKind::kEnd);
    ZAEL_TRY(Finish());
    return update;
  }

  Result<std::vector<PathSyntax>> Projection() {
    std::vector<PathSyntax> paths;
    do {
      ZAEL_ASSIGN(PathSyntax path, Path());
      paths.push_back(std::move(path));
    } while (TakeSign(","));
    ZAEL_TRY(Finish());
    return paths;
  }

 private:
  const Token& here() const { return tokens_[at_]; }
  void Skip() { ++at_; }
  Error SyntaxError() const { return Invalid(SyntaxErrorText(text_, tokens_, at_)); }

  bool TakeSign(std::string_view sign) {
    if (here().kind != TokenKind::kSign || here().text != sign) return false;
    Skip();
    return true;
  }
  Status NeedSign(std::string_view sign) {
    return TakeSign(sign) ? Status() : Status(SyntaxError());
  }
  bool TakeKeyword(Keyword keyword) {
    if (here().keyword != keyword) return false;
    Skip();
    return true;
  }

  Status Finish() const {
    if (here().kind != TokenKind::kEnd) return SyntaxError();
    if (redundant_) return Invalid("The expression has redundant parentheses;");
    return operators_ > kMaxOperators ? Status(TooManyOperators()) : Status();
  }

  // Whether it can be no condition, only a side of one.
  static bool IsBare(const Syntax& syntax) {
    return syntax.kind == SyntaxKind::kPath || syntax.kind == SyntaxKind::kValue;
  }

  // Of a condition in parentheses may come an operand: `(a) = :v`. The one who looks for a
  // condition refuses that where the operand ends.
  Result<Syntax> Disjunction() { return Joined(Keyword::kOr, SyntaxKind::kOr); }
  Result<Syntax> Conjunction() { return Joined(Keyword::kAnd, SyntaxKind::kAnd); }

  Result<Syntax> Joined(Keyword keyword, SyntaxKind kind) {
    const auto part = [&] { return kind == SyntaxKind::kOr ? Conjunction() : Term(); };
    ZAEL_ASSIGN(Syntax first, part());
    if (here().keyword != keyword) return first;
    Syntax joined{.kind = kind};
    joined.operands.push_back(std::move(first));
    while (here().keyword == keyword) {
      if (IsBare(joined.operands.back())) return SyntaxError();
      Skip();
      ++operators_;
      ZAEL_ASSIGN(Syntax next, part());
      joined.operands.push_back(std::move(next));
    }
    if (IsBare(joined.operands.back())) return SyntaxError();
    return joined;
  }

  Result<Syntax> Term() {
    if (++depth_ > kMaxDepth) return TooManyOperators();
    auto term = TermInside();
    --depth_;
    return term;
  }

  Result<Syntax> TermInside() {
    if (TakeKeyword(Keyword::kNot)) {
      ++operators_;
      ZAEL_ASSIGN(Syntax negated, Term());
      if (IsBare(negated)) return SyntaxError();
      Syntax syntax{.kind = SyntaxKind::kNot};
      syntax.operands.push_back(std::move(negated));
      return syntax;
    }
    if (!TakeSign("(")) {
      ZAEL_ASSIGN(Syntax operand, Operand());
      return Compared(std::move(operand));
    }
    ZAEL_ASSIGN(Syntax inner, Disjunction());
    ZAEL_TRY(NeedSign(")"));
    Enclose(inner);
    return Compared(std::move(inner));
  }

  void Enclose(Syntax& syntax) {
    redundant_ = redundant_ || syntax.enclosed;
    syntax.enclosed = true;
  }

  // What may follow an operand; anything else is left alone.
  Result<Syntax> Compared(Syntax left) {
    if (!IsOperand(left)) return left;
    Syntax syntax;
    const auto begin = [&](SyntaxKind kind) {
      Skip();
      ++operators_;
      syntax.kind = kind;
      syntax.operands.push_back(std::move(left));
    };
    if (const auto op = CompareHere()) {
      begin(SyntaxKind::kCompare);
      syntax.compare = *op;
      ZAEL_TRY(AppendOperand(syntax));
    } else if (here().keyword == Keyword::kBetween) {
      begin(SyntaxKind::kBetween);
      ZAEL_TRY(AppendOperand(syntax));
      if (!TakeKeyword(Keyword::kAnd)) return SyntaxError();
      ZAEL_TRY(AppendOperand(syntax));
    } else if (here().keyword == Keyword::kIn) {
      begin(SyntaxKind::kIn);
      ZAEL_TRY(NeedSign("("));
      ZAEL_TRY(AppendOperands(syntax));
    } else {
      return left;
    }
    return syntax;
  }

  std::optional<CompareOp> CompareHere() const {
    if (here().kind != TokenKind::kSign) return std::nullopt;
    for (const auto& [sign, op] : kCompareSigns) {
      if (here().text == sign) return op;
    }
    return std::nullopt;
  }

  Status AppendOperand(Syntax& syntax) {
    ZAEL_ASSIGN(Syntax operand, Operand());
    syntax.operands.push_back(std::move(operand));
    return {};
  }

  // operand {, operand} )
  Status AppendOperands(Syntax& syntax) {
    do {
      ZAEL_TRY(AppendOperand(syntax));
    } while (TakeSign(","));
    return NeedSign(")");
  }

  Result<Syntax> Operand() {
    if (++depth_ > kMaxDepth) return TooManyOperators();
    auto operand = OperandInside();
    --depth_;
    return operand;
  }

  Result<Syntax> OperandInside() {
    if (TakeSign("(")) {
      ZAEL_ASSIGN(Syntax operand, Operand());
      ZAEL_TRY(NeedSign(")"));
      Enclose(operand);
      return operand;
    }
    if (here().kind == TokenKind::kValue) {
      Syntax value{.kind = SyntaxKind::kValue, .text = here().text};
      Skip();
      return value;
    }
    const bool calls = here().kind == TokenKind::kWord && here().keyword == Keyword::kNone &&
                       tokens_[at_ + 1].text == "(";
    if (calls) return Function();
    ZAEL_ASSIGN(PathSyntax path, Path());
    return Syntax{.kind = SyntaxKind::kPath, .path = std::move(path)};
  }

  Result<Syntax> Function() {
    Syntax call{.kind = SyntaxKind::kFunction, .text = here().text};
    ++operators_;
    Skip();
    Skip();
    ZAEL_TRY(AppendOperands(call));
    return call;
  }

  Result<PathSyntax> Path() {
    PathSyntax path;
    ZAEL_TRY(AppendElement(path));
    for (;;) {
      if (TakeSign(".")) {
        ZAEL_TRY(AppendElement(path));
      } else if (TakeSign("[")) {
        if (here().kind != TokenKind::kDigits) return SyntaxError();
        path.push_back({.text = here().text, .is_index = true});
        Skip();
        ZAEL_TRY(NeedSign("]"));
      } else {
        return path;
      }
    }
  }

  Status AppendElement(PathSyntax& path) {
    const bool word = here().kind == TokenKind::kWord && here().keyword == Keyword::kNone;
    if (!word && here().kind != TokenKind::kName) return SyntaxError();
    path.push_back({.text = here().text});
    Skip();
    return {};
  }

  std::optional<Section> SectionHere() const {
    for (const auto& [keyword, section] : kSections) {
      if (here().keyword == keyword) return section;
    }
    return std::nullopt;
  }

  Result<ActionSyntax> Action(Section section) {
    ActionSyntax action{.section = section};
    ZAEL_ASSIGN(action.target, Path());
    if (section == Section::kRemove) return action;
    if (section == Section::kSet) {
      ZAEL_TRY(NeedSign("="));
      ZAEL_TRY(RightSide(action));
      return action;
    }
    if (here().kind != TokenKind::kValue) return SyntaxError();
    action.left = Syntax{.kind = SyntaxKind::kValue, .text = here().text};
    Skip();
    return action;
  }

  // operand [+|- operand], or all of that in parentheses.
  Status RightSide(ActionSyntax& action) {
    if (++depth_ > kMaxDepth) return TooManyOperators();
    const Status status = RightSideInside(action);
    --depth_;
    return status;
  }

  Status RightSideInside(ActionSyntax& action) {
    if (TakeSign("(")) {
      ZAEL_TRY(RightSide(action));
      ZAEL_TRY(NeedSign(")"));
      if (action.right.has_value()) {
        redundant_ = redundant_ || enclosed_sum_;
        enclosed_sum_ = true;
        return {};
      }
      Enclose(*action.left);
    } else {
      enclosed_sum_ = false;
      ZAEL_ASSIGN(action.left, Operand());
    }
    const bool plus = here().text == "+";
    if (!plus && here().text != "-") return {};
    Skip();
    ++operators_;
    action.op = plus ? SetOp::kPlus : SetOp::kMinus;
    ZAEL_ASSIGN(action.right, Operand());
    return {};
  }

  const std::string_view text_;
  const std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t operators_ = 0;
  int depth_ = 0;
  bool redundant_ = false;
  bool enclosed_sum_ = false;
};

Status CheckSize(std::string_view expression) {
  if (expression.empty()) return Invalid("The expression can not be empty;");
  if (expression.size() <= kMaxExpressionBytes) return {};
  return Invalid(
      Format("Expression size has exceeded the maximum allowed size; expression size: {}",
             expression.size()));
}

}  // namespace

std::string_view SectionName(Section section) {
  switch (section) {
    case Section::kSet:
      return "SET";
    case Section::kRemove:
      return "REMOVE";
    case Section::kAdd:
      return "ADD";
    case Section::kDelete:
      return "DELETE";
  }
  return {};
}

Result<Syntax> ParseCondition(std::string_view expression) {
  ZAEL_TRY(CheckSize(expression));
  return Parser(expression).Condition();
}

Result<UpdateSyntax> ParseUpdate(std::string_view expression) {
  ZAEL_TRY(CheckSize(expression));
  return Parser(expression).Update();
}

Result<std::vector<PathSyntax>> ParseProjection(std::string_view expression) {
  ZAEL_TRY(CheckSize(expression));
  return Parser(expression).Projection();
}

std::string_view CompareSign(CompareOp op) {
  for (const auto& [sign, known] : kCompareSigns) {
    if (known == op) return sign;
  }
  return {};
}

}  // namespace zael::endpoint
