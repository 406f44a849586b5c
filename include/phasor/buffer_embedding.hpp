// phasor: timesteps to their embedding, in memory that you have. Needs nothing but the standard library.
#pragma once

#include <initializer_list>
#include <memory>
#include <phasor/conventions.hpp>
#include <phasor/detail/kernels.hpp>
#include <phasor/detail/steps.hpp>
#include <type_traits>
#include <utility>

/// Outputs of at least this many bytes are written past the caches ("streamed") on x86, where each row or each column is
/// contiguous. Streaming slows a sum or a matrix product over the output right after, if that is below about 16 MB, and
/// speeds it up above (bench/consumer.cpp). Define it before including, the same everywhere.
#ifndef PHASOR_STREAM_BYTES
#define PHASOR_STREAM_BYTES (16 << 20)
#endif

namespace phasor { inline namespace PHASOR_NAMESPACE {

/// What the 16 bits of a Scalar mean. Declare those of a type of your own in one line, before an embedding of it is made:
///
///     template <> inline constexpr phasor::Format phasor::format<Ort::Float16_t> = phasor::Format::half;
enum class Format {
  none,     ///< nothing: the type is no Scalar
  half,     ///< IEEE 754 binary16: Eigen::half, at::Half, _Float16, ggml_fp16_t
  bfloat16  ///< the upper half of a float: Eigen::bfloat16, at::BFloat16
};
template <typename Scalar>
inline constexpr Format format = Format::none;

/// The largest |out - exact|, where exact = sin(2pi (t f + p)) for the t passed and the f and p stored, for every finite t.
/// Of half and bfloat16, which are the float rounded once (to bfloat16, below 2^-126 perhaps to zero), it is that of
/// float, and half a unit in the last place below 1.
///
/// tests/proof.py proves it for the operations that kernel.hpp writes down, rounded to nearest. It holds under any flags
/// too, -ffast-math among them, and where denormals are flushed: tests run so. (Floating-point exceptions may be
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
    static_assert(
        is_buffer<Out>,
        "phasor: out must be a pointer to Scalar, a buffer (with data() and size()) or a writable Eigen expression "
        "(of PositionalEmbedding); of a tensor, pass its data()");
  }
};

}  // namespace detail

