// phasor: angles in integers, for any finite t and f. Slow, and beyond the reach of floating-point arithmetic.
#pragma once

#include <cstring>
#include <limits>
#include <phasor/detail/types.hpp>
#include <phasor/detail/wide.hpp>

namespace phasor { inline namespace PHASOR_NAMESPACE { namespace detail {

/// |t f| modulo one turn, in units of 2^-64 turns, rounded down. (Of a double, `wide` has one word alone.)
inline std::uint64_t turns(const Wide& t, const Wide& f) {
  const std::uint64_t x = t.fraction.high, y = f.fraction.high;
  const std::int64_t places = t.exponent + f.exponent - 64;
  return places >= 64 ? 0 : shifted({upper_product(x, y), x * y}, places).low;
}

/// Angles of a line, those with |t| >= `limit` (by its bits), as n sixteenths of a turn and r turns more; NaN where t
/// is not finite. The error of r is below 2^-60 turns and its own rounding.
template <typename Real>
PHASOR_NOINLINE void reduce_in_integers(const Line<Real>& line, std::uint64_t limit, Real* r, Word<Real>* n) {
  const Waves<Real>& waves = *line.waves;
  bool all_finite = true;
  for (Index j = 0; j < line.count; ++j) {
    const double& t = line.t[line.is_row ? 0 : j];
    if (magnitude(t) < limit) continue;
    all_finite &= is_finite(t);
    const Index k = line.is_row ? line.first + j : line.first;
    const std::uint64_t sign = (bits(t) ^ bits(waves.f[k])) >> 63, size = turns(wide(t), wide(waves.f[k])),
                        angle = (size ^ (0 - sign)) + sign +
                                (static_cast<std::uint64_t>(static_cast<std::int64_t>(waves.phase[k] * 0x1p62)) << 2);
    // Halfway away from zero on both sides, so that -t makes -n and -r.
    const std::uint64_t sixteenth = (angle + (std::uint64_t(1) << 59) - (angle >> 63)) >> 60;
    r[j] = static_cast<Real>(static_cast<std::int64_t>(angle - (sixteenth << 60))) * static_cast<Real>(0x1p-64);
    std::memcpy(n + j, waves.rounder + k, sizeof(Real));  // its low bits are the sixteenths of the phase
    n[j] += static_cast<Word<Real>>(sixteenth);
  }
  if (all_finite) return;
  const auto nan = static_cast<Word<Real>>(~Word<Real>(0) << (std::numeric_limits<Real>::digits - 2));
  for (Index j = 0; j < line.count; ++j)
    if (!is_finite(line.t[line.is_row ? 0 : j]) && !is_zero(waves.f[line.is_row ? line.first + j : line.first]))
      std::memcpy(r + j, &nan, sizeof nan);
}

}}}  // namespace phasor::PHASOR_NAMESPACE::detail
