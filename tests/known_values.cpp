// Every convention against its published formula, evaluated at 50 digits by known_values.py, which knows nothing of
// the words that the conventions are written in.
#include "bits.hpp"
#include "catch.hpp"
#include "in_use.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace {

struct Known {
  const char* convention;
  int dim, count, columns[8];
  double values[7][8];
};

/// Frequencies of the waves j, which are in the columns step * j, rounded down.
struct KnownFrequencies {
  const char* convention;
  int dim, step, waves[5];
  double below[5];
};

/// Entries of geometric(count, first, second, 1000) or geomspace(count, first, second), rounded to nearest.
struct KnownSeries {
  int count;
  double first, second;
  int places[5];
  double nearest[5];
};
#include "known_values.inc"

// The stored frequency f is within one unit in the last place of the formula's: at most 2 u f away, where u = 2^-53. That
// moves the angle by 2π |t| 2 u f, and the output by at most that.
double error_of_stored_frequency(double t, double f) { return 2 * 3.15 * std::abs(t * f) * 2 * 0x1p-53; }

// A value of at most 1, written with 17 digits and read as a double.
const double error_of_known_value = 0x1p-53;

template <typename AnyKnown>
phasor::Spectrum spectrum_of(const AnyKnown& known) {
  const auto found = std::find_if(conventions().begin(), conventions().end(), [&](const Convention& convention) {
    return std::strcmp(convention.name, known.convention) == 0;
  });
  REQUIRE(found != conventions().end());
  return found->spectrum(known.dim);
}

/// gain[k] · out(i, k) against the known values; gain_error is that of gain[k] and of the product, relative to it.
template <typename Scalar>
void compare(const Known& known, const phasor::Spectrum& spectrum, const Eigen::ArrayXd& gain, double gain_error) {
  const phasor::PositionalEmbedding<Scalar> embedding(spectrum);
  REQUIRE(embedding.dim() == known.dim);
  std::string wrong;
  for (int i = 0; i < 7; ++i) {
    const double t = known_times[i];
    const auto row = embedding.embed(t);
    for (int c = 0; c < known.count; ++c) {
      const int k = known.columns[c];
      const double got = gain[k] * static_cast<double>(row[k]), want = known.values[i][c];
      const double bound = std::abs(gain[k]) * (phasor::max_error<Scalar> + error_of_known_value + gain_error +
                                                error_of_stored_frequency(t, spectrum.frequency[k]));
      if (is_nan(got) || std::abs(got - want) > bound) {
        wrong += "t = " + hex(t) + ", column " + hex(k) + ": got " + hex(got) + ", want " + hex(want) + "\n";
      }
    }
  }
  INFO(known.convention << ", dim " << known.dim);
  CHECK(wrong == "");
}

template <typename Scalar>
void compare_values() {
  for (const Known& known : known_values) {
    compare<Scalar>(known, spectrum_of(known), Eigen::ArrayXd::Ones(known.dim), 0);
  }
}

// 2π f, of an f that is off by 2 u (see above), times the output: u each for 2π and the two products, 5 u in all.
template <typename Scalar>
void compare_derivatives() {
  for (const Known& known : known_derivatives) {
    const phasor::Spectrum spectrum = phasor::derivative(spectrum_of(known));
    compare<Scalar>(known, spectrum, 2 * EIGEN_PI * array(spectrum.frequency), 5 * 0x1p-53);
  }
}

}  // namespace

TEST_CASE("every convention has its published values") {
  SECTION("float") { compare_values<float>(); }
  SECTION("double") { compare_values<double>(); }
  SECTION("half") { compare_values<Eigen::half>(); }
  SECTION("bfloat16") { compare_values<Eigen::bfloat16>(); }
}

TEST_CASE("derivatives") {
  SECTION("float") { compare_derivatives<float>(); }
  SECTION("double") { compare_derivatives<double>(); }
  SECTION("half") { compare_derivatives<Eigen::half>(); }
  SECTION("bfloat16") { compare_derivatives<Eigen::bfloat16>(); }
}

TEST_CASE("frequencies are within one unit in the last place") {
  for (const KnownFrequencies& known : known_frequencies) {
    INFO(known.convention << ", dim " << known.dim);
    const phasor::Spectrum spectrum = spectrum_of(known);
    for (int i = 0; i < 5; ++i) {
      // Of the exact value's two neighbours, it is one.
      const double f = spectrum.frequency[known.step * known.waves[i]];
      INFO("wave " << known.waves[i] << ": got " << hex(f) << ", want " << hex(known.below[i]) << " or one unit more");
      CHECK(bits(f) - bits(known.below[i]) <= 1);
    }
  }
}

TEST_CASE("geometric and geomspace give the nearest double") {
  const auto check = [](const KnownSeries& known, const std::vector<double>& got) {
    INFO("count " << known.count << ", " << known.first << ", " << known.second);
    for (int i = 0; i < 5; ++i) CHECK(hex(got[known.places[i]]) == hex(known.nearest[i]));
  };
  for (const KnownSeries& known : known_geometric)
    check(known, phasor::geometric(known.count, known.first, known.second, 1000));
  for (const KnownSeries& known : known_geomspace)
    check(known, phasor::geomspace(known.count, known.first, known.second));
}

TEST_CASE("every convention has known values") {
  for (const Convention& convention : conventions()) {
    INFO(convention.name);
    CHECK(std::any_of(std::begin(known_values), std::end(known_values),
                      [&](const Known& known) { return std::strcmp(convention.name, known.convention) == 0; }));
  }
}

// The starting class's own example. Its printout in circulation shows a frequency table that its formula does not have.
TEST_CASE("dim 128 at t = 10, 12, 16, 100, as the starting class computes it") {
  const phasor::PositionalEmbedding<double> embedding(128);
  const auto rows = embedding.embed((Eigen::VectorXi(4) << 10, 12, 16, 100).finished());
  const double times[] = {10, 12, 16, 100};
  const double frequencies[] = {1, 0.8659643233600653, 0.7498942093324559, 0.6493816315762113, 0.5623413251903491};
  for (int k = 0; k < 5; ++k) {
    // 16 digits, each error u = 2^-53 of a number below 1: the known value's, and of the stored frequency 2 u, of 2π and the
    // product u each.
    CHECK(std::abs(embedding.spectrum().frequency[k] * 2 * 3.14159265358979323846 - frequencies[k]) <= 5 * 0x1p-53);
    for (int i = 0; i < 4; ++i) {
      const double angle = times[i] * frequencies[k];
      // The angle is off by its product's rounding and the frequency's 1/2 ulp, and std::sin by 1 ulp at most.
      const double bound = phasor::max_error<double> + error_of_stored_frequency(times[i], frequencies[k] / 6.28) +
                           angle * 3 * 0x1p-53 + 0x1p-53;
      CHECK(std::abs(rows(i, k) - std::sin(angle)) <= bound);
      CHECK(std::abs(rows(i, 64 + k) - std::cos(angle)) <= bound);
    }
  }
}
