// No two conventions are the same, and diffusers_timesteps is each of those that diffusers serves.
#include "bits.hpp"
#include "catch.hpp"
#include "in_use.hpp"

#include <algorithm>
#include <array>
#include <cfenv>
#include <vector>

using phasor::Spectrum;

namespace {

std::string difference(const Spectrum& got, const Spectrum& want) {
  return ::difference(array(got.frequency), array(want.frequency)) + ::difference(array(got.phase), array(want.phase));
}

}  // namespace

TEST_CASE("no two conventions are the same") {
  for (const Convention& one : conventions()) {
    for (const Convention& other : conventions()) {
      if (&one == &other) continue;
      INFO(one.name << " and " << other.name);
      CHECK(difference(one.spectrum(64), other.spectrum(64)) != "");
    }
  }
}

TEST_CASE("a diffusers config gives the convention of its model") {
  using namespace phasor;
  for (const Index dim : dims()) {
    INFO("dim " << dim);
    // UNet2DModel of ddpm-cifar10: flip_sin_to_cos false, freq_shift 1
    CHECK(difference(diffusers_timesteps(dim, false, 1), ddpm(dim)) == "");
    // UNet2DConditionModel of Stable Diffusion: flip_sin_to_cos true, freq_shift 0
    CHECK(difference(diffusers_timesteps(dim, true, 0), adm(dim)) == "");
    // Flux passes t · 1000 to Timesteps(256, flip_sin_to_cos=True, downscale_freq_shift=0)
    CHECK(difference(diffusers_timesteps(dim, true, 0, 1000), flux(dim)) == "");
    CHECK(difference(diffusers_timesteps(dim, false, 1, 1000), grad_tts(dim)) == "");
    CHECK(difference(diffusers_timesteps(dim, false, 1, 1e4), wuerstchen(dim)) == "");
    CHECK(difference(diffusers_timesteps(dim, true, 0, 1, 100), adm(dim, 100)) == "");
    CHECK(difference(diffusers_timesteps(dim, false, 1, 1, 100), ddpm(dim, 100)) == "");
    if (dim % 2 != 0) continue;
    CHECK(difference(diffusers_timesteps(dim, false, 0), positional_embedding(dim)) == "");
    CHECK(difference(diffusers_timesteps(dim, false, 0, 0.25), positional_embedding(dim, 0.25)) == "");
    CHECK(difference(diffusers_timesteps(dim, false, 0, 5000), wavegrad(dim)) == "");
  }
}

TEST_CASE("one wave has angular frequency 1 whatever the shift") {
  for (const double shift : {0., 0.5, 1.}) {
    for (const Index dim : {2, 3}) {
      using phasor::padded;
      const Spectrum spectrum = phasor::diffusers_timesteps(dim, false, shift);
      const double turn = 1 / (2 * 3.14159265358979323846);
      const Spectrum want = padded({{turn, turn}, {0, 0.25}}, dim);
      CHECK(difference(spectrum, want) == "");
    }
  }
}

