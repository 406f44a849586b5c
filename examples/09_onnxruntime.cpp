// A UNet's input in 16 bits, for ONNX Runtime: the tensor is in this machine's memory, as one of the default allocator is.
#include <phasor/buffer_embedding.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

// What onnxruntime_cxx_api.h declares of this, so that it builds without it: with ONNX Runtime, leave this out.
namespace Ort {
struct Float16_t {
  std::uint16_t val;
};
struct AllocatorWithDefaultOptions {};
class Value {
 public:
  template <typename T>
  static Value CreateTensor(const AllocatorWithDefaultOptions&, const std::int64_t* shape, std::size_t) {
    Value value;
    value.memory_.resize(static_cast<std::size_t>(shape[0] * shape[1]) * sizeof(T));
    return value;
  }
  template <typename T>
  T* GetTensorMutableData() {
    return reinterpret_cast<T*>(memory_.data());
  }

 private:
  std::vector<unsigned char> memory_;
};
}  // namespace Ort

// What its 16 bits mean, before the first embedding of it.
template <>
inline constexpr phasor::Format phasor::format<Ort::Float16_t> = phasor::Format::half;

int main() {
  const phasor::BufferEmbedding<Ort::Float16_t> embedding(phasor::adm(320));
  const std::vector<std::int64_t> timesteps = {981, 0};  // int64 or float; 16 bits would have rounded them

  Ort::AllocatorWithDefaultOptions allocator;
  const std::int64_t shape[] = {2, embedding.dim()};
  Ort::Value input = Ort::Value::CreateTensor<Ort::Float16_t>(allocator, shape, 2);
  embedding.embed_into(timesteps, input.GetTensorMutableData<Ort::Float16_t>());

  // The row of t = 0: cosines of 1, which is 0x3c00, then sines of 0.
  const Ort::Float16_t* const row = input.GetTensorMutableData<Ort::Float16_t>() + 320;
  int failures = 0;
  for (int k = 0; k < 320; ++k) failures += row[k].val != (k < 160 ? 0x3c00 : 0);
  std::printf("t = 0 in 16 bits: %04x ... | %04x ...\n", unsigned{row[0].val}, unsigned{row[160].val});
  return failures;
}
