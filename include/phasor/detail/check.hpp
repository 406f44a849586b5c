// phasor: what is required, of Eigen and of arguments.
#pragma once

#if __cplusplus < 201703L && (!defined(_MSVC_LANG) || _MSVC_LANG < 201703L)
#error "phasor needs C++17 (-std=c++17)"
#endif
#if !__has_include(<Eigen/Core>)
#error "phasor did not find Eigen: install it (Debian: libeigen3-dev), or add its directory with -I"
#endif

#include <Eigen/Core>

#if !EIGEN_VERSION_AT_LEAST(3, 4, 0)
#error "phasor needs Eigen 3.4.0 or newer"
#endif

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

namespace phasor::detail {

/// True unless x is an infinity or a NaN. Reads its bits, from memory: -ffast-math lets std::isfinite answer true always,
/// and Clang 22 then takes a double that is passed by value to be finite.
inline bool is_finite(const double& x) {
  std::uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return (bits >> 52 & 0x7ff) != 0x7ff;
}

inline std::string text(const std::string& value) { return value; }
inline std::string text(Eigen::Index value) { return std::to_string(value); }
inline std::string text(const double& value) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.17g", value);
  return digits;
}

/// Throws std::invalid_argument("phasor: <condition>, got <value>"); with -fno-exceptions, prints that and aborts.
template <typename Value>
[[noreturn]] void fail(const std::string& condition, const Value& value) {
  const std::string what = "phasor: " + condition + ", got " + text(value);
#ifdef EIGEN_EXCEPTIONS
  throw std::invalid_argument(what);
#else
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
#endif
}

/// The same, unless `holds`.
template <typename Value>
void require(bool holds, const char* condition, const Value& value) {
  if (!holds) fail(condition, value);
}

inline void require_positive(const char* name, const double& x) {
  if (!(is_finite(x) && x > 0)) fail(std::string(name) + " must be finite and > 0", x);
}

}  // namespace phasor::detail
