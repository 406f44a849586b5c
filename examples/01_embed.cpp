// Four timesteps, embedded as the starting class does (128 columns, [sin | cos]) and as Stable Diffusion does.
#include <phasor/phasor.hpp>

#include <cstdio>

namespace {

/// Prints columns first … first + 3 and the column that starts the second half.
void print_corner(const Eigen::VectorXi& timesteps, const phasor::PositionalEmbedding<float>& embedding) {
  const auto rows = embedding.embed(timesteps);
  const Eigen::Index half = embedding.dim() / 2;
  std::printf("%6s", "t");
  for (const Eigen::Index k : {Eigen::Index(0), Eigen::Index(1), Eigen::Index(2), half, half + 1, half + 2}) {
    std::printf("%9s%-3td", "column ", k);
  }
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    std::printf("\n%6d", timesteps[i]);
    for (const Eigen::Index k : {Eigen::Index(0), Eigen::Index(1), Eigen::Index(2), half, half + 1, half + 2}) {
      std::printf("%12.6f", static_cast<double>(rows(i, k)));
    }
  }
  std::printf("\n%td x %td\n\n", rows.rows(), rows.cols());
}

}  // namespace

int main() {
  const Eigen::VectorXi timesteps = (Eigen::VectorXi(4) << 10, 12, 16, 100).finished();

  const phasor::PositionalEmbedding<float> embedding(128);
  std::printf("PositionalEmbedding<float>(128), angular frequencies");
  for (Eigen::Index k = 0; k < 5; ++k) {
    const double turns = embedding.spectrum().frequency[k];
    std::printf(" %.4f", turns * 2 * 3.14159265358979);
  }
  std::printf(" ...\n");
  print_corner(timesteps, embedding);

  std::printf("Stable Diffusion: phasor::adm(320), [cos | sin]\n");
  print_corner(timesteps, phasor::PositionalEmbedding<float>(phasor::adm(320)));
}
