// Is the difference from the model that I port my bug, or float32's rounding? Two checks tell.
//
// Float32 code rounds its angles t · ω before the sine sees them. First, compare those angles with the Spectrum's: they
// differ in their last bits only. Then, embed the angles as they are: each is a timestep of a wave of 1 / 2π turns, and
// what comes out is the float32 code's own output, to the last bit or two. (The exact way is embed(t), without any of it.)
#include <phasor/phasor.hpp>

#include <cmath>
#include <cstdio>
#include <vector>

int main() {
  const phasor::Index dim = 320, half = dim / 2, count = 1000;
  const Eigen::ArrayXf t = Eigen::ArrayXf::LinSpaced(count, 0, 999);
  using Matrix = phasor::PositionalEmbedding<float>::Matrix;

  // The model that is ported, Stable Diffusion, in its own arithmetic. Or else: its angles and outputs, from a file.
  Matrix angles(count, half), theirs(count, dim);
  for (phasor::Index j = 0; j < half; ++j) {
    const float w = std::exp(static_cast<float>(-std::log(1e4)) * static_cast<float>(j) / static_cast<float>(half));
    for (phasor::Index i = 0; i < count; ++i) {
      angles(i, j) = t[i] * w;
      theirs(i, j) = std::cos(angles(i, j));
      theirs(i, half + j) = std::sin(angles(i, j));
    }
  }

  // 1. Its angles against 2π t f.
  const auto largest_relative = [&](const phasor::Spectrum& spectrum) {
    const Eigen::Map<const Eigen::RowVectorXd> turns(spectrum.frequency.data(), half);
    const Eigen::ArrayXXd exact = (t.cast<double>().matrix() * turns).array() * 2 * double(EIGEN_PI);
    return ((angles.cast<double>().array() - exact).abs() / exact.max(1e-30)).maxCoeff();
  };
  const double right = largest_relative(phasor::adm(dim)), wrong = largest_relative(phasor::ddpm(dim));

  // 2. Its outputs against those of its angles.
  const std::vector<double> turn = phasor::from_radians({1});
  const phasor::PositionalEmbedding<float> cosine(phasor::cosines(turn)), sine(phasor::sines(turn));
  Matrix ours(count, dim);
  for (phasor::Index i = 0; i < count; ++i) {
    cosine.embed_into(&angles(i, 0), half, &ours(i, 0), 1);
    sine.embed_into(&angles(i, 0), half, &ours(i, half), 1);
  }
  const float at_its_angles = (ours - theirs).cwiseAbs().maxCoeff();
  const float at_t = (phasor::PositionalEmbedding<float>(phasor::adm(dim)).embed(t) - theirs).cwiseAbs().maxCoeff();

  std::printf("its angles from adm's: %.1e of themselves, from ddpm's: %.1e\n", right, wrong);
  std::printf("its outputs from phasor's at its angles: %.1e, at t: %.1e\n", double(at_its_angles), double(at_t));

  // With u = 2^-24: the exponent, at most log(1e4) = 9.22, is rounded three times, which changes e^x by 27.7 u of itself;
  // exp adds 2 u and the product u. The C library's sine and cosine are within 1 ulp, at most u.
  return right <= 31 * 0x1p-24 && wrong > 1e-2 && at_its_angles <= phasor::max_error<float> + 0x1p-24 ? 0 : 1;
}
