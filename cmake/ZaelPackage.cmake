# Installation, the CMake package, pkg-config and the Debian package.
include_guard(GLOBAL)
include(CMakePackageConfigHelpers)

if(TARGET zael)
  install(TARGETS zael EXPORT zael-targets LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
          FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/zael")
  install(EXPORT zael-targets NAMESPACE zael:: DESTINATION "${package_dir}")
  configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/zaelConfig.cmake.in" "${PROJECT_BINARY_DIR}/zaelConfig.cmake"
                                INSTALL_DESTINATION "${package_dir}")
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/zaelConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
  install(FILES "${PROJECT_BINARY_DIR}/zaelConfig.cmake" "${PROJECT_BINARY_DIR}/zaelConfigVersion.cmake"
          DESTINATION "${package_dir}")
  # Relative, so that the installed tree may be moved.
  file(RELATIVE_PATH zael_pc_to_prefix "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
  string(REGEX REPLACE "/$" "" zael_pc_to_prefix "${zael_pc_to_prefix}")
  configure_file("${PROJECT_SOURCE_DIR}/cmake/zael.pc.in" "${PROJECT_BINARY_DIR}/zael.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/zael.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
endif()
if(TARGET zae-limiter)
  install(TARGETS zae-limiter RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/README.md" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME zae-limiter)
set(CPACK_PACKAGE_CONTACT "zae-limiter maintainers <maintainers@zae-limiter.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Rate limits that hold exactly, stored in an embedded engine")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
include(CPack)
