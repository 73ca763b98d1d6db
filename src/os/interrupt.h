// Interrupts: Ctrl-C (SIGINT) and SIGTERM as a question that a long command asks between two steps.
//
// The first one only sets a flag, so that the command can end with what it has. The second one
// finds the signal's usual meaning again and ends the program at once. Thread-safe.
#pragma once

namespace zael::os {

// From now on. Call it once, from main.
void CatchInterrupts();

// Whether one came since.
bool Interrupted();

}  // namespace zael::os
