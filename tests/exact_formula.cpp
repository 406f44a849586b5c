// max_error<Scalar>, against the formula evaluated by MPFR at the t passed and the frequency and phase stored.
//
// Each program run prints the worst errors: they are what the bounds in positional_embedding.hpp are read against.
#include "bits.hpp"
#include "catch.hpp"
#include "exact.hpp"
#include "in_use.hpp"

#include <algorithm>
#include <cfenv>
#include <cmath>
#include <iostream>
#include <limits>
#include <random>
#include <vector>

namespace {

template <typename Scalar>
struct Check {
  const char* name;
  Worst worst;

  template <typename Row>
  void see(Exact& exact, const std::string& what, const std::string& t, Index k, const Row& row) {
    const double got = static_cast<double>(row[k]);
    worst.see(is_nan(got) ? got : exact.error_of(got), [&] {
      return what + ", t = " + t + ", column " + hex(k) + ": got " + hex(got) + ", want " + hex(exact.value());
    });
  }
  void verdict(double bound = phasor::max_error<Scalar>) const {
    std::cout << name << ": largest error " << worst.error << ", bound " << bound << ", at " << worst.where << "\n";
    CHECK(worst.error <= bound);
  }
};

/// The four Scalars, over the same spectra and times; half and bfloat16, which are the float result rounded, at times
/// of type double only.
struct Checks {
  Check<float> as_float{"float", {}};
  Check<double> as_double{"double", {}};
  Check<Eigen::half> as_half{"half", {}};
  Check<Eigen::bfloat16> as_bfloat16{"bfloat16", {}};
  Exact exact;

  /// Every `stride`-th column of every row.
  template <typename T>
  void run(const std::string& what, const phasor::Spectrum& spectrum, const std::vector<T>& times, Index stride = 1) {
    const phasor::PositionalEmbedding<float> to_float(spectrum);
    const phasor::PositionalEmbedding<double> to_double(spectrum);
    const phasor::PositionalEmbedding<Eigen::half> to_half(spectrum);
    const phasor::PositionalEmbedding<Eigen::bfloat16> to_bfloat16(spectrum);
    for (const T t : times) {
      const auto float_row = to_float.embed(t);
      const auto double_row = to_double.embed(t);
      const auto half_row = to_half.embed(static_cast<double>(t));
      const auto bfloat16_row = to_bfloat16.embed(static_cast<double>(t));
      for (Index k = 0; k < to_float.dim(); k += stride) {
        exact.set(t, spectrum.frequency[k], spectrum.phase[k]);
        as_float.see(exact, what, hex(t), k, float_row);
        as_double.see(exact, what, hex(t), k, double_row);
        if (!std::is_same_v<T, double>) continue;
        as_half.see(exact, what, hex(t), k, half_row);
        as_bfloat16.see(exact, what, hex(t), k, bfloat16_row);
      }
    }
  }
  void verdict() const {
    as_float.verdict();
    as_double.verdict();
    as_half.verdict();
    as_bfloat16.verdict();
  }
};

template <typename T>
std::vector<T> uniform(std::mt19937_64& random, double first, double last, int count) {
  std::vector<T> times;
  for (int i = 0; i < count; ++i)
    times.push_back(static_cast<T>(std::uniform_real_distribution<>(first, last)(random)));
  return times;
}

/// The numbers of type T around `limit`, of both signs where T has them; none where they are denormal.
template <typename T>
std::vector<T> around(double limit) {
  std::vector<T> times;
  if constexpr (std::is_integral_v<T>) {
    if (!(limit < 0x1p62)) return times;
    for (const int more : {-1, 0, 1, 2}) times.push_back(static_cast<T>(static_cast<T>(limit) + static_cast<T>(more)));
  } else if (limit > 2 * static_cast<double>(std::numeric_limits<T>::min())) {
    T t = static_cast<T>(limit);
    for (int i = 0; i < 2; ++i) t = std::nextafter(t, T(0));
    for (int i = 0; i < 5; ++i, t = std::nextafter(t, std::numeric_limits<T>::max())) times.push_back(t);
  }
  for (std::size_t i = times.size(); std::is_signed_v<T> && i-- > 0;) times.push_back(-times[i]);
  return times;
}

/// ±2^x, x uniform.
double log_uniform(std::mt19937_64& random, double first, double last) {
  const double x = std::exp2(std::uniform_real_distribution<>(first, last)(random));
  return random() & 1 ? x : -x;
}

}  // namespace

