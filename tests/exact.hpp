// The formula itself, sin(2π (t f + φ)), in arithmetic whose own error is negligible.
#pragma once

#include <mpfr.h>

#include <cfenv>
#include <initializer_list>

class Exact {
 public:
  Exact() {
    // 53 bits of t and of f make a product of 106: t f is exact in 160. The rest is rounded to 2^-160 of itself.
    for (mpfr_ptr x : {t_, f_, angle_, phase_, two_pi_, value_, error_}) mpfr_init2(x, 160);
    mpfr_const_pi(two_pi_, MPFR_RNDN);
    mpfr_mul_2ui(two_pi_, two_pi_, 1, MPFR_RNDN);
  }
  Exact(const Exact&) = delete;
  Exact& operator=(const Exact&) = delete;
  ~Exact() {
    for (mpfr_ptr x : {t_, f_, angle_, phase_, two_pi_, value_, error_}) mpfr_clear(x);
  }

  /// t as a double, which an integer beyond 2^53 counts as.
  template <typename T>
  void set(const T& t, const double& f, const double& phase) {
    // In the default environment: where denormals are flushed, MPFR would take them for zeros.
    std::fenv_t environment;
    std::fegetenv(&environment);
    std::fesetenv(FE_DFL_ENV);
    mpfr_set_d(t_, static_cast<double>(t), MPFR_RNDN);
    mpfr_set_d(f_, f, MPFR_RNDN);
    mpfr_set_d(phase_, phase, MPFR_RNDN);
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
  mpfr_t t_, f_, angle_, phase_, two_pi_, value_, error_;
};
