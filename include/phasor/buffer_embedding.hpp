// phasor: timesteps to their embedding, in memory that you have. Needs nothing but the standard library.
#pragma once

#include <atomic>
#include <initializer_list>
#include <type_traits>
#include <utility>

#include <phasor/detail/times.hpp>  // first: what refuses a type of timesteps names this file and its includers

#include <phasor/conventions.hpp>
#include <phasor/detail/blocks.hpp>
#include <phasor/fwd.hpp>  // whose names are to agree

namespace phasor { inline namespace PHASOR_NAMESPACE {

/// Outputs of at least this many bytes may be written past the caches ("streamed") on x86, where each row or each
/// column is contiguous. Streaming slows a sum or a matrix product over the output right after, if that is below about
/// 16 MB, and speeds it up above (bench/consumer.cpp). May be set at any time; files of other flags have a number of
/// their own.
inline std::atomic<Index> stream_bytes{16 << 20};

/// What the 16 bits of a Scalar mean. Declare those of a type of your own in one line, before an embedding of it is
/// made:
///
///     template <> inline constexpr phasor::Format phasor::format<Ort::Float16_t> = phasor::Format::half;
enum class Format {
  none,     ///< nothing: the type is no Scalar
  half,     ///< IEEE 754 binary16: Eigen::half, at::Half, _Float16, ggml_fp16_t
  bfloat16  ///< the upper half of a float: Eigen::bfloat16, at::BFloat16
};
template <typename Scalar>
inline constexpr Format format = Format::none;

/// The largest |out - exact|, where exact = sin(2pi (t f + p)) for the t passed and the f and p stored, for every
/// finite t. Of half and bfloat16, which are the float rounded once, it is that of float, and half a unit in the last
/// place below 1. (A denormal t or f may count as zero.)
///
/// tests/proof.py proves it for the operations that arithmetic.hpp writes down, rounded to nearest. It holds under any
/// flags too, -ffast-math among them, and where denormals are flushed: tests run so. (Floating-point exceptions may be
/// raised on the way, so leave them masked.)
template <typename Scalar>
inline constexpr double max_error = 8e-8 + (format<Scalar> == Format::half       ? 0x1p-12
                                            : format<Scalar> == Format::bfloat16 ? 0x1p-9
                                                                                 : 0);
/// Of double.
template <>
inline constexpr double max_error<double> = 2.2e-16;

namespace detail {

/// Outputs that are neither pointers nor buffers: positional_embedding.hpp knows some.
template <typename Out, typename = void>
struct Destination {
  template <typename... Arguments>
  static void write(const Arguments&...) {
    static_assert(!is_eigen<Out>, "phasor: for vectors and matrices of Eigen's, include phasor/phasor.hpp");
    static_assert(
        is_eigen<Out> || is_buffer<Out>,
        "phasor: out must be a pointer to Scalar, a buffer (with data() and size()) or a writable Eigen expression "
        "(of PositionalEmbedding); of a tensor, pass its data()");
  }
};

template <typename Scalar, typename Got>
constexpr void refuse_unless_scalar() {
  static_assert(std::is_same_v<Scalar, Got>, "phasor: out must have the embedding's Scalar");
}

}  // namespace detail

/// The embedding of timesteps by a Spectrum, as float, double, or 16 bits of a declared format.
///
/// Precomputes a table once; const members may then be called from any number of threads. A copy shares the table, and
/// so costs next to nothing; a moved-from embedding is as it was. A row of output depends on its t, the Spectrum,
/// Scalar and whether the target fuses multiply-adds alone, bit for bit: not on the batch, the place in it or the
/// layout. (Programs that flush denormals may differ in outputs below 2^-100.) Its error is at most max_error<Scalar>,
/// |out| <= 1, and t = 0 gives exact zeros and ones where phases are 0 and 1/4. A t that is not finite gives NaN in its
/// own row, except in columns of frequency 0.
///
/// Timesteps are one number; what has data() and size() (std::vector, std::array, std::span); a C array; or a braced
/// list: of float, double or any integer type but bool and characters, each taken at its exact value (an integer beyond
/// 2^53 at its nearest double). They must not overlap the output. One call takes at most 16 KB of stack.
template <typename Scalar>
class BufferEmbedding {
  static_assert(std::is_same_v<Scalar, float> || std::is_same_v<Scalar, double> ||
                    (format<Scalar> != Format::none && sizeof(Scalar) == 2),
                "phasor: Scalar must be float, double, or a type of 16 bits whose phasor::format is declared");
  static_assert(std::is_trivially_copyable_v<Scalar>, "phasor: Scalar must be a type that memcpy may copy");

 public:
  /// phasor::positional_embedding(dim, scale): [sin | cos], angular frequencies scale * 10000^(-j / (dim / 2)). A model
  /// may have another convention: Stable Diffusion's is adm(dim).
  /// Throws std::invalid_argument unless dim is even and > 0 and scale is finite.
  explicit BufferEmbedding(Index dim, double scale = 1) : BufferEmbedding(positional_embedding(dim, scale)) {}

  /// Throws std::invalid_argument unless both vectors have the same size > 0 and every entry is finite.
  explicit BufferEmbedding(Spectrum spectrum)
      : kernel_(detail::chosen_kernel<Real, Output>()), plan_(std::move(spectrum), kernel_->fuses) {}

  /// Refused: a convention that is not called.
  template <typename Result, typename... Arguments>
  explicit BufferEmbedding(Result (*)(Arguments...)) : BufferEmbedding(Index(2)) {
    static_assert(sizeof(Result) == 0, "phasor: a convention is a function: call it, as in phasor::adm(320)");
  }

