// Prints one hash over the float outputs of every convention, and one over the frequencies that they come from.
// Every target with a fused multiply-add prints the same; the frequencies may differ only where std::pow does.
#include "bits.hpp"
#include "in_use.hpp"

#include <cmath>

namespace {

/// FNV-1a, over 64-bit words.
struct Hash {
  std::uint64_t value = 0xcbf29ce484222325;

  template <typename T>
  void add(const T& x) {
    value = (value ^ bits(x)) * 0x100000001b3;
  }
};

}  // namespace

int main() {
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
  std::printf("frequencies %016llx, outputs %016llx\n", static_cast<unsigned long long>(frequencies.value),
              static_cast<unsigned long long>(outputs.value));
}
