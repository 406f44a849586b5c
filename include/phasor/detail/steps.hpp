// phasor: timesteps of any type as what kernels read: the type of t ends here.
#pragma once

#include <cstdint>
#include <cstring>
#include <phasor/detail/plan.hpp>
#include <type_traits>

namespace phasor { inline namespace PHASOR_NAMESPACE { namespace detail {

/// Types that hold a timestep exactly.
template <typename Type>
inline constexpr bool is_timestep = std::is_same_v<Type, float> || std::is_same_v<Type, double> ||
                                    (std::is_integral_v<Type> && sizeof(Type) <= 8 && !std::is_same_v<Type, bool>);

inline Step step_of_double(const double& t, double rest = 0) {
  const float a = stored(static_cast<float>(t));  // -ffast-math takes double(float(t)) for t
  if (is_zero(static_cast<double>(a)) || !is_finite(static_cast<double>(a))) return {t, rest, a, 0};  // b cannot matter
  const double more = t - static_cast<double>(a);
  return {t, rest, a, is_zero(more) ? 0 : static_cast<float>(more / static_cast<double>(a))};
}

template <typename Number>
Step step_of(const Number& t) {
  static_assert(
      sizeof(Number) != 2 || std::is_integral_v<Number>,
      "phasor: timesteps of type half or bfloat16 have lost their value already (bfloat16 cannot tell 998 from "
      "1000): pass float, double or an integer type");
  static_assert(sizeof(Number) == 2 || is_timestep<Number>,
                "phasor: timesteps must be float, double or an integer type other than bool");
  if constexpr (std::is_same_v<Number, float>) {
    std::uint32_t word;
    std::memcpy(&word, &t, sizeof word);
    if ((word & 0x7f800000) != 0) return {static_cast<double>(t), 0, t, 0};
    const double magnitude = static_cast<double>(word & 0x7fffff) * 0x1p-149;  // denormal: arithmetic may flush it
    return {word >> 31 ? -magnitude : magnitude, 0, t, 0};
  } else if constexpr (std::is_integral_v<Number> && sizeof(Number) == 8) {
    const bool is_negative = t < 0;
    const std::uint64_t magnitude = is_negative ? 0 - static_cast<std::uint64_t>(t) : static_cast<std::uint64_t>(t);
    const double high = static_cast<double>(magnitude & ~std::uint64_t(0x7ff)),
                 low = static_cast<double>(magnitude & 0x7ff);
    if (magnitude >> 53 == 0) return step_of_double(static_cast<double>(t));
    return step_of_double(is_negative ? -high : high, is_negative ? -low : low);
  } else if constexpr (is_timestep<Number>) {
    return step_of_double(static_cast<double>(t));
  } else {
    return {};  // refused above
  }
}

/// Timesteps somewhere in memory, or made on the way.
struct Steps {
  Index count;
  const void* source;
  void (*read)(const void* source, Index first, Index count, Step* to);
};

template <typename Number>
Steps steps_at(const Number* t, Index count) {
  return {count, t, [](const void* source, Index first, Index number, Step* to) {
            for (Index i = 0; i < number; ++i) to[i] = step_of(static_cast<const Number*>(source)[first + i]);
          }};
}

/// One number, of a type that is_timestep or of one that steps_at() refuses.
template <typename Type>
inline constexpr bool is_number = std::is_arithmetic_v<Type> ||
                                  (sizeof(Type) == 2 && std::is_constructible_v<float, Type>);

/// What has data() and size(), or is a C array; but no Eigen expression or tensor, whose elements may stand otherwise.
template <typename Range, typename = void>
inline constexpr bool is_eigen = false;
template <typename Range>
inline constexpr bool is_eigen<Range, std::void_t<typename Range::Scalar, typename Range::StorageKind>> = true;
template <typename Range, typename = void>
inline constexpr bool is_buffer = false;
template <typename Range>
inline constexpr bool is_buffer<
    Range, std::void_t<decltype(*std::data(std::declval<Range&>())), decltype(std::size(std::declval<Range&>()))>> =
    !is_eigen<std::remove_cv_t<Range>>;

/// Timesteps in any form; positional_embedding.hpp knows more of them.
template <typename Timesteps, typename = void>
struct Source {
  const Timesteps& timesteps;

  Steps steps() const {
    static_assert(
        is_number<Timesteps> || is_buffer<const Timesteps>,
        "phasor: timesteps must be a number, a range (with data() and size()), a braced list or an Eigen vector "
        "(of PositionalEmbedding)");
    if constexpr (is_number<Timesteps>) {
      return steps_at(&timesteps, 1);
    } else if constexpr (is_buffer<const Timesteps>) {
      return steps_at(std::data(timesteps), static_cast<Index>(std::size(timesteps)));
    } else {
      return {};
    }
  }
};

}}}  // namespace phasor::PHASOR_NAMESPACE::detail
