// A convention of your own, in the words that phasor's are written in.
//
// Say a model was trained on [cos | sin] with 12 octaves from half a turn up, as NeRF codes positions, for t in [0, 1],
// with one wave of 10 turns in front, and zero columns at the end up to 32.
#include <phasor/phasor.hpp>

#include <cstdio>
#include <vector>

namespace {

phasor::Spectrum octaves(phasor::Index dim) {
  const std::vector<double> octave = phasor::geomspace(12, 0.5, 1024);  // turns per unit of t: 0.5, 1, 2, ... 1024
  return phasor::padded(phasor::joined(phasor::sines({10}), phasor::cosines_then_sines(octave)), dim);
}

}  // namespace

int main() {
  const phasor::PositionalEmbedding<float> embedding(octaves(32));
  const auto row = embedding.embed(0.3);
  const auto& [frequency, phase] = embedding.spectrum();
  for (const unsigned k : {0u, 1u, 2u, 13u, 14u, 25u}) {
    std::printf("column %2u: frequency %7.1f, phase %.2f, value %9.6f\n", k, frequency[k], phase[k],
                static_cast<double>(row[k]));
  }
}
