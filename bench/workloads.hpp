// A workload of ratios.cpp, and the functions that a shared object of workloads.cpp exports, one object for each version
// that is compared.
#pragma once

#include "timing.hpp"

#include <cstddef>

namespace bench {

enum class Columns { halves, interleaved, phases };  ///< adm; transformer; a phase for each column
enum class Order { rows, columns };                  ///< row-major, by pointer; column-major, an Eigen::Map
enum class Scalar { float32, float64, half, bfloat16 };
enum class Timestep { float32, float64, int64 };  ///< of a float64 output float64, of 16 bits float32

struct Workload {
  std::ptrdiff_t rows, dim;
  Columns columns = Columns::halves;
  Order order = Order::rows;
  Scalar scalar = Scalar::float32;
  Timestep timestep = Timestep::float32;
  /// So many rows are computed by one call. If they are fewer than `rows`, all calls write to the same place.
  std::ptrdiff_t rows_in_call = rows;
};

using Prepare = void(const Workload&, const void* timesteps, void* out, Run*);  ///< phasor_workload: embeds all rows
using Construct = void(Run*);                                                   ///< phasor_construction: adm(320)
using Describe = const char*();  ///< phasor_description: version, target, compiler and flags

}  // namespace bench
