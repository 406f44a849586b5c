// Buffers that are not Eigen's: timesteps, how many, output, and elements from row to row, as every runtime has them.
#include <phasor/phasor.hpp>

#include <cstdint>
#include <cstdio>
#include <vector>

namespace {

// What is used of a ggml_tensor and of an Ort::Value, so that this builds without them.
struct GgmlTensor {
  std::int64_t ne[4];  // elements: columns, rows, …
  std::size_t nb[4];   // bytes from one to the next
  void* data;
};
struct OrtValue {
  std::vector<std::int64_t> shape;
  std::vector<float> memory;
  template <typename T>
  T* GetTensorMutableData() {
    return memory.data();
  }
};

const phasor::PositionalEmbedding<float> embedding(phasor::adm(320));
const std::vector<std::int64_t> timesteps = {10, 12, 16, 100};
const phasor::Index count = 4;

void embed_into(GgmlTensor& tensor) {
  const auto row_stride = static_cast<phasor::Index>(tensor.nb[1] / sizeof(float));
  embedding.embed_into(timesteps.data(), tensor.ne[1], static_cast<float*>(tensor.data), row_stride);
}

void embed_into(OrtValue& value) {
  embedding.embed_into(timesteps.data(), value.shape[0], value.GetTensorMutableData<float>(), value.shape[1]);
}

int failures = 0;

/// Rows of 320 floats, `stride` apart, against the matrix that embed() returns.
void check(const char* buffer, const float* rows, phasor::Index stride) {
  const auto t = Eigen::Map<const Eigen::VectorX<std::int64_t>>(timesteps.data(), count);
  using Matrix = phasor::PositionalEmbedding<float>::Matrix;
  const bool same = Eigen::Map<const Matrix, 0, Eigen::OuterStride<>>(rows, count, 320, stride) == embedding.embed(t);
  failures += !same;
  std::printf("%-42s %s\n", buffer, same ? "as embed" : "differs");
}

}  // namespace

int main() {
  std::vector<float> plain(count * 320);
  embedding.embed_into(timesteps.data(), count, plain.data(), 320);
  check("std::vector, 4 x 320", plain.data(), 320);

  std::vector<float> features(count * 512, -9.f);
  embedding.embed_into(timesteps.data(), count, features.data() + 64, 512);
  check("columns 64 ... 383 of a vector, 4 x 512", features.data() + 64, 512);
  for (phasor::Index i = 0; i < count; ++i) {
    failures += features[i * 512 + 63] != -9.f || features[i * 512 + 384] != -9.f;  // the columns beside stay
  }

  std::vector<float> arena(count * 352);
  GgmlTensor tensor{{320, count, 1, 1}, {4, 1408, count * 1408, count * 1408}, arena.data()};
  embed_into(tensor);
  check("ggml_tensor, rows nb[1] = 1408 bytes apart", arena.data(), 352);

  OrtValue value{{count, 320}, std::vector<float>(count * 320)};
  embed_into(value);
  check("Ort::Value", value.memory.data(), 320);
  return failures;
}
