// Tensors of LibTorch, which phasor reads and writes in place.
#include <phasor/buffer_embedding.hpp>

#include <torch/torch.h>

#include <cmath>
#include <cstdio>

template <>
inline constexpr phasor::Format phasor::format<at::BFloat16> = phasor::Format::bfloat16;

namespace {

/// What a Timesteps module's forward is. float64 holds every timestep that is float32, float64 or an integer below 2^53.
torch::Tensor embed(const phasor::BufferEmbedding<float>& embedding, const torch::Tensor& timesteps) {
  const torch::Tensor t = timesteps.to(torch::kFloat64).contiguous();
  const torch::Tensor out = torch::empty({t.size(0), embedding.dim()}, torch::kFloat32);
  embedding.embed_into(t.data_ptr<double>(), t.size(0), out.data_ptr<float>(), out.stride(0));
  return out;
}

/// Stable Diffusion's timestep_embedding in float64, of which the error is about 1e-13 at t < 1000.
torch::Tensor reference(const torch::Tensor& t, std::int64_t dim) {
  const torch::Tensor w = torch::exp(torch::arange(dim / 2, torch::kFloat64) * (-std::log(1e4) * 2 / dim));
  const torch::Tensor angles = torch::outer(t.to(torch::kFloat64), w);
  return torch::cat({torch::cos(angles), torch::sin(angles)}, 1);
}

double difference(const torch::Tensor& got, const torch::Tensor& want) {
  return (got.to(torch::kFloat64) - want).abs().max().item<double>();
}

}  // namespace

int main() {
  const phasor::BufferEmbedding<float> embedding(phasor::adm(320));
  const torch::Tensor t = torch::arange(1000);  // int64
  const torch::Tensor want = reference(t, 320);
  const double whole = difference(embed(embedding, t), want);

  // Into columns 64 … 383 of a tensor that is there: row_stride is its stride.
  const torch::Tensor wide = torch::zeros({1000, 512}), columns = wide.narrow(1, 64, 320);
  embedding.embed_into(t.data_ptr<std::int64_t>(), t.size(0), columns.data_ptr<float>(), columns.stride(0));
  const double part = difference(columns, want);

  // For a model in bfloat16.
  const phasor::BufferEmbedding<at::BFloat16> narrow(phasor::adm(320));
  const torch::Tensor halves = torch::empty({1000, 320}, torch::kBFloat16);
  narrow.embed_into(t.data_ptr<std::int64_t>(), t.size(0), halves.data_ptr<at::BFloat16>(), halves.stride(0));
  const double rounded = difference(halves, want);

  std::printf("LibTorch %s; from its own result in float64: %.1e, part of a wider tensor %.1e, bfloat16 %.1e\n",
              TORCH_VERSION, whole, part, rounded);
  const double reference_error = 1e-12;  // 2^-52 of an angle below 1000 for each of its four roundings
  return whole <= phasor::max_error<float> + reference_error && part == whole &&
                 rounded <= phasor::max_error<at::BFloat16> + reference_error
             ? 0
             : 1;
}
