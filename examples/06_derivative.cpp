// d out / d t, as consistency and MeanFlow training need it: from derivative(), and from a central difference.
#include <phasor/phasor.hpp>

#include <cstdio>

int main() {
  const phasor::Spectrum spectrum = phasor::flux(256);
  const auto columns = static_cast<Eigen::Index>(spectrum.frequency.size());
  const Eigen::Map<const Eigen::ArrayXd> turns(spectrum.frequency.data(), columns);
  const Eigen::ArrayXd gain = 2 * double(EIGEN_PI) * turns;  // radians per unit of t, up to 1000
  const Eigen::VectorXd t = Eigen::VectorXd::LinSpaced(1000, 0, 1);

  const phasor::PositionalEmbedding<float> embedding(spectrum), slope(phasor::derivative(spectrum));
  const Eigen::ArrayXXf by_derivative = slope.embed(t).array().rowwise() * gain.cast<float>().transpose();

  // Errors of both in units of 2π f, the largest slope of a column.
  const Eigen::ArrayXXd exact = phasor::PositionalEmbedding<double>(phasor::derivative(spectrum)).embed(t).array();
  const auto error = [&](const Eigen::ArrayXXf& got) {
    return (got.cast<double>().rowwise() / gain.transpose() - exact).abs().maxCoeff();
  };
  const double error_of_derivative = error(by_derivative);
  std::printf("derivative()                  %.1e\n", error_of_derivative);
  for (const double h : {1e-2, 1e-3, 1e-4, 1e-5, 1e-6}) {
    const Eigen::VectorXd after = t.array() + h, before = t.array() - h;
    const Eigen::ArrayXXf difference = (embedding.embed(after) - embedding.embed(before)).array() / float(2 * h);
    std::printf("central difference, h = %.0e %.1e\n", h, error(difference));
  }
  // Beyond the embedding's own error: the factor and the product are rounded to float, by 2^-24 of themselves each.
  return error_of_derivative <= phasor::max_error<float> + 2 * 0x1.01p-24 ? 0 : 1;
}
