// Recipes without Eigen. Each checks itself: the program exits with the number that failed.
#include <phasor/buffer_embedding.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

// std::uint16_t may hold 16-bit floats, as ggml_fp16_t does. As timesteps they remain integers.
template <>
inline constexpr phasor::Format phasor::format<std::uint16_t> = phasor::Format::half;

namespace {

using phasor::BufferEmbedding;

/// Whether `got` is cos(angle) or sin(angle) of an angle below 1000 that was computed in double.
bool is_near(float got, double want) {
  return std::abs(got - want) <= phasor::max_error<float> + 1001 * 0x1p-52;  // pow and the product round, and std::cos
}

/// The angle of RoPE's pair j at position p: p 10000^(-j / 64), for heads of 128.
double angle(int p, int j) { return p * std::pow(1e4, -j / 64.0); }

/// RoPE: a row for each position, 64 cosines and then 64 sines. Other thetas: adm(128, 500000).
bool rope() {
  const BufferEmbedding<float> embedding(phasor::adm(128));
  const std::vector<int> positions = {0, 1, 2, 999};
  std::vector<float> out(4 * 128);
  embedding.embed_into(positions, out);

  // Rotate a head: pairs are (x_j, x_{j+64}) in GPT-NeoX, Hugging Face's Llama and Qwen.
  std::vector<float> head(128, 1.f);
  const float *const cosine = &out[3 * 128], *const sine = cosine + 64;  // of position 999
  for (int j = 0; j < 64; ++j) {
    const float x = head[j], y = head[j + 64];
    head[j] = x * cosine[j] - y * sine[j];
    head[j + 64] = y * cosine[j] + x * sine[j];
  }
  bool holds = true;
  for (int j = 0; j < 64; ++j) {
    holds = holds && is_near(cosine[j], std::cos(angle(999, j))) && is_near(sine[j], std::sin(angle(999, j)));
    holds = holds && head[j] == cosine[j] - sine[j] && head[j + 64] == cosine[j] + sine[j];
  }
  return holds;
}

/// RoPE as complex numbers e^(i angle), as in Meta's Llama and Flux: a complex number is its real part, then its imaginary.
bool rope_as_complex_numbers() {
  const BufferEmbedding<float> embedding(phasor::interleaved_cosines_first(phasor::geometric(64, 1e4)));
  const std::vector<int> positions = {0, 1, 2, 999};
  std::vector<std::complex<float>> out(4 * 64);
  embedding.embed_into(positions, reinterpret_cast<float*>(out.data()));
  bool holds = true;
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 64; ++j) {
      const std::complex<float> got = out[static_cast<std::size_t>(i * 64 + j)];
      const double a = angle(positions[static_cast<std::size_t>(i)], j);
      holds = holds && is_near(got.real(), std::cos(a)) && is_near(got.imag(), std::sin(a));
    }
  }
  return holds;
}

/// Video: a time for each token. A time that equals the one before it costs a copy, so pass them as they are.
bool times_of_tokens() {
  const BufferEmbedding<float> embedding(phasor::adm(256));
  std::vector<float> times(1320, 741.5f), out(1320 * 256), want(256);
  std::fill(times.begin(), times.begin() + 220, 0.f);  // the tokens of a first frame that is given
  embedding.embed_into(times, out);
  embedding.embed_into(741.5f, want);
  return std::memcmp(&out[1319 * 256], want.data(), sizeof(float) * 256) == 0 && out[219 * 256] == 1;
}

/// x as a model in bfloat16 rounds it: to the nearest of 8 bits, a tie to the even one. (Not for NaN.)
float bf16(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  bits += 0x7fff + (bits >> 16 & 1);
  bits &= 0xffff0000;
  std::memcpy(&x, &bits, sizeof bits);
  return x;
}

/// Flux.1 by diffusers in bfloat16: t is rounded where the pipeline makes it, divides it and multiplies it again.
bool rounded_timestep() {
  const float sigma = 0.285f, t = bf16(1000 * bf16(bf16(1000 * sigma) / 1000));
  const BufferEmbedding<float> embedding(phasor::adm(256));
  std::vector<float> out(256);
  embedding.embed_into(t, out);
  return t == 284 && bf16(998) == 1000 && is_near(out[0], std::cos(284.));
}

/// Outputs of 16 bits without a type for them.
bool sixteen_bits() {
  const BufferEmbedding<std::uint16_t> embedding(phasor::adm(320));
  std::vector<std::uint16_t> out(320);
  embedding.embed_into(0, out);
  return out[0] == 0x3c00 && out[159] == 0x3c00 && out[160] == 0;  // 1, 1, 0
}

}  // namespace

int main() {
  const struct {
    const char* name;
    bool (*holds)();
  } recipes[] = {{"RoPE", rope},
                 {"RoPE as complex numbers", rope_as_complex_numbers},
                 {"a time for each token", times_of_tokens},
                 {"t rounded to bfloat16", rounded_timestep},
                 {"std::uint16_t as half", sixteen_bits}};
  int failures = 0;
  for (const auto& recipe : recipes) {
    const bool holds = recipe.holds();
    failures += !holds;
    std::printf("%-28s %s\n", recipe.name, holds ? "holds" : "FAILS");
  }
  return failures;
}
