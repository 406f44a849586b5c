// phasor: one wave, from t and its frequency to its sine and cosine.
//
// Why not std::sin(t * w)? In float32 the product rounds before the sine sees it: at t = 999, w = 1 the angle moves by
// up to 3e-5 rad, and the sine with it. The argument, not the trigonometry, is the whole error of the usual code.
//
// So count in turns, where reducing an angle takes no π: of t f turns only the distance r from the nearest whole number
// n of quarter turns matters. Take t = 999, f = 1 / 2π: t f = 158.9958…, n = 636 quarters, r = -0.0042….
//
//   1. h = t f, rounded to the nearest float. The fused multiply-add gives what was rounded off, h - t f, exactly.
//      A float f is itself off by up to 2^-25 f, so f is kept as a + b, and t b joins what was rounded off. (When t is
//      a double or a long integer, it is a (1 + b) in turn, and t f = t_a (f_a + (f_b + t_b f_a)).)
//   2. y = h + 1.5·2^21. Floats of that size are 1/4 apart, so the sum rounds h to n quarters, and n then stands in the
//      low bits of y. h - n/4 is exact, and r = (h - n/4) - (h - t f) is rounded once.
//   3. |r| <= 1/8, so sin(2π r) and cos(2π r) are short polynomials in r² (the leading coefficient 2π of the sine is
//      itself a + b). Sine and cosine come out of one reduction.
//   4. n mod 4, the low two bits of y, says which of the two is the sine, and their signs (turn() in simd.hpp).
//
// Every step rounds -t to the negative of what it rounds t to, so the sine is odd to the last bit.
//
// Where the error goes, in float with FMA, in units of 1e-8, at its worst (r near 1/8, outputs near 0.7): 1.7 from the
// rounding of r, 3.0 from the rounding of the result, 1.5 + 0.9 from the last coefficient and r² in the cosine, 0.1
// from the polynomial: 7.2 if they all met.
//
// n is the nearest to h, not to t f, so |r| may pass 1/8 by 2^-24 |t f|, and is then rounded twice as coarsely (1.7
// more units). The limit `near` makes that rare enough never to meet the other errors at their worst: max_error<float>
// is asserted over every float. Beyond it, and without FMA, floats are reduced in double precision, where t f has one
// rounding of 2^-53 of it; doubles without FMA are split into halves of 26 and 27 bits, whose products are exact
// (Dekker 1971). Beyond `wide`, and where a number is too large or too small for these, an integer product gives r and
// n. The coefficients come from tests/coefficients.py.
#pragma once

#include <phasor/detail/simd.hpp>

