// phasor: numbers of about 104 bits, as unevaluated sums of two doubles (Dekker 1971), for frequencies that are right to
// the last place. Nothing but sums, products and quotients of doubles, each rounded through memory, and exact scaling: no
// flag and no C library changes what comes out.
#pragma once

#include <cmath>
#include <phasor/detail/checks.hpp>

namespace phasor { inline namespace PHASOR_NAMESPACE { namespace detail {

struct Wide {
  double high, low;
};

inline constexpr Wide two_pi = {0x1.921fb54442d18p2, 0x1.1a62633145c07p-52},
                      ln_2 = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};

inline Wide operator-(const Wide& x) { return {-x.high, -x.low}; }

PHASOR_NOINLINE inline Wide sum(const double& x, const double& y) {
  const double s = stored(x + y), part = stored(s - x);
  return {s, stored(stored(x - stored(s - part)) + stored(y - part))};
}
PHASOR_NOINLINE inline Wide sum(const Wide& x, const Wide& y) {
  const Wide s = sum(x.high, y.high);
  return sum(s.high, stored(s.low + stored(x.low + y.low)));
}
PHASOR_NOINLINE inline Wide product(const double& x, const double& y) {
  const double a = first_26_bits(x), b = stored(x - a), c = first_26_bits(y), d = stored(y - c), p = stored(x * y);
  return {p, stored(stored(stored(stored(a * c) - p) + stored(a * d)) + stored(b * c)) + stored(b * d)};
}
PHASOR_NOINLINE inline Wide product(const Wide& x, const Wide& y) {
  const Wide p = product(x.high, y.high);
  return sum(p.high, stored(p.low + stored(stored(x.high * y.low) + stored(x.low * y.high))));
}
PHASOR_NOINLINE inline Wide quotient(const Wide& x, const Wide& y) {
  const double q = stored(x.high / y.high);
  const Wide rest = sum(x, product({-q, 0}, y));
  return sum(q, stored(rest.high / y.high));
}

/// e^x: 2^n (e^r)^256, and Taylor's series for e^r, |r| <= ln(2) / 512.
inline Wide exponential(const Wide& x) {
  double n = std::nearbyint(stored(x.high / ln_2.high));
  n = n > 3000 ? 3000 : n < -3000 ? -3000 : n;  // infinity, or zero
  Wide r = sum(x, product({-n, 0}, ln_2)), y = {1, 0};
  r = {r.high / 256, r.low / 256};
  for (int k = 11; k > 0; --k) y = sum({1, 0}, quotient(product(r, y), {static_cast<double>(k), 0}));
  for (int k = 0; k < 8; ++k) y = product(y, y);
  return {std::ldexp(y.high, static_cast<int>(n)), std::ldexp(y.low, static_cast<int>(n))};
}

/// ln x, for x > 0 and finite: by Newton's method, which doubles the correct digits each time.
inline Wide logarithm(const double& x) {
  int exponent = 0;
  const double mantissa = std::frexp(x, &exponent);  // in [1/2, 1)
  Wide y = {-0.35, 0};
  for (int i = 0; i < 6; ++i) {
    y = sum(y, sum(product({mantissa, 0}, exponential(-y)), {-1, 0}));
  }
  return sum(y, product({static_cast<double>(exponent), 0}, ln_2));
}

}}}  // namespace phasor::PHASOR_NAMESPACE::detail
