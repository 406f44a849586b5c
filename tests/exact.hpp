// The formula itself, sin(2π (t f + φ)), in arithmetic whose own error is negligible.
#pragma once

#include <mpfr.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

class Exact {
 public:
  Exact() {
    // 64 bits of t and 53 of f make a product of 117: t f is exact in 160. The rest is rounded to 2^-160 of itself.
    for (mpfr_ptr x : {t_, f_, angle_, phase_, two_pi_, value_, error_}) mpfr_init2(x, 160);
    mpfr_const_pi(two_pi_, MPFR_RNDN);
    mpfr_mul_2ui(two_pi_, two_pi_, 1, MPFR_RNDN);
  }
  Exact(const Exact&) = delete;
  Exact& operator=(const Exact&) = delete;
  ~Exact() {
    for (mpfr_ptr x : {t_, f_, angle_, phase_, two_pi_, value_, error_}) mpfr_clear(x);
  }

  template <typename T>
  void set(T t, double f, double phase) {
    set_exactly(t_, t);
    set_exactly(f_, f);
    set_exactly(phase_, phase);
    mpfr_mul(angle_, t_, f_, MPFR_RNDN);
    mpfr_frac(angle_, angle_, MPFR_RNDN);  // whole turns go first, exactly
    mpfr_frac(phase_, phase_, MPFR_RNDN);
    mpfr_add(angle_, angle_, phase_, MPFR_RNDN);
    mpfr_mul(angle_, angle_, two_pi_, MPFR_RNDN);
    mpfr_sin(value_, angle_, MPFR_RNDN);
  }

  double value() const { return mpfr_get_d(value_, MPFR_RNDN); }

  /// |got - value|, rounded up.
  double error_of(double got) {
    mpfr_set_d(error_, got, MPFR_RNDN);
    mpfr_sub(error_, error_, value_, MPFR_RNDN);
    mpfr_abs(error_, error_, MPFR_RNDN);
    return mpfr_get_d(error_, MPFR_RNDU);
  }

 private:
  /// By the bits of a finite x: a processor that flushes denormals would do so on the way to mpfr_set_d.
  template <typename T>
  static void set_exactly(mpfr_ptr to, T x) {
    if constexpr (std::is_unsigned_v<T>) {
      mpfr_set_ui(to, x, MPFR_RNDN);
    } else if constexpr (std::is_integral_v<T>) {
      mpfr_set_si(to, x, MPFR_RNDN);
    } else {
      using Limits = std::numeric_limits<T>;
      constexpr std::uint64_t hidden = std::uint64_t(1) << (Limits::digits - 1);
      std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t> u;
      std::memcpy(&u, &x, sizeof u);
      const std::uint64_t fraction = u & (hidden - 1),
                          biased = u >> (Limits::digits - 1) & (2 * Limits::max_exponent - 1);
      const int exponent = static_cast<int>(biased ? biased : 1) - Limits::max_exponent - Limits::digits + 2;
      mpfr_set_ui_2exp(to, biased ? fraction | hidden : fraction, exponent, MPFR_RNDN);
      if (u >> (8 * sizeof u - 1)) mpfr_neg(to, to, MPFR_RNDN);
    }
  }

  mpfr_t t_, f_, angle_, phase_, two_pi_, value_, error_;
};