namespace phasor::detail {

/// A number in two parts, of type Real or a vector of them: a timestep t, a frequency f or a phase in turns.
///   with FMA:       t = a (1 + b), f = a + b, phase = a + b, where a is a multiple of 2^-14;
///   double without: t = a + b, f = a + b, where a has 26 bits, phase as above;
///   float without:  all are doubles a.
template <typename Real>
struct Two {
  Real a, b;
};

/// 1.5 · 2^(fraction bits - 2): where numbers of type Real are 1/4 apart.
template <typename Real>
inline constexpr Real magic = std::is_same_v<Real, float> ? 0x1.8p21 : 0x1.8p50;

/// Steps 1 and 2: the distance r in turns of an angle from the nearest n quarter turns, and y, whose low bits are n.
template <typename V>
struct Reduced {
  V r, y;
};

/// The angle t f (+ phase), in double.
template <typename V, bool phased>
EIGEN_ALWAYS_INLINE Reduced<V> reduce_wide(const Wide<V>& t, const Wide<V>& f, const Wide<V>& phase) {
  const Wide<V> to_n = broadcast<Wide<V>>(magic<double>);
  const Wide<V> angle = opaque(phased ? mul_add(t, f, phase) : t * f), y = opaque(angle + to_n);
  return {narrow<V>(angle - opaque(y - to_n)), low_bits<V>(y)};
}

/// The angle t f (+ phase), in the precision of V. `long_t` says that t.b may be other than zero.
template <typename V, bool phased, bool long_t>
EIGEN_ALWAYS_INLINE Reduced<V> reduce(const Two<V>& t, const Two<V>& f, const Two<V>& phase) {
  const V to_n = broadcast<V>(magic<Lane<V>>), minus_t = -t.a, h = opaque(t.a * f.a);
  V excess, nearly = h;  // h - t f, and t f as well as one number says it
  if constexpr (has_fma) {
    excess = mul_add(minus_t, long_t ? mul_add(t.b, f.a, f.b) : f.b, mul_add(minus_t, f.a, h));
  } else {
    excess = opaque(minus_t * f.b - t.b * f.a - t.b * f.b);
    nearly = opaque(h - excess);
  }
  if constexpr (!phased) {
    const V y = opaque(nearly + to_n);
    return {opaque(h - opaque(y - to_n)) - opaque(excess), y};
  } else {
    const V y = opaque(opaque(nearly + phase.a) + to_n), rest = opaque(opaque(to_n - y) + phase.a);
    return {opaque(h + rest) - opaque(excess - phase.b), y};
  }
}

/// c + z (next + z (…)).
template <typename V>
EIGEN_ALWAYS_INLINE V horner(const V&, Lane<V> c) {
  return broadcast<V>(c);
}
template <typename V, typename... Rest>
EIGEN_ALWAYS_INLINE V horner(const V& z, Lane<V> c, Rest... rest) {
  return mul_add(horner(z, rest...), z, broadcast<V>(c));
}

/// Step 3: sin(2π r) and cos(2π r) for |r| <= 1/8.
template <typename V>
EIGEN_ALWAYS_INLINE SinCos<V> sincos(const V& r) {
  const V z = r * r;
  V tail, cos;
  if constexpr (std::is_same_v<Lane<V>, float>) {
    tail = horner(z, -0x1.169f88p-22f, -0x1.4abba8p5f, 0x1.465a5cp6f, -0x1.2cf9fep6f);
    cos = horner(z, 1.f, -0x1.3bd3ccp4f, 0x1.03c1b6p6f, -0x1.55b684p6f, 0x1.d61e28p5f);
  } else {
    tail = horner(z, 0x1.c025546d68356p-54, -0x1.4abbce625be21p5, 0x1.466bc677567acp6, -0x1.32d2cce12abd6p6,
                  0x1.50782e68ec8a7p5, -0x1.e2ff4a5b36c33p3, 0x1.e398a41fad6cep1);
    cos = horner(z, 1., -0x1.3bd3cc9be45dep4, 0x1.03c1f081b5a65p6, -0x1.55d3c7e3c2d7cp6, 0x1.e1f5067b05ae7p5,
                 -0x1.a6d1e6b560f58p4, 0x1.f9c840f8b109ep2, -0x1.b14b6a5c539ecp0);
  }
  return {mul_add(r, broadcast<V>(static_cast<Lane<V>>(6.28318530717958647692)), opaque(r * tail)), cos};
}

template <typename V>
EIGEN_ALWAYS_INLINE SinCos<V> wave(const Reduced<V>& reduced) {
  return turn(sincos(reduced.r), reduced.y);
}

/// By its bits: -0 is.
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
    return {exponent ? fraction | one : fraction, (exponent ? exponent : 1) - Limits::max_exponent - Limits::digits + 2};
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

/// Steps 1 and 2 in integers, for any finite t and f; |phase| <= 1/2. The error is below 2^-62 turns and a rounding of r.
template <typename Real, typename T>
Reduced<Real> reduce_exactly(T t, double f, double phase) {
  const bool negative = is_negative(t) != is_negative(f);
  std::uint64_t angle = turns(magnitude(t), magnitude(f));
  if (negative) angle = 0 - angle;
  angle += static_cast<std::uint64_t>(static_cast<std::int64_t>(phase * 0x1p62)) << 2;
  const std::uint64_t n = (angle + (std::uint64_t(1) << 61) - negative) >> 62;  // halfway away from zero on both sides
  const auto r = static_cast<std::int64_t>(angle - (n << 62));
  return {static_cast<Real>(r) * static_cast<Real>(0x1p-64), magic<Real> + static_cast<Real>(n & 3) / 4};
}

}  // namespace phasor::detail
