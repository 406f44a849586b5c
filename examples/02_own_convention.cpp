// A convention of your own, in the words that phasor's are written in.
//
// Say a model was trained on [cos | sin] with 12 octaves from half a turn up, as NeRF codes positions, for t in [0, 1],
// with one wave of 10 turns in front, and zero columns at the end up to 32.
#include <phasor/phasor.hpp>

#include <cmath>
#include <cstdio>

namespace {

phasor::Spectrum octaves(phasor::Index dim) {
  const phasor::Index count = 12;
  // Frequencies in turns per unit of t: 0.5, 1, 2, 4, ...
  Eigen::ArrayXd octave(count);
  for (phasor::Index j = 0; j < count; ++j) octave[j] = std::ldexp(0.5, static_cast<int>(j));
  const phasor::Spectrum slow = phasor::sines(Eigen::ArrayXd::Constant(1, 10.));
  return phasor::padded(phasor::joined(slow, phasor::cosines_then_sines(octave)), dim);
}

}  // namespace

int main() {
  const phasor::PositionalEmbedding<float> embedding(octaves(32));
  const auto row = embedding.embed(0.3);
  const auto& spectrum = embedding.spectrum();
  for (const Eigen::Index k : {0, 1, 2, 13, 14, 25}) {
    std::printf("column %2td: frequency %7.1f, phase %.2f, value %9.6f\n", k, spectrum.frequency[k], spectrum.phase[k],
                static_cast<double>(row[k]));
  }
}
