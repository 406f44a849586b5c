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
//      low bits of y. h - n/4 is exact, and r = (h - n/4) - (h - t f) is rounded once. (A phase is added to h, and what
//      that rounds off, which Fast2Sum gives exactly, joins h - t f.)
//   3. |r| <= 1/8, so sin(2π r) and cos(2π r) are short polynomials in w = r² - c, where c lies in the middle of r²:
//      their large terms then meet where the outputs are flat, and where they are steep little is left to round. The
//      sine is r 2π + r tail(w). Sine and cosine come out of one reduction.
//   4. n mod 4, the low two bits of y, says which of the two is the sine, and their signs (turn() in simd.hpp).
//
// Every step rounds -t to the negative of what it rounds t to, so the sine is odd.
//
// tests/proof.py proves max_error, roundings by Gappa and polynomials by Sollya. In float with FMA, in units of 1e-8, at
// its worst, a sine near 0.7: 3.3 from the rounding of r, 4.0 from those of the polynomial and of the result, 0.2 from
// the polynomial itself. (n is the nearest to h, not to t f, so |r| may pass 1/8 by 2^-25 |t f|; it is then rounded
// twice as coarsely as below 1/8. That is in the 3.3.)
//
// Beyond direct_reach, and for floats without FMA, floats are reduced in double, where t f is rounded by 2^-53 of itself;
// doubles without FMA are split into halves of 26 and 27 bits, whose products are exact (Dekker 1971). Beyond those,
// and where t or f is too large or too small for them, an integer product gives r and n.
#pragma once

#include <phasor/detail/simd.hpp>

namespace phasor::detail {

/// A number in two parts, of type Real or a vector of them: a timestep t, a frequency f or a phase in turns.
///   with FMA:       t = a (1 + b), f = a + b, phase = a + b, where a, of a phase, is a multiple of phase_step;
///   double without: t = a + b, f = a + b, where a has 26 bits, phase as above;
///   float without:  all are doubles a.
template <typename Real>
struct Two {
  Real a, b;
};

/// The largest |t f|, in turns, that reduce() takes, and that reduce_wide() takes.
template <typename Real>
inline constexpr double direct_reach = sizeof(Real) == 8 && has_fma ? 0x1p20 : 0x1p8;
inline constexpr double wide_reach = 0x1p20;

/// The high part of a phase is a multiple of this, which is one of the last bit of every t f within direct_reach.
inline constexpr double phase_step = 0x1p-14;

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
  V s = h, base = h;  // n is the nearest to s; base is s without the phase
  if constexpr (phased) {
    s = opaque(h + phase.a);
    base = opaque(s - phase.a);
  }
  V excess;  // base - t f, and then s - (t f + phase)
  if constexpr (has_fma) {
    excess = mul_add(minus_t, long_t ? mul_add(t.b, f.a, f.b) : f.b, mul_add(minus_t, f.a, base));
  } else {
    excess = minus_t * f.b;
    if constexpr (phased) excess = opaque(base - h) + excess;
    excess = excess - t.b * f.a - t.b * f.b;
  }
  if constexpr (phased) excess = opaque(excess) - phase.b;
  const V y = opaque(s + to_n);
  return {opaque(s - opaque(y - to_n)) - opaque(excess), y};
}

/// c + w (next + w (…)).
template <typename V>
EIGEN_ALWAYS_INLINE V horner(const V&, Lane<V> c) {
  return broadcast<V>(c);
}
template <typename V, typename... Rest>
EIGEN_ALWAYS_INLINE V horner(const V& w, Lane<V> c, Rest... rest) {
  return mul_add(horner(w, rest...), w, broadcast<V>(c));
}

/// Step 3: sin(2π r) and cos(2π r) for |r| <= 1/8 and a little more.
template <typename V>
EIGEN_ALWAYS_INLINE SinCos<V> sincos(const V& r) {
  V tail, cos;
  if constexpr (std::is_same_v<Lane<V>, float>) {
    const V w = mul_add(r, r, broadcast<V>(-0x1.63p-7f));
    tail = horner(w, -0x1.c0ed16p-2f, -0x1.3ccd7p5f, 0x1.3c92b2p6f, -0x1.2cd268p6f);
    cos = horner(w, 0x1.965b36p-1f, -0x1.25ca6ep4f, 0x1.f1a1dap5f, -0x1.4b82ap6f, 0x1.d8d3d6p5f);
  } else {
    const V w = mul_add(r, r, broadcast<V>(-0x1.548p-7));
    tail = horner(w, -0x1.aef755ae04ee7p-2, -0x1.3d5cfc5f213bfp5, 0x1.3cf6e8f7c5a3bp6, -0x1.2be5479f87c51p6,
                  0x1.4a3ea743d0a9ep5, -0x1.db75bb1050dcp3, 0x1.e37daa7eb93b7p1);
    cos = horner(w, 0x1.9a85ccc02d729p-1, -0x1.26ac1e6eb0f14p4, 0x1.f28353474faeep5, -0x1.4beca81c40d08p6,
                 0x1.d7132f9437cf1p5, -0x1.9eff6ee5c4009p4, 0x1.f1e7fde7c9344p2, -0x1.b04a1a6196dd3p0);
  }
  return {mul_add(r, broadcast<V>(static_cast<Lane<V>>(6.28318530717958647692)), opaque(r * tail)), cos};
}

template <typename V>
EIGEN_ALWAYS_INLINE SinCos<V> wave(const Reduced<V>& reduced) {
  return turn(sincos(reduced.r), reduced.y);
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
