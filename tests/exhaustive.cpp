// Every float: the kernel over its whole interval, and embed_into over all 2^32 timesteps, against the exact formula.
//
//   exhaustive [--stride N] [--threads N]
//
// takes every N-th bit pattern (an odd N visits all low bits; the default is what ctest runs) and, at any stride, the
// first and last float of each exponent; on every target that the machine has. It prints the largest errors and the table
// below, and exits with 1 if an error is above its bound, some |out| > 1, or an output is not NaN exactly where t is not
// finite.
//
//   target   kernel     embed_into at t              rounded correctly  CPU time
//
// -ffast-math breaks the reference, which then fails where it is compared with MPFR: CMakeLists.txt turns it off.
#include "bits.hpp"
#include "exact.hpp"
#include "in_use.hpp"
#include "targets.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <mutex>
#include <thread>
#include <vector>

namespace {

constexpr double two_pi = 6.28318530717958647693;

/// What refer() may be off by; the errors looked for are some 1e-8. In units of 1e-15:
///   0.4  t f modulo one turn: two exact fractions, and the rounding of their sum, 2^-54 turns;
///   0.1  1/4 less that, for the cosine: 2^-56 turns where it is not exact;
///   0.1  the product with 2 pi: it is below 2^-52 of x, and x cos x < 0.6;
///   0.4  the series: the roundings of its last steps, at most 2^-53 each; its remainder is (pi/2)^23 / 23!.
constexpr double reference_error = 1e-15;

/// 1 - z / (k (k + 1)) (1 - z / ((k + 2) (k + 3)) (…)): a recursion, which compilers vectorise sooner than a loop.
template <int k>
double series(double z) {
  if constexpr (k > 20) {
    return 1;
  } else {
    return 1 - z * (1. / (k * (k + 1))) * series<k + 2>(z);
  }
}

/// sin(2 pi s) for |s| <= 1/4, the Taylor series to x^21.
double sine(double s) {
  const double x = two_pi * s;
  return x * series<2>(x * x);
}

/// x less the nearest whole number: exact.
double fraction(double x) { return x - std::rint(x); }

/// sin(2 pi t f) and cos(2 pi t f), for finite t.
void refer(const float* t, Index n, double f, double* sin, double* cos) {
  // f = high + low, of 28 and 25 bits: both products with the 24 bits of t are exact.
  const double scale = std::ldexp(1., 27 - std::ilogb(f)), high = std::rint(f * scale) / scale, low = f - high;
  for (Index i = 0; i < n; ++i) {
    const double t_i = static_cast<double>(t[i]);
    cos[i] = fraction(fraction(t_i * high) + fraction(t_i * low));
  }
  for (Index i = 0; i < n; ++i) {  // apart, since with SSE2 alone std::rint is a call
    const double r = cos[i], distance = std::abs(r), mirrored = 0.5 - distance;
    sin[i] = sine(std::copysign(mirrored < distance ? mirrored : distance, r));
    cos[i] = sine(0.25 - distance);
  }
}

/// What was seen of one output: sin(2 pi (t f + phase)) for many t.
struct Wave {
  std::string name;
  double f, phase;

  double error = -1;  // the largest; and where, at the lowest bit pattern of t
  float t = 0, got = 0;
  // Outputs of finite t, and those equal to the reference rounded to float. One in 10^6 may be counted wrongly: where
  // the exact value is as near to the middle of two floats as the reference is to it.
  std::uint64_t finite = 0, correct = 0;
  std::string broken = "";  // the first law that did not hold

  void see(float at, float value, double want) {
    if (!std::isfinite(at)) return require(is_nan(value), "not NaN", at, value);
    require(std::abs(value) <= 1, "not in [-1, 1]", at, value);
    ++finite;
    correct += value == static_cast<float>(want);
    raise(std::abs(static_cast<double>(value) - want), at, value);
  }

  void require(bool holds, const char* law, float at, float value) {
    if (!holds && broken.empty()) broken = std::string(law) + " at t = " + hex(at) + ": got " + hex(value);
  }

  void raise(double new_error, float at, float value) {
    if (new_error > error || (new_error == error && bits(at) < bits(t))) error = new_error, t = at, got = value;
  }

  void add(const Wave& other) {
    raise(other.error, other.t, other.got);
    finite += other.finite;
    correct += other.correct;
    if (broken.empty()) broken = other.broken;
  }

  /// Prints the line of this wave; true if its error, confirmed, is within the bound and no law was broken.
  bool verdict(double bound) const {
    Exact exact;
    exact.set(static_cast<double>(t), f, phase);
    const double confirmed = exact.error_of(static_cast<double>(got));
    const bool is_reference_right = std::abs(confirmed - error) <= reference_error;
    const bool holds = confirmed + 2 * reference_error <= bound;  // what refer() shows lower may be higher by so much
    std::printf("%-12s max error %.4e at t = %s: got %s, want %s; %.4f %% correctly rounded\n", name.c_str(), confirmed,
                hex(t).c_str(), hex(got).c_str(), hex(exact.value()).c_str(), share_correct());
    if (!holds) std::printf("  FAILED: the bound is %.4e\n", bound);
    if (!is_reference_right) std::printf("  FAILED: the reference says %.17e\n", error);
    if (!broken.empty()) std::printf("  FAILED: %s\n", broken.c_str());
    return holds && is_reference_right && broken.empty();
  }

  double share_correct() const { return 100 * static_cast<double>(correct) / static_cast<double>(finite); }
};

/// Columns of `spectrum`, each with a wave: as outputs whose columns are contiguous, so that the kernel works by vectors of
/// timesteps.
struct Check {
  phasor::PositionalEmbedding<float> embedding;
  std::vector<Wave> waves;
  Eigen::ArrayXd sin, cos;
  Eigen::ArrayXXf out;

