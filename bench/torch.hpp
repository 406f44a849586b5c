// LibTorch's ways to the same embedding, behind an interface without its headers, which take half a minute to compile.
#pragma once

#include <cstdint>
#include <memory>

namespace bench {

/// Allocates its result, as PyTorch code does; result() is the last one, rows x dim floats, row-major.
class Torch {
 public:
  enum class Way {
    chain,        ///< arange, mul, exp, outer product, sin, cos, cat: every call, as most models do
    frequencies,  ///< outer product, sin, cos, cat: the frequencies kept
    lookup        ///< index_select out of a table of all integer timesteps below 1000
  };
  Torch(Way way, std::int64_t rows, std::int64_t dim);
  ~Torch();
  Torch(Torch&&) noexcept;
  void operator()(const float* t);
  void operator()(const std::int64_t* t);
  const float* result() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bench
