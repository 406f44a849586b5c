// Prints the embedding of t = 0 … 127 in 128 dimensions, a line a timestep: the picture in every tutorial.
#include <phasor/phasor.hpp>

#include <iostream>

int main() {
  const phasor::PositionalEmbedding<float> embedding(phasor::adm(128));
  const Eigen::ArrayXi t = Eigen::ArrayXi::LinSpaced(128, 0, 127);
  std::cout << embedding.embed(t) << "\n";
}
