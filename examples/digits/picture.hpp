// Digits as a PNG picture.
#pragma once

#include "model.hpp"

#include <png.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace digits {

/// Writes N × 64 images (-1 paper, 1 ink) as a grid, row by row, dark on white. Each has a border one pixel
/// wide and is magnified `zoom` times, linearly interpolated. Throws std::runtime_error if the file cannot be
/// written.
inline void write_png(const std::string& path, const Matrix<float>& images, Index columns, Index zoom = 5) {
  constexpr Index side = 8;
  const Index cell = (side + 2) * zoom;
  const Index rows = (images.rows() + columns - 1) / columns;

  // Row k: the weights of the image's eight lines in line k of a cell. Outside the image they fall to paper.
  Matrix<float> weights(cell, side);
  for (Index k = 0; k < cell; ++k)
    for (Index line = 0; line < side; ++line) {
      const float center = static_cast<float>((line + 1) * zoom) + static_cast<float>(zoom) / 2;
      const float distance = std::abs(static_cast<float>(k) + 0.5f - center) / static_cast<float>(zoom);
      weights(k, line) = std::max(0.0f, 1 - distance);
    }

  Matrix<float> ink = Matrix<float>::Zero(rows * cell, columns * cell);
  for (Index i = 0; i < images.rows(); ++i) {
    const Matrix<float> image = (images.row(i).reshaped<Eigen::RowMajor>(side, side).array() + 1) / 2;
    ink.block(i / columns * cell, i % columns * cell, cell, cell) = weights * image * weights.transpose();
  }
  const Matrix<png_byte> gray = (255.5f - 255 * ink.array().max(0.0f).min(1.0f)).cast<png_byte>();

  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(gray.cols());
  png.height = static_cast<png_uint_32>(gray.rows());
  png.format = PNG_FORMAT_GRAY;
  if (!png_image_write_to_file(&png, path.c_str(), 0, gray.data(), 0, nullptr))
    throw std::runtime_error(path + ": cannot be written: " + png.message);
}

}  // namespace digits
