// phasor: t · f in integers, exactly, for any finite t and f.
#pragma once

#include <phasor/detail/packet.hpp>

namespace phasor::detail {

/// |x| = mantissa · 2^exponent.
struct Magnitude {
  std::uint64_t mantissa;
  int exponent;
};

/// The magnitude of a finite double.
inline Magnitude magnitude(double x) {
  const std::uint64_t fraction = bits(x) & ((std::uint64_t(1) << 52) - 1);
  const int exponent = static_cast<int>(bits(x) >> 52 & 0x7ff);
  return {exponent ? fraction | std::uint64_t(1) << 52 : fraction, (exponent ? exponent : 1) - 1075};
}

/// |t f| modulo one turn, in units of 2^-64 turns, rounded down.
inline std::uint64_t turns(Magnitude t, Magnitude f) {
  const std::uint64_t low = 0xffffffff, a = t.mantissa >> 32, b = t.mantissa & low, c = f.mantissa >> 32,
                      d = f.mantissa & low;
  const std::uint64_t middle = a * d + (b * d >> 32), carry = b * c + (middle & low);
  const std::uint64_t high_word = a * c + (middle >> 32) + (carry >> 32), low_word = t.mantissa * f.mantissa;
  const int shift = t.exponent + f.exponent + 64;  // of the 128-bit product, to the left
  if (shift >= 64 || shift <= -128) return 0;
  if (shift >= 0) return low_word << shift;
  if (shift <= -64) return high_word >> (-64 - shift);
  return low_word >> -shift | high_word << (64 + shift);
}

/// A phase in turns, modulo one turn, in units of 2^-64 turns; the error is below 2^-62 turns, and 0 for multiples of
/// 1/4.
inline std::uint64_t turns(double phase) {
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(std::ldexp(std::remainder(phase, 1.), 62))) << 2;
}

}  // namespace phasor::detail
