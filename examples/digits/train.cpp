// How a diffusion model learns: spoil an image with a known noise, and ask the network for the noise.
//
//   DDPM      Ho, Jain, Abbeel: Denoising Diffusion Probabilistic Models, 2020, Algorithm 1
//   Guidance  Ho, Salimans: Classifier-Free Diffusion Guidance, 2022, Algorithm 1: at times, hide the class
//   Adam      Kingma, Ba: Adam: A Method for Stochastic Optimization, 2015, Algorithm 1
#include "train.hpp"

#include "diffusion.hpp"

#include <cmath>

namespace digits {
namespace {

constexpr Index batch = 128;
constexpr double p_uncond = 0.1;  // how often the class is hidden

class Adam {
 public:
  explicit Adam(Index parameters) : m_(Eigen::ArrayXf::Zero(parameters)), v_(m_) {}

  void step(Vector<float>& theta, const Vector<float>& gradient, double rate) {
    constexpr float beta_1 = 0.9f, beta_2 = 0.999f, epsilon = 1e-8f;
    ++t_;
    m_ = beta_1 * m_ + (1 - beta_1) * gradient.array();
    v_ = beta_2 * v_ + (1 - beta_2) * gradient.array().square();
    const auto rate_of_m = static_cast<float>(rate / (1 - std::pow(beta_1, t_)));
    const auto scale_of_v = static_cast<float>(1 / (1 - std::pow(beta_2, t_)));
    theta.array() -= rate_of_m * m_ / ((scale_of_v * v_).sqrt() + epsilon);
  }

 private:
  Eigen::ArrayXf m_, v_;
  int t_ = 0;
};

/// The updates of either network: loss_of(random, gradient) returns a mini-batch's loss and adds its
/// gradient.
template <typename LossOf>
void descend(Network<float>& network, const Training& training, const Watch& watch, LossOf loss_of) {
  Random random(training.seed);
  network.initialise(random);
  Adam adam(network.theta.size());
  Vector<float> gradient(network.theta.size());
  for (int i = 0; i < training.steps; ++i) {
    gradient.setZero();
    const double loss = loss_of(random, gradient);
    adam.step(network.theta, gradient, training.rate * (1 - static_cast<double>(i) / training.steps));
    if (watch) watch(i + 1, loss);
  }
}

}  // namespace

void train(Denoiser<float>& denoiser, const Digits& data, const Training& training, const Watch& watch) {
  const Eigen::ArrayXd alpha_bar_of = alpha_bar();
  const phasor::PositionalEmbedding<float> embedding = timestep_embedding();
  auto network = denoiser.pass(batch);
  Eigen::VectorXi t(batch);
  Matrix<float> epsilon(batch, pixels);

  descend(denoiser, training, watch, [&](Random& random, Vector<float>& gradient) {
    // x_0 ~ the data, with its class y; t ~ uniform; ε ~ N(0, I); x_t = √ᾱ_t x_0 + √(1 - ᾱ_t) ε.
    random.fill_normal(epsilon);
    network.y.setZero();
    for (Index i = 0; i < batch; ++i) {
      const int k = random.below(static_cast<int>(data.images.rows()));
      if (random.uniform() > p_uncond) network.y(i, data.labels[static_cast<std::size_t>(k)]) = 1;
      t(i) = random.below(T);
      const double alpha_bar_t = alpha_bar_of(t(i));
      network.x.row(i) = static_cast<float>(std::sqrt(alpha_bar_t)) * data.images.row(k) +
                         static_cast<float>(std::sqrt(1 - alpha_bar_t)) * epsilon.row(i);
    }
    embedding.embed_into(t, network.e);

    // The loss ‖ε - ε_θ(x_t, t, y)‖² (DDPM Eq. 14), as a mean, and its gradient.
    denoiser.forward(network);
    const Matrix<float> error = network.epsilon - epsilon;
    denoiser.backward(network, error * (2 / static_cast<float>(error.size())), gradient);
    return error.squaredNorm() / static_cast<float>(error.size());
  });
}

void train(Classifier<float>& classifier, const Digits& data, const Training& training, const Watch& watch) {
  Matrix<float> x(batch, pixels), y(batch, classes);
  descend(classifier, training, watch, [&](Random& random, Vector<float>& gradient) {
    // A little noise keeps the network from learning the images by heart.
    random.fill_normal(x);
    y.setZero();
    for (Index i = 0; i < batch; ++i) {
      const int k = random.below(static_cast<int>(data.images.rows()));
      x.row(i) = data.images.row(k) + 0.2f * x.row(i);
      y(i, data.labels[static_cast<std::size_t>(k)]) = 1;
    }
    return classifier.loss(x, y, gradient);
  });
}

}  // namespace digits
