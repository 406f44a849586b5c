// phasor: one wave, from t and its frequency to its sine and cosine.
//
// Why not std::sin(t * w)? In float32 the product rounds before the sine sees it: at t = 999, w = 1 the angle moves by
// up to 3e-5 rad, and the sine with it. The argument, not the trigonometry, is the whole error of the usual code.
//
// So count in quarter turns, where reducing an angle takes no π: with q = 4 f, the angle of t is t q quarter turns, and
// only its distance r from the nearest whole number n matters. Take t = 999, q = 2/π: t q = 635.98…, n = 636,
// r = -0.0171….
//
//   1. h = t q, rounded to the nearest float. The fused multiply-add gives what was rounded off, h - t q, exactly.
//      A float q is itself off by up to 2^-25 q, so q is kept as a + b, and t b joins what was rounded off. (When t is
//      a double or a long integer, it is a (1 + b) in turn, and t q = t_a (q_a + (q_b + t_b q_a)).)
//   2. y = h + 1.5·2^23. Floats of that size are 1 apart, so the sum rounds h to n, which then stands in the low bits
//      of y. h - n is exact, and r = (h - n) - (h - t q) is rounded once.
//   3. |r| <= 1/2, so sin(π r / 2) and cos(π r / 2) are short polynomials in r² (the leading coefficient π/2 of
//      the sine is itself a + b). Sine and cosine come out of one reduction.
//   4. n mod 4, the low two bits of y, says which of the two is the sine, and their signs (turn() in packet.hpp).
//
// t goes in as a magnitude; its sign flips the sine at the end, so that the sine is odd to the last bit.
//
// Where the error goes, in float with FMA, in units of 1e-8, at its worst (r near 1/2, outputs near 0.7): 1.7 from the
// rounding of r, 3.0 from the rounding of the result, 1.5 + 0.9 from the last coefficient and r² in the cosine, 0.1
// from the polynomial: 7.2 if they all met.
//
// Without FMA, float angles are reduced in double precision (t q then has one rounding, 2^-53 of it), and for double, t
// and q are split into halves of 26 and 27 bits, whose products are exact (Dekker 1971).
//
// n is the nearest to h, not to t q, so |r| may pass 1/2 by 2^-24 |t q|, and is then rounded twice as coarsely (1.7
// more units). `reach` makes that rare enough never to meet the other errors at their worst: max_error<float> is
// asserted over every float. Beyond it, the integer product of exact.hpp gives r and n; steps 3 and 4 are the same. The
// coefficients come from tests/coefficients.py.
#pragma once

#include <phasor/detail/exact.hpp>

