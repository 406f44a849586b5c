// phasor: angles in integers, for any finite t and f. Slow, and beyond the reach of floating-point arithmetic.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <phasor/detail/plan.hpp>

namespace phasor { inline namespace PHASOR_FLAGS { namespace detail {

/// |x| = mantissa * 2^exponent. From the bits of x, since arithmetic may flush denormals.
struct Magnitude {
  std::uint64_t mantissa;
  int exponent;
  explicit Magnitude(const double& x) {
    const std::uint64_t one = std::uint64_t(1) << 52, fraction = bits(x) & (one - 1);
    const int biased = static_cast<int>(bits(x) >> 52 & 0x7ff);
    mantissa = biased ? fraction | one : fraction;
    exponent = (biased ? biased : 1) - 1075;
  }
  /// Where there is a rest, t + rest is an integer of 64 bits.
  explicit Magnitude(const Step& step) : Magnitude(step.t) {
    if (is_zero(step.rest)) return;
    mantissa = static_cast<std::uint64_t>(std::fabs(step.t)) + static_cast<std::uint64_t>(std::fabs(step.rest));
    exponent = 0;
  }
};

/// |t f| modulo one turn, in units of 2^-64 turns, rounded down.
inline std::uint64_t turns(const Magnitude& t, const Magnitude& f) {
  const int shift = t.exponent + f.exponent + 64;  // of the product's 128 bits, to the left
  if (shift >= 64 || shift <= -128) return 0;
  const std::uint64_t upper = upper_product(t.mantissa, f.mantissa), lower = t.mantissa * f.mantissa;
  if (shift >= 0) return lower << shift;
  return shift <= -64 ? upper >> (-64 - shift) : lower >> -shift | upper << (64 + shift);
}

/// Angles of `count` waves, the first being k, as n sixteenths of a turn and r turns more; NaN where t is not finite. The
/// error of r is below 2^-60 turns and its own rounding.
template <typename Real>
PHASOR_NOINLINE void reduce_exactly(const Table<Real>& table, Index k, Index count, const Step& step, Real* r,
                                    Word<Real>* n) {
  const double *const frequency = table.f + k, *const phase = table.phase + k;
  const Real* const to_n = table.to_n + k;
  const Magnitude t(step);
  for (Index j = 0; j < count; ++j) {
    const std::uint64_t sign = (bits(step.t) ^ bits(frequency[j])) >> 63, size = turns(t, Magnitude(frequency[j]));
    const std::uint64_t angle =
        (size ^ (0 - sign)) + sign + (static_cast<std::uint64_t>(static_cast<std::int64_t>(phase[j] * 0x1p62)) << 2);
    // Halfway away from zero on both sides, so that -t makes -n and -r.
    const std::uint64_t sixteenth = (angle + (std::uint64_t(1) << 59) - (angle >> 63)) >> 60;
    const auto rest = static_cast<std::int64_t>(angle - (sixteenth << 60));
    r[j] = static_cast<Real>(rest) * static_cast<Real>(0x1p-64);
    std::memcpy(n + j, to_n + j, sizeof(Real));  // the sixteenths of the phase are its low bits
    n[j] += static_cast<Word<Real>>(sixteenth);
  }
  if (is_finite(step.t)) return;
  const auto nan = static_cast<Word<Real>>(~Word<Real>(0) << (std::numeric_limits<Real>::digits - 2));
  for (Index j = 0; j < count; ++j)
    if (!is_zero(frequency[j])) std::memcpy(r + j, &nan, sizeof nan);
}

}}}  // namespace phasor::PHASOR_FLAGS::detail
