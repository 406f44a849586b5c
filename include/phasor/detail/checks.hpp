// phasor: the bits of numbers, and how a wrong argument is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <phasor/detail/targets.hpp>
#include <stdexcept>
#include <string>

namespace phasor { inline namespace PHASOR_NAMESPACE {

using Index = std::ptrdiff_t;  ///< of rows, of columns, and how many

namespace detail {

static_assert(0.1 < static_cast<double>(0.1f),
              "phasor: -fsingle-precision-constant makes doubles wrong: compile without it");

/// The bits of a double. From memory: with -ffast-math, Clang 22 takes one that is passed by value to be finite.
inline std::uint64_t bits(const double& x) {
  std::uint64_t word;
  std::memcpy(&word, &x, sizeof word);
  return word;
}

/// The bits of |x|, which order as |x| does, and NaN last.
inline std::uint64_t magnitude(const double& x) { return bits(x) << 1 >> 1; }

/// By its bits: arithmetic may flush a denormal number to zero.
inline bool is_zero(const double& x) { return bits(x) << 1 == 0; }

/// x without the last 27 of its 53 bits.
inline double first_26_bits(const double& x) {
  const std::uint64_t word = bits(x) & ~std::uint64_t(0x7ffffff);
  double high;
  std::memcpy(&high, &word, sizeof high);
  return high;
}

/// x, which no optimisation sees through.
template <typename Real>
Real stored(const Real& x) {
  const volatile Real y = x;
  return y;
}

/// True unless x is an infinity or a NaN: -ffast-math lets std::isfinite answer true always.
inline bool is_finite(const double& x) { return (bits(x) >> 52 & 0x7ff) != 0x7ff; }

inline std::string text(const std::string& value) { return value; }
inline std::string text(Index value) { return std::to_string(value); }
inline std::string text(const double& value) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.17g", value);
  return digits;
}

/// Throws std::invalid_argument("phasor: <condition>, got <value>"); with -fno-exceptions, prints that and aborts.
template <typename Value>
PHASOR_NOINLINE void refuse(const std::string& condition, const Value& value) {
  const std::string what = "phasor: " + condition + ", got " + text(value);
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
  throw std::invalid_argument(what);
#else
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
#endif
}

template <typename Value>
PHASOR_INLINE void refuse_unless(bool holds, const char* condition, const Value& value) {
  if (!holds) refuse(condition, value);
}
PHASOR_NOINLINE inline void refuse_unless_finite(const char* name, const double& x) {
  if (!is_finite(x)) refuse(std::string(name) + " must be finite", x);
}
PHASOR_NOINLINE inline void refuse_unless_positive(const char* name, const double& x) {
  if (!(is_finite(x) && x > 0)) refuse(std::string(name) + " must be finite and > 0", x);
}

}  // namespace detail
}}  // namespace phasor::PHASOR_NAMESPACE
