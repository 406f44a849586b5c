// phasor: numbers of 128 bits, for frequencies that are right to the last place. They are computed in integers, so that
// no flag and no C library changes a bit of them, and no floating-point exception is raised.
#pragma once

#include <phasor/detail/checks.hpp>

namespace phasor { inline namespace PHASOR_NAMESPACE { namespace detail {

/// The upper word of x y.
inline std::uint64_t upper_product(std::uint64_t x, std::uint64_t y) {
#if PHASOR_EXTENSIONS && defined(__SIZEOF_INT128__)
  __extension__ using TwoWords = unsigned __int128;
  return static_cast<std::uint64_t>(static_cast<TwoWords>(x) * y >> 64);
#else
  const std::uint64_t low = 0xffffffff, a = x >> 32, b = x & low, c = y >> 32, d = y & low;
  const std::uint64_t middle = a * d + (b * d >> 32), carry = b * c + (middle & low);
  return a * c + (middle >> 32) + (carry >> 32);
#endif
}

/// high / 2^64 + low / 2^128. Sums are modulo 1; a product is less than 3 / 2^128 too small.
struct Fraction {
  std::uint64_t high, low;
};
inline Fraction operator+(const Fraction& x, const Fraction& y) {
  const std::uint64_t low = x.low + y.low;
  return {x.high + y.high + (low < y.low), low};
}
inline Fraction operator-(const Fraction& x, const Fraction& y) {
  return {x.high - y.high - (x.low < y.low), x.low - y.low};
}
inline Fraction operator*(const Fraction& x, const Fraction& y) {
  const Fraction middle = Fraction{0, upper_product(x.high, y.low)} + Fraction{0, upper_product(x.low, y.high)};
  return Fraction{upper_product(x.high, y.high), x.high * y.high} + middle;
}
/// x 2^places, -inf < places < 64.
inline Fraction shifted(const Fraction& x, std::int64_t places) {
  if (places > 0) return {x.high << places | x.low >> (64 - places), x.low << places};
  if (places > -64) return places == 0 ? x : Fraction{x.high >> -places, x.low >> -places | x.high << (64 + places)};
  return {0, places > -128 ? x.high >> (-places - 64) : 0};
}

/// 1 / k at [k], from 2 on: by long division, with digits of 32 bits.
struct Inverses {
  Fraction of[50]{};
  constexpr Inverses() {
    for (std::uint64_t k = 2, digits[4]{}, rest = 1; k < 50; ++k, rest = 1) {
      for (std::uint64_t& digit : digits) {
        digit = (rest << 32) / k;
        rest = (rest << 32) % k;
      }
      of[k] = {digits[0] << 32 | digits[1], digits[2] << 32 | digits[3]};
    }
  }
};
inline constexpr Inverses inverses;

/// fraction * 2^exponent, or minus that, where 1/2 <= fraction < 1; or 0. Results are off by less than 2^-122 of
/// themselves, a sum by less than 2^-122 of its larger term.
struct Wide {
  Fraction fraction;
  std::int64_t exponent;
  bool negative;
};
inline constexpr std::uint64_t top_bit = std::uint64_t(1) << 63;
inline constexpr Wide inverse_of_two_pi = {{0xa2f9836e4e441529, 0xfc2757d1f534ddc1}, -2, false};

inline Wide normalized(Wide x) {
  if (x.fraction.high == 0 && x.fraction.low == 0) return {x.fraction, -4096, x.negative};  // the least of all
  for (; x.fraction.high < top_bit; --x.exponent) x.fraction = x.fraction + x.fraction;
  return x;
}

/// x, which is finite.
inline Wide wide(const double& x) {
  const auto biased = static_cast<std::int64_t>(bits(x) >> 52 & 0x7ff);
  if (biased == 0) return normalized({{bits(x) << 11, 0}, -1021, bits(x) >> 63 != 0});
  return {{bits(x) << 11 | top_bit, 0}, biased - 1022, bits(x) >> 63 != 0};
}

/// The nearest double, of two the even one; from 2^1024 on, infinity.
inline double nearest(const Wide& x) {
  const std::int64_t biased = x.exponent + 1022, lost = biased > 0 ? 0 : 1 - biased;  // places of a denormal
  const Fraction places = shifted(x.fraction, -11 - lost);
  const bool up = places.low > top_bit || (places.low == top_bit && places.high % 2 == 1);
  std::uint64_t word = (static_cast<std::uint64_t>(biased + lost - 1) << 52) + places.high + up;
  if (biased > 2046) word = std::uint64_t(0x7ff) << 52;
  word |= x.negative ? top_bit : 0;
  double number;
  std::memcpy(&number, &word, sizeof number);
  return number;
}

inline Wide operator-(const Wide& x) { return {x.fraction, x.exponent, !x.negative}; }
PHASOR_NOINLINE inline Wide operator+(const Wide& x, const Wide& y) {
  if (x.exponent < y.exponent) return y + x;
  const Fraction a = shifted(x.fraction, -1), b = shifted(y.fraction, y.exponent - x.exponent - 1);  // below 1/2
  if (x.negative == y.negative) return normalized({a + b, x.exponent + 1, x.negative});
  const bool below = (a - b).high >= top_bit;
  return normalized({below ? b - a : a - b, x.exponent + 1, below ? y.negative : x.negative});
}
inline Wide operator*(const Wide& x, const Wide& y) {
  return normalized({x.fraction * y.fraction, x.exponent + y.exponent, x.negative != y.negative});
}
/// By Newton's method: 1 / y is first right to 31 bits, then to 62, then to 124.
PHASOR_NOINLINE inline Wide operator/(const Wide& x, const Wide& y) {
  Wide inverse = {{~std::uint64_t(0) / (y.fraction.high >> 32) << 31, 0}, 1 - y.exponent, y.negative};
  for (int i = 0; i < 2; ++i) inverse = inverse * (wide(2) + -(y * inverse));
  return x * inverse;
}

/// 2^x; from |x| = 4096 on, what makes any double infinite or zero.
PHASOR_NOINLINE inline Wide exponential(const Wide& x) {
  if (x.exponent > 12) return {{top_bit, 0}, x.negative ? -4096 : 4096, false};
  // x = n + rest; -n - rest = (-n - 1) + (1 - rest), and 2^-128 less.
  const auto whole = static_cast<std::int64_t>(x.exponent > 0 ? x.fraction.high >> (64 - x.exponent) : 0);
  const std::int64_t n = x.negative ? -whole - 1 : whole;
  const Fraction rest = shifted(x.fraction, x.exponent);
  const Fraction r =
      (x.negative ? Fraction{~rest.high, ~rest.low} : rest) * Fraction{0xb17217f7d1cf79ab, 0xc9e3b39803f2f6af};
  // r = rest ln 2; e^r - 1 = r (1 + r/2 (1 + r/3 (...))), off by r^32 / 32! < 2^-134
  Fraction sum = {0, 0};
  for (int k = 31; k > 1; --k) sum = (r + r * sum) * inverses.of[k];
  return {shifted(r + r * sum, -1) + Fraction{top_bit, 0}, n + 1, false};
}

/// The binary logarithm of x > 0.
PHASOR_NOINLINE inline Wide logarithm(const Wide& x) {
  // x = 2^n m, 1/2 <= m^2 < 2; log2 m = z 2/ln 2 (1 + z^2/3 + z^4/5 + ...), z = (m - 1) / (m + 1), off by z^50 / 51 <
  // 2^-132.
  const int shift = x.fraction.high < 0xb504f333f9de6484;
  const Wide m = {x.fraction, shift, false}, z = (m + wide(-1)) / (m + wide(1)), square = z * z;
  const Fraction w = shifted(square.fraction, square.exponent);
  Fraction sum = {0, 0};
  for (int k = 49; k > 1; k -= 2) sum = w * (inverses.of[k] + sum);
  const Wide series = {shifted(sum, -1) + Fraction{top_bit, 0}, 1, false};
  const Wide two_by_ln_2 = {{0xb8aa3b295c17f0bb, 0xbe87fed0691d3e89}, 2, false};
  return wide(static_cast<double>(x.exponent - shift)) + z * series * two_by_ln_2;
}

}}}  // namespace phasor::PHASOR_NAMESPACE::detail