TEST_CASE("the words") {
  using namespace phasor;
  const Eigen::ArrayXd f = Eigen::Array3d(3, 5, 7);
  const auto is = [](const Spectrum& spectrum, std::initializer_list<double> frequency,
                     std::initializer_list<double> phase) {
    return difference(spectrum, {frequency, phase});
  };
  CHECK(is(sines(f), {3, 5, 7}, {0, 0, 0}) == "");
  CHECK(is(cosines(f), {3, 5, 7}, {0.25, 0.25, 0.25}) == "");
  CHECK(is(sines_then_cosines(f), {3, 5, 7, 3, 5, 7}, {0, 0, 0, 0.25, 0.25, 0.25}) == "");
  CHECK(is(cosines_then_sines(f), {3, 5, 7, 3, 5, 7}, {0.25, 0.25, 0.25, 0, 0, 0}) == "");
  CHECK(is(interleaved(f), {3, 3, 5, 5, 7, 7}, {0, 0.25, 0, 0.25, 0, 0.25}) == "");
  CHECK(is(interleaved_cosines_first(f), {3, 3, 5, 5, 7, 7}, {0.25, 0, 0.25, 0, 0.25, 0}) == "");
  CHECK(is(padded(cosines(f), 5), {3, 5, 7, 0, 0}, {0.25, 0.25, 0.25, 0, 0}) == "");
  CHECK(is(padded(cosines(f), 3), {3, 5, 7}, {0.25, 0.25, 0.25}) == "");
  CHECK(is(scaled(cosines(f), -2), {-6, -10, -14}, {0.25, 0.25, 0.25}) == "");
  CHECK(is(derivative(interleaved(f)), {3, 3, 5, 5, 7, 7}, {0.25, 0.5, 0.25, 0.5, 0.25, 0.5}) == "");
  CHECK(is(joined(sines(f.head(1)), cosines(f.tail(2))), {3, 5, 7}, {0, 0.25, 0.25}) == "");
  CHECK(is(mp_fourier(f, Eigen::Array3d(0, 0.5, -0.125)), {3, 5, 7}, {0.25, 0.75, 0.125}) == "");
  CHECK(is(columns(cosines_then_sines(f), 2, 3), {7, 3, 5}, {0.25, 0, 0}) == "");
  CHECK(is(columns(cosines(f), 3, 0), {}, {}) == "");
  CHECK(half_of(1) == 0);
  CHECK(half_of(7) == 3);
  CHECK(half_of_even(8) == 4);
}

TEST_CASE("frequencies of every form") {
  using namespace phasor;
  const Spectrum want = sines({3, 5, 7});
  const std::vector<float> floats = {3, 5, 7};
  const std::array<int, 3> integers = {3, 5, 7};
  const double numbers[] = {3, 5, 7};
  const Eigen::Array3f eigen(3, 5, 7);
  CHECK(difference(sines(floats), want) == "");
  CHECK(difference(sines(integers), want) == "");
  CHECK(difference(sines(numbers), want) == "");
  CHECK(difference(sines(std::vector<double>{3, 5, 7}), want) == "");
  CHECK(difference(sines(eigen), want) == "");
  CHECK(difference(sines(eigen.matrix().transpose()), want) == "");
  CHECK(difference(sines(2 * eigen - eigen), want) == "");
  CHECK(difference(sines(Eigen::Array<Eigen::half, 1, 3>(eigen.cast<Eigen::half>().transpose())), want) == "");
}

TEST_CASE("radians as turns, and frequencies between two ends") {
  using namespace phasor;
  // 2π and 1 to 53 bits; the quotients at 50 digits, rounded.
  CHECK(difference(array(from_radians({0, 6.283185307179586, -1})), Eigen::Array3d(0, 1, -0x1.45f306dc9c883p-3)) == "");
  CHECK(difference(array(geomspace(3, 0.5, 8)), Eigen::Array3d(0.5, 2, 8)) == "");
  // Its ends are as they were given, though their ratio is no double.
  for (const Index count : {2, 3, 1000}) {
    const std::vector<double> tiny_to_huge = geomspace(count, 1e-10, 1e300), down = geomspace(count, 1e300, 1e-10);
    CHECK(hex(tiny_to_huge.front()) + " " + hex(tiny_to_huge.back()) == hex(1e-10) + " " + hex(1e300));
    CHECK(hex(down.front()) + " " + hex(down.back()) == hex(1e300) + " " + hex(1e-10));
  }
  CHECK(geomspace(1, 0.5, 8) == std::vector<double>{0.5});
  CHECK(geomspace(0, 0.5, 8).empty());
  CHECK(geometric(0, 1e4).empty());
  CHECK(difference(array(geometric(3, 16, 0, 0)), Eigen::Array3d::Zero()) == "");
}

TEST_CASE("no word raises a floating-point exception") {
  using namespace phasor;
  std::feclearexcept(FE_ALL_EXCEPT);
  for (const Convention& convention : conventions()) convention.spectrum(66);
  geometric(66, 1e-300, 65.9999, 1e300);
  geometric(66, 1e300, 0, 5e-324);
  geomspace(66, 5e-324, 1.7e308);
  derivative(scaled(joined(sines(from_radians({1e-310, 1e308, -1})), cosines({0.1})), 1e300));
  CHECK(std::fetestexcept(FE_ALL_EXCEPT) == 0);
}