  BufferEmbedding(const BufferEmbedding&) = default;
  BufferEmbedding& operator=(const BufferEmbedding&) = default;

  /// The number of columns.
  Index dim() const { return (*plan_).dim; }

  /// As it was passed.
  const Spectrum& spectrum() const { return (*plan_).spectrum; }

  /// The embedding of t[0 ... count-1], which are contiguous. Row i is contiguous too, at out + i *
  /// row_stride_in_elements. Does not allocate. Throws std::invalid_argument, with nothing written, unless count >= 0
  /// and, for count > 1, row_stride_in_elements >= dim.
  template <typename Number, typename Out>
  void embed_into(const Number* t, Index count, Out* out, Index row_stride_in_elements) const {
    detail::refuse_unless(count >= 0, "count must be >= 0", count);
    write_contiguous({t, count}, out, row_stride_in_elements);
  }

  /// The same without gaps between rows.
  template <typename Number, typename Out>
  void embed_into(const Number* t, Index count, Out* out) const {
    embed_into(t, count, out, dim());
  }

  /// The same of timesteps in any other form.
  template <typename Timesteps, typename Out>
  void embed_into(const Timesteps& timesteps, Out* out, Index row_stride_in_elements) const {
    write_contiguous(detail::Source<Timesteps>{timesteps}.times(), out, row_stride_in_elements);
  }
  template <typename Number, typename Out>
  void embed_into(std::initializer_list<Number> timesteps, Out* out, Index row_stride_in_elements) const {
    embed_into(timesteps.begin(), static_cast<Index>(timesteps.size()), out, row_stride_in_elements);
  }
  template <typename Out>
  void embed_into(std::initializer_list<double> timesteps, Out* out, Index row_stride_in_elements) const {
    embed_into<double, Out>(timesteps, out, row_stride_in_elements);  // of mixed types
  }

  /// The same into N rows without gaps: from a pointer on, or into what has data() and a size() of N * dim; if it has
  /// another size, this throws std::invalid_argument, with nothing written.
  template <typename Timesteps, typename Out>
  void embed_into(const Timesteps& timesteps, Out&& out) const {
    using Type = std::remove_cv_t<std::remove_reference_t<Out>>;
    const detail::Source<Timesteps> source{timesteps};
    const detail::TimeSource times = source.times();
    if constexpr (std::is_pointer_v<Type>) {
      write_contiguous(times, out, dim());
    } else if constexpr (detail::is_buffer<std::remove_reference_t<Out>>) {
      using ConstElement = std::remove_pointer_t<decltype(std::data(std::as_const(out)))>;  // of a vector, not a span
      static_assert(std::is_lvalue_reference_v<Out> || !std::is_const_v<ConstElement>,
                    "phasor: out is a temporary buffer, which nobody could read");
      const auto size = static_cast<Index>(std::size(out));
      // (times.count * dim() might overflow.)
      if (size % dim() != 0 || size / dim() != times.count)
        detail::refuse_as("out must have %td * %td elements, got %td", times.count, dim(), size);
      write_contiguous(times, std::data(out), dim());
    } else {
      detail::Destination<Type>::write(*this, times, detail::is_number<Timesteps>, std::forward<Out>(out));
    }
  }
  template <typename Number, typename Out>
  void embed_into(std::initializer_list<Number> timesteps, Out&& out) const {
    embed_into<std::initializer_list<Number>>(timesteps, std::forward<Out>(out));
  }
  template <typename Out>
  void embed_into(std::initializer_list<double> timesteps, Out&& out) const {
    embed_into<double>(timesteps, std::forward<Out>(out));
  }

 protected:
  /// Writes element (i, k) at out[i * row_stride + k * column_stride].
  void write(const detail::TimeSource& times, Scalar* out, Index row_stride, Index column_stride) const {
    void* const to = out;  // a Scalar of 16 bits is written as bits
    auto* const outputs = static_cast<Output*>(to);
    const detail::PlanOf<Real>& plan = *plan_;
    if (times.count == 1 && column_stride == 1 && plan.is_runs && plan.zero_count == 0)
      detail::embed_one(*kernel_, plan, times.first, outputs);
    else
      detail::embed_blocks(*kernel_, plan, times, outputs, row_stride, column_stride, stream_bytes);
  }

 private:
  using Real = std::conditional_t<std::is_same_v<Scalar, double>, double, float>;  // what it is computed in
  using Output =
      std::conditional_t<sizeof(Scalar) == 2,
                         std::conditional_t<format<Scalar> == Format::half, detail::Binary16, detail::Bfloat16>, Real>;

  template <typename, typename>
  friend struct detail::Destination;

  template <typename Out>
  void write_contiguous(const detail::TimeSource& times, Out* out, Index row_stride) const {
    static_assert(!std::is_const_v<Out>, "phasor: out must be writable");
    detail::refuse_unless_scalar<Scalar, std::remove_const_t<Out>>();
    if (times.count > 1 && row_stride < dim())
      detail::refuse_as("row_stride must be at least %td elements, got %td", dim(), row_stride);
    if constexpr (std::is_same_v<Out, Scalar>) write(times, out, row_stride, 1);
  }

  const detail::Kernel<Real, Output>* kernel_;
  detail::SharedPlan<Real> plan_;
};

/// Without <Scalar>, of float.
template <typename... Arguments>
BufferEmbedding(const Arguments&...) -> BufferEmbedding<float>;

}}  // namespace phasor::PHASOR_NAMESPACE
