// phasor: timesteps to their embedding, in Eigen's matrices.
#pragma once

#include <phasor/buffer_embedding.hpp>

#include <Eigen/Core>  // phasor needs Eigen: install it (Debian: libeigen3-dev), or add its directory with -I
#if !EIGEN_VERSION_AT_LEAST(3, 4, 0)
#include <phasor needs Eigen 3.4.0 or newer>
#endif

namespace phasor { inline namespace PHASOR_NAMESPACE {

template <>
inline constexpr Format format<Eigen::half> = Format::half;
template <>
inline constexpr Format format<Eigen::bfloat16> = Format::bfloat16;

/// BufferEmbedding<Scalar>, whose contract this has, and Eigen around it. Timesteps are also any Eigen vector
/// expression, or a matrix of one row or one column; outputs also any writable Eigen expression of Scalar that has
/// strides: a Matrix, Map, Block, row, ..., of either storage order. (Without strides, as a reversed view is: `out =
/// embedding.embed(t)`.)
template <typename Scalar>
class PositionalEmbedding : public BufferEmbedding<Scalar> {
  using Base = BufferEmbedding<Scalar>;

 public:
  /// What embed(timesteps) returns.
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  /// What embed(t) returns.
  using RowVector = Eigen::Matrix<Scalar, 1, Eigen::Dynamic, Eigen::RowMajor>;

  using Base::Base;

  /// Refused: a convention that is not called.
  template <typename Result, typename... Arguments>
  explicit PositionalEmbedding(Result (*)(Arguments...)) : Base(Index(2)) {
    static_assert(sizeof(Result) == 0, "phasor: a convention is a function: call it, as in phasor::adm(320)");
  }

  /// The embedding of N timesteps, N x dim; of one number, 1 x dim.
  template <typename Timesteps>
  std::conditional_t<detail::is_number<Timesteps>, RowVector, Matrix> embed(const Timesteps& timesteps) const {
    const detail::Source<Timesteps> source{timesteps};
    const detail::TimeSource times = source.times();
    std::conditional_t<detail::is_number<Timesteps>, RowVector, Matrix> out(times.count, Base::dim());
    Base::write(times, out.data(), Base::dim(), 1);
    return out;
  }
  template <typename Number>
  Matrix embed(std::initializer_list<Number> timesteps) const {
    return embed<std::initializer_list<Number>>(timesteps);
  }
  Matrix embed(std::initializer_list<double> timesteps) const { return embed<double>(timesteps); }  // of mixed types

  /// embed(timesteps) into `out`: N x dim, or, of one number, a row or a column of dim elements. Does not allocate,
  /// unless evaluating `timesteps` does. Throws std::invalid_argument, with nothing written, if `out` has another
  /// shape. (Into a pointer or a buffer: as BufferEmbedding does.)
  using Base::embed_into;
};

/// Without <Scalar>, of float.
template <typename... Arguments>
PositionalEmbedding(const Arguments&...) -> PositionalEmbedding<float>;

// ---------------------------------------------------------------------------------------------------------------------

namespace detail {

/// The expression behind a type of Eigen's: of a VectorBlock its Block, of most the same; void of others.
template <typename Derived>
Derived as_dense(const Eigen::DenseBase<Derived>*);
void as_dense(const void*);
template <typename Type>
using Dense = decltype(as_dense(static_cast<const Type*>(nullptr)));
template <typename Type>
inline constexpr bool is_dense = !std::is_void_v<Dense<Type>>;

template <typename Timesteps>
struct Source<Timesteps, std::enable_if_t<is_dense<Timesteps>>> {
  const Timesteps& timesteps;
  const Eigen::internal::evaluator<Dense<Timesteps>> values{timesteps};  // computes a product, once

