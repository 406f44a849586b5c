// phasor: blocks of timesteps by rows or by columns, to wherever they go: what is around a kernel's loops, the same for
// all targets.
//
// Outputs that stand side by side are computed where they are to be. Others go by scratch: those of scattered columns,
// of strided ones, of groups that fill no vector, and of rows that pass the caches but do not begin at cache lines. Of
// these, small groups are computed for several timesteps at once (a tile).
#pragma once

#include <phasor/detail/kernels.hpp>
#include <phasor/detail/plan.hpp>

namespace phasor { inline namespace PHASOR_NAMESPACE { namespace detail {

/// A block of timesteps: element (i, k) goes to out[i * row_stride + k * column_stride].
template <typename Real, typename Output>
struct Block {
  const Kernel<Real, Output>& kernel;
  const PlanOf<Real>& plan;
  const double* t;
  Index count;
  Output* out;
  Index row_stride, column_stride;
};

#if PHASOR_BASELINE == PHASOR_AVX2
namespace avx2 = baseline;
#endif

/// The kernel for `count` outputs side by side: where they fill no vector of AVX-512, AVX2's, which has the same bits,
/// if there is one.
template <typename Real, typename Output>
const Kernel<Real, Output>& fitting(const Kernel<Real, Output>& kernel, [[maybe_unused]] Index count) {
#if PHASOR_BASELINE < PHASOR_AVX512 && PHASOR_HIGHEST >= PHASOR_AVX512
  if (count < kernel.lanes && &kernel == &avx512::kernel<Real, Output>) return avx2::kernel<Real, Output>;
#endif
  return kernel;
}

/// Timesteps as a Line has them.
template <typename Real, Index most>
struct Times {
  static constexpr std::size_t size = static_cast<std::size_t>(most + max_lanes);
  alignas(64) Real high[size];
  alignas(64) Real low[size];
  unsigned char ways[size];
  bool has_low;
  std::uint64_t largest;  ///< |t|, by its bits

