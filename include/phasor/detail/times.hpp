// phasor: timesteps of any type as kernels read them: the type of t ends here.
#pragma once

#include <phasor/detail/types.hpp>
#include <type_traits>
#include <utility>
#include <vector>  // std::data, std::size

namespace phasor { inline namespace PHASOR_NAMESPACE { namespace detail {

template <typename Type>
inline constexpr bool is_character = std::is_same_v<Type, char> || std::is_same_v<Type, wchar_t> ||
#ifdef __cpp_char8_t
                                     std::is_same_v<Type, char8_t> ||
#endif
                                     std::is_same_v<Type, char16_t> || std::is_same_v<Type, char32_t>;

template <typename Type>
inline constexpr bool is_timestep = std::is_same_v<Type, float> || std::is_same_v<Type, double> ||
                                    (std::is_integral_v<Type> && sizeof(Type) <= 8 && !std::is_same_v<Type, bool> &&
                                     !is_character<Type>);

/// An integer beyond 2^53 is its nearest double.
template <typename Number>
double time_of(const Number& t) {
  static_assert(
      sizeof(Number) != 2 || std::is_integral_v<Number>,
      "phasor: timesteps of type half or bfloat16 have lost their value already (bfloat16 cannot tell 998 from "
      "1000): pass float, double or an integer type");
  static_assert(!is_character<Number>,
                "phasor: timesteps must be numbers, not characters (of text, pass std::stod(text); of small integers, "
                "std::int8_t or std::uint8_t)");
  static_assert((sizeof(Number) == 2 && !std::is_integral_v<Number>) || is_character<Number> || is_timestep<Number>,
                "phasor: timesteps must be float, double or an integer type other than bool");
  if constexpr (is_timestep<Number>)
    return static_cast<double>(t);
  else
    return 0;  // refused above
}

/// Timesteps somewhere in memory, or made on the way.
struct TimeSource {
  using Read = void (*)(const void* source, Index first, Index count, double* to);

  Index count;
  const void* source;
  Read read;
  double first = 0;  ///< read already: it is all that one row needs

  TimeSource(Index number, const void* from, Read how) : count(number), source(from), read(how) {
    if (count > 0) read(source, 0, 1, &first);
  }

  template <typename Number>
  TimeSource(const Number* t, Index number)
      : count(number),
        source(t),
        read([](const void* from, Index first_of, Index how_many, double* to) {
          for (Index i = 0; i < how_many; ++i) to[i] = time_of(static_cast<const Number*>(from)[first_of + i]);
        }),
        first(count > 0 ? time_of(*t) : 0) {}
};

/// One number, of a type that is_timestep or of one that time_of() refuses.
template <typename Type>
inline constexpr bool is_number = std::is_arithmetic_v<Type> ||
                                  (sizeof(Type) == 2 && std::is_constructible_v<float, Type>);

/// An Eigen expression or tensor, whose elements may stand anywhere, whether it has data() or not.
template <typename Range, typename = void>
inline constexpr bool is_eigen = false;
template <typename Range>
inline constexpr bool is_eigen<Range, std::void_t<typename Range::Scalar, typename Range::StorageKind>> = true;

/// What has data() and size(), or is a C array.
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

  TimeSource times() const {
    if constexpr (is_number<Timesteps>) {
      return {&timesteps, 1};
    } else if constexpr (is_buffer<const Timesteps>) {
      return {std::data(timesteps), static_cast<Index>(std::size(timesteps))};
    } else {
      static_assert(
          is_eigen<Timesteps>,
          "phasor: timesteps must be a number, a range (with data() and size()), a braced list or an Eigen vector "
          "(of PositionalEmbedding)");
      static_assert(!is_eigen<Timesteps>, "phasor: for vectors and matrices of Eigen's, include phasor/phasor.hpp");
      return {0, nullptr, nullptr};
    }
  }
};

}}}  // namespace phasor::PHASOR_NAMESPACE::detail
