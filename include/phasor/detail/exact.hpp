// phasor: angles in integers, for any finite t and f. Slow, and beyond the reach of floating-point arithmetic.
#pragma once

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
};

/// |t f| modulo one turn, in units of 2^-64 turns, rounded down.
inline std::uint64_t turns(const Magnitude& t, const Magnitude& f) {
  const int shift = t.exponent + f.exponent + 64;  // of the product's 128 bits, to the left
  if (shift >= 64 || shift <= -128) return 0;
  const std::uint64_t low = 0xffffffff, a = t.mantissa >> 32, b = t.mantissa & low, c = f.mantissa >> 32,
                      d = f.mantissa & low;
  const std::uint64_t middle = a * d + (b * d >> 32), carry = b * c + (middle & low);
  const std::uint64_t high_word = a * c + (middle >> 32) + (carry >> 32), low_word = t.mantissa * f.mantissa;
  if (shift >= 0) return low_word << shift;
  return shift <= -64 ? high_word >> (-64 - shift) : low_word >> -shift | high_word << (64 + shift);
}

/// Angles of `count` waves, the first being k, as n sixteenths of a turn and r turns more; NaN where t is not finite. The
/// error of r is below 2^-60 turns and its own rounding.
template <typename Real>
void reduce_exactly(const Table<Real>& table, Index k, Index count, const Step& step, Real* r, Word<Real>* n) {
  const bool is_number = is_finite(step.t), has_rest = !is_zero(step.rest);
  const Magnitude t(step.t), t_rest(step.rest);
  const std::uint64_t t_bits = bits(step.t), rest_bits = bits(step.rest);
  for (Index j = 0; j < count; ++j, ++k) {
    const Magnitude f(table.f[k]);
    const auto with_sign = [&](std::uint64_t angle, std::uint64_t of) {
      return (of ^ bits(table.f[k])) >> 63 ? 0 - angle : angle;
    };
    std::uint64_t angle = is_number ? with_sign(turns(t, f), t_bits) : 0;
    if (has_rest) angle += with_sign(turns(t_rest, f), rest_bits);
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
