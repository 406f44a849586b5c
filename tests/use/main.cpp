// Embeds in Flux's convention, here and in two other translation units.
#include <phasor/phasor.hpp>

#include <cstdio>

Eigen::MatrixXf embedded_elsewhere(const Eigen::VectorXd& t);
float embedded_in_buffer(double t);

int main() {
  const Eigen::VectorXd t = Eigen::Vector3d(0.25, 0.5, 1);
  const phasor::PositionalEmbedding<float> embedding(phasor::flux(256));
  const Eigen::MatrixXf here = embedding.embed(t), there = embedded_elsewhere(t);
  std::printf("cos 1000 = %.6f\n", static_cast<double>(here(2, 0)));
  return here == there && here(2, 0) == embedded_in_buffer(1) && here(2, 0) > 0.562379f && here(2, 0) < 0.56238f ? 0 : 1;
}
