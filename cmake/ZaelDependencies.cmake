# Third-party packages, all from Debian. docs/architecture.md says why each one is here.
include_guard(GLOBAL)

find_package(RocksDB REQUIRED)
find_package(fmt REQUIRED)
find_package(RapidJSON REQUIRED)  # headers only
find_package(CLI11 REQUIRED)      # headers only
find_package(OpenSSL REQUIRED)
find_package(EXPAT REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)  # PkgConfig::xxhash
if(ZAEL_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()
if(ZAEL_BUILD_BENCH)
  find_package(benchmark REQUIRED)
endif()
