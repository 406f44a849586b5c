// digits_evaluate: how good the digits are, and what a wrong timestep embedding does to them.
#include "data.hpp"
#include "options.hpp"
#include "picture.hpp"
#include "sample.hpp"
#include "weights.hpp"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cstdio>

namespace {

using namespace digits;

/// The Euclidean distance of each row of x to the nearest row of `data`, ascending. A pixel's range is 2.
std::vector<double> nearest(const Matrix<float>& x, const Matrix<float>& data) {
  std::vector<double> distances;
  for (const auto row : x.rowwise())
    distances.push_back(std::sqrt((data.rowwise() - row).rowwise().squaredNorm().minCoeff()));
  std::sort(distances.begin(), distances.end());
  return distances;
}

/// The Fréchet distance of the normal distributions with the rows' means and covariances (Heusel et al. 2017;
/// theirs are of Inception's features, these of the pixels): |μ_a - μ_b|² + tr(A + B - 2 (√A B √A)^½).
double frechet(const Matrix<float>& a, const Matrix<float>& b) {
  const auto covariance = [](const Matrix<float>& x) -> Eigen::MatrixXd {
    const Eigen::MatrixXd centred = x.cast<double>().rowwise() - x.cast<double>().colwise().mean();
    return centred.transpose() * centred / static_cast<double>(x.rows() - 1);
  };
  const auto root = [](const Eigen::MatrixXd& matrix) -> Eigen::MatrixXd {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
    const Eigen::VectorXd roots = solver.eigenvalues().cwiseMax(0).cwiseSqrt();
    return solver.eigenvectors() * roots.asDiagonal() * solver.eigenvectors().transpose();
  };
  const Eigen::MatrixXd A = covariance(a), B = covariance(b), root_A = root(A);
  return (a.cast<double>().colwise().mean() - b.cast<double>().colwise().mean()).squaredNorm() + A.trace() +
         B.trace() - 2 * root(root_A * B * root_A).trace();
}

void evaluate(const Options& options) {
  const Model model = load_weights(options.text("--weights"));
  const Digits data = load_digits(options.text("--data") + "/train.txt");
  const Digits held_out = load_digits(options.text("--data") + "/held_out.txt");
  const int count = options.integer("--count", 10, 1000);
  refuse_unless_writable(options.text("--out"));

  std::printf("classifier: reads %.1f %% of the %zu held-out images\n\n",
              100 * model.classifier.accuracy(held_out.images, held_out.labels), held_out.labels.size());

  std::printf("%26sread as  Frechet    distance to the nearest training image\n", "");
  std::printf("%26s  class distance     min    5 %%   25 %%   50 %%   75 %%   95 %%\n", "");
  const auto report = [&](const char* name, const Matrix<float>& images, const std::vector<int>& labels) {
    const auto distances = nearest(images, data.images);
    std::printf("%-25s %6.1f %% %9.2f  ", name, 100 * model.classifier.accuracy(images, labels),
                frechet(images, data.images));
    for (const double part : {0.0, 0.05, 0.25, 0.5, 0.75, 0.95})
      std::printf(" %6.2f",
                  distances[static_cast<std::size_t>(part * static_cast<double>(distances.size()))]);
    std::printf("\n");
    std::fflush(stdout);
  };
  report("held-out images", held_out.images, held_out.labels);

  const Index dim = timestep_embedding().dim();
  const std::vector<std::pair<const char*, phasor::Spectrum>> conventions{
      {"samples", timestep_embedding().spectrum()},
      {"halves swapped (cos|sin)", phasor::adm(dim)},
      {"half - 1 for half", phasor::ddpm(dim)},
      {"t x 1000", phasor::positional_embedding(dim, 1000)},
      {"t / 1000", phasor::positional_embedding(dim, 0.001)}};

  std::vector<int> labels;
  for (int i = 0; i < 10 * count; ++i) labels.push_back(i % 10);
  Matrix<float> picture(static_cast<Index>(conventions.size()) * 20, pixels);
  for (std::size_t i = 0; i < conventions.size(); ++i) {
    const auto& [name, spectrum] = conventions[i];
    const phasor::PositionalEmbedding<float> embedding(spectrum);
    const Matrix<float> images = sample(model.denoiser, embedding, labels);
    report(name, images, labels);
    picture.middleRows(static_cast<Index>(i) * 20, 20) = images.topRows(20);
  }
  write_png(options.text("--out"), picture, 20);
  std::printf("\nwrote %s: a row for each of the last %zu lines\n", options.text("--out").c_str(),
              conventions.size());
}

}  // namespace

int main(int argc, char** argv) {
  return run(argc, argv,
             {{"--count", "100", "samples of each digit"},
              {"--out", "wrong.png", "the picture to write: what each embedding draws"},
              {"--data", data_directory(argv[0]), "the directory of train.txt and held_out.txt"},
              {"--weights", data_directory(argv[0]) + "/digits.weights", "the file that digits_train wrote"}},
             evaluate);
}
