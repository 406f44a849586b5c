// How a diffusion model draws: begin with noise and, step by step, take away the noise that the network sees.
//
//   DDPM      Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models, 2020
//   DDIM      Song, Meng, Ermon: Denoising Diffusion Implicit Models, 2021; its α is DDPM's ᾱ, as we write it
//   Guidance  Ho, Salimans: Classifier-Free Diffusion Guidance, 2022
#include "sample.hpp"

#include "data.hpp"

#include <cmath>
#include <stdexcept>

namespace digits {

Matrix<float> sample(const Denoiser<float>& denoiser, const phasor::PositionalEmbedding<float>& embedding,
                     const std::vector<int>& labels, const Sampling& sampling,
                     const std::function<void(int, const Matrix<double>&)>& watch) {
  const auto [S, w, eta, seed] = sampling;
  if (S < 1 || S > T) throw std::invalid_argument("sample: steps must be 1 ... " + std::to_string(T));
  if (!(eta >= 0 && eta <= 1)) throw std::invalid_argument("sample: eta must be 0 ... 1");
  const auto N = static_cast<Index>(labels.size());
  const Eigen::ArrayXd alpha_bar_of = alpha_bar();

  // The network sees each image twice: in the first N rows with its class y, then with the null class ∅.
  auto network = denoiser.pass(2 * N);
  network.y.topRows(N) = one_hot(labels);
  Eigen::VectorXi t(2 * N);
  Matrix<double> x(N, pixels), x_0(N, pixels), epsilon(N, pixels), z = Matrix<double>::Zero(N, pixels);

  // All noise: x_T ~ N(0, I).
  Random random(seed);
  random.fill_normal(x);

  // S of the T timesteps, evenly spaced (DDIM §4.2), from the noisiest, τ_S = T - 1, down to τ_1. Before τ_1
  // the image is clean.
  for (int i = S; i >= 1; --i) {
    const int tau = i * T / S - 1;
    const int tau_before = (i - 1) * T / S - 1;
    const double alpha_bar_t = alpha_bar_of(tau);
    const double alpha_bar_before = i > 1 ? alpha_bar_of(tau_before) : 1;

    // The noise in x_t, as the network sees it: ε_θ(x_t, t, y) and ε_θ(x_t, t, ∅).
    t.setConstant(tau);
    embedding.embed_into(t, network.e);
    network.x << x.cast<float>(), x.cast<float>();
    denoiser.forward(network);

    // Towards the class and away from what any digit has: ε = (1 + w) ε_θ(x_t, t, y) - w ε_θ(x_t, t, ∅)
    // (Guidance Eq. 6).
    epsilon = (1 + w) * network.epsilon.topRows(N).cast<double>() -
              w * network.epsilon.bottomRows(N).cast<double>();

    // The image left without that noise (DDPM Eq. 15, DDIM Eq. 9).
    x_0 = (x - std::sqrt(1 - alpha_bar_t) * epsilon) / std::sqrt(alpha_bar_t);

    // How much of the noise is drawn anew (DDIM Eq. 16). η = 0: none, DDIM. η = 1: DDPM, its β̃_t (DDPM
    // Eq. 7).
    const double sigma = eta * std::sqrt((1 - alpha_bar_before) / (1 - alpha_bar_t)) *
                         std::sqrt(1 - alpha_bar_t / alpha_bar_before);
    if (sigma > 0) random.fill_normal(z);

    // The image with the noise of the timestep before: in part the same ε, in part new z (DDIM Eq. 12).
    x = std::sqrt(alpha_bar_before) * x_0 + std::sqrt(1 - alpha_bar_before - sigma * sigma) * epsilon +
        sigma * z;

    if (watch) watch(S - i + 1, x);
  }
  return x.cast<float>().cwiseMax(-1).cwiseMin(1);
}

}  // namespace digits
