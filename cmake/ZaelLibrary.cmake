# The library (every room but the command line, in one shared object) and the program.
include_guard(GLOBAL)

set(room_objects)
foreach(room IN LISTS ZAEL_LIBRARY_ROOMS)
  if(TARGET zael_${room})
    get_target_property(kind zael_${room} TYPE)
    if(NOT kind STREQUAL "INTERFACE_LIBRARY")
      list(APPEND room_objects $<TARGET_OBJECTS:zael_${room}>)
    endif()
  endif()
endforeach()

if(TARGET zael_open)
  file(GLOB public_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/zael/*.h")

  add_library(zael SHARED ${room_objects})
  add_library(zael::limiter ALIAS zael)
  target_sources(zael PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${public_headers})
  target_compile_features(zael PUBLIC cxx_std_20)
  target_link_libraries(zael PRIVATE RocksDB::rocksdb-shared fmt::fmt PkgConfig::xxhash OpenSSL::SSL OpenSSL::Crypto
                                     EXPAT::EXPAT Threads::Threads)
  set_target_properties(
    zael
    PROPERTIES LINKER_LANGUAGE CXX
               EXPORT_NAME limiter
               VERSION ${PROJECT_VERSION}
               SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}  # until 1.0 a minor version may break
               VERIFY_INTERFACE_HEADER_SETS ON)
endif()

if(TARGET zael_cli AND EXISTS "${PROJECT_SOURCE_DIR}/src/cli/main.cc" AND NOT TARGET zae-limiter)
  # Linked from the rooms themselves: the program works wherever it is copied to.
  add_executable(zae-limiter src/cli/main.cc)
  set_target_properties(zae-limiter PROPERTIES UNITY_BUILD OFF)
  target_link_libraries(zae-limiter PRIVATE zael_cli)
endif()
