// The error of phasor, and of the float32 way of everybody else, against MPFR, by |t|.
//
//   accuracy [bins per decade = 1] [timesteps per bin = 100]
//
// prints Markdown tables: the largest and the mean |out - exact| over all columns, and where the largest was met, t in
// hexfloat and the column. The float32 way rounds the frequency, then the angle, to float; its sine is the C library's.
#include <mpfr.h>
#include <phasor/phasor.hpp>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

namespace {

using Eigen::Index;

/// sin(2π (t f + φ)) in 256 bits.
class Exact {
 public:
  Exact() {
    mpfr_inits2(256, angle_, phase_, two_pi_, sine_, nullptr);
    mpfr_const_pi(two_pi_, MPFR_RNDN);
    mpfr_mul_2ui(two_pi_, two_pi_, 1, MPFR_RNDN);
  }
  ~Exact() { mpfr_clears(angle_, phase_, two_pi_, sine_, nullptr); }
  Exact(const Exact&) = delete;
  Exact& operator=(const Exact&) = delete;

  void set(double t, double f, double phase) {
    mpfr_set_d(angle_, t, MPFR_RNDN);
    mpfr_mul_d(angle_, angle_, f, MPFR_RNDN);  // 106 bits: exact
    mpfr_frac(angle_, angle_, MPFR_RNDN);
    mpfr_set_d(phase_, phase, MPFR_RNDN);
    mpfr_add(angle_, angle_, phase_, MPFR_RNDN);
    mpfr_mul(angle_, angle_, two_pi_, MPFR_RNDN);
    mpfr_sin(sine_, angle_, MPFR_RNDN);
  }
  /// |x - sine|, without rounding the sine to a double first.
  double error(double x) {
    mpfr_sub_d(angle_, sine_, x, MPFR_RNDN);
    return std::abs(mpfr_get_d(angle_, MPFR_RNDN));
  }

 private:
  mpfr_t angle_, phase_, two_pi_, sine_;
};

struct Errors {
  double max = 0, sum = 0, where = 0;
  long count = 0;
  Index column = 0;

  void add(double error, double t, Index k) {
    sum += error;
    ++count;
    if (!(error <= max)) max = error, where = t, column = k;
  }
  void print() const { std::printf(" %.3g | %.2g | %a, %td |", max, sum / static_cast<double>(count), where, column); }
};

float float32_way(float t, double frequency, double phase) {
  const double tau = 6.283185307179586;
  const auto angle = static_cast<float>(t * static_cast<float>(tau * frequency));
  if (phase == 0) return std::sin(angle);
  if (phase == 0.25) return std::cos(angle);
  return std::sin(angle + static_cast<float>(tau * phase));
}

template <typename Scalar, typename T>
void table(const std::string& title, const phasor::Spectrum& spectrum, int bins, int samples) {
  constexpr bool peer = std::is_same_v<Scalar, float>;
  std::printf("\n%s; max_error = %.3g; by magnitude of t\n\n", title.c_str(), phasor::max_error<Scalar>);
  std::printf("| from | max | mean | at t, column |%s\n", peer ? " float32 way: max | mean | at t, column |" : "");
  std::printf("|---:|---:|---:|---|%s\n", peer ? "---:|---:|---|" : "");
  const phasor::PositionalEmbedding<Scalar> embedding(spectrum);
  std::mt19937_64 random(1);
  Exact exact;
  for (int bin = -3 * bins; bin < 38 * bins; bin += bin < 9 * bins ? 1 : 10 * bins) {
    std::uniform_real_distribution<double> exponent(bin / (1. * bins), (bin + 1) / (1. * bins));
    Errors ours, theirs;
    for (int i = 0; i < samples; ++i) {
      const T t = static_cast<T>(std::pow(10., exponent(random)) * (random() & 1 ? 1 : -1));
      const auto row = embedding.embed(t);
      for (Index k = 0; k < embedding.dim(); ++k) {
        exact.set(static_cast<double>(t), spectrum.frequency[k], spectrum.phase[k]);
        ours.add(exact.error(static_cast<double>(row[k])), static_cast<double>(t), k);
        if constexpr (peer) {
          const float x = float32_way(static_cast<float>(t), spectrum.frequency[k], spectrum.phase[k]);
          theirs.add(exact.error(static_cast<double>(x)), static_cast<double>(t), k);
        }
      }
    }
    std::printf("| %.3g |", std::pow(10., bin / (1. * bins)));
    ours.print();
    if (peer) theirs.print();
    std::printf("\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int bins = argc > 1 ? std::atoi(argv[1]) : 1, samples = argc > 2 ? std::atoi(argv[2]) : 100;
  std::mt19937_64 random(2);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform(0, 1);
  const Eigen::ArrayXd frequencies = Eigen::ArrayXd::NullaryExpr(64, [&] { return normal(random); });
  const Eigen::ArrayXd phases = Eigen::ArrayXd::NullaryExpr(64, [&] { return uniform(random); });
  const phasor::Spectrum halves = phasor::positional_embedding(64), waves = phasor::mp_fourier(frequencies, phases);

  table<float, float>("float: positional_embedding(64)", halves, bins, samples);
  if (bins > 1) return 0;  // the plot's
  table<float, float>("float: mp_fourier, 64 normal frequencies", waves, bins, samples);
  table<float, double>("float, double timesteps: positional_embedding(64)", halves, bins, samples);
  table<double, double>("double: positional_embedding(64)", halves, bins, samples);
  table<double, double>("double: mp_fourier, 64 normal frequencies", waves, bins, samples);
  table<Eigen::half, float>("half: positional_embedding(64)", halves, bins, samples);
  table<Eigen::bfloat16, float>("bfloat16: positional_embedding(64)", halves, bins, samples);
}
