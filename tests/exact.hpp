// The formula itself, sin(2π (t f + φ)), in arithmetic whose own error is negligible.
#pragma once

#include <mpfr.h>

#include <cfenv>
#include <initializer_list>
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
  void set(const T& t, const double& f, const double& phase) {
    // In the default environment: where denormals are flushed, MPFR would take them for zeros.
    std::fenv_t environment;
    std::fegetenv(&environment);
    std::fesetenv(FE_DFL_ENV);
    set_exactly(t_, t);
    set_exactly(f_, f);
    set_exactly(phase_, phase);
    std::fesetenv(&environment);
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
  template <typename T>
  static void set_exactly(mpfr_ptr to, const T& x) {
    if constexpr (std::is_unsigned_v<T>) {
      mpfr_set_ui(to, x, MPFR_RNDN);
    } else if constexpr (std::is_integral_v<T>) {
      mpfr_set_si(to, x, MPFR_RNDN);
    } else if constexpr (std::is_same_v<T, float>) {
      mpfr_set_flt(to, x, MPFR_RNDN);
    } else {
      mpfr_set_d(to, x, MPFR_RNDN);
    }
  }

  mpfr_t t_, f_, angle_, phase_, two_pi_, value_, error_;
};
