// Every float: the kernel over its whole interval, and embed_into over all 2^32 timesteps, against the exact formula.
//
//   exhaustive [--stride N] [--threads N] [--flags TEXT]
//
// takes every N-th bit pattern (an odd N visits all low bits; the default is what ctest runs) and, at any stride, the
// first and last float of each exponent. It prints the largest errors and a row of the table below, which starts with
// TEXT, and exits with 1 if an error is above its bound, some |out| > 1, or an output is not NaN exactly where t is not
// finite. The rows are those of this loop:
//
//   eigen=$(pkg-config --cflags eigen3)
//   for flags in "" -mavx -march=x86-64-v3 -march=x86-64-v4 "-mfma -DEIGEN_DONT_VECTORIZE"; do
//     g++ -std=c++17 -O3 $flags -Iinclude $eigen tests/exhaustive.cpp -pthread -lmpfr -lgmp -o build/exhaustive &&
//       build/exhaustive --stride 1 --flags "$flags"
//   done
//
//   flags                        kernel     embed_into at t              of             rounded correctly  CPU time
//                                6.361e-08  6.811e-08  0x1.23fa7ep+43    sin, j = 159    83.6422 %          412 s
//   -mavx                        6.361e-08  6.811e-08  0x1.23fa7ep+43    sin, j = 159    83.6422 %          323 s
//   -march=x86-64-v3             5.693e-08  6.580e-08  0x1.402b7cp+3     sin, j = 0      83.7357 %          311 s
//   -march=x86-64-v4             5.693e-08  6.580e-08  0x1.402b7cp+3     sin, j = 0      83.7357 %          364 s
//   -mfma -DEIGEN_DONT_VECTORIZE 5.693e-08  6.580e-08  0x1.402b7cp+3     sin, j = 0      83.7357 %          295 s
//
// (g++ 12.2, one core of an AMD EPYC, Zen 4.)
//
// -ffast-math breaks the reference, which then fails where it is compared with MPFR: CMakeLists.txt turns it off.
#include "bits.hpp"
#include "exact.hpp"
#include "in_use.hpp"

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

/// The reduced kernel: sine and cosine of n/16 + r turns, for |r| <= end; beyond n = 3 the table repeats itself.
struct Kernel {
  static constexpr float end = 0x1p-5f;
  // r is rounded before the kernel takes it, twice by up to 2^-30 turns, and all together must keep max_error.
  static constexpr double bound = phasor::max_error<float> - two_pi * 0x1p-29;

  std::vector<Wave> waves;
  Eigen::ArrayXd sin, cos;

  Kernel() {
    for (int n = 0; n < 8; ++n) waves.push_back({"kernel, " + std::to_string(n) + "/16", 1, n / 16.});
  }

  void operator()(const Eigen::ArrayXf& r) {
    sin.resize(r.size());
    cos.resize(r.size());
    refer(r.data(), r.size(), 1, sin.data(), cos.data());
    for (std::size_t n = 0; n < 4; ++n) {
      const double S = sine(static_cast<double>(n) / 16), C = sine(0.25 - static_cast<double>(n) / 16);
      const auto plus_n = static_cast<std::uint32_t>(n), minus_n = 0 - plus_n;
      for (Index i = 0; i < r.size(); ++i) {
        const auto at = phasor::detail::wave<float>({r[i], plus_n}),
                   minus = phasor::detail::wave<float>({-r[i], minus_n});
        waves[n].see(r[i], at.sin, S * cos[i] + C * sin[i]);
        waves[n + 4].see(r[i], at.cos, C * cos[i] - S * sin[i]);
        waves[n].require(minus.sin == -at.sin, "not odd", r[i], minus.sin);
        waves[n + 4].require(minus.cos == at.cos, "not even", r[i], minus.cos);
      }
    }
  }
};

/// embed_into: three waves of ddpm(320). Columns are contiguous, so that it
/// works by packets of timesteps.
struct Embedding {
  static constexpr double bound = phasor::max_error<float>;

