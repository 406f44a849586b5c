# The target LibTorch: headers and libraries, and nothing else. LibTorch's own package prints what it is made of at every
# configuration, and sets flags. Set CMAKE_PREFIX_PATH to its directory if it is not the system's.
include(FindPackageHandleStandardArgs)
find_path(LIBTORCH_INCLUDE_DIR torch/csrc/api/include/torch/torch.h)
set(libraries torch torch_cpu c10)
foreach(library ${libraries})
  find_library(LIBTORCH_${library} ${library})
  list(APPEND found LIBTORCH_${library})
endforeach()
find_package_handle_standard_args(LibTorch REQUIRED_VARS LIBTORCH_INCLUDE_DIR ${found})
if(LibTorch_FOUND AND NOT TARGET LibTorch)
  add_library(LibTorch INTERFACE IMPORTED)
  target_include_directories(LibTorch SYSTEM INTERFACE
    ${LIBTORCH_INCLUDE_DIR} ${LIBTORCH_INCLUDE_DIR}/torch/csrc/api/include)
  target_link_libraries(LibTorch INTERFACE ${LIBTORCH_torch} ${LIBTORCH_torch_cpu} ${LIBTORCH_c10})
endif()
