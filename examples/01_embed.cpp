// Four timesteps, embedded as Stable Diffusion does ([cos | sin]), and then as the class does without a convention
// ([sin | cos], as abarankab's DDPM).
#include <phasor/phasor.hpp>

#include <cstddef>
#include <cstdio>

namespace {

constexpr int timesteps[] = {10, 12, 16, 100};

/// Prints the first four columns of each half of the embedding, under their angular frequencies.
void print(const char* name, const phasor::PositionalEmbedding<float>& embedding) {
  const auto rows = embedding.embed(timesteps);
  const auto print_line = [&](const auto& number) {
    for (const std::size_t first : {std::size_t(0), static_cast<std::size_t>(embedding.dim() / 2)}) {
      for (std::size_t k = first; k < first + 4; ++k) std::printf(" %8.4f", static_cast<double>(number(k)));
      std::printf(" ...");
    }
    std::printf("\n");
  };
  std::printf("%s: %td x %td on %s\n   omega", name, rows.rows(), rows.cols(), phasor::target());
  print_line([&](std::size_t k) { return 2 * 3.141592653589793 * embedding.spectrum().frequency[k]; });
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    std::printf(" t = %3d", timesteps[i]);
    print_line([&](std::size_t k) { return rows(i, static_cast<Eigen::Index>(k)); });
  }
}

}  // namespace

int main() {
  print("Stable Diffusion, adm(320): cos(omega t) | sin(omega t)", phasor::PositionalEmbedding<float>(phasor::adm(320)));
  print("PositionalEmbedding<float>(128): sin(omega t) | cos(omega t)", phasor::PositionalEmbedding<float>(128));
}
