// What training and sampling share: the noise schedule and the timestep's embedding.
#pragma once

#include "model.hpp"

#include <phasor/phasor.hpp>

#include <Eigen/Core>

namespace digits {

/// The number of noise levels. The papers' t = 1 … T is t = 0 … T - 1 here, as in their code.
constexpr int T = 1000;

/// ᾱ_t = ∏_{s ≤ t} (1 - β_s) for t = 0 … T - 1, β rising linearly from 1e-4 to 0.02 (Ho et al. 2020, §4). A
/// noisy image is x_t = √ᾱ_t x_0 + √(1 - ᾱ_t) ε (Eq. 4).
inline Eigen::ArrayXd alpha_bar() {
  Eigen::ArrayXd result = 1 - Eigen::ArrayXd::LinSpaced(T, 1e-4, 0.02);
  for (int t = 1; t < T; ++t) result(t) *= result(t - 1);
  return result;
}

/// e(t), in the convention that the shipped weights were trained with.
inline phasor::PositionalEmbedding<float> timestep_embedding() {
  return phasor::PositionalEmbedding<float>(embedding_dim);
}

}  // namespace digits
