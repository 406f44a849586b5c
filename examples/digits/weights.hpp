// The weights file: every number of the networks, or a clear error.
//
//     8 bytes   "phasorNN", the magic number
//     uint32    the number of layers n, then n × (uint32 in, uint32 out)
//     float     (in + 1) × out numbers a layer, W by rows and then b
//     uint64    checksum: FNV-1a of all bytes before it
//
// Numbers are as in the memory of a little-endian machine.
#pragma once

#include "model.hpp"

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace digits {

struct Model {
  Denoiser<float> denoiser;
  Classifier<float> classifier;
};

namespace detail {

constexpr char magic[] = "phasorNN";

template <typename Number>
void append(std::string& bytes, const Number* values, Index count) {
  bytes.append(reinterpret_cast<const char*>(values), static_cast<std::size_t>(count) * sizeof(Number));
}

/// FNV-1a, 64 bits (Fowler, Noll and Vo).
inline std::uint64_t checksum(const std::string& bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  return hash;
}

/// The file up to its floats.
inline std::string header(const Model& model) {
  std::vector<std::uint32_t> shapes{0};
  for (const auto* layers : {&model.denoiser.layers, &model.classifier.layers})
    for (const Linear& layer : *layers) {
      ++shapes[0];
      shapes.push_back(static_cast<std::uint32_t>(layer.in));
      shapes.push_back(static_cast<std::uint32_t>(layer.out));
    }
  std::string bytes = magic;
  append(bytes, shapes.data(), static_cast<Index>(shapes.size()));
  return bytes;
}

/// The whole file.
inline std::string file_of(const Model& model) {
  std::string bytes = header(model);
  for (const auto* theta : {&model.denoiser.theta, &model.classifier.theta})
    append(bytes, theta->data(), theta->size());
  const std::uint64_t sum = checksum(bytes);
  append(bytes, &sum, 1);
  return bytes;
}

}  // namespace detail

/// Writes the file whole or not at all: under another name first, which then takes the place of `path`.
/// Throws std::runtime_error if that fails.
inline void save_weights(const std::string& path, const Model& model) {
  const std::string bytes = detail::file_of(model);
  const std::string partial = path + ".partial";
  std::ofstream file(partial, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw std::runtime_error(partial + ": cannot be written");
  std::filesystem::rename(partial, path);
}

/// The model in a file. Throws std::runtime_error, with the path and the reason, if the file cannot be read,
/// is not a weights file, is of networks of other shapes, has another size or is damaged.
inline Model load_weights(const std::string& path) {
  const auto refuse_if = [&path](bool wrong, const char* why) {
    if (wrong) throw std::runtime_error(path + ": " + why);
  };
  std::ifstream file(path, std::ios::binary);
  refuse_if(!file, "cannot be read; --weights <file> names another");
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};

  Model model;
  const std::string header = detail::header(model);
  const std::size_t size = detail::file_of(model).size();
  std::uint64_t sum = 0;
  refuse_if(bytes.compare(0, 8, detail::magic) != 0, "not a weights file");
  refuse_if(bytes.size() < header.size(), "cut short");
  refuse_if(bytes.compare(0, header.size(), header) != 0, "the weights of networks of other shapes");
  refuse_if(bytes.size() < size, "cut short");
  refuse_if(bytes.size() > size, "too long");
  std::memcpy(&sum, &bytes[size - sizeof sum], sizeof sum);
  refuse_if(sum != detail::checksum(bytes.substr(0, size - sizeof sum)), "damaged: the checksum is wrong");

  std::size_t from = header.size();
  for (auto* theta : {&model.denoiser.theta, &model.classifier.theta}) {
    const std::size_t count = static_cast<std::size_t>(theta->size()) * sizeof(float);
    std::memcpy(theta->data(), &bytes[from], count);
    from += count;
  }
  return model;
}

}  // namespace digits