namespace phasor::detail {

/// A number in two parts: a timestep t, a frequency q in quarter turns or a phase in quarter turns.
///   with FMA:           t = a (1 + b), q = a + b, phase = a + b, where a is a multiple of phase_step;
///   double without FMA: t = a + b, q = a + b, where a has 26 bits, phase as above;
///   float without FMA:  t = a, and b is its sign, 1 or -1; q = a and phase = a, in double, b unused.
/// t is a magnitude: its sign goes separately, as a -0 or +0.
template <typename T>
struct Two {
  T a, b;
};

/// Tables and timesteps are stored as this.
template <typename Real>
using WideReal = Lane<Wide<Packet<Real>>>;

/// 1.5 · 2^(fraction bits): where numbers of type Real are 1 apart.
template <typename Real>
inline constexpr Real magic = std::is_same_v<Real, float> ? 0x1.8p23 : 0x1.8p52;

/// reduce() holds for |t q| up to here: 256 turns, so t < 1608 for the fastest wave of most conventions.
inline constexpr double reach = 0x1p10;
inline constexpr double phase_step = 0x1p-12;

/// Steps 1 and 2: the distance r of an angle from the nearest whole number n of quarter turns, and y, whose low bits
/// are those of n.
template <typename P>
struct Reduced {
  P r, y;
};

/// The angle is |t| q, plus `phase` with the sign of t if `phased`. `long_t` says that t.b may be other than zero.
template <bool phased, bool long_t, typename P>
EIGEN_ALWAYS_INLINE Reduced<P> reduce(const Two<Wide<P>>& t, const P& sign, const Two<Wide<P>>& q,
                                      const Two<Wide<P>>& phase) {
  using W = Wide<P>;
  if constexpr (!std::is_same_v<W, P>) {  // float in double
    const W to_n = broadcast<W>(magic<double>);
    W angle = opaque(mul(t.a, q.a));
    if constexpr (phased) angle = opaque(add(angle, mul(t.b, phase.a)));
    const W y = opaque(add(angle, to_n));
    return {narrow(sub(angle, opaque(sub(y, to_n)))), low_bits(y)};
  } else {
    const P to_n = broadcast<P>(magic<Lane<P>>), minus = broadcast<P>(Lane<P>(-0.)), minus_t = flip(t.a, minus);
    const P h = opaque(mul(t.a, q.a));
    P excess, nearly = h;  // h - t q, and t q as well as one number says it
    if constexpr (has_fma) {
      excess = mul_add(minus_t, long_t ? mul_add(t.b, q.a, q.b) : q.b, mul_add(minus_t, q.a, h));
    } else {
      excess = opaque(sub(sub(mul(minus_t, q.b), mul(t.b, q.a)), mul(t.b, q.b)));
      nearly = opaque(sub(h, excess));
    }
    if constexpr (!phased) {
      const P y = opaque(add(nearly, to_n));
      return {sub(opaque(fraction(h, y, to_n)), opaque(excess)), y};
    } else {
      const P head = flip(phase.a, sign), tail = flip(phase.b, sign), y = opaque(add(opaque(add(nearly, head)), to_n));
      const P minus_n = opaque(add(opaque(sub(to_n, y)), head));
      return {sub(opaque(add(h, minus_n)), opaque(sub(excess, tail))), y};
    }
  }
}

/// c + z (next + z (…)).
template <typename P>
EIGEN_ALWAYS_INLINE P horner(const P&, Lane<P> c) {
  return broadcast<P>(c);
}
template <typename P, typename... Rest>
EIGEN_ALWAYS_INLINE P horner(const P& z, Lane<P> c, Rest... rest) {
  return mul_add(horner(z, rest...), z, broadcast<P>(c));
}

/// Step 3: sin(π r / 2) and cos(π r / 2) for |r| <= 1/2.
template <typename P>
EIGEN_ALWAYS_INLINE SinCos<P> sincos(const P& r) {
  const P z = mul(r, r);
  P tail, cos;
  if constexpr (std::is_same_v<Lane<P>, float>) {
    tail = horner(z, -0x1.169f88p-24f, -0x1.4abba8p-1f, 0x1.465a5cp-4f, -0x1.2cf9fep-8f);
    cos = horner(z, 1.f, -0x1.3bd3ccp0f, 0x1.03c1b6p-2f, -0x1.55b684p-6f, 0x1.d61e28p-11f);
  } else {
    tail = horner(z, 0x1.c025546d68356p-56, -0x1.4abbce625be21p-1, 0x1.466bc677567acp-4, -0x1.32d2cce12abd6p-8,
                  0x1.50782e68ec8a7p-13, -0x1.e2ff4a5b36c33p-19, 0x1.e398a41fad6cep-25);
    cos = horner(z, 1., -0x1.3bd3cc9be45dep0, 0x1.03c1f081b5a65p-2, -0x1.55d3c7e3c2d7cp-6, 0x1.e1f5067b05ae7p-11,
                 -0x1.a6d1e6b560f58p-16, 0x1.f9c840f8b109ep-22, -0x1.b14b6a5c539ecp-28);
  }
  const P half_pi = broadcast<P>(static_cast<Lane<P>>(1.57079632679489661923));
  return {mul_add(r, half_pi, opaque(mul(r, tail))), cos};
}

/// sin and cos of the angle that `reduced` stands for, the sine with its sign flipped where `sign` is -0.
template <typename P>
EIGEN_ALWAYS_INLINE SinCos<P> wave(const Reduced<P>& reduced, const P& sign) {
  return turn(sincos(reduced.r), reduced.y, sign);
}

/// Steps 1 and 2 for any finite t: |t| frequency turns, and phase with the sign of t, from turns(phase), more.
template <typename Real>
Reduced<Real> reduce_exactly(Magnitude t, bool negative, double frequency, std::uint64_t phase) {
  std::uint64_t angle = turns(t, magnitude(frequency));
  if (frequency < 0) angle = 0 - angle;
  angle += negative ? 0 - phase : phase;
  const std::uint64_t n = (angle + (std::uint64_t(1) << 61)) >> 62;
  const auto r = static_cast<std::int64_t>(angle - (n << 62));
  return {static_cast<Real>(r) * static_cast<Real>(0x1p-62), magic<Real> + static_cast<Real>(n & 3)};
}

}  // namespace phasor::detail
