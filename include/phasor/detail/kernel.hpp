// phasor: one wave, from t and its frequency to its sine and cosine.
//
// Why not std::sin(t * w)? In float32 the product rounds before the sine sees it: at t = 999, w = 1 the angle moves by
// up to 3e-5 rad, and the sine with it. The argument, not the trigonometry, is the whole error of the usual code.
//
// So count in turns, where reducing an angle takes no π: of t f turns only the distance r from the nearest whole number
// n of sixteenths matters. Take t = 999, f = 1 / 2π: t f = 158.9958…, n = 2544, and n mod 16 = 0, r = -0.0042….
//
//   1. y = t f + 1.5·2^19, in one rounding (a fused multiply-add). Floats of that size are 1/16 apart, so the sum rounds
//      t f to n sixteenths, and n then stands in the low bits of y.
//   2. r = t f - n/16, again in one rounding. A float f is itself off by up to 2^-25 f, so f is kept as a + b, and t b is
//      added to r. (When t is a double or a long integer, it is a (1 + b) in turn, and t f ≈ t_a (f_a + (f_b + t_b f_a)).
//      A phase too is a + b, where a - n/16 is exact.)
//   3. |r| <= 1/32, so sin(2π r) and cos(2π r) - 1 are small, and polynomials of three terms (in double five and six).
//   4. With S = sin(2π n/16) and C = cos(2π n/16) from a table,
//        sin(2π (n/16 + r)) = S + (C sin(2π r) + S (cos(2π r) - 1)),
//      and likewise the cosine, with C and -S. What is in brackets is below 0.2, and so its roundings are small; the
//      error is little more than those of S and of the last sum. (Floats of that table are all too small, by up to
//      3e-8. So the polynomial of cos(2π r) - 1 begins with 1.3e-8 in place of 0, which makes up for half of it.)
//
// Every step rounds -t to the negative of what it rounds t to, so the sine is odd.
//
// tests/proof.py proves max_error, roundings by Gappa and polynomials by Sollya. In float with FMA, in units of 1e-8, at
// its worst, a sine near 0.55: 3.0 from the last sum, 2.3 from the roundings in brackets, 2.0 from those of r, and 0.7
// from table and polynomials.
//
// Beyond float_reach, and without FMA always, floats are reduced in double; doubles without FMA are split into halves of
// 26 and 27 bits, whose products are exact (Dekker 1971). Everything else goes by an integer product of 128 bits.
#pragma once

#include <phasor/detail/simd.hpp>

