// Draws digits from the diffusion model. The algorithm is the text of sample.cpp.
#pragma once

#include "diffusion.hpp"
#include "model.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace digits {

struct Sampling {
  int steps = 50;         // S, 1 … T
  double guidance = 0.5;  // w: 0 is the conditional model alone
  double eta = 0;         // η: 0 is DDIM, 1 is ancestral DDPM
  std::uint64_t seed = 1;
};

/// Returns an image for each of the N labels: N × 64, from -1, paper, to 1, ink. After each step `watch` gets
/// the number of steps done and the images so far. A step calls embedding.embed_into once and allocates
/// nothing. Throws std::invalid_argument for a label, a number of steps or an η outside its range.
Matrix<float> sample(const Denoiser<float>& denoiser, const phasor::PositionalEmbedding<float>& embedding,
                     const std::vector<int>& labels, const Sampling& sampling = {},
                     const std::function<void(int, const Matrix<double>&)>& watch = {});

}  // namespace digits
