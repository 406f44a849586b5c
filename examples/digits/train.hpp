// Trains the two networks, from random weights. The algorithm is the text of train.cpp.
#pragma once

#include "data.hpp"
#include "model.hpp"

#include <cstdint>
#include <functional>

namespace digits {

struct Training {
  int steps;    // updates, each from a mini-batch of 128 images drawn with replacement
  double rate;  // the first update's learning rate; it falls linearly to zero
  std::uint64_t seed;
};

/// Called after each update with the number of updates done and the mini-batch's loss.
using Watch = std::function<void(int, double)>;

/// The loss is the mean square of ε - ε_θ over the images and their pixels.
void train(Denoiser<float>& denoiser, const Digits& data, const Training& training, const Watch& watch = {});

/// The loss is the mean cross-entropy.
void train(Classifier<float>& classifier, const Digits& data, const Training& training,
           const Watch& watch = {});

}  // namespace digits