namespace phasor::detail {

/// A timestep t, a frequency f or a phase in turns, as a high part a and a low part b, of type Real or vectors of them:
///   with FMA:       t = a (1 + b), f = a + b, phase = a + b, where a, of a phase, is a multiple of phase_step;
///   double without: t = a + b, f = a + b, where a has 26 bits, phase as above.
template <typename Real>
struct Two {
  Real a, b;
};
template <typename X>
Two(X, X) -> Two<X>;

/// The largest |t f|, in turns, that reduce() takes: of floats, of doubles, and of floats in double.
inline constexpr double float_reach = has_fma ? 0x1p11 : 0;
inline constexpr double double_reach = has_fma ? 0x1p20 : 0x1p18;
inline constexpr double in_double_reach = 0x1p20;

/// The high part of a phase is a multiple of this, so that less n/16 it has no more bits than a float.
inline constexpr double phase_step = 0x1p-12;

/// 1.5 · 2^(fraction bits - 4): where numbers of type Real are 1/16 apart.
template <typename Real>
inline constexpr Real magic = std::is_same_v<Real, float> ? 0x1.8p19 : 0x1.8p48;

/// Steps 1 and 2: an angle as n mod 16 sixteenths of a turn, by the low four bits of n, and r turns more.
template <typename V>
struct Reduced {
  V r;
  Bits<V> n;
};

/// The angle t f (+ phase). `low` says that t has a low part; and without FMA, f too.
template <typename V, bool phased, bool low>
EIGEN_ALWAYS_INLINE Reduced<V> reduce(const Two<V>& t, const Two<V>& f, const Two<V>& phase) {
  const V to_n = ei::pset1<V>(magic<Lane<V>>);
  if constexpr (has_fma) {
    const V y = opaque(phased ? opaque(mul_add(t.a, f.a, phase.a)) + to_n : mul_add(t.a, f.a, to_n));
    const V minus_n = opaque(to_n - y), b = low ? mul_add(t.b, f.a, f.b) : f.b;
    if constexpr (phased) return {mul_add(t.a, f.a, minus_n + phase.a) + mul_add(t.a, b, phase.b), bits(y)};
    const V r = mul_add(t.a, f.a, minus_n);
    return {sizeof(Lane<V>) == 4 ? mul_add(t.a, b, r) : r, bits(y)};  // a double f has no b
  } else {
    const V h = opaque(t.a * f.a);
    V s = h, b = phase.b;
    if constexpr (low) {
      b = opaque(t.a * f.b + t.b * f.a + t.b * f.b);
      s = opaque(h + b);
      if constexpr (phased) b = opaque(b + phase.b);
    }
    if constexpr (phased) s = opaque(s + phase.a);
    const V y = opaque(s + to_n), minus_n = opaque(to_n - y);
    const V r = opaque(h + (phased ? opaque(minus_n + phase.a) : minus_n));
    return {low || phased ? r + b : r, bits(y)};
  }
}

/// c + w (next + w (…)).
template <typename V>
EIGEN_ALWAYS_INLINE V horner(const V&, Lane<V> c) {
  return ei::pset1<V>(c);
}
template <typename V, typename... Rest>
EIGEN_ALWAYS_INLINE V horner(const V& w, Lane<V> c, Rest... rest) {
  return mul_add(horner(w, rest...), w, ei::pset1<V>(c));
}

/// sin(2π n / 16), n = 0 … 19, each the negative of the one eight before; the cosines from n = 4 on. (Rounded here, since
/// with -frounding-math g++ 12 converts such constants wrongly.)
template <typename Real>
inline constexpr Real s1 = Real(sizeof(Real) == 4 ? 0x1.87de2ap-2 : 0x1.87de2a6aea963p-2);
template <typename Real>
inline constexpr Real s2 = Real(sizeof(Real) == 4 ? 0x1.6a09e6p-1 : 0x1.6a09e667f3bcdp-1);
template <typename Real>
inline constexpr Real s3 = Real(sizeof(Real) == 4 ? 0x1.d906bcp-1 : 0x1.d906bcf328d46p-1);
template <typename Real>
inline constexpr Real sixteenths[20] = {+0.,       +s1<Real>, +s2<Real>, +s3<Real>, +1.,       +s3<Real>, +s2<Real>,
                                        +s1<Real>, -0.,       -s1<Real>, -s2<Real>, -s3<Real>, -1.,       -s3<Real>,
                                        -s2<Real>, -s1<Real>, +0.,       +s1<Real>, +s2<Real>, +s3<Real>};

/// Steps 3 and 4: the sine and cosine of an angle, |r| <= 1/32 and a little more.
template <typename V>
EIGEN_ALWAYS_INLINE SinCos<V> wave(const Reduced<V>& angle) {
  const V r = angle.r, w = r * r;
  V sin_r, cos_r;  // sin(2π r) and cos(2π r) - 1
  if constexpr (std::is_same_v<Lane<V>, float>) {
    sin_r = r * horner(w, 0x1.921fb6p2f, -0x1.4abcd2p5f, 0x1.476cbcp6f);
    cos_r = horner(w, 0x1.bd9d6p-27f, -0x1.3bd396p4f, 0x1.033976p6f);
  } else {
    sin_r = r * horner(w, 0x1.921fb54442d18p2, -0x1.4abbce625bcp5, 0x1.466bc675e6c38p6, -0x1.32d2c0c63dd25p6,
                       0x1.501ebd299d2e4p5);
    cos_r = horner(w, -0x1.71849e6e6b888p-56, -0x1.3bd3cc9be45dep4, 0x1.03c1f081b581dp6, -0x1.55d3c7e1d0501p6,
                   0x1.e1f4effe6010ap5, -0x1.a65803975883p4);
  }
  const V sin_n = lookup<V>(sixteenths<Lane<V>>, angle.n), cos_n = lookup<V>(sixteenths<Lane<V>> + 4, angle.n);
  return {sin_n + opaque(mul_add(cos_n, sin_r, sin_n * cos_r)), cos_n + opaque(mul_add(-sin_n, sin_r, cos_n * cos_r))};
}

/// Whether x has its sign bit set: -0 has.
template <typename T>
bool is_negative(T x) {
  if constexpr (std::is_integral_v<T>) {
    return x < 0;
  } else {
    return bits(x) >> (8 * sizeof x - 1);
  }
}

/// |x| = mantissa · 2^exponent.
struct Magnitude {
  std::uint64_t mantissa;
  int exponent;
};

/// That of a finite float or double, or of an integer; from the bits of its own type, since arithmetic may flush denormals.
template <typename T>
Magnitude magnitude(T x) {
  if constexpr (std::is_integral_v<T>) {
    return {x < 0 ? 0 - static_cast<std::uint64_t>(x) : static_cast<std::uint64_t>(x), 0};
  } else {
    using Limits = std::numeric_limits<T>;
    constexpr std::uint64_t one = std::uint64_t(1) << (Limits::digits - 1);
    const std::uint64_t fraction = bits(x) & (one - 1);
    const int exponent = static_cast<int>(bits(x) >> (Limits::digits - 1) & (2 * Limits::max_exponent - 1));
    return {exponent ? fraction | one : fraction,
            (exponent ? exponent : 1) - Limits::max_exponent - Limits::digits + 2};
  }
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

/// Steps 1 and 2 in integers, for any finite t and f; |phase| <= 1/2. The error is below 2^-61 turns and a rounding of r.
template <typename Real, typename T>
Reduced<Real> reduce_exactly(T t, double f, double phase) {
  const bool negative = is_negative(t) != is_negative(f);
  std::uint64_t angle = turns(magnitude(t), magnitude(f));
  if (negative) angle = 0 - angle;
  angle += static_cast<std::uint64_t>(static_cast<std::int64_t>(phase * 0x1p62)) << 2;
  const std::uint64_t n = (angle + (std::uint64_t(1) << 59) - negative) >> 60;  // halfway away from zero on both sides
  const auto r = static_cast<std::int64_t>(angle - (n << 60));
  return {static_cast<Real>(r) * static_cast<Real>(0x1p-64), static_cast<Bits<Real>>(n)};
}

}  // namespace phasor::detail
