// A part of a program: makes its own embeddings, and uses those of the other part. PART is its name.
// Eigen is in it where EIGEN_MAX_ALIGN_BYTES is: if that is not the same in both parts, its matrices alone crash.
#include "part.hpp"

#ifdef EIGEN_MAX_ALIGN_BYTES
#include <phasor/phasor.hpp>
#else
#include <phasor/buffer_embedding.hpp>
#endif

#include <cstdlib>
#include <cstring>
#include <vector>

struct Sixteen {
  std::uint16_t bits;
};
template <>
inline constexpr phasor::Format phasor::format<Sixteen> = phasor::Format::half;

struct Holder {
  phasor::BufferEmbedding<float> embedding;
};

namespace {

constexpr int dim = 74, rows = 70, size = dim * rows;  // no multiple of a vector

double t_of(int row) { return row == 3 ? 1e30 : row * 33.1875 - 500; }

/// FNV-1a, over the bits of x.
template <typename Number>
std::uint64_t hash(std::uint64_t value, const Number* x) {
  for (int i = 0; i < size; ++i) {
    std::uint64_t word = 0;
    std::memcpy(&word, x + i, sizeof *x);
    value = (value ^ word) * 0x100000001b3;
  }
  return value;
}

struct Outputs {
  float floats[size];
  Sixteen halves[size];
  double doubles[size];

  std::uint64_t bits() const {
    for (int i = 0; i < size; ++i) {  // doubles have the same bits only nearly: they are near the floats
      const double off = static_cast<double>(floats[i]) - doubles[i];
      const double most = phasor::max_error<float> + phasor::max_error<double>;
      if (!(off <= most && -off <= most)) std::abort();
    }
    return hash(hash(0xcbf29ce484222325, floats), halves);
  }
};

template <typename Scalar>
void embed(const phasor::BufferEmbedding<Scalar>& embedding, Scalar* out) {
  double t[rows];
  for (int i = 0; i < rows; ++i) t[i] = t_of(i);
  embedding.embed_into(t, rows, out, dim);
}

}  // namespace

namespace PART {

const char* target() { return phasor::target(); }

std::uint64_t bits_by_pointer() { return bits_of({phasor::BufferEmbedding<float>(phasor::flux(dim))}); }

#ifdef EIGEN_MAX_ALIGN_BYTES
std::uint64_t bits_by_eigen() {
  Eigen::VectorXd t(rows);
  for (int i = 0; i < rows; ++i) t[i] = t_of(i);
  static Outputs outputs;
  using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const RowMajor floats = phasor::PositionalEmbedding<float>(phasor::flux(dim)).embed(t);
  Eigen::MatrixXd doubles(rows, dim);
  phasor::PositionalEmbedding<double>(phasor::flux(dim)).embed_into(t, doubles);
  for (int i = 0; i < size; ++i) {
    outputs.floats[i] = floats.data()[i];
    outputs.doubles[i] = doubles(i / dim, i % dim);
  }
  embed(phasor::BufferEmbedding<Sixteen>(phasor::flux(dim)), outputs.halves);
  return outputs.bits();
}
#else
std::uint64_t bits_by_eigen() { return bits_by_pointer(); }
#endif

const Holder& made() {
  static const Holder holder{phasor::BufferEmbedding<float>(phasor::flux(dim))};
  return holder;
}

std::uint64_t bits_of(const Holder& holder) {
  static Outputs outputs;
  const Holder copy = holder;
  embed(copy.embedding, outputs.floats);
  embed(phasor::BufferEmbedding<Sixteen>(phasor::flux(dim)), outputs.halves);
  embed(phasor::BufferEmbedding<double>(phasor::flux(dim)), outputs.doubles);
  return outputs.bits();
}

}  // namespace PART
