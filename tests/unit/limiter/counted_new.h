// operator new that counts, for a program of its own: linking this replaces the global one.
#pragma once

namespace zael::testing {

// Whether allocations of this thread are counted from here on; answers whether they were before.
bool CountAllocations(bool counted);

// How many of this thread were counted so far.
int AllocationsCounted();

}  // namespace zael::testing