TEST_CASE("the conventions, at their dims and times") {
  std::mt19937_64 random(1);
  Checks checks;
  for (const Convention& convention : conventions()) {
    for (const Index dim : dims()) {
      if (convention.even && dim % 2 != 0) continue;
      const std::string what = convention.name + (", dim " + hex(dim));
      const phasor::Spectrum spectrum = convention.spectrum(dim);
      const Index stride = dim / 31 + 1;
      checks.run(what, spectrum, uniform<double>(random, convention.first, convention.last, 12), stride);
      checks.run(what, spectrum, uniform<float>(random, convention.first, convention.last, 12), stride);
      checks.run(what, spectrum, uniform<int>(random, convention.first, convention.last, 12), stride);
    }
  }
  checks.verdict();
}

TEST_CASE("where roundings meet") {
  // Where two other kernels missed the bound in float with FMA: one that reduces to quarter turns (8.22e-8), and one that
  // rounds t f before it adds a phase (9.48e-8).
  Checks checks;
  checks.run<float>("r above 1/8 turn", phasor::cosines_then_sines({0x1.1ec6a2e5af783p+0}), {0x1.bafe76p+7f});
  checks.run<float>("small t f and a phase", {{0x1.da35faa59db48p-3}, {0x1.331cea77ee269p-2}},
                    {-0x1.4c0112p-2f, 0x1.4c0112p-2f});
  checks.verdict();
}

TEST_CASE("slow waves beside one that is beyond every reduction but that in integers") {
  std::mt19937_64 random(4);
  Checks checks;
  for (int exponent = -1000; exponent < 20; exponent += exponent < -300 ? 50 : 1) {
    const double slow = log_uniform(random, exponent, exponent + 1);
    for (const double t : {1.75, 0x1.fffffffffffffp0})
      checks.run("f = " + hex(slow) + " beside 1e300", phasor::sines_then_cosines({slow, 1e300}),
                 std::vector<double>{t});
  }
  checks.verdict();
}

TEST_CASE("any frequency, phase and timestep") {
  std::mt19937_64 random(2);
  Checks checks;
  for (int i = 0; i < 200; ++i) {
    // In a few of the spectra t f passes every limit at which the reduction changes its method.
    const double low = std::uniform_real_distribution<>(-40, 40)(random);
    phasor::Spectrum spectrum = mixed(24);
    for (std::size_t k = 0; k < spectrum.frequency.size(); ++k) {
      if (i % 2 == 0) spectrum.phase[k] = log_uniform(random, -30, 10);
      if (i % 4 < 2) spectrum.frequency[k] = log_uniform(random, low, low + 10);
    }
    std::vector<double> doubles;
    std::vector<float> floats;
    std::vector<std::int64_t> integers;
    for (int j = 0; j < 12; ++j) {
      doubles.push_back(log_uniform(random, -10 - low, 30 - low));
      floats.push_back(static_cast<float>(log_uniform(random, -10 - low, 30 - low)));
      integers.push_back(static_cast<std::int64_t>(log_uniform(random, 0, 62.9)));
    }
    const std::string what = "mixed spectrum " + hex(i);
    checks.run(what, spectrum, doubles);
    checks.run(what, spectrum, floats);
    checks.run(what, spectrum, integers);
  }
  checks.verdict();
}

TEST_CASE("timesteps around every limit of a reduction") {
  using namespace phasor::detail;
  Exact exact;
  Check<float> as_float{"float", {}};
  Check<double> as_double{"double", {}};
  const auto check_written = [&](auto& as, auto scalar, const std::string& what, const phasor::Spectrum& spectrum,
                                 const auto& times) {
    using Scalar = decltype(scalar);
    const phasor::PositionalEmbedding<Scalar> embedding(spectrum);
    const auto rows = embedding.embed(times);
    Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> columns(rows.rows(), rows.cols());
    embedding.embed_into(times, columns);
    for (Index i = 0; i < rows.rows(); ++i) {
      for (Index k = 0; k < rows.cols(); k += 7) {
        const auto j = static_cast<std::size_t>(k);
        exact.set(times[static_cast<std::size_t>(i)], spectrum.frequency[j], spectrum.phase[j]);
        as.see(exact, what, hex(times[static_cast<std::size_t>(i)]), k, rows.row(i));
        as.see(exact, what + ", by columns", hex(times[static_cast<std::size_t>(i)]), k, columns.row(i));
      }
    }
  };
  const auto check = [&](auto type_of_t, double fastest) {
    std::vector<decltype(type_of_t)> times;
    for (const double limit :
         {float_reach / fastest, in_double_reach / fastest, double_reach / fastest, 0x1p53}) {
      const auto more = around<decltype(type_of_t)>(limit);
      times.insert(times.end(), more.begin(), more.end());
    }
    // Enough waves for a group whose columns are side by side. The first is the fastest, which the limits are of.
    Eigen::ArrayXd f(22);
    for (Index j = 0; j < 22; ++j) f[j] = fastest * static_cast<double>(64 - j) / 64;
    for (const phasor::Spectrum& spectrum :
         {phasor::sines(f), phasor::mp_fourier(f, sampled_phases(22)), phasor::sines_then_cosines(f),
          phasor::interleaved(f), phasor::interleaved({fastest})}) {
      const std::string what = "fastest f = " + hex(fastest) + ", " + hex(spectrum.frequency.size()) + " columns";
      check_written(as_float, float(), what, spectrum, times);
      check_written(as_double, double(), what, spectrum, times);
    }
  };
  for (const double fastest :
       {0x1p-74, 0x1p-36, 0x1.91e3p-30, 1e-5, 0x1.45f306dc9c883p-3, 0.75, 1e3, 0x1p23, 0x1p51, 1e18, 1e300}) {
    check(double(), fastest);
    check(float(), fastest);
    check(std::int64_t(), fastest);
    check(std::uint64_t(), fastest);
  }
  as_float.verdict();
  as_double.verdict();
}

