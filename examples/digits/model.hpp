// The two networks, forward and backward, in plain Eigen: the diffusion model's Denoiser ε_θ(x_t, t, y), and
// a Classifier, which reads digits. One example a row. Scalar is float in use, double to check the gradients.
#pragma once

#include "random.hpp"

#include <Eigen/Core>

#include <cmath>
#include <vector>

namespace digits {

using Eigen::Index;

template <typename Scalar>
using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <typename Scalar>
using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;

constexpr Index pixels = 64;
constexpr Index classes = 10;
constexpr Index embedding_dim = 16;  // columns of e(t); enough for a network of this size

/// silu(u) = u σ(u), and its derivative, element by element.
template <typename Derived>
auto silu(const Eigen::MatrixBase<Derived>& u) {
  return (u.array() * u.array().logistic()).matrix();
}
template <typename Derived>
auto silu_derivative(const Eigen::MatrixBase<Derived>& u) {
  return (u.array().logistic() * (1 + u.array() * (1 - u.array().logistic()))).matrix();
}

/// A fully connected layer y = x W + b. Its numbers are a slice of the network's parameter vector θ, so that
/// the optimiser, the file and the gradient check see one plain vector; a gradient has the same layout.
struct Linear {
  Index in, out, offset;

  Index size() const { return (in + 1) * out; }

  template <typename Scalar>
  auto W(const Vector<Scalar>& theta) const {
    return Eigen::Map<const Matrix<Scalar>>(theta.data() + offset, in, out);
  }
  template <typename Scalar>
  auto b(const Vector<Scalar>& theta) const {
    return Eigen::Map<const Matrix<Scalar>>(theta.data() + offset + in * out, 1, out).row(0);
  }

  /// y = x W + b; `add` is y += x W + b.
  template <typename Scalar>
  void apply(const Vector<Scalar>& theta, const Matrix<Scalar>& x, Matrix<Scalar>& y) const {
    y.noalias() = x * W(theta);
    y.rowwise() += b(theta);
  }
  template <typename Scalar>
  void add(const Vector<Scalar>& theta, const Matrix<Scalar>& x, Matrix<Scalar>& y) const {
    y.noalias() += x * W(theta);
    y.rowwise() += b(theta);
  }

  /// From dy = ∂L/∂y: adds ∂L/∂W = xᵀ dy and ∂L/∂b to `gradient`, and returns ∂L/∂x = dy Wᵀ as an expression,
  /// which costs nothing where it is not used.
  template <typename Scalar>
  auto backward(const Vector<Scalar>& theta, const Matrix<Scalar>& x, const Matrix<Scalar>& dy,
                Vector<Scalar>& gradient) const {
    Eigen::Map<Matrix<Scalar>>(gradient.data() + offset, in, out).noalias() += x.transpose() * dy;
    Eigen::Map<Vector<Scalar>>(gradient.data() + offset + in * out, out) += dy.colwise().sum().transpose();
    return dy * W(theta).transpose();
  }
};

/// What a file, an optimiser or a gradient check needs to know of a network: its layers and its parameters θ.
template <typename Scalar>
struct Network {
  std::vector<Linear> layers;
  Vector<Scalar> theta;

  /// Draws W ~ N(0, 1 / in) and sets b = 0.
  void initialise(Random& random) {
    theta.setZero();
    for (const Linear& layer : layers) {
      auto W = theta.segment(layer.offset, layer.in * layer.out);
      random.fill_normal(W);
      W /= std::sqrt(static_cast<Scalar>(layer.in));
    }
  }

 protected:
  Linear layer(Index in, Index out) {
    const Linear added{in, out, theta.size()};
    layers.push_back(added);
    theta.setZero(added.offset + added.size());
    return added;
  }
};

/// ε_θ(x_t, t, y): the noise in a noisy digit. A residual network whose every block sees the condition c:
///
///     c = silu(Linear(silu(Linear(e(t)))) + Linear(y))         e(t): the timestep's positional embedding
///     h_0 = Linear(x_t)
///     h_{i+1} = h_i + silu(Linear(h_i) + Linear(c))
///     ε = Linear(h_depth)
///
/// y is one-hot; a row of zeros is the null class ∅ of classifier-free guidance (Ho and Salimans 2022).
template <typename Scalar>
class Denoiser : public Network<Scalar> {
  using Network<Scalar>::layer;

 public:
  using Network<Scalar>::theta;

  /// One batch of N rows: the inputs x (N × 64), e (N × embedding) and y (N × 10), which the caller sets, the
  /// activations, and the output epsilon (N × 64).
  struct Pass {
    Matrix<Scalar> x, e, y;
    Matrix<Scalar> a, g, s, c;         // silu(a) = g, silu(s) = c
    std::vector<Matrix<Scalar>> u, h;  // h_{i+1} = h_i + silu(u_i)
    Matrix<Scalar> epsilon;
  };

  explicit Denoiser(Index embedding = embedding_dim, Index condition = 128, Index width = 256,
                    std::size_t depth = 4)
      : time1_(layer(embedding, condition)),
        time2_(layer(condition, condition)),
        class_(layer(classes, condition)),
        input_(layer(pixels, width)) {
    for (std::size_t i = 0; i < depth; ++i) blocks_.push_back({layer(width, width), layer(condition, width)});
    output_ = layer(width, pixels);
  }

