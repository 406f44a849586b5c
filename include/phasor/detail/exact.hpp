// phasor: angles in integers, for any finite t and f. Slow, and beyond the reach of floating-point arithmetic.
#pragma once

#include <cstring>
#include <limits>
#include <phasor/detail/types.hpp>
#include <phasor/detail/wide.hpp>

namespace phasor { inline namespace PHASOR_NAMESPACE { namespace detail {

/// |x| = mantissa * 2^exponent.
struct Magnitude {
  std::uint64_t mantissa{};
  int exponent{};
  explicit Magnitude(const double& x) {
    const std::uint64_t one = std::uint64_t(1) << 52, fraction = bits(x) & (one - 1);
    const int biased = static_cast<int>(bits(x) >> 52 & 0x7ff);
    mantissa = biased ? fraction | one : fraction;
    exponent = (biased ? biased : 1) - 1075;
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

/// Angles 0 ... count-1 of a line, those with |t| >= `limit` (by its bits), as n sixteenths of a turn and r turns
/// more; NaN where t is not finite. Angle j is of t[j], or of t[0] if there is one; and of wave first + j, or of wave
/// first. The error of r is below 2^-60 turns and its own rounding.
template <typename Real>
PHASOR_NOINLINE void reduce_in_integers(const double* t, bool one_time, const Waves<Real>& waves, Index first,
                                        bool one_wave, Index count, std::uint64_t limit, Real* r, Word<Real>* n) {
  const Magnitude first_time(*t);
  bool all_finite = true;
  for (Index j = 0; j < count; ++j) {
    const double& time = t[one_time ? 0 : j];
    if (magnitude(time) < limit) continue;
    all_finite &= is_finite(time);
    const Index k = one_wave ? first : first + j;
    const std::uint64_t sign = (bits(time) ^ bits(waves.f[k])) >> 63,
                        size = turns(one_time ? first_time : Magnitude(time), Magnitude(waves.f[k]));
    const std::uint64_t angle = (size ^ (0 - sign)) + sign +
                                (static_cast<std::uint64_t>(static_cast<std::int64_t>(waves.phase[k] * 0x1p62)) << 2);
    // Halfway away from zero on both sides, so that -t makes -n and -r.
    const std::uint64_t sixteenth = (angle + (std::uint64_t(1) << 59) - (angle >> 63)) >> 60;
    r[j] = static_cast<Real>(static_cast<std::int64_t>(angle - (sixteenth << 60))) * static_cast<Real>(0x1p-64);
    std::memcpy(n + j, waves.rounder + k, sizeof(Real));  // its low bits are the sixteenths of the phase
    n[j] += static_cast<Word<Real>>(sixteenth);
  }
  if (all_finite) return;
  const auto nan = static_cast<Word<Real>>(~Word<Real>(0) << (std::numeric_limits<Real>::digits - 2));
  for (Index j = 0; j < count; ++j)
    if (!is_finite(t[one_time ? 0 : j]) && !is_zero(waves.f[one_wave ? first : first + j]))
      std::memcpy(r + j, &nan, sizeof nan);
}

}}}  // namespace phasor::PHASOR_NAMESPACE::detail