  std::vector<Wave> waves;
  phasor::PositionalEmbedding<float> embedding;
  Eigen::ArrayXd sin, cos;
  Eigen::ArrayXXf out;

  Embedding() : embedding(three_waves()) {
    const Eigen::ArrayXd& f = embedding.spectrum().frequency;
    waves = {{"sin, j = 0", f[0], 0},   {"sin, j = 80", f[1], 0},   {"sin, j = 159", f[2], 0},
             {"cos, j = 0", f[0], .25}, {"cos, j = 80", f[1], .25}, {"cos, j = 159", f[2], .25}};
  }

  void operator()(const Eigen::ArrayXf& t) {
    sin.resize(t.size());
    cos.resize(t.size());
    out.resize(t.size(), 6);
    embedding.embed_into(t, out);
    for (std::size_t j = 0; j < 3; ++j) {
      Wave &sine = waves[j], &cosine = waves[j + 3];
      const float *sines = out.col(static_cast<Index>(j)).data(), *cosines = out.col(static_cast<Index>(j + 3)).data();
      refer(t.data(), t.size(), sine.f, sin.data(), cos.data());
      for (Index i = 0; i < t.size(); ++i) sine.see(t[i], sines[i], sin[i]);
      for (Index i = 0; i < t.size(); ++i) cosine.see(t[i], cosines[i], cos[i]);
    }
  }
};

/// Shows `check` all bit patterns below `end` that are a multiple of `stride`, in blocks, and those that are the first
/// or last float of an exponent; check.waves then holds what was seen.
template <typename Check>
void run(Check& check, std::uint64_t end, std::uint64_t stride, unsigned threads) {
  constexpr std::uint64_t size = 1024;
  std::atomic<std::uint64_t> next{0};
  std::mutex merging;
  const auto work = [&] {
    Check own;
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
  if (stride == 1) return;
  for (std::uint64_t exponent = 0; exponent << 23 < end; ++exponent) {
    const std::uint64_t first = exponent << 23, last = std::min(first + 0x7fffff, end - 1);
    check(Eigen::Array2f(from_bits(first), from_bits(last)));
  }
}

template <typename Check>
const Wave& worst(const Check& check) {
  return *std::max_element(check.waves.begin(), check.waves.end(),
                           [](const Wave& a, const Wave& b) { return a.error < b.error; });
}

template <typename Check>
bool verdict(const Check& check) {
  return std::count_if(check.waves.begin(), check.waves.end(),
                       [](const Wave& wave) { return !wave.verdict(Check::bound); }) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t stride = 31;
  unsigned threads = std::max(1u, std::thread::hardware_concurrency());
  std::string flags;
  for (int i = 1; i < argc; i += 2) {
    const std::string option = argv[i], value = i + 1 < argc ? argv[i + 1] : "";
    const unsigned long number = std::strtoul(value.c_str(), nullptr, 10);
    if (option == "--flags") {
      flags = value;
    } else if (option == "--stride" && number > 0) {
      stride = number;
    } else if (option == "--threads" && number > 0) {
      threads = static_cast<unsigned>(number);
    } else {
      std::fprintf(stderr, "usage: exhaustive [--stride N] [--threads N] [--flags TEXT], N > 0\n");
      return 2;
    }
  }

  Kernel kernel;
  Embedding embedding;
  run(kernel, bits(Kernel::end) + 1, stride, threads);
  run(embedding, std::uint64_t(1) << 32, stride, threads);
  const double time = static_cast<double>(std::clock()) / CLOCKS_PER_SEC;

  const bool kernel_holds = verdict(kernel), embedding_holds = verdict(embedding);
  const Wave& at = worst(embedding);
  double correct = 0;
  for (const Wave& wave : embedding.waves) correct += wave.share_correct() / 6;
  std::printf("//   %-28s %.3e  %.3e  %-17s %-14s %8.4f %%       %6.0f s\n", flags.c_str(), worst(kernel).error,
              at.error, hex(at.t).c_str(), at.name.c_str(), correct, time);
  return kernel_holds && embedding_holds ? 0 : 1;
}
