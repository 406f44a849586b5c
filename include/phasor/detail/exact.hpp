// phasor: angles in integers, for any finite t and f. Slow, and beyond the reach of floating-point arithmetic.
#pragma once

#include <phasor/detail/plan.hpp>

namespace phasor { inline namespace PHASOR_FLAGS { namespace detail {

/// t f modulo one turn, in units of 2^-64 turns, towards zero. From bits, since arithmetic may flush denormals.
inline std::uint64_t turns(const double& t, const double& f) {
  const auto mantissa = [](std::uint64_t x) {
    const std::uint64_t one = std::uint64_t(1) << 52, fraction = x & (one - 1);
    return x >> 52 & 0x7ff ? fraction | one : fraction;
  };
  const auto exponent = [](std::uint64_t x) {
    const int biased = static_cast<int>(x >> 52 & 0x7ff);
    return (biased ? biased : 1) - 1075;
  };
  const std::uint64_t t_bits = bits(t), f_bits = bits(f), low = 0xffffffff;
  const std::uint64_t a = mantissa(t_bits) >> 32, b = mantissa(t_bits) & low, c = mantissa(f_bits) >> 32,
                      d = mantissa(f_bits) & low;
  const std::uint64_t middle = a * d + (b * d >> 32), carry = b * c + (middle & low);
  const std::uint64_t high_word = a * c + (middle >> 32) + (carry >> 32), low_word = (carry << 32) | (b * d & low);
  const int shift = exponent(t_bits) + exponent(f_bits) + 64;  // of the product's 128 bits, to the left
  std::uint64_t angle = 0;
  if (shift >= 0 && shift < 64) angle = low_word << shift;
  if (shift < 0 && shift > -64) angle = low_word >> -shift | high_word << (64 + shift);
  if (shift <= -64 && shift > -128) angle = high_word >> (-64 - shift);
  return (t_bits ^ f_bits) >> 63 ? 0 - angle : angle;
}

/// Angles of `count` waves, the first being k, as n sixteenths of a turn and r turns more; NaN where t is not finite. The error
/// of r is below 2^-60 turns and its own rounding.
template <typename Real>
void reduce_exactly(const Table<Real>& table, Index k, Index count, Step step, Real* r, Word<Real>* n) {
  const bool is_number = is_finite(step.t), has_rest = !is_zero(step.rest);
  for (Index j = 0; j < count; ++j, ++k) {
    std::uint64_t angle = is_number ? turns(step.t, table.f[k]) : 0;
    if (has_rest) angle += turns(step.rest, table.f[k]);
    angle += static_cast<std::uint64_t>(static_cast<std::int64_t>(table.phase[k] * 0x1p62)) << 2;
    // Halfway away from zero on both sides, so that -t makes -n and -r.
    const std::uint64_t sixteenth = (angle + (std::uint64_t(1) << 59) - (angle >> 63)) >> 60;
    const auto rest = static_cast<std::int64_t>(angle - (sixteenth << 60));
    r[j] = static_cast<Real>(rest) * static_cast<Real>(0x1p-64);
    std::memcpy(n + j, table.to_n + k, sizeof(Real));  // the sixteenths of the phase are its low bits
    n[j] += static_cast<Word<Real>>(sixteenth);
    if (is_number || is_zero(table.f[k])) continue;
    const auto nan = static_cast<Word<Real>>(~Word<Real>(0) << (std::numeric_limits<Real>::digits - 2));
    std::memcpy(r + j, &nan, sizeof nan);
  }
}

}}}  // namespace phasor::PHASOR_FLAGS::detail
