#include <phasor/phasor.hpp>

Eigen::MatrixXf embedded_elsewhere(const Eigen::VectorXd& t) {
  return phasor::PositionalEmbedding<float>(phasor::flux(256)).embed(t);
}
