#include "endpoint/items/page_reader.h"

#include "tests/unit/endpoint/items/operations_fixture.h"

namespace zael::endpoint {
namespace {

using PageReaderTest = OperationsTest;

TEST_F(PageReaderTest, AThinSegmentAnswersUnfilledPagesThatLeadToItsEnd) {
  for (int i = 0; i < 40; ++i) {
    Put(R"("PK":{"S":")" + std::to_string(i) + R"("},"SK":{"N":"1"})");
  }
  const ItemTable table = *ItemTable::Find(*store_.stores().tables, "tab");
  std::size_t found = 0;
  std::size_t pages = 0;
  for (std::uint64_t number = 0; number < 1000; ++number) {
    PageRequest request{.query = {.table = "tab"},
                        .table = &table,
                        .segment = Segment{.number = number, .total = 1000},
                        .max_passed_over = 15};
    for (bool more = true; more;) {
      const auto page = ReadPage(*store_.stores().items, request);
      ASSERT_TRUE(page.ok());
      found += page->items.size();
      ++pages;
      more = page->last.has_value();
      request.query.start_after = page->last;
    }
  }
  EXPECT_EQ(found, 40u);
  EXPECT_GT(pages, 2000u);  // of 40 rows 15 at a time
}

}  // namespace
}  // namespace zael::endpoint