  /// The memory of a pass over a batch of N = rows, all zero.
  Pass pass(Index rows) const {
    Pass p;
    p.e.setZero(rows, time1_.in);
    p.y.setZero(rows, classes);
    for (auto* image : {&p.x, &p.epsilon}) image->setZero(rows, pixels);
    for (auto* condition : {&p.a, &p.g, &p.s, &p.c}) condition->setZero(rows, time1_.out);
    p.u.assign(blocks_.size(), Matrix<Scalar>::Zero(rows, input_.out));
    p.h.assign(blocks_.size() + 1, Matrix<Scalar>::Zero(rows, input_.out));
    return p;
  }

  /// p.epsilon from p.x, p.e and p.y. Allocates nothing.
  void forward(Pass& p) const {
    time1_.apply(theta, p.e, p.a);
    p.g = silu(p.a);
    time2_.apply(theta, p.g, p.s);
    class_.add(theta, p.y, p.s);
    p.c = silu(p.s);
    input_.apply(theta, p.x, p.h[0]);
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      blocks_[i].of_h.apply(theta, p.h[i], p.u[i]);
      blocks_[i].of_c.add(theta, p.c, p.u[i]);
      p.h[i + 1] = p.h[i] + silu(p.u[i]);
    }
    output_.apply(theta, p.h.back(), p.epsilon);
  }

  /// Adds ∂L/∂θ to `gradient`, from d_epsilon = ∂L/∂ε and the pass that forward has filled.
  void backward(const Pass& p, const Matrix<Scalar>& d_epsilon, Vector<Scalar>& gradient) const {
    Matrix<Scalar> dc = Matrix<Scalar>::Zero(p.c.rows(), p.c.cols());
    Matrix<Scalar> dh = output_.backward(theta, p.h.back(), d_epsilon, gradient);
    for (std::size_t i = blocks_.size(); i-- > 0;) {
      const Matrix<Scalar> du = dh.cwiseProduct(silu_derivative(p.u[i]));
      dh.noalias() += blocks_[i].of_h.backward(theta, p.h[i], du, gradient);
      dc.noalias() += blocks_[i].of_c.backward(theta, p.c, du, gradient);
    }
    input_.backward(theta, p.x, dh, gradient);
    const Matrix<Scalar> ds = dc.cwiseProduct(silu_derivative(p.s));
    class_.backward(theta, p.y, ds, gradient);
    const Matrix<Scalar> dg = time2_.backward(theta, p.g, ds, gradient);
    const Matrix<Scalar> da = dg.cwiseProduct(silu_derivative(p.a));
    time1_.backward(theta, p.e, da, gradient);
  }

 private:
  struct Block {
    Linear of_h, of_c;
  };
  Linear time1_, time2_, class_, input_;
  std::vector<Block> blocks_;
  Linear output_{};
};

/// Reads the digit in an image: logits = Linear(silu(Linear(x))).
template <typename Scalar>
class Classifier : public Network<Scalar> {
  using Network<Scalar>::layer;

 public:
  using Network<Scalar>::theta;

  explicit Classifier(Index width = 128) : hidden_(layer(pixels, width)), output_(layer(width, classes)) {}

  /// The class of each of the N × 64 images.
  std::vector<int> read(const Matrix<Scalar>& x) const {
    Matrix<Scalar> u, g, logits;
    forward(x, u, g, logits);
    std::vector<int> labels;
    for (const auto row : logits.rowwise()) {
      Index best;
      row.maxCoeff(&best);
      labels.push_back(static_cast<int>(best));
    }
    return labels;
  }

  /// The share, 0 … 1, of the images that are read as their label.
  double accuracy(const Matrix<Scalar>& x, const std::vector<int>& labels) const {
    const std::vector<int> read_as = read(x);
    std::size_t right = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) right += read_as[i] == labels[i] ? 1 : 0;
    return static_cast<double>(right) / static_cast<double>(labels.size());
  }

  /// The mean cross-entropy of a batch with one-hot classes y (N × 10); adds its gradient to `gradient`.
  Scalar loss(const Matrix<Scalar>& x, const Matrix<Scalar>& y, Vector<Scalar>& gradient) const {
    Matrix<Scalar> u, g, logits;
    forward(x, u, g, logits);
    logits.colwise() -= logits.rowwise().maxCoeff().eval();
    const Vector<Scalar> log_sum = logits.array().exp().rowwise().sum().log();
    logits.colwise() -= log_sum;
    const auto count = static_cast<Scalar>(x.rows());
    const Matrix<Scalar> d_logits = (logits.array().exp().matrix() - y) / count;
    const Matrix<Scalar> dg = output_.backward(theta, g, d_logits, gradient);
    const Matrix<Scalar> du = dg.cwiseProduct(silu_derivative(u));
    hidden_.backward(theta, x, du, gradient);
    return -logits.cwiseProduct(y).sum() / count;
  }

 private:
  void forward(const Matrix<Scalar>& x, Matrix<Scalar>& u, Matrix<Scalar>& g, Matrix<Scalar>& logits) const {
    hidden_.apply(theta, x, u);
    g = silu(u);
    output_.apply(theta, g, logits);
  }

  Linear hidden_, output_;
};

}  // namespace digits
