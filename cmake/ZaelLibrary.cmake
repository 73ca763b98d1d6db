# The library (every room but the command line, in one shared object) and the program.
include_guard(GLOBAL)
