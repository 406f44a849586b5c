// Every model of models.tsv: its call is compiled, and its columns are those of its formula at 50 digits, by models.py.
#include "catch.hpp"

#include <phasor/buffer_embedding.hpp>

#include <cmath>
#include <initializer_list>
#include <string>
#include <vector>

namespace {

using namespace phasor;
using std::atan, std::cos, std::floor, std::log, std::sin;
using Values = std::vector<double>;
using List = std::initializer_list<double>;

// The names in calls. make(dim) sets dim and fills the buffers of a checkpoint, as models.py does.
const double pi = 3.14159265358979323846, N = 256;
double bf16(double x) {  // x > 0 rounded to the 8 bits of a bfloat16
  int exponent;
  const double fraction = std::frexp(x, &exponent);
  return std::ldexp(std::nearbyint(256 * fraction), exponent - 8);
}
Index dim;
Values W, B, freqs, phases, w, b, sixteenths, halves, rounded;

void make(Index columns) {
  const auto numbers = [](Index count, Index step, Index first, Index modulus, Index minus, double divisor) {
    Values x;
    for (Index k = 0; k < count; ++k) x.push_back(double((step * k + first) % modulus - minus) / divisor);
    return x;
  };
  dim = columns;
  W = numbers(dim / 2, 37, 11, 64, 20, 16);
  B = numbers(dim / 2 + 1, 37, 11, 64, 20, 16);
  freqs = w = numbers(dim, 37, 11, 64, 20, 16);
  phases = b = numbers(dim, 11, 5, 32, 0, 32);
  sixteenths = numbers(dim / 2, 1, 1, 1000, 0, 16);
  halves = numbers(dim / 2, 1, 1, 1000, 0, 2);
  rounded = numbers(dim / 2, 1, 0, 1000, 0, 1);
  for (double& x : rounded) x = 1000 * bf16(std::pow(10000, -x / double(dim / 2)));
}

/// `values` has a row for each of `times`, of the columns picked.
template <typename Scalar>
std::string difference(const Spectrum& spectrum, std::initializer_list<Index> columns, List times, List values) {
  const BufferEmbedding<Scalar> embedding(spectrum);
  std::vector<Scalar> out(spectrum.frequency.size());
  std::string wrong;
  const double* want = values.begin();
  for (const double t : times) {
    embedding.embed_into(t, out);
    for (const Index k : columns) {
      const auto column = static_cast<std::size_t>(k);
      const double f = spectrum.frequency[column], phase = spectrum.phase[column], got = double(out[column]);
      // A stored f is within 1 ulp of the formula's, so within 2^-52 of itself, and so is a phase that is no quarter;
      // the angle moves by 2 pi times as much of t f and of the phase, and the output by at most that. The value wanted
      // is a double of at most 1.
      const double phase_moved = 4 * phase == std::floor(4 * phase) ? 0 : phase;
      const double moved = 2 * 3.15 * (std::abs(t * f) + std::abs(phase_moved)) * 0x1p-52;
      if (!(std::abs(got - *want) <= max_error<Scalar> + moved + 0x1p-53)) {
        wrong += "t = " + std::to_string(t) + ", column " + std::to_string(k) + ": " + std::to_string(got) + " for " +
                 std::to_string(*want) + "\n";
      }
      ++want;
    }
  }
  return wrong;
}

void compare(const char* model, const Spectrum& spectrum, std::initializer_list<Index> columns, List times,
             List values) {
  INFO(model << ", dim " << dim);
  REQUIRE(spectrum.frequency.size() == static_cast<std::size_t>(dim));
  CHECK(difference<double>(spectrum, columns, times, values) == "");
  CHECK(difference<float>(spectrum, columns, times, values) == "");
}

void compare_t(const char* model, double t, double worked) {
  INFO(model << ": t = " << t << ", worked out by hand " << worked);
  CHECK(std::abs(t - worked) <= 5e-5 * std::abs(worked));  // half of the fifth digit, and of that of a 1 at most
}

}  // namespace

TEST_CASE("every model's call gives its formula, and its t is the one worked out"){
#include "models.inc"
}

TEST_CASE("the time scale of 1000 may be the caller's") {
  for (const Index columns : {16, 256}) {
    const Spectrum inside = flux(columns), outside = scaled(adm(columns), 1000);
    for (std::size_t k = 0; k < inside.frequency.size(); ++k) {
      // Each within half a unit of its own, and the product rounded once more.
      CHECK(std::abs(inside.frequency[k] - outside.frequency[k]) <= 3 * 0x1p-53 * inside.frequency[k]);
    }
    CHECK(inside.phase == outside.phase);
  }
}
