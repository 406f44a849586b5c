# vcpkg install phasor --overlay-ports=examples/packages/vcpkg, with the address and the commit of a release here.
vcpkg_from_git(OUT_SOURCE_PATH SOURCE_PATH URL "<address of this repository>" REF "<commit of v3.0.0>")
set(VCPKG_BUILD_TYPE release)  # headers alone
vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}" OPTIONS -DPHASOR_TESTS=OFF -DPHASOR_EXAMPLES=OFF -DPHASOR_BENCH=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/phasor)
vcpkg_fixup_pkgconfig()
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