  /// The reductions for a group of each vector of these timesteps; null if all go directly.
  const unsigned char* reductions(const double* t, Index count, Index lanes, const Group& group) {
    if (largest < group.direct_below) return nullptr;
    for (Index i = 0; i < count; ++i) {
      const unsigned before = i % lanes ? ways[i / lanes] : 0u;
      ways[i / lanes] = static_cast<unsigned char>(before | reduction_of(t[i], group));
    }
    return ways;
  }
};

/// Copies `count` >= step outputs, by memcpy of a size that is known, which is no call.
template <Index step, typename Output>
void copy_by(Output* to, const Output* from, Index count) {
  for (Index j = 0; j < count; j += step) {
    const Index first = j < count - step ? j : count - step;
    std::memcpy(static_cast<void*>(to + first), from + first, step * sizeof(Output));
  }
}

/// Whether *t is the timestep before it.
inline bool repeats(const double* t) { return bits(*t) == bits(t[-1]); }

/// A small group, for all timesteps of `rows` rows: angle j is of timestep j / group.count.
template <typename Real, typename Output>
PHASOR_NOINLINE void compute_tile(const Block<Real, Output>& block, const Group& group, const double* t, Index rows,
                                  Output* sines, Output* cosines) {
  using Reals = baseline::Vector<Real>;
  double tiled[max_tile + max_lanes];
  Times<Real, max_tile> times;
  Real high[max_tile], low[max_tile];
  times.largest = block.kernel.split(t, rows, high, low, times.has_low);
  const Index places = rows * group.count;
  for (Index row = 0, place = 0; row < rows; ++row, place += group.count) {
    for (Index j = 0; j < group.count; j += baseline::lanes<Real>) {
      baseline::put(times.high + place + j, baseline::all<Reals>(high[row]));
      if (times.has_low) baseline::put(times.low + place + j, baseline::all<Reals>(low[row]));
    }
    if (times.largest >= group.direct_below)
      for (Index j = 0; j < group.count; ++j) tiled[place + j] = t[row];
  }
  for (Index j = places; j < places + max_lanes; ++j) tiled[j] = 0, times.high[j] = times.low[j] = 0;
  block.kernel.columns[group.phased](
      Line<Real>{false, false, places, tiled, times.high, times.low, times.has_low,
                 times.reductions(tiled, places, block.kernel.lanes, group), &block.plan.arrays, group.first},
      group, 1, sines, cosines, 0, 0);
}

/// Copies sines or cosines of a group, whose rows stand one behind the other, to their columns of rows from `to` on.
template <typename Real, typename Output>
PHASOR_NOINLINE void deliver(const Block<Real, Output>& block, const Group& group, Index Wave::*column,
                             const Output* from, Output* to, Index rows) {
  const Wave* const waves = block.plan.waves.data() + group.first;
  const Index count = group.count, row_stride = block.row_stride;
  if (group.form == Form::scattered) {
    for (Index row = 0; row < rows; ++row, from += count, to += row_stride)
      for (Index k = 0; k < count; ++k)
        if (waves[k].*column != nowhere) copy_by<1>(to + waves[k].*column * block.column_stride, from + k, 1);
  } else if (waves->*column != nowhere) {
    to += waves->*column * block.column_stride;
    const Index stride = block.column_stride * (group.form == Form::interleaved ? 2 : 1);
    for (Index row = 0; row < rows; ++row, from += count, to += row_stride) {
      if (stride == 1 && count >= 8)
        copy_by<8>(to, from, count);
      else if (stride == 1 && count >= 4)
        copy_by<4>(to, from, count);
      else
        for (Index k = 0; k < count; ++k) copy_by<1>(to + k * stride, from + k, 1);
    }
  }
}

/// Rows of a group whose outputs do not stand side by side, fill no vector, or are nowhere.
template <typename Real, typename Output>
PHASOR_NOINLINE void scatter_rows(const Block<Real, Output>& block, const Group& group) {
  alignas(64) Output sines[max_waves], cosines[max_waves];
  for (Index i = 0, rows; i < block.count; i += rows) {
    Output* const out = block.out + i * block.row_stride;
    rows = group.copies < block.count - i ? group.copies : block.count - i;
    if (rows == 1)
      block.kernel.rows[group.phased](block.plan.arrays, group, block.t + i, sines, cosines, 0, 1, 0);
    else
      compute_tile(block, group, block.t + i, rows, sines, cosines);
    deliver(block, group, &Wave::sin, sines, out, rows);
    if (!group.phased) deliver(block, group, &Wave::cos, cosines, out, rows);
  }
}

template <typename Real, typename Output>
void put_zeros(const Block<Real, Output>& block) {
  for (Index z = 0; z < block.plan.zero_count; ++z)
    for (Index i = 0; i < block.count; ++i)
      std::memset(static_cast<void*>(block.out + i * block.row_stride + block.plan.zeros[z] * block.column_stride), 0,
                  sizeof(Output));
}

/// Whether an address, and this many outputs, are whole cache lines.
template <typename Output>
bool is_at_cache_lines(const Output* out, Index outputs) {
  return (reinterpret_cast<std::uintptr_t>(out) | static_cast<std::uintptr_t>(outputs) * sizeof(Output)) % cache_line ==
         0;
}

/// Rows of a group that fills half a vector, two in a vector; or false, where that is not possible.
template <typename Real, typename Output>
PHASOR_NOINLINE bool embed_pairs(const Block<Real, Output>& block, const Group& group) {
  if (!block.kernel.pairs || group.phased || !group.is_run || block.column_stride != 1 || block.count < 2) return false;
  Times<Real, max_times> times;
  times.largest = block.kernel.split(block.t, block.count, times.high, times.low, times.has_low);
  if (times.largest >= group.direct_below) return false;
  block.kernel.pairs(Line<Real>{false, false, block.count, block.t, times.high, times.low, times.has_low, nullptr,
                                &block.plan.arrays, group.first},
                     group, block.out + group.sin, block.out + group.cos, block.row_stride);
  return true;
}

template <typename Real, typename Output>
PHASOR_NOINLINE void embed_rows(const Block<Real, Output>& block, unsigned stores) {
  put_zeros(block);
  const PlanOf<Real>& plan = block.plan;
  for (const Group *group = plan.groups.data(), *end = group + plan.group_count; group != end; ++group) {
    if (2 * group->count == block.kernel.lanes && embed_pairs(block, *group)) continue;
    const Kernel<Real, Output>& kernel = fitting(block.kernel, group->count);
    if (!group->is_run || block.column_stride != 1 || group->count < kernel.lanes)
      scatter_rows(block, *group);
    else
      kernel.rows[group->phased](plan.arrays, *group, block.t, block.out + group->sin, block.out + group->cos,
                                 stores | group->stores, block.count, block.row_stride);
  }
}

/// Columns: row_stride is 1, and there are enough timesteps for a vector.
template <typename Real, typename Output>
PHASOR_NOINLINE void embed_columns(const Block<Real, Output>& block, bool streams) {
  put_zeros(block);
  const PlanOf<Real>& plan = block.plan;
  alignas(64) Output scratch[max_times];  // of what is nowhere
  Times<Real, max_times> times;
  times.largest = block.kernel.split(block.t, block.count, times.high, times.low, times.has_low);
  const bool at_once = streams && is_at_cache_lines(block.out, block.column_stride | block.count);
  for (const Group *group = plan.groups.data(), *end = group + plan.group_count; group != end; ++group) {
    const unsigned char* const reductions = times.reductions(block.t, block.count, block.kernel.lanes, *group);
    const Index lines = group->is_run ? group->count : 1,
                stride = block.column_stride * (group->form == Form::interleaved ? 2 : 1);
    for (Index k = group->first; k < group->first + group->count; k += lines) {
      const Wave& wave = plan.waves[k];
      block.kernel.columns[group->phased](Line<Real>{false, true, block.count, block.t, times.high, times.low,
                                                     times.has_low, reductions, &plan.arrays, k},
                                          *group, lines,
                                          wave.sin == nowhere ? scratch : block.out + wave.sin * block.column_stride,
                                          wave.cos == nowhere ? scratch : block.out + wave.cos * block.column_stride,
                                          stride, at_once && group->is_run ? store_streamed : 0);
    }
  }
}

/// Rows of two cache lines or more past the caches, by way of scratch. A cache line is streamed as a whole or not at
/// all, since an ordinary store into one that is half streamed flushes it: so a row's ends, which share a line with
/// other rows, are not streamed.
template <typename Real, typename Output>
PHASOR_NOINLINE void stream_rows(Block<Real, Output> block) {
  alignas(64) char row[(max_streamed_lines + 1) * cache_line];
  const auto size = static_cast<std::size_t>(block.plan.dim) * sizeof(Output);
  Output* const out = std::exchange(block.out, reinterpret_cast<Output*>(row));
  for (Index i = 0, count = std::exchange(block.count, 1); i < count; ++i, ++block.t) {
    if (i == 0 || !repeats(block.t)) embed_rows(block, 0);
    char* const to = reinterpret_cast<char*>(out + i * block.row_stride);
    const std::size_t head = (0 - reinterpret_cast<std::uintptr_t>(to)) % cache_line,
                      whole = (size - head) / cache_line * cache_line;
    std::memcpy(to, row, head);
    block.kernel.stream(to + head, row + head, whole);
    std::memcpy(to + head + whole, row + head + whole, size - head - whole);
  }
}

/// A block of at most max_times timesteps, past the caches if it may be. Of contiguous rows, one whose timestep is that
/// of the row before is a copy of it.
template <typename Real, typename Output>
PHASOR_NOINLINE void embed_block(const Block<Real, Output>& block, bool streams) {
  const auto& [kernel, plan, t, count, out, row_stride, column_stride] = block;
  const Kernel<Real, Output>& narrow = fitting(kernel, count);
  if (row_stride == 1 && count >= narrow.lanes)
    return embed_columns(Block<Real, Output>{narrow, plan, t, count, out, 1, column_stride}, streams);
  if (column_stride != 1) return embed_rows(block, 0);
  if (streams && plan.is_runs) {
    if (is_at_cache_lines(out, row_stride | plan.bounds)) return embed_rows(block, store_streamed);
    const std::size_t lines = static_cast<std::size_t>(plan.dim) * sizeof(Output) / cache_line;
    if (lines >= 2 && lines <= max_streamed_lines) return stream_rows(block);
  }
  for (Index i = 0, end; i < count; i = end) {
    for (end = i + 1; end < count && !repeats(t + end);) ++end;
    embed_rows(Block<Real, Output>{kernel, plan, t + i, end - i, out + i * row_stride, row_stride, 1}, 0);
    for (; end < count && repeats(t + end); ++end)
      std::memcpy(static_cast<void*>(out + end * row_stride), out + (end - 1) * row_stride,
                  static_cast<std::size_t>(plan.dim) * sizeof(Output));
  }
}

/// One row of an embedding that is_runs and has no zeros, the shortest way.
template <typename Real, typename Output>
void embed_row(const Kernel<Real, Output>& kernel, const PlanOf<Real>& plan, const double& t, Output* out) {
  for (const Group *group = plan.groups.data(), *end = group + plan.group_count; group != end; ++group)
    kernel.rows[group->phased](plan.arrays, *group, &t, out + group->sin, out + group->cos, group->stores, 1, 0);
}

}}}  // namespace phasor::PHASOR_NAMESPACE::detail
