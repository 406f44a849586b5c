// Host code of a CUDA file: every Scalar, and Eigen.
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cstdio>
#include <phasor/phasor.hpp>

template <>
inline constexpr phasor::Format phasor::format<__half> = phasor::Format::half;
template <>
inline constexpr phasor::Format phasor::format<__nv_bfloat16> = phasor::Format::bfloat16;

template <typename Scalar>
bool holds(const double* want) {
  const phasor::BufferEmbedding<Scalar> embedding(phasor::adm(64));
  Scalar out[3 * 64];
  embedding.embed_into({0.5, 1.0, 999.0}, out, 64);
  for (int i = 0; i < 3 * 64; ++i) {
    const double off = static_cast<double>(out[i]) - want[i], most = phasor::max_error<Scalar> + phasor::max_error<double>;
    if (!(off <= most && -off <= most)) return false;
  }
  return true;
}

int main() {
  const phasor::PositionalEmbedding<double> embedding(phasor::adm(64));
  const auto want = embedding.embed({0.5, 1.0, 999.0});
  std::puts(phasor::target());
  return holds<float>(want.data()) && holds<double>(want.data()) && holds<__half>(want.data()) &&
                 holds<__nv_bfloat16>(want.data())
             ? 0
             : 1;
}
