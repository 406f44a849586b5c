// phasor: timesteps to their embedding.
#pragma once

#include <algorithm>
#include <phasor/conventions.hpp>
#include <phasor/detail/table.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace phasor {

/// Outputs of at least this many bytes are written past the caches ("streamed"), on x86 and where they are aligned.
/// Streaming slows a sum or a matrix product over the output right after, if that is below about 16 MB, and speeds it
/// up above (bench/consumer.cpp). Define it before including, the same everywhere.
#ifndef PHASOR_STREAM_BYTES
#define PHASOR_STREAM_BYTES (16 << 20)
#endif

namespace detail {

template <typename T>
inline constexpr bool is_half = std::is_same_v<T, Eigen::half> || std::is_same_v<T, Eigen::bfloat16>;
template <typename T>
inline constexpr bool is_number = std::is_arithmetic_v<T> || is_half<T>;
template <typename Scalar>
using Real = std::conditional_t<std::is_same_v<Scalar, double>, double, float>;  // what it is computed in

}  // namespace detail

/// The largest |out - exact|, where exact = sin(2π (t f + φ)) for the t passed and the f and φ stored, for every finite
/// t. half and bfloat16: that of float, and half a unit in the last place below 1.
///
/// tests/proof.py proves it for the operations that kernel.hpp writes down, rounded to nearest. It holds under any flags
/// too, -ffast-math among them, and where denormals are flushed: tests run so. (Floating-point exceptions may be
/// raised on the way, so leave them masked.)
template <typename Scalar>
inline constexpr double max_error = 8e-8;
/// Of double.
template <>
inline constexpr double max_error<double> = 2.2e-16;
template <>
inline constexpr double max_error<Eigen::half> = max_error<float> + 0x1p-12;
template <>
inline constexpr double max_error<Eigen::bfloat16> = max_error<float> + 0x1p-9;

/// The embedding of timesteps by a Spectrum, as float, double, Eigen::half or Eigen::bfloat16.
///
/// Precomputes a table once; const members may then be called from any number of threads. A row of output depends on
/// its t, the Spectrum and Scalar alone, bit for bit: not on the batch, the place in it or the layout. Its error is at
/// most max_error<Scalar>, |out| <= 1, and t = 0 gives exact zeros and ones where phases are 0 and 1/4. A t that is not
/// finite gives NaN in its own row, except in columns of frequency 0. Timesteps are float, double or any integer type
/// but bool, each taken at its exact value.
template <typename Scalar>
class PositionalEmbedding {
  static_assert(std::is_same_v<Scalar, float> || std::is_same_v<Scalar, double> || detail::is_half<Scalar>,
                "phasor: Scalar must be float, double, Eigen::half or Eigen::bfloat16");

 public:
  /// What embed(timesteps) returns.
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  /// What embed(t) returns.
  using RowVector = Eigen::Matrix<Scalar, 1, Eigen::Dynamic, Eigen::RowMajor>;

  /// phasor::positional_embedding(dim, scale): [sin | cos], angular frequencies scale · 10000^(-j / (dim / 2)). A model
  /// may have another convention: Stable Diffusion's is adm(dim).
  /// Throws std::invalid_argument unless dim is even and > 0 and scale is finite.
  explicit PositionalEmbedding(Index dim, double scale = 1) : PositionalEmbedding(positional_embedding(dim, scale)) {}

  /// Throws std::invalid_argument unless both arrays have the same size > 0 and every entry is finite.
  explicit PositionalEmbedding(Spectrum spectrum) : spectrum_(checked(std::move(spectrum))), table_(spectrum_) {}

  /// The number of columns.
  Index dim() const { return spectrum_.frequency.size(); }

  /// As it was passed.
  const Spectrum& spectrum() const { return spectrum_; }

  /// The embedding of N timesteps, any Eigen vector expression: N x dim.
  template <typename Timesteps>
  Matrix embed(const Eigen::DenseBase<Timesteps>& timesteps) const {
    Matrix out(timesteps.size(), dim());
    embed_into(timesteps, out);
    return out;
  }

  /// The embedding of one timestep: 1 x dim.
  template <typename T>
  std::enable_if_t<detail::is_number<T>, RowVector> embed(T t) const {
    RowVector out(dim());
    embed_into(t, out);
    return out;
  }

  /// The same of a std::vector: N x dim.
  template <typename T>
  Matrix embed(const std::vector<T>& timesteps) const {
    return embed(
        Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, 1>>(timesteps.data(), static_cast<Index>(timesteps.size())));
  }

  /// embed(timesteps) into `out`, any writable Eigen expression of Scalar: a Matrix, Map, Block, row, of either storage
  /// order and any strides. It must not overlap `timesteps`. Does not allocate, unless evaluating `timesteps` does.
  /// Throws std::invalid_argument, with nothing written, unless `out` is N x dim.
  template <typename Timesteps, typename Out>
  void embed_into(const Eigen::DenseBase<Timesteps>& timesteps, Out&& out) const;

  /// embed(t) into `out`, 1 x dim, likewise.
  template <typename T, typename Out>
  std::enable_if_t<detail::is_number<T>> embed_into(T t, Out&& out) const {
    embed_into(Eigen::Map<const Eigen::Array<T, 1, 1>>(&t), std::forward<Out>(out));
  }

