// phasor: the bits of numbers, and how a wrong argument is refused.
#pragma once

#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <phasor/detail/targets.hpp>
#include <stdexcept>

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

/// x, rounded to Real, whatever the flags: where they allow more than is written, no optimisation sees through this.
template <typename Real>
PHASOR_INLINE Real stored(const Real& x) {
#if PHASOR_EXTENSIONS && defined(__SSE2_MATH__)
  Real y = x;
  __asm__("" : "+x"(y));
#elif PHASOR_EXTENSIONS && defined(__aarch64__)
  Real y = x;
  __asm__("" : "+w"(y));
#elif PHASOR_AS_WRITTEN
  const Real y = x;
#else
  const volatile Real y = x;
#endif
  return y;
}

/// True unless x is an infinity or a NaN: -ffast-math lets std::isfinite answer true always.
inline bool is_finite(const double& x) { return (bits(x) >> 52 & 0x7ff) != 0x7ff; }

/// Throws std::invalid_argument("phasor: <condition>, got <value>"), as std::printf writes it; with -fno-exceptions,
/// prints it and aborts. (Without std::string, whose code the linker may take from a file compiled for a newer
/// processor.)
PHASOR_NORETURN
#if defined(__GNUC__) && !defined(_WIN32)
__attribute__((__format__(__printf__, 1, 2)))
#endif
PHASOR_NOINLINE inline void
refuse_as(const char* format, ...) {
  char what[300] = "phasor: ";
  std::va_list values;
  va_start(values, format);
  std::vsnprintf(what + std::strlen(what), sizeof what - std::strlen(what), format, values);
  va_end(values);
#if PHASOR_EXCEPTIONS
  throw std::invalid_argument(what);
#else
  std::fprintf(stderr, "%s\n", what);
  std::abort();
#endif
}

inline void refuse_unless(bool holds, const char* condition, Index value) {
  if (!holds) refuse_as("%s, got %td", condition, value);
}
inline void refuse_unless(bool holds, const char* condition, const double& value) {
  if (!holds) refuse_as("%s, got %.17g", condition, value);
}
inline void refuse_unless_finite(const char* name, const double& x) {
  if (!is_finite(x)) refuse_as("%s must be finite, got %.17g", name, x);
}
inline void refuse_unless_positive(const char* name, const double& x) {
  const std::uint64_t before = bits(x) - 1, before_infinity = (std::uint64_t(0x7ff) << 52) - 1;
  if (before >= before_infinity) refuse_as("%s must be finite and > 0, got %.17g", name, x);
}

}  // namespace detail
}}  // namespace phasor::PHASOR_NAMESPACE
