// phasor: what is proved: an angle t f + phase, and its sine and cosine. No include guard: included once for each
// target, after vectors.hpp, in the target's namespace and region.
//
// Why not std::sin(t * w)? In float32 the product rounds before the sine sees it: with t near 999 and w near 1 the
// angle moves by up to 3e-5 rad, and the sine with it. The argument, not the trigonometry, is the whole error of the
// usual code.
//
// So count in turns, where reducing an angle takes no pi: of t f turns only the distance r from the nearest whole
// number n of sixteenths matters. Take t = 999, f = 1 / 2pi: t f = 158.9958..., n = 2544, and n mod 16 = 0, r =
// -0.0042....
//
//   1. y = t f + 1.5 2^19, in one rounding (a fused multiply-add; with a phase, in two). Floats of that size are 1/16
//      apart, so the sum rounds t f to n sixteenths, and n then stands in the low bits of y.
//   2. r = t f - n/16, again in one rounding. A float f is itself off by up to 2^-24 f, so f is kept as a + b, and t b
//      is added to r. (When t has more bits than a float, it is a (1 + b) in turn, and t f = t_a (f_a + (f_b + t_b
//      f_a)), nearly. A phase is some sixteenths, which the number added in step 1 has in it, and a + b, where a - n/16
//      is exact.)
//   3. |r| <= 1/32, so sin(2pi r) and cos(2pi r) - 1 are small, and polynomials of three terms (in double five and
//      six).
//   4. With S = sin(2pi n/16) and C = cos(2pi n/16) from a table,
//        sin(2pi (n/16 + r)) = S + (C sin(2pi r) + S (cos(2pi r) - 1)),
//      and likewise the cosine, with C and -S. What is in brackets is below 0.2, and so its roundings are small; the
//      error is little more than those of S and of the last sum. (Floats of that table are all too small, by up to
//      3e-8. So the polynomial of cos(2pi r) - 1 begins with 1.3e-8 in place of 0, which makes up for half of it.)
//
// Every step rounds -t to the negative of what it rounds t to, and the table is symmetric: where phases are quarter
// turns, sines are odd in t and cosines even, bit for bit, but for the sign of a zero.
//
// tests/proof.py proves max_error, roundings by Gappa and polynomials by Sollya. In float with FMA, in units of 1e-8,
// at its worst, a sine near 0.55: 3.0 from the last sum, 2.3 from the roundings in brackets, 2.0 from those of r, and
// 0.7 from table and polynomials.
//
// Beyond float_reach, and without FMA always, floats are reduced in double, where t f need not be exact. Everything
// else goes by an integer product of 128 bits (exact.hpp).

/// Steps 1 and 2: an angle as n mod 16 sixteenths of a turn, by the low four bits of n, and r turns more.
template <typename Real>
struct Angle {
  Vector<Real> r;
  Integers<Real> n;
};

/// The angle t f (+ phase) in Real, with FMA. `t` is the high part of a timestep, `f` that of a frequency, and `rest`
/// what f has more and what t's low part makes of f. A plain wave has no phase, and its rounder is magic.
template <typename Real, bool phased>
PHASOR_INLINE Angle<Real> reduce(const Vector<Real>& t, const Vector<Real>& f, const Vector<Real>& rest,
                                 const Vector<Real>& phase_high, const Vector<Real>& phase_low,
                                 const Vector<Real>& rounder) {
  using Reals = Vector<Real>;
  const Reals y = opaque(phased ? opaque(mul_add<Real>(t, f, phase_high)) + rounder : mul_add<Real>(t, f, rounder));
  const Reals minus_n = opaque(rounder - y);
  const Reals r = mul_add<Real>(t, f, phased ? opaque(minus_n + phase_high) : minus_n);
  const auto n = same_bits<Integers<Real>>(y);
  if constexpr (sizeof(Real) == 8)
    return {phased ? r + phase_low : r, n};  // doubles have no rest
  else
    return {phased ? r + mul_add<Real>(t, rest, phase_low) : mul_add<Real>(t, rest, r), n};
}

/// The same of floats in double, with FMA or without: the phase's sixteenths are not in n.
PHASOR_INLINE Angle<double> reduce_in_double(const Vector<double>& t, const Vector<double>& f,
                                             const Vector<double>& phase) {
  using Doubles = Vector<double>;
  const Doubles h = opaque(t * f), rounder = all<Doubles>(magic<double>), y = opaque(opaque(h + phase) + rounder);
  return {h + opaque(opaque(rounder - y) + phase), same_bits<Integers<double>>(y)};
}

/// c + w (next + w (...)).
template <typename Real, typename... Rest>
PHASOR_INLINE Vector<Real> horner([[maybe_unused]] const Vector<Real>& w, Real c, Rest... rest) {
  if constexpr (sizeof...(rest) == 0)
    return all<Vector<Real>>(c);
  else
    return mul_add<Real>(horner<Real>(w, rest...), w, all<Vector<Real>>(c));
}

/// sin(2pi n / 16), n = 0 ... 19, each the negative of the one eight before; the cosines from n = 4 on. (Rounded here,
/// since with -frounding-math g++ 12 converts such constants wrongly.)
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

template <typename Real>
struct SinCos {
  Vector<Real> sin, cos;
};

/// Steps 3 and 4: the sine and cosine of an angle, |r| <= 1/32 and a little more.
template <typename Real>
PHASOR_INLINE SinCos<Real> sin_cos(const Angle<Real>& angle) {
  const Vector<Real> r = angle.r, w = opaque(r * r);
  Vector<Real> sin_r, cos_r;  // sin(2pi r) and cos(2pi r) - 1
  if constexpr (sizeof(Real) == 4) {
    sin_r = opaque(r * horner<float>(w, 0x1.921fb6p2f, -0x1.4abcd2p5f, 0x1.476cbcp6f));
    cos_r = horner<float>(w, 0x1.bd9d6p-27f, -0x1.3bd396p4f, 0x1.033976p6f);
  } else {
    sin_r = opaque(r * horner<double>(w, 0x1.921fb54442d18p2, -0x1.4abbce625bcp5, 0x1.466bc675e6c38p6,
                                      -0x1.32d2c0c63dd25p6, 0x1.501ebd299d2e4p5));
    cos_r = horner<double>(w, -0x1.71849e6e6b888p-56, -0x1.3bd3cc9be45dep4, 0x1.03c1f081b581dp6, -0x1.55d3c7e1d0501p6,
                           0x1.e1f4effe6010ap5, -0x1.a65803975883p4);
  }
  const Vector<Real> sin_n = lookup<Real>(sixteenths<Real>, angle.n),
                     cos_n = lookup<Real>(sixteenths<Real> + 4, angle.n);
  // Without FMA, a difference saves the negation of sin_n, with the same bits.
  const Vector<Real> sin_n_cos_r = opaque(sin_n * cos_r), cos_n_cos_r = opaque(cos_n * cos_r);
  return {sin_n + opaque(mul_add<Real>(cos_n, sin_r, sin_n_cos_r)),
          cos_n + opaque(has_fma ? mul_add<Real>(-sin_n, sin_r, cos_n_cos_r) : cos_n_cos_r - opaque(sin_n * sin_r))};
}
