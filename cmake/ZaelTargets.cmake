# How a room, a test and a fuzzer become targets, and the one set of compiler settings all of them share.
include_guard(GLOBAL)

set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)  # room objects end up in the shared library
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)    # for clang-tidy
# The presets that compile again what dev compiled file by file (sanitizers, clang-tidy) take the sources of a room in
# such groups: most of the time goes into headers. So a name in an unnamed namespace stands once in a room.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)
# Not -O3: an acquire and the write below it have to fit into the instruction cache together.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
endif()

add_library(zael_settings INTERFACE)
target_compile_features(zael_settings INTERFACE cxx_std_20)
target_include_directories(zael_settings INTERFACE "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src"
                                                   "${PROJECT_SOURCE_DIR}")
target_compile_options(
  zael_settings
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-field-initializers
            # __int128 is what the arithmetic stands on.
            -Wno-pedantic $<$<BOOL:${ZAEL_WARNINGS_AS_ERRORS}>:-Werror>
            # g++ 12 sees overlapping copies where strings are joined (its bug 105651).
            $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
            # In a group g++ takes each source for a header, whose classes should not use unnamed namespaces.
            $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${CMAKE_UNITY_BUILD}>>:-Wno-subobject-linkage>
            # Lock annotations are checked by clang only.
            $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)
find_package(Threads REQUIRED)
target_link_libraries(zael_settings INTERFACE Threads::Threads)

if(ZAEL_SANITIZE)
  add_compile_options(-fsanitize=${ZAEL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${ZAEL_SANITIZE})
  # g++ 12 takes the alternatives of a variant for uninitialised once sanitizers split its copies.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  if(ZAEL_SANITIZE MATCHES "thread")
    # ThreadSanitizer does not know fences. Asio has them beside its locks, which it does know.
    add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
    # Else Debian's RocksDB runs our instrumented copies of std::string's functions on its own data, whose locking
    # ThreadSanitizer cannot see.
    add_link_options(
      $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-Wl,--version-script=${PROJECT_SOURCE_DIR}/cmake/no-exports.map>)
  endif()
endif()
if(ZAEL_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()
if(ZAEL_BUILD_FUZZERS)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_custom_target(fuzzers)  # what the fuzz preset builds: the tests are known there, but not needed
endif()

# Adds each given folder that has a CMakeLists.txt: a room appears with its first code.
function(zael_add_subdirectories)
  foreach(folder IN LISTS ARGN)
    if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt")
      add_subdirectory(${folder})
    endif()
  endforeach()
endfunction()

# zael_room(NAME SOURCES a.cc b.cc DEPS zael_base ... PRIVATE_DEPS Foo::foo ...): the target zael_<NAME>.
function(zael_room name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS;PRIVATE_DEPS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "zael_room(${name}): unexpected ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(target zael_${name})
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    target_link_libraries(${target} PUBLIC zael_settings ${arg_DEPS} PRIVATE ${arg_PRIVATE_DEPS})
    # A group is nothing but such includes; in the sources themselves clang-tidy still looks for them.
    set_target_properties(${target} PROPERTIES UNITY_BUILD_CODE_BEFORE_INCLUDE
                                               "// NOLINTNEXTLINE(bugprone-suspicious-include)")
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE zael_settings ${arg_DEPS})
  endif()
endfunction()

# zael_test(NAME SOURCES x_test.cc DEPS zael_limit ... [LABELS ...] [TIMEOUT seconds] [ARGS ...]): one GoogleTest
# program and one ctest entry of that name. gmock_main is a static archive, so a test may bring its own main.
function(zael_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;DEPS;LABELS;ARGS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "zael_test(${name}): unexpected ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 600)
  endif()
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  target_link_libraries(${name} PRIVATE zael_settings ${arg_DEPS} GTest::gmock GTest::gmock_main)
  add_test(NAME ${name} COMMAND ${name} ${arg_ARGS})
  # Debian's libraries are not built for ThreadSanitizer: what happens inside them cannot be judged.
  set_tests_properties(
    ${name}
    PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
               ENVIRONMENT "TSAN_OPTIONS=ignore_noninstrumented_modules=1;UBSAN_OPTIONS=print_stacktrace=1")
endfunction()

# zael_fuzzer(NAME SOURCES x_fuzz.cc DEPS zael_limit ...): a libFuzzer program; tools/run-fuzzers finds it by its
# place in <build>/fuzzers. A folder corpus/<NAME> beside the source is its seed corpus.
function(zael_fuzzer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "zael_fuzzer(${name}): unexpected ${arg_UNPARSED_ARGUMENTS}")
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE zael_settings ${arg_DEPS})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/fuzzers")
  add_dependencies(fuzzers ${name})
endfunction()