/// The embedding of timesteps by a Spectrum, as float, double, or 16 bits of a declared format.
///
/// Precomputes a table once; const members may then be called from any number of threads. A copy shares the table, and so
/// costs next to nothing; a moved-from embedding is as it was. A row of output depends on its t, the Spectrum, Scalar and
/// whether the target fuses multiply-adds alone, bit for bit (but for bfloat16 below 2^-126): not on the batch, the place in
/// it or the layout. Its error is at most max_error<Scalar>, |out| <= 1, and t = 0 gives exact zeros and ones where phases
/// are 0 and 1/4. A t that is not finite gives NaN in its own row, except in columns of frequency 0.
///
/// Timesteps are one number; what has data() and size() (std::vector, std::array, std::span); a C array; or a braced list:
/// of float, double or any integer type but bool, each taken at its exact value. They must not overlap the output.
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
      : kernel_(detail::chosen_kernel<Real, Output>()),
        plan_(std::make_shared<const detail::Plan<Real>>(std::move(spectrum), kernel_->fuses)),
        dim_(static_cast<Index>(plan_->spectrum.frequency.size())) {}

  BufferEmbedding(const BufferEmbedding&) = default;
  BufferEmbedding& operator=(const BufferEmbedding&) = default;

  /// The number of columns.
  Index dim() const { return dim_; }

  /// As it was passed.
  const Spectrum& spectrum() const { return plan_->spectrum; }

  /// The embedding of t[0 ... count-1], which are contiguous. Row i is contiguous too, at out + i * row_stride_in_elements.
  /// Does not allocate. Throws std::invalid_argument, with nothing written, unless count >= 0 and, for count > 1,
  /// row_stride_in_elements >= dim.
  template <typename Number, typename Out>
  PHASOR_INLINE void embed_into(const Number* t, Index count, Out* out, Index row_stride_in_elements) const {
    if (count == 1) return write_contiguous(detail::steps_at(t, 1), out, dim_);  // known to be one: less to do
    detail::refuse_unless(count >= 0, "count must be >= 0", count);
    write_contiguous(detail::steps_at(t, count), out, row_stride_in_elements);
  }

  /// The same without gaps between rows.
  template <typename Number, typename Out>
  PHASOR_INLINE void embed_into(const Number* t, Index count, Out* out) const {
    embed_into(t, count, out, dim_);
  }

  /// The same of timesteps in any other form.
  template <typename Timesteps, typename Out>
  void embed_into(const Timesteps& timesteps, Out* out, Index row_stride_in_elements) const {
    write_contiguous(detail::Source<Timesteps>{timesteps}.steps(), out, row_stride_in_elements);
  }
  template <typename Number, typename Out>
  void embed_into(std::initializer_list<Number> timesteps, Out* out, Index row_stride_in_elements) const {
    embed_into(timesteps.begin(), static_cast<Index>(timesteps.size()), out, row_stride_in_elements);
  }
  template <typename Out>
  void embed_into(std::initializer_list<double> timesteps, Out* out, Index row_stride_in_elements) const {
    embed_into<double, Out>(timesteps, out, row_stride_in_elements);  // of mixed types
  }

  /// The same into N rows without gaps: from a pointer on, or into what has data() and a size() of N * dim; if it has another
  /// size, this throws std::invalid_argument, with nothing written.
  template <typename Timesteps, typename Out>
  PHASOR_INLINE void embed_into(const Timesteps& timesteps, Out&& out) const {
    using Type = std::remove_cv_t<std::remove_reference_t<Out>>;
    const detail::Source<Timesteps> source{timesteps};
    const detail::Steps steps = source.steps();
    if constexpr (std::is_pointer_v<Type>) {
      write_contiguous(steps, out, dim_);
    } else if constexpr (detail::is_buffer<std::remove_reference_t<Out>>) {
      using ConstElement = std::remove_pointer_t<decltype(std::data(std::as_const(out)))>;  // of a vector, not a span
      static_assert(std::is_lvalue_reference_v<Out> || !std::is_const_v<ConstElement>,
                    "phasor: out is a temporary buffer, which nobody could read");
      const auto size = static_cast<Index>(std::size(out));
      if (size != steps.count * dim_) refuse_size(steps.count, size);
      write_contiguous(steps, std::data(out), dim_);
    } else {
      detail::Destination<Type>::write(*this, steps, detail::is_number<Timesteps>, std::forward<Out>(out));
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
  /// Writes the embedding of `steps`: element (i, k) at out[i * row_stride + k * column_stride].
  PHASOR_INLINE void write(const detail::Steps& steps, Scalar* out, Index row_stride, Index column_stride) const {
    if (steps.count != 1 || column_stride != 1) return write_blocks(steps, out, row_stride, column_stride);
    detail::Step step;
    steps.read(steps.source, 0, 1, &step);
    compute_rows(&step, 1, out, 0, 1, false);
  }

  /// The same for places without a layout: write_element(i, k, x) writes element (i, k), of value x.
  template <typename WriteElement>
  void write_elements(const detail::Steps& steps, const WriteElement& write_element) const {
    const detail::Table<Real>& table = plan_->table;
    Scalar sines[2 * detail::most_waves], cosines[detail::most_waves], zero;
    std::memset(static_cast<void*>(&zero), 0, sizeof zero);
    in_blocks(steps, [&](Index first, Index count, const detail::Step* block) {
      for (Index i = first; i < first + count; ++i) {
        for (Index z = 0; z < table.zero_count; ++z) write_element(i, table.zeros[z], zero);
        for (const detail::Group* group = table.groups; group != table.groups + table.group_count; ++group) {
          kernel_->group(table, *group, block + (i - first), 1, sines, cosines, 0);
          const detail::Place* const places = table.places + group->first;
          const Index next = group->form == detail::Form::zipped ? 2 : 1;
          const Scalar* const other = group->form == detail::Form::zipped ? sines + 1 : cosines;
          for (Index j = 0; j < group->count; ++j) {
            write_element(i, places[j].sin, sines[j * next]);
            if (group->form != detail::Form::single) write_element(i, places[j].cos, other[j * next]);
          }
        }
      }
    });
  }

 private:
  template <typename, typename>
  friend struct detail::Destination;

  using Real = std::conditional_t<std::is_same_v<Scalar, double>, double, float>;  // what it is computed in
  using Output =
      std::conditional_t<sizeof(Scalar) == 2,
                         std::conditional_t<format<Scalar> == Format::half, detail::Half16, detail::Brain16>, Real>;

  PHASOR_NOINLINE void refuse_size(Index rows, Index size) const {
    detail::refuse("out must have " + std::to_string(rows) + " * " + std::to_string(dim_) + " elements", size);
  }
  PHASOR_NOINLINE void refuse_row_stride(Index row_stride) const {
    detail::refuse("row_stride must be at least " + std::to_string(dim_) + " elements", row_stride);
  }

  template <typename Out>
  PHASOR_INLINE void write_contiguous(const detail::Steps& steps, Out* out, Index row_stride) const {
    static_assert(!std::is_const_v<Out>, "phasor: out must be writable");
    static_assert(std::is_const_v<Out> || std::is_same_v<Out, Scalar>,
                  "phasor: out must point to the embedding's Scalar");
    if (steps.count > 1 && row_stride < dim_) refuse_row_stride(row_stride);
    if constexpr (std::is_same_v<Out, Scalar>) write(steps, out, row_stride, 1);
  }

  /// Rows, computed one by one.
  PHASOR_INLINE void compute_rows(const detail::Step* steps, Index count, Scalar* out, Index row_stride,
                                  Index column_stride, bool streams) const {
    const detail::Table<Real>& table = plan_->table;
    for (const detail::Group *group = table.groups, *end = group + table.group_count; group != end; ++group) {
      if (group->scattered || column_stride != 1) {
        for (Index i = 0; i < count; ++i)
          kernel_->strided(table, *group, steps[i], out + i * row_stride, column_stride);
      } else if (streams) {
        for (Index i = 0; i < count; ++i) kernel_->streamed(table, *group, steps[i], out + i * row_stride, row_stride);
      } else {
        const detail::Place first = table.places[group->first];
        kernel_->group(table, *group, steps, count, out + first.sin, out + first.cos, row_stride);
      }
    }
    for (Index z = 0; z < table.zero_count; ++z)
      for (Index i = 0; i < count; ++i)
        std::memset(static_cast<void*>(out + i * row_stride + table.zeros[z] * column_stride), 0, sizeof(Scalar));
  }

  /// Rows; one whose t is that of the row before is copied. (Calls itself, since compute_rows() is inlined.)
  void write_rows(const detail::Step* steps, Index count, Scalar* out, Index stride, bool streams) const {
    for (Index i = 0; i < count;) {
      Index end = i + 1;
      while (end < count && !are_same(steps[end - 1], steps[end])) ++end;
      Scalar* const last = out + (end - 1) * stride;
      const bool is_kept = streams && end < count;  // in the caches, since it is read again
      compute_rows(steps + i, end - i - is_kept, out + i * stride, stride, 1, streams);
      if (is_kept) write_rows(steps + end - 1, 1, last, stride, false);
      for (i = end; i < count && are_same(steps[i - 1], steps[i]); ++i)
        kernel_->copy(out + i * stride, last, dim_ * static_cast<Index>(sizeof(Scalar)), streams);
    }
  }

  /// By rows, by columns, or from place to place. (One loop with that choice inside makes one row 2 ns slower by g++ 12.)
  void write_blocks(const detail::Steps& steps, Scalar* out, Index row_stride, Index column_stride) const {
    const double bytes = static_cast<double>(steps.count) * static_cast<double>(dim_) * sizeof(Scalar);
    const bool streams = PHASOR_BASELINE >= PHASOR_SSE2 && bytes >= PHASOR_STREAM_BYTES;
    if (column_stride == 1) {
      in_blocks(steps, [&](Index first, Index count, const detail::Step* block) {
        write_rows(block, count, out + first * row_stride, row_stride, streams);
      });
    } else if (row_stride == 1 && steps.count >= kernel_->lanes) {
      in_blocks(steps, [&](Index first, Index count, const detail::Step* block) {
        kernel_->columns(plan_->table, block, count, out + first, column_stride, streams);
      });
    } else {
      in_blocks(steps, [&](Index first, Index count, const detail::Step* block) {
        compute_rows(block, count, out + first * row_stride, row_stride, column_stride, false);
      });
    }
    if (streams) detail::fence();
  }

  /// Calls use(first, count, block) for one block of timesteps after the other: of most_lanes at least, if there are more.
  template <typename Use>
  static void in_blocks(const detail::Steps& steps, const Use& use) {
    detail::Step block[detail::most_steps];
    for (Index first = 0, count = 0; first < steps.count; first += count) {
      const Index left = steps.count - first, then_left = left - detail::most_steps;
      count = then_left <= 0 ? left : detail::most_steps - (then_left < detail::most_lanes ? detail::most_lanes : 0);
      steps.read(steps.source, first, count, block);
      use(first, count, block);
    }
  }

  const detail::Kernel<Real>* kernel_;
  std::shared_ptr<const detail::Plan<Real>> plan_;
  Index dim_;
};

/// Without <Scalar>, of float.
template <typename... Arguments>
BufferEmbedding(const Arguments&...) -> BufferEmbedding<float>;

}}  // namespace phasor::PHASOR_NAMESPACE
