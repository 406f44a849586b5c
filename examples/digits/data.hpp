// The digits: 1,797 images of 8 × 8 pixels, data/train.txt and data/held_out.txt.
#pragma once

#include "model.hpp"

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace digits {

struct Digits {
  Matrix<float> images;     // N × 64, -1 is paper and 1 is ink
  std::vector<int> labels;  // N classes of 0 … 9
};

/// The N × 10 matrix whose row i is one in column labels[i], else zero. Throws std::invalid_argument for a
/// label that is not 0 … 9.
inline Matrix<float> one_hot(const std::vector<int>& labels) {
  Matrix<float> y = Matrix<float>::Zero(static_cast<Index>(labels.size()), classes);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || labels[i] >= classes)
      throw std::invalid_argument("a label must be 0 ... 9, not " + std::to_string(labels[i]));
    y(static_cast<Index>(i), labels[i]) = 1;
  }
  return y;
}

/// The images of a file, in order. Throws std::runtime_error if it cannot be read or a line is not an image.
inline Digits load_digits(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + ": cannot be read; --data <directory> names another place");
  Digits digits;
  std::vector<float> values;
  for (std::string line; std::getline(file, line);) {
    if (line[0] == '#') continue;
    bool good = line.size() == 2 + static_cast<std::size_t>(pixels) && line[0] >= '0' && line[0] <= '9';
    for (std::size_t k = 2; good && k < line.size(); ++k) {
      const std::size_t ink = std::string("0123456789abcdefg").find(line[k]);
      good = ink != std::string::npos;
      values.push_back(static_cast<float>(ink) / 8 - 1);
    }
    if (!good) throw std::runtime_error(path + ": not an image: " + line);
    digits.labels.push_back(line[0] - '0');
  }
  digits.images = Eigen::Map<Matrix<float>>(values.data(), static_cast<Index>(digits.labels.size()), pixels);
  return digits;
}

}  // namespace digits