  TimeSource times() const {
    static_assert(Timesteps::RowsAtCompileTime == 1 || Timesteps::ColsAtCompileTime == 1 ||
                      Timesteps::RowsAtCompileTime == Eigen::Dynamic || Timesteps::ColsAtCompileTime == Eigen::Dynamic,
                  "phasor: timesteps must be a vector (of a matrix: times.reshaped<Eigen::RowMajor>(), row by row)");
    if (timesteps.rows() != 1 && timesteps.cols() != 1 && timesteps.size() != 0)
      refuse_as(
          "timesteps must be a vector (of a matrix: times.reshaped<Eigen::RowMajor>(), row by row), got %td x %td",
          timesteps.rows(), timesteps.cols());
    return {timesteps.size(), this, [](const void* source, Index first, Index count, double* to) {
              const auto& [expression, elements] = *static_cast<const Source*>(source);
              const bool is_column = expression.cols() == 1;
              for (Index i = 0; i < count; ++i) {
                typename Timesteps::Scalar t =
                    is_column ? elements.coeff(first + i, Index(0)) : elements.coeff(Index(0), first + i);
                // With -ffast-math, the double of a double's t.cast<float>() would be that double.
                if constexpr (std::is_same_v<typename Timesteps::Scalar, float>) t = stored(t);
                to[i] = time_of(t);
              }
            }};
  }
};

template <typename Timesteps>
struct Source<Timesteps, std::enable_if_t<is_eigen<Timesteps> && !is_dense<Timesteps>>> {
  const Timesteps& timesteps;

  TimeSource times() const {
    static_assert(
        !is_eigen<Timesteps>,
        "phasor: timesteps must be a number, a range (with data() and size()), a braced list or an Eigen vector");
    return {0, nullptr, nullptr};
  }
};

template <typename Type>
struct Destination<Type, std::enable_if_t<is_eigen<Type>>> {
  template <typename Scalar, typename Out>
  static void write(const BufferEmbedding<Scalar>& embedding, const TimeSource& times, bool is_one, Out&& out) {
    if constexpr (!is_dense<Type>) {
      static_assert(
          is_dense<Type>,
          "phasor: out must be a pointer to Scalar, a buffer (with data() and size()) or a writable Eigen expression "
          "(of PositionalEmbedding); of a tensor, pass its data()");
    } else {
      using Expression = std::remove_reference_t<Out>;
      constexpr bool is_plain = std::is_base_of_v<Eigen::PlainObjectBase<Type>, Type>;
      constexpr bool is_writable = (!std::is_const_v<Expression> || !is_plain) && (Type::Flags & Eigen::LvalueBit) != 0;
      constexpr bool is_kept = std::is_lvalue_reference_v<Out> || !is_plain;
      constexpr bool has_strides = (Type::Flags & Eigen::DirectAccessBit) != 0 || !is_writable;
      refuse_unless_scalar<Scalar, typename Type::Scalar>();
      static_assert(is_writable, "phasor: out must be writable");
      static_assert(is_kept, "phasor: out is a temporary matrix, which nobody could read");
      static_assert(
          has_strides,
          "phasor: out has no strides (as a reversed view or one of listed rows): write out = embedding.embed(t)");
      if constexpr (std::is_same_v<Scalar, typename Type::Scalar> && is_writable && is_kept && has_strides)
        write_dense(embedding, times, is_one, const_cast<Type&>(out));
    }
  }

  template <typename Scalar>
  static void write_dense(const BufferEmbedding<Scalar>& embedding, const TimeSource& times, bool is_one, Type& out) {
    const Index dim = embedding.dim();
    const bool is_column = is_one && out.cols() == 1 && out.rows() == dim;
    if (!is_column && (out.rows() != times.count || out.cols() != dim))
      refuse_as("out must be %td x %td, got %td x %td", times.count, dim, out.rows(), out.cols());
    if (times.count == 0) return;
    // Strides by addresses: not all that have direct access have data() and strides.
    Scalar* const first = &out.coeffRef(0, 0);
    const Index down = out.rows() > 1 ? &out.coeffRef(1, 0) - first : 1,
                right = out.cols() > 1 ? &out.coeffRef(0, 1) - first : 1;
    embedding.write(times, first, down, is_column ? down : right);
  }
};

}  // namespace detail
}}  // namespace phasor::PHASOR_NAMESPACE
