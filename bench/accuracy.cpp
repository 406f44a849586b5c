// The error of phasor, and of the float32 way of everybody else, against MPFR, by |t|.
//
//   accuracy [bins per decade = 1] [timesteps per bin = 100]
//
// prints Markdown tables: the largest and the mean |out - exact| over all columns, and where the largest was met, t in
// hexfloat and the column. The float32 way rounds the frequency, then the angle, to float; its sine is the C library's.
#include <phasor/phasor.hpp>

#include "../tests/exact.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

namespace {

using Eigen::Index;

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
        exact.set(t, spectrum.frequency[k], spectrum.phase[k]);
        ours.add(exact.error_of(static_cast<double>(row[k])), static_cast<double>(t), k);
        if constexpr (peer) {
          const float x = float32_way(static_cast<float>(t), spectrum.frequency[k], spectrum.phase[k]);
          theirs.add(exact.error_of(static_cast<double>(x)), static_cast<double>(t), k);
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
