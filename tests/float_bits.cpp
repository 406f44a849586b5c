// For each target that this machine has, prints one hash over the frequencies of every convention, one over float outputs of
// each, and one over the outputs of three waves at every N-th float (float_bits [N]), which are those of exhaustive.cpp.
// Every target with a fused multiply-add prints the same; and of frequencies, all targets do.
//
// So a machine that is too slow for exhaustive, as an emulated one is, need only print what a faster one printed.
#include "bits.hpp"
#include "in_use.hpp"
#include "targets.hpp"

#include <cmath>
#include <cstdlib>

namespace {

/// FNV-1a, over 64-bit words.
struct Hash {
  std::uint64_t value = 0xcbf29ce484222325;

  template <typename T>
  void add(const T& x) {
    value = (value ^ bits(x)) * 0x100000001b3;
  }
};

/// Of sines and cosines at each float whose bit pattern is a multiple of `stride`, and of some more to fill a block.
Hash every(std::uint64_t stride) {
  constexpr Index size = 1024;
  const phasor::PositionalEmbedding<float> embedding(three_waves());
  Hash hash;
  Eigen::ArrayXf t(size);
  Eigen::ArrayXXf out(size, 6);  // columns are contiguous: it works by packets of timesteps
  for (std::uint64_t pattern = 0; pattern < std::uint64_t(1) << 32;) {
    for (Index i = 0; i < size; ++i, pattern += stride) t[i] = from_bits(pattern);
    embedding.embed_into(t, out);
    for (const float x : out.reshaped()) hash.add(is_nan(x) ? 0 : x);
  }
  return hash;
}

/// Prints the line of the chosen target.
void print(std::uint64_t stride) {
  Hash frequencies, outputs;
  for (const Convention& convention : conventions()) {
    for (const Index dim : dims()) {
      if (convention.even && dim % 2 != 0) continue;
      const phasor::PositionalEmbedding<float> embedding(convention.spectrum(dim));
      for (const double f : embedding.spectrum().frequency) frequencies.add(f);
      Eigen::ArrayXd t(40);
      for (Index i = 0; i < 40; ++i) t[i] = convention.last * static_cast<double>(i - 8) / 32;  // no sum to contract
      t[7] = 123456789.125;
      t[8] = -1e30;
      const auto by_double = embedding.embed(t);
      const auto by_float = embedding.embed(t.cast<float>());
      const auto by_int = embedding.embed(t.head(7).cast<int>());
      for (const auto* rows : {&by_double, &by_float, &by_int}) {
        for (Index i = 0; i < rows->size(); ++i) outputs.add(rows->data()[i]);
      }
    }
  }
  const auto value = [](const Hash& hash) { return static_cast<unsigned long long>(hash.value); };
  std::printf("%-8s frequencies %016llx, outputs %016llx, at every %llu-th float %016llx\n", phasor::target(),
              value(frequencies), value(outputs), static_cast<unsigned long long>(stride), value(every(stride)));
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t stride = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 40009;
  if (stride == 0) return std::fprintf(stderr, "usage: float_bits [N], N > 0\n"), 2;
  for (const int target : targets()) {
    use_target(target);
    print(stride);
  }
}