  /// The embedding of t[0 … count-1], row i at out + i * row_stride, each row contiguous. `t` and the rows must not
  /// overlap. Does not allocate. (16-bit buffers of others: reinterpret_cast to Eigen::half* or Eigen::bfloat16*.)
  /// Throws std::invalid_argument, with nothing written, unless count >= 0 and, for count > 1, row_stride >= dim.
  template <typename T, typename S>
  void embed_into(const T* t, Index count, S* out, Index row_stride) const;

 private:
  static Spectrum checked(Spectrum spectrum);

  template <typename Timesteps, typename Out>
  void write(const Timesteps& timesteps, const Out& out) const;

  Spectrum spectrum_;
  detail::Table<detail::Real<Scalar>> table_;
};

// ---------------------------------------------------------------------------------------------------------------------

template <typename Scalar>
Spectrum PositionalEmbedding<Scalar>::checked(Spectrum spectrum) {
  const Index dim = spectrum.frequency.size();
  detail::require(dim > 0, "the number of columns must be > 0", dim);
  detail::require_same_size(dim, spectrum.phase.size());
  for (Index k = 0; k < dim; ++k) {
    const double f = spectrum.frequency[k], phase = spectrum.phase[k];
    if (!detail::is_finite(f)) detail::fail("frequency[" + std::to_string(k) + "] must be finite", f);
    if (!detail::is_finite(phase)) detail::fail("phase[" + std::to_string(k) + "] must be finite", phase);
  }
  return spectrum;
}

template <typename Scalar>
template <typename Timesteps, typename Out>
void PositionalEmbedding<Scalar>::embed_into(const Eigen::DenseBase<Timesteps>& timesteps, Out&& out) const {
  using Expression = std::remove_reference_t<decltype(out.derived())>;
  static_assert(Timesteps::IsVectorAtCompileTime, "phasor: timesteps must be a vector expression");
  static_assert(std::is_same_v<typename Expression::Scalar, Scalar>, "phasor: out must have the embedding's Scalar");
  static_assert(!std::is_const_v<Expression> && (Expression::Flags & Eigen::LvalueBit), "phasor: out must be writable");
  static_assert(std::is_lvalue_reference_v<Out> || !std::is_base_of_v<Eigen::PlainObjectBase<Expression>, Expression>,
                "phasor: out is a temporary matrix, which nobody could read");
  if (out.rows() != timesteps.size() || out.cols() != dim()) {
    detail::fail("out must be " + std::to_string(timesteps.size()) + " x " + std::to_string(dim()),
                 std::to_string(out.rows()) + " x " + std::to_string(out.cols()));
  }
  if constexpr ((Expression::Flags & Eigen::DirectAccessBit) != 0) {
    const Index inner = out.derived().innerStride(), outer = out.derived().outerStride();
    const double bytes = static_cast<double>(out.rows()) * static_cast<double>(dim()) * sizeof(Scalar);
    write(timesteps.derived(), detail::Strided<Scalar>{out.derived().data(), Expression::IsRowMajor ? outer : inner,
                                                       Expression::IsRowMajor ? inner : outer,
                                                       detail::can_stream && bytes >= PHASOR_STREAM_BYTES});
  } else {
    write(timesteps.derived(), detail::Coefficients<Expression>{out.derived()});
  }
}

template <typename Scalar>
template <typename T, typename S>
void PositionalEmbedding<Scalar>::embed_into(const T* t, Index count, S* out, Index row_stride) const {
  static_assert(!std::is_const_v<S>, "phasor: out must be writable");
  detail::require(count >= 0, "count must be >= 0", count);
  if (count > 1 && row_stride < dim())
    detail::fail("row_stride must be at least " + std::to_string(dim()) + " elements", row_stride);
  using Rows = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  embed_into(
      Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, 1>>(t, count),
      Eigen::Map<Rows, 0, Eigen::OuterStride<>>(out, count, dim(), Eigen::OuterStride<>(std::max(row_stride, dim()))));
}

template <typename Scalar>
template <typename Timesteps, typename Out>
void PositionalEmbedding<Scalar>::write(const Timesteps& timesteps, const Out& out) const {
  using T = typename Timesteps::Scalar;
  static_assert(!detail::is_half<T>,
                "phasor: timesteps of type half or bfloat16 have lost their value already (bfloat16 cannot tell 997 "
                "from 1000): pass float, double or an integer type");
  static_assert(detail::is_half<T> || std::is_same_v<T, float> || std::is_same_v<T, double> ||
                    (std::is_integral_v<T> && sizeof(T) <= 8 && !std::is_same_v<T, bool>),
                "phasor: timesteps must be float, double or an integer type other than bool");
  using Evaluator = Eigen::internal::evaluator<Timesteps>;
  const Evaluator values(timesteps);
  const auto t = [&](Index i) {
    if constexpr ((Evaluator::Flags & Eigen::LinearAccessBit) != 0) {
      return values.coeff(i);
    } else {
      return Timesteps::ColsAtCompileTime == 1 ? values.coeff(i, 0) : values.coeff(0, i);
    }
  };
  using Block = detail::Block<detail::Real<Scalar>, T>;
  for (Index row = 0; row < timesteps.size(); row += Block::capacity) {
    const Index size = std::min(Block::capacity, timesteps.size() - row);
    table_.write(Block(size, [&](Index i) { return t(row + i); }), row, out);
  }
  if (out.streams) detail::stream_fence();
}

}  // namespace phasor
