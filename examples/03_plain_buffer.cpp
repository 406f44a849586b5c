// Buffers that are not Eigen's: a pointer, a count, a pointer and a row stride, as ggml, LibTorch and ONNX Runtime
// hand them over. The embedding is written into columns 64 … 191 of rows that are 256 wide; the rest stays.
#include <phasor/phasor.hpp>

#include <cstdint>
#include <cstdio>
#include <vector>

int main() {
  constexpr std::size_t count = 4, width = 256, first = 64;
  const std::vector<std::int64_t> timesteps = {10, 12, 16, 100};
  std::vector<float> features(count * width, -9.f);

  const phasor::PositionalEmbedding<float> embedding(128);
  embedding.embed_into(timesteps.data(), count, features.data() + first, width);

  for (std::size_t i = 0; i < count; ++i) {
    const float* row = &features[i * width];
    std::printf("t = %3d: %4.1f | %9.6f ... %9.6f | %4.1f\n", static_cast<int>(timesteps[i]),
                static_cast<double>(row[first - 1]), static_cast<double>(row[first]),
                static_cast<double>(row[first + 127]), static_cast<double>(row[first + 128]));
  }
}