TEST_CASE("timesteps at the ends of their types") {
  Checks checks;
  const std::vector<float> floats = {1e6f, 1e12f, 3e38f, -3e38f, 0x1p-126f, -0x1.fffffep-126f};
  const std::vector<double> doubles = {1e6, 1e12, 3e38, 1e300, -1e300, 0x1.fffffffffffffp1023, 0x1p-1022, 998.39};
  const std::vector<std::int64_t> integers = {9007199254740993, -9007199254740993, 123456789012345677,
                                              std::numeric_limits<std::int64_t>::max(),
                                              std::numeric_limits<std::int64_t>::min()};
  const std::vector<std::uint64_t> unsigned_integers = {9007199254740993u, std::numeric_limits<std::uint64_t>::max()};
  const std::vector<std::int8_t> bytes = {-128, -1, 0, 1, 127};
  for (const double scale : {1., 1e-300, 1e-30, 1e30, 1e300}) {
    const phasor::Spectrum spectrum = phasor::scaled(mixed(40), scale);
    const std::string what = "mixed(40), scaled by " + hex(scale);
    checks.run(what, spectrum, floats);
    checks.run(what, spectrum, doubles);
    checks.run(what, spectrum, integers);
    checks.run(what, spectrum, unsigned_integers);
    checks.run(what, spectrum, bytes);
  }
  checks.verdict();
}

TEST_CASE("the other rounding modes, of which the README gives the error") {
  std::mt19937_64 random(3);
  Exact exact;
  Check<float> as_float{"float", {}};
  Check<double> as_double{"double", {}};
  const phasor::Spectrum spectrum = phasor::joined(mixed(40), phasor::ddpm(40));
  const phasor::PositionalEmbedding<float> to_float(spectrum);
  const phasor::PositionalEmbedding<double> to_double(spectrum);
  for (const int mode : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
    for (int i = 0; i < 400; ++i) {
      const auto t = static_cast<float>(log_uniform(random, -5, i % 4 == 0 ? 30 : 12));
      std::fesetround(mode);
      const auto float_row = to_float.embed(t);
      const auto double_row = to_double.embed(t);
      std::fesetround(FE_TONEAREST);
      for (Index k = 0; k < to_float.dim(); ++k) {
        exact.set(t, spectrum.frequency[k], spectrum.phase[k]);
        as_float.see(exact, "mode " + hex(mode), hex(t), k, float_row);
        as_double.see(exact, "mode " + hex(mode), hex(t), k, double_row);
      }
    }
  }
  as_float.verdict(3.4e-6);
  as_double.verdict(3.9e-13);
}

// f = 1/16 turns makes t itself the distance from the nearest sixteenth, up to its end at 1/2.
TEST_CASE("every 2039th float of the reduced interval") {
  const phasor::Spectrum sixteenth = phasor::sines_then_cosines({1 / 16.});
  const std::uint32_t end = 0x3f000000;  // the bits of 0.5f
  std::vector<double> times;
  for (std::uint32_t b = 0x33000000; b <= end; b += 2039) {
    float t;
    std::memcpy(&t, &b, sizeof t);
    times.push_back(static_cast<double>(t));
  }
  Checks checks;
  checks.run("f = 1/16", sixteenth, times);
  checks.verdict();
}
