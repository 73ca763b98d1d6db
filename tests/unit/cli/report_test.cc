#include "cli/report.h"

#include <gtest/gtest.h>

namespace zael::cli {
namespace {

Report Example() {
  Report report;
  report.Say("created it", Style::kGood);
  report.Set("granted", "granted", Cell::Count(1234));
  report.SetHidden("reason", Datum("because"));
  Table table{.key = "limits",
              .columns = {{"limit", "LIMIT"}, {"available", "AVAILABLE", true}},
              .rows = {},
              .when_empty = "none"};
  table.rows.push_back({Cell::Text("rpm"), Cell::Count(-5)});
  table.rows.push_back({Cell::Text("requests"), Cell::Count(10'000)});
  report.Add(std::move(table));
  report.Advise("more");
  return report;
}

TEST(ReportText, IsTabSeparatedRawValuesWhenPiped) {
  EXPECT_EQ(
      Example().RenderText(Console{}, false),
      "created it\ngranted\t1234\n\nlimit\tavailable\nrpm\t-5\nrequests\t10000\n\ntry: more\n");
}

TEST(ReportText, LeavesSentencesOutWhenQuiet) {
  EXPECT_EQ(Example().RenderText(Console{}, true),
            "granted\t1234\n\nlimit\tavailable\nrpm\t-5\nrequests\t10000\n");
}

TEST(ReportText, AlignsOnATerminalWithoutColourWhereNoneIsAllowed) {
  const Console console{.out_is_terminal = true, .colour_allowed = false};
  EXPECT_EQ(Example().RenderText(console, false),
            "created it\n"
            "granted  1,234\n"
            "\n"
            "LIMIT     AVAILABLE\n"
            "rpm              -5\n"
            "requests     10,000\n"
            "\n"
            "try: more\n");
}

TEST(ReportText, ColoursOnlyOnATerminal) {
  EXPECT_NE(Example().RenderText(Console{.out_is_terminal = true}, false).find('\x1b'),
            std::string::npos);
  EXPECT_EQ(Example().RenderText(Console{}, false).find('\x1b'), std::string::npos);
}

TEST(ReportJson, IsOneDocumentInTheOrderOfTheReport) {
  const std::string json = Example().RenderJson();
  const std::size_t granted = json.find("\"granted\": 1234");
  const std::size_t reason = json.find("\"reason\": \"because\"");
  const std::size_t limits = json.find("\"limits\": [");
  EXPECT_LT(granted, reason);
  EXPECT_LT(reason, limits);
  EXPECT_NE(json.find("\"try\": ["), std::string::npos);
  EXPECT_EQ(json.find("created it"), std::string::npos) << "sentences are for people";
}

TEST(Printable, KeepsStoredNamesFromDrivingTheTerminal) {
  EXPECT_EQ(Printable("a\x1b[2Jb\tc\n"), "a\\x1b[2Jb\\x09c\\x0a");
  EXPECT_EQ(ToPlainText(Datum("tab\there")), "tab\\x09here");
}

TEST(DisplayWidth, CountsWhatIsSeen) {
  EXPECT_EQ(DisplayWidth("\x1b[31mred\x1b[0m"), 3u);
  EXPECT_EQ(DisplayWidth("gr\xc3\xbcn"), 4u);
}

}  // namespace
}  // namespace zael::cli
