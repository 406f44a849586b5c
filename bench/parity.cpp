// How far PyTorch's float32 code is from the exact values, by convention, each chain as its model's source spells it.
//
// Prints a Markdown table of the largest angle |t ω| in radians, and of the largest differences from the exact values,
// which are PositionalEmbedding<double>'s, of float32 code and of the same code in float64. Below it: how far the sines
// and cosines of all the float32 angles are from phasor's at the same angles (see examples/07_parity.cpp). Below that,
// a table of models in bfloat16, computed with bfloat16 tensors as their sources do, against phasor in bfloat16: at the
// t that examples/MODELS.md says, and at a t that is not rounded.
#include <phasor/phasor.hpp>

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

namespace {

using torch::Tensor;

const double pi = 3.14159265358979323846;
const std::int64_t dim = 128, half = dim / 2;

enum class Order { sin_cos, cos_sin, cos, interleaved, alternate };

struct Convention {
  const char* name;
  phasor::Spectrum spectrum;
  Order order;
  double first, last;          ///< the times that models pass
  Tensor (*angles)(Tensor t);  ///< t · ω, N x frequencies, rounded to the dtype of t where the original rounds
};

Tensor steps(const Tensor& t) { return torch::arange(half, t.options()); }
Tensor fractions(const Tensor& t) { return torch::linspace(0, 1, half, t.options()); }
Tensor ddpm(const Tensor& t, double base = 1e4) { return torch::exp(steps(t) * (-std::log(base) / (half - 1))); }
Tensor adm(const Tensor& t, double base = 1e4) { return torch::exp(steps(t) * -std::log(base) / half); }
Tensor edm(const Tensor& t, int endpoint) { return torch::pow(1e-4, steps(t) / (half - endpoint)); }

/// Random numbers that a checkpoint holds: normal ones of standard deviation 16, or another, and uniform ones.
Tensor weights(double deviation = 16, std::int64_t count = half) {
  torch::manual_seed(1);
  return torch::randn(count) * deviation;
}
Tensor mp_freqs() { return 2 * pi * weights(1).repeat(2); }
Tensor mp_phases() {
  torch::manual_seed(2);
  return 2 * pi * torch::rand(dim);
}

Tensor sixteenths() { return torch::arange(1, 33, torch::kFloat64) / 16; }

phasor::Numbers numbers(const Tensor& x) {
  const Tensor wide = x.to(torch::kFloat64);
  return std::vector<double>(wide.data_ptr<double>(), wide.data_ptr<double>() + wide.numel());
}

std::vector<Convention> conventions() {
  const auto w = numbers(weights());
  return {
      {"`ddpm`", phasor::ddpm(dim), Order::sin_cos, 0, 999, [](Tensor t) { return torch::outer(t, ddpm(t)); }},
      {"`ddpm` in EDM", phasor::ddpm(dim), Order::sin_cos, -1.5, 1.1,
       [](Tensor t) { return torch::outer(t, edm(t, 1)); }},
      {"`adm`", phasor::adm(dim), Order::cos_sin, 0, 999, [](Tensor t) { return torch::outer(t, adm(t)); }},
      {"`adm` in EDM", phasor::adm(dim), Order::cos_sin, -1.5, 1.1,
       [](Tensor t) { return torch::outer(t, edm(t, 0)); }},
      {"`adm(dim, 10)`", phasor::adm(dim, 10), Order::cos_sin, 0, 1,
       [](Tensor t) { return torch::outer(t, adm(t, 10)); }},
      {"`diffusers_timesteps(dim, true, 1)`", phasor::diffusers_timesteps(dim, true, 1), Order::cos_sin, 0, 999,
       [](Tensor t) { return torch::outer(t, torch::exp(-std::log(1e4) * steps(t) / (half - 1.))); }},
      {"`diffusers_timesteps(dim, true, 0, 1e-3)`", phasor::diffusers_timesteps(dim, true, 0, 1e-3), Order::cos_sin, 0,
       1000, [](Tensor t) { return 1e-3 * torch::outer(t, torch::exp(-std::log(1e4) * steps(t) / half)); }},
      {"`flux`", phasor::flux(dim), Order::cos_sin, 0, 1, [](Tensor t) { return torch::outer(t * 1000, adm(t)); }},
      {"`grad_tts`", phasor::grad_tts(dim), Order::sin_cos, 0, 1,
       [](Tensor t) { return torch::outer(1000 * t, ddpm(t)); }},
      {"`wuerstchen`", phasor::wuerstchen(dim), Order::sin_cos, 0, 1,
       [](Tensor t) { return torch::outer(t * 10000, ddpm(t)); }},
      {"`wuerstchen(dim, 2000)`", phasor::wuerstchen(dim, 2000), Order::sin_cos, 0, 1,
       [](Tensor t) { return torch::outer(t * 2000, ddpm(t, 2000)); }},
      {"`wavegrad`", phasor::wavegrad(dim), Order::sin_cos, 0, 1,
       [](Tensor t) { return torch::outer(5000 * t, torch::pow(1e-4, steps(t) / half)); }},
      {"`diffwave`", phasor::diffwave(dim), Order::sin_cos, 0, 199,
       [](Tensor t) { return torch::outer(t, torch::pow(10., steps(t) * 4. / (half - 1))); }},
      // openpi's code for JAX; its code for PyTorch computes in float64.
      {"`pi0`", phasor::pi0(dim), Order::sin_cos, 0, 1,
       [](Tensor t) { return torch::outer(t, 1. / (4e-3 * torch::pow(4 / 4e-3, fractions(t))) * 2 * pi); }},
      {"`stable_audio_3`", phasor::stable_audio_3(dim), Order::cos_sin, 0, 1,
       [](Tensor t) {
         const double low = std::log(0.5), high = std::log(1e4);
         return torch::outer(t, torch::exp(fractions(t) * (high - low) + low)) * 2 * pi;
       }},
      {"`transformer`", phasor::transformer(dim), Order::interleaved, 0, 4999,
       [](Tensor t) { return torch::outer(t, torch::exp(steps(t) * 2 * (-std::log(1e4) / dim))); }},
      {"`gaussian_fourier`", phasor::gaussian_fourier(w), Order::sin_cos, -4.6, 3.9,
       [](Tensor t) { return torch::outer(t, weights().to(t.dtype())) * 2 * pi; }},
      {"`fourier_embedding`", phasor::fourier_embedding(w), Order::cos_sin, -1.5, 1.1,
       [](Tensor t) { return torch::outer(t, 2 * pi * weights().to(t.dtype())); }},
      {"`mp_fourier`",
       phasor::mp_fourier(phasor::from_radians(numbers(mp_freqs())), phasor::from_radians(numbers(mp_phases()))),
       Order::cos, -1.5, 1.1,
       [](Tensor t) { return torch::outer(t, mp_freqs().to(t.dtype())) + mp_phases().to(t.dtype()); }},
      {"Genie, N = 1000", phasor::columns(phasor::interleaved(phasor::geometric(half + 1, 1e6, 1, pi)), 1, dim),
       Order::alternate, 0, 999,
       [](Tensor t) {
         const Tensor i = torch::arange(dim), exponents = (2 * (i + i % 2)).to(t.dtype()) / static_cast<double>(dim);
         return t.unsqueeze(1) * pi / torch::pow(1000, exponents);
       }},
      {"FrameDiff, FrameFlow, Proteina, residue's index",
       phasor::sines_then_cosines(phasor::geometric(half, 2056, 0, pi)), Order::sin_cos, 0, 999,
       [](Tensor t) { return t.unsqueeze(1) * pi / torch::pow(2056, 2 * steps(t) / static_cast<double>(dim)); }},
      {"TimeGrad, dim 32", phasor::sines_then_cosines(phasor::geometric(16, 1e-4)), Order::sin_cos, 0, 99,
       [](Tensor t) { return torch::outer(t, torch::pow(10., torch::arange(16, t.options()) * 4. / 16)); }},
      // The code of the next four is JAX's; LibTorch does the same operations here.
      {"GenCast, dim 64", phasor::fourier_embedding(numbers(sixteenths())), Order::cos_sin, -3, 4.4,
       [](Tensor t) { return torch::outer(t, (2 * pi * sixteenths()).to(t.dtype())); }},
      {"Octo, dim 32", phasor::fourier_embedding(numbers(weights(0.2, 16))), Order::cos_sin, 0, 19,
       [](Tensor t) { return torch::outer(2 * pi * t, weights(0.2, 16).to(t.dtype())); }},
      {"simformer", phasor::columns(phasor::cosines_then_sines(numbers(weights(1, half + 1))), 0, dim), Order::cos_sin,
       0, 1, [](Tensor t) { return 2 * pi * torch::outer(t, weights(1, half + 1).to(t.dtype())); }},
      {"probjax's SinusoidalEmbedding",
       phasor::columns(phasor::sines_then_cosines(phasor::geometric(half + 1, 1e4, 1)), 0, dim), Order::sin_cos, 0, 1,
       [](Tensor t) {
         const Tensor step = torch::log(torch::full({}, 1e4, t.options())) / half;
         return torch::outer(t, torch::exp(torch::arange(half + 1, t.options()) * -step));
       }},
  };
}

Tensor embedded(const Convention& c, const Tensor& angles) {
  const Tensor sines = torch::sin(angles), cosines = torch::cos(angles);
  if (c.order == Order::cos) return cosines;
  if (c.order == Order::alternate) return torch::where(torch::arange(dim) % 2 == 0, cosines, sines);
  if (c.order == Order::interleaved) return torch::stack({sines, cosines}, -1).reshape({angles.size(0), -1});
  const Tensor halves = c.order == Order::cos_sin ? torch::cat({cosines, sines}, 1) : torch::cat({sines, cosines}, 1);
  return halves.slice(1, 0, static_cast<std::int64_t>(c.spectrum.frequency.size()));  // simformer cuts two columns off
}

template <typename Scalar, typename T>
Tensor embedded(const phasor::Spectrum& spectrum, const Tensor& t) {
  const phasor::PositionalEmbedding<Scalar> embedding(spectrum);
  const Tensor out = torch::empty({t.size(0), embedding.dim()}, torch::CppTypeToScalarType<Scalar>::value);
  embedding.embed_into(t.data_ptr<T>(), t.size(0), out.data_ptr<Scalar>(), embedding.dim());
  return out;
}

double largest(const Tensor& x) { return x.abs().max().item<double>(); }

float bf16(double x) { return static_cast<float>(Eigen::bfloat16(static_cast<float>(x))); }

struct InBfloat16 {
  const char* name;
  phasor::Spectrum spectrum;
  Tensor (*passed)(Tensor sigma);  ///< what the model's embedding gets
  double scale;                    ///< by which it multiplies its float32 angles
  double (*t)(double sigma);       ///< what examples/MODELS.md says
  double (*unrounded)(double sigma);
};

std::vector<InBfloat16> models_in_bfloat16() {
  constexpr auto type = torch::kBFloat16;
  return {
      {"Flux.1, authors' code", phasor::adm(256), [](Tensor sigma) { return 1000. * sigma.to(type); }, 1,
       [](double sigma) -> double { return bf16(1000 * bf16(sigma)); }, [](double sigma) { return 1000 * sigma; }},
      {"Flux.1, Flux.2, diffusers", phasor::adm(256),
       [](Tensor sigma) { return (1000 * sigma).to(type) / 1000 * 1000; }, 1,
       [](double sigma) -> double { return bf16(1000 * bf16(bf16(1000 * sigma) / 1000)); },
       [](double sigma) { return 1000 * sigma; }},
      {"Qwen-Image, diffusers", phasor::flux(256), [](Tensor sigma) { return (1000 * sigma).to(type) / 1000; }, 1000,
       [](double sigma) -> double { return bf16(bf16(1000 * sigma) / 1000); }, [](double sigma) { return sigma; }},
  };
}

/// Flux.1's noise levels of 28 steps at 1024 x 1024, from 1 to 0, in float32.
Tensor flux_sigmas() {
  const Tensor sigma = torch::linspace(1, 0, 29);
  return std::exp(1.15) / (std::exp(1.15) + (1 / sigma - 1));
}

/// The embedding of `passed`, of 256 columns: angles in float32, rounded at the end.
Tensor embedded_in_bfloat16(const Tensor& passed, double scale) {
  const Tensor frequencies = torch::exp(-std::log(1e4) * torch::arange(128, torch::kFloat32) / 128);
  const Tensor angles = scale * torch::outer(passed.to(torch::kFloat32), frequencies);
  return torch::cat({torch::cos(angles), torch::sin(angles)}, 1).to(passed.dtype());
}

/// phasor's, as float32: at `t` of each of `sigmas`.
Tensor in_bfloat16(const phasor::Spectrum& spectrum, const Tensor& sigmas, double (*t)(double)) {
  const phasor::PositionalEmbedding<Eigen::bfloat16> embedding(spectrum);
  Eigen::VectorXd times(sigmas.size(0));
  for (Eigen::Index i = 0; i < times.size(); ++i) times[i] = t(sigmas[i].item<double>());
  using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Rows rows = embedding.embed(times).cast<float>();
  return torch::from_blob(const_cast<float*>(rows.data()), {rows.rows(), rows.cols()}).clone();
}

void print_models_in_bfloat16() {
  std::printf(
      "\n| in bfloat16 | t rounded: elements that differ | by at most | t not rounded: elements that differ | by at "
      "most "
      "|\n|---|--:|--:|--:|--:|\n");
  const Tensor sigmas = flux_sigmas();
  for (const InBfloat16& model : models_in_bfloat16()) {
    const Tensor theirs = embedded_in_bfloat16(model.passed(sigmas), model.scale).to(torch::kFloat32);
    const Tensor difference = theirs - in_bfloat16(model.spectrum, sigmas, model.t);
    const Tensor unrounded = theirs - in_bfloat16(model.spectrum, sigmas, model.unrounded);
    std::printf("| %s | %d of %d | %.1e | %d | %.1e |\n", model.name, torch::count_nonzero(difference).item<int>(),
                static_cast<int>(difference.numel()), largest(difference), torch::count_nonzero(unrounded).item<int>(),
                largest(unrounded));
  }
}

}  // namespace

int main() {
  std::printf("| | t | largest angle | float32 | float64 |\n|---|---|--:|--:|--:|\n");
  for (const Convention& c : conventions()) {
    // Every step, or a thousand times, of which all chains get the same.
    const std::int64_t count = c.last > 10 ? static_cast<std::int64_t>(c.last) + 1 : 1000;
    const Tensor t = torch::linspace(c.first, c.last, count, torch::kFloat32), t64 = t.to(torch::kFloat64);
    const Tensor angles = c.angles(t);
    const Tensor exact = embedded<double, double>(c.spectrum, t64);
    std::printf("| %s | %g … %g | %.0f | %.1e | %.1e |\n", c.name, c.first, c.last, largest(angles),
                largest(embedded(c, angles) - exact), largest(embedded(c, c.angles(t64)) - exact));
  }
  print_models_in_bfloat16();
}