  explicit Check(const phasor::Spectrum& spectrum) : embedding(spectrum) {
    for (std::size_t k = 0; k < spectrum.frequency.size(); ++k) {
      const double f = spectrum.frequency[k], phase = spectrum.phase[k];
      waves.push_back({"f = " + hex(f) + ", phase " + hex(phase), f, phase});
    }
  }

  void operator()(const Eigen::ArrayXf& t) {
    sin.resize(t.size());
    cos.resize(t.size());
    out.resize(t.size(), embedding.dim());
    embedding.embed_into(t, out);
    for (std::size_t k = 0; k < waves.size(); ++k) {
      Wave& wave = waves[k];
      const float* const got = out.col(static_cast<Index>(k)).data();
      if (k == 0 || wave.f != waves[k - 1].f) refer(t.data(), t.size(), wave.f, sin.data(), cos.data());
      const double s = sine(fraction(wave.phase) / 2), sin_phase = 2 * s * sine(0.25 - fraction(wave.phase) / 2),
                   cos_phase = 1 - 2 * s * s;
      for (Index i = 0; i < t.size(); ++i) wave.see(t[i], got[i], sin_phase * cos[i] + cos_phase * sin[i]);
    }
  }
};

/// The reduced kernel: with f = 1/16, t in [0, 1/2] is 16 times the distance from the nearest of the n sixteenths.
phasor::Spectrum sixteenths() {
  phasor::Spectrum spectrum;
  for (int n = 0; n < 8; ++n) {
    spectrum.frequency.push_back(1 / 16.);
    spectrum.phase.push_back(n / 16.);
  }
  return spectrum;
}

/// Three waves of ddpm(320), sine and cosine of each in turn.
phasor::Spectrum in_turn() {
  const std::vector<double> f = phasor::ddpm(320).frequency;
  return phasor::interleaved({f[0], f[80], f[159]});
}

/// Checks the spectrum at all bit patterns below `end` that are a multiple of `stride`, in blocks, and at those that are the
/// first or last float of an exponent.
Check run(const phasor::Spectrum& spectrum, std::uint64_t end, std::uint64_t stride, unsigned threads) {
  constexpr std::uint64_t size = 1024;
  Check check(spectrum);
  std::atomic<std::uint64_t> next{0};
  std::mutex merging;
  const auto work = [&] {
    Check own(spectrum);
    Eigen::ArrayXf t;
    for (std::uint64_t first = size * next++; first * stride < end; first = size * next++) {
      t.resize(static_cast<Index>(std::min(size, (end - 1) / stride - first + 1)));
      for (Index i = 0; i < t.size(); ++i) t[i] = from_bits((first + static_cast<std::uint64_t>(i)) * stride);
      own(t);
    }
    const std::lock_guard<std::mutex> lock(merging);
    for (std::size_t k = 0; k < own.waves.size(); ++k) check.waves[k].add(own.waves[k]);
  };
  std::vector<std::thread> workers;
  for (unsigned n = 0; n < threads; ++n) workers.emplace_back(work);
  for (std::thread& worker : workers) worker.join();
  if (stride == 1) return check;
  for (std::uint64_t exponent = 0; exponent << 23 < end; ++exponent) {
    const std::uint64_t first = exponent << 23, last = std::min(first + 0x7fffff, end - 1);
    check(Eigen::Array2f(from_bits(first), from_bits(last)));
  }
  return check;
}

const Wave& worst(const Check& check) {
  return *std::max_element(check.waves.begin(), check.waves.end(),
                           [](const Wave& a, const Wave& b) { return a.error < b.error; });
}

bool verdict(const Check& check) {
  return std::count_if(check.waves.begin(), check.waves.end(),
                       [](const Wave& wave) { return !wave.verdict(phasor::max_error<float>); }) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t stride = 101;
  unsigned threads = std::max(1u, std::thread::hardware_concurrency());
  for (int i = 1; i < argc; i += 2) {
    const std::string option = argv[i], value = i + 1 < argc ? argv[i + 1] : "";
    const unsigned long number = std::strtoul(value.c_str(), nullptr, 10);
    if (option == "--stride" && number > 0) {
      stride = number;
    } else if (option == "--threads" && number > 0) {
      threads = static_cast<unsigned>(number);
    } else {
      std::fprintf(stderr, "usage: exhaustive [--stride N] [--threads N], N > 0\n");
      return 2;
    }
  }

  bool holds = true;
  std::string table;
  for (const int target : targets()) {
    use_target(target);
    const std::clock_t start = std::clock();
    std::printf("%s:\n", phasor::target());
    const Check kernel = run(sixteenths(), bits(0.5f) + 1, stride, threads);
    const Check embedding = run(in_turn(), std::uint64_t(1) << 32, stride, threads);
    const double time = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    const bool kernel_holds = verdict(kernel), embedding_holds = verdict(embedding);
    holds = holds && kernel_holds && embedding_holds;
    const Wave& at = worst(embedding);
    double correct = 0;
    for (const Wave& wave : embedding.waves) correct += wave.share_correct() / 6;
    char row[200];
    std::snprintf(row, sizeof row, "//   %-8s %.3e  %.3e  %-17s %8.4f %%  %6.0f s\n", phasor::target(),
                  worst(kernel).error, at.error, hex(at.t).c_str(), correct, time);
    table += row;
  }
  std::printf("%s", table.c_str());
  return holds ? 0 : 1;
}
