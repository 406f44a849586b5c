// phasor: timesteps, block by block, to wherever their rows or columns go: what is around a kernel's loops, the same
// for all targets.
//
// Outputs that stand side by side and fill a vector are computed where they are to be, and so are pairs of rows. Others
// go by scratch: scattered and strided ones, those that fill no vector, and rows that pass the caches but do not begin
// at cache lines.
#pragma once

#include <phasor/detail/kernels.hpp>
#include <phasor/detail/plan.hpp>
#include <phasor/detail/times.hpp>

namespace phasor { inline namespace PHASOR_NAMESPACE { namespace detail {

/// At most max_times timesteps: element (i, k) goes to out[i * row_stride + k * column_stride].
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

/// The kernel for `count` outputs side by side: where they fill no vector of AVX-512, AVX2's, if there is one, whose
/// outputs are the same, bit for bit.
template <typename Real, typename Output>
const Kernel<Real, Output>& fitting(const Kernel<Real, Output>& kernel, [[maybe_unused]] Index count) {
#if PHASOR_BASELINE < PHASOR_AVX512 && PHASOR_HIGHEST >= PHASOR_AVX512
  if (count < kernel.lanes && &kernel == &avx512::kernel<Real, Output>) return avx2::kernel<Real, Output>;
#endif
  return kernel;
}

/// One output, as bytes: what stands there may be of another type.
template <typename Output>
void copy(Output* to, const Output& from) {
  std::memcpy(static_cast<void*>(to), &from, sizeof from);
}

/// A block's timesteps as kernels read them, and the line of them that is a group's first column.
template <typename Real>
struct Times {
  alignas(64) Real high[max_times], low[max_times];
  unsigned char reductions[max_times];  ///< of each vector
  Line<Real> line;

  template <typename Output>
  Times(const Kernel<Real, Output>& kernel, const Block<Real, Output>& block, const Group& group)
      : line{false, block.count, block.t, high, low, false, nullptr, &block.plan.arrays, group.first} {
    const std::uint64_t largest = kernel.split(block.t, block.count, high, low, line.has_low);
    if (largest < group.direct_below) return;
    line.reductions = reductions;
    for (Index i = 0; i < block.count; ++i) {
      unsigned char& all = reductions[i / kernel.lanes];
      all = static_cast<unsigned char>((i % kernel.lanes ? all : 0u) | reduction_of(block.t[i], group));
    }
  }
  Times(const Times&) = delete;
  Times& operator=(const Times&) = delete;
};

/// A group by columns: in place, where row_stride is 1 and there are timesteps enough for a vector; else by way of
/// scratch.
template <typename Real, typename Output>
PHASOR_NOINLINE void embed_columns(const Kernel<Real, Output>& kernel, const Block<Real, Output>& block,
                                   const Group& group, bool in_place, unsigned stores) {
  Times<Real> times(kernel, block, group);
  alignas(64) Output sines[max_times], cosines[max_times];
  const Index together = in_place && group.is_run() ? group.count : 1,
              stride = block.column_stride * (group.stores & store_interleaved ? 2 : 1);
  const auto place = [&](Index column, Output* scratch) {
    return in_place && column != nowhere ? block.out + column * block.column_stride : scratch;
  };
  const auto deliver = [&](Index column, const Output* from) {
    if (column == nowhere) return;
    Output* const to = block.out + column * block.column_stride;
    for (Index i = 0; i < block.count; ++i) copy(to + i * block.row_stride, from[i]);
  };
  for (Index k = 0; k < group.count; k += together, times.line.first += together) {
    const Wave& wave = block.plan.waves[times.line.first];
    kernel.columns[group.phased](times.line, group, together, place(wave.sin, sines), place(wave.cos, cosines), stride,
                                 stores);
    if (in_place) continue;
    deliver(wave.sin, sines);
    if (!group.phased) deliver(wave.cos, cosines);
  }
}

/// Rows of a group of plain waves that fills half a vector, two in a vector; or false, unless all go directly.
template <typename Real, typename Output>
PHASOR_NOINLINE bool embed_pairs(const Kernel<Real, Output>& kernel, const Block<Real, Output>& block,
                                 const Group& group) {
  const Times<Real> times(kernel, block, group);
  if (times.line.reductions) return false;
  kernel.pairs(times.line, group, block.out + group.sin, block.out + group.cos, block.row_stride);
  return true;
}

/// Rows of a group, one by one; by way of scratch where outputs do not stand side by side, fill no vector, or are
/// nowhere.
template <typename Real, typename Output>
PHASOR_NOINLINE void scatter_rows(const Kernel<Real, Output>& kernel, const Block<Real, Output>& block,
                                  const Group& group) {
  alignas(64) Output sines[max_waves], cosines[max_waves];
  const Wave* const waves = block.plan.waves.data + group.first;
  const bool in_place = block.column_stride == 1 && group.count >= kernel.lanes;
  for (Index i = 0; i < block.count; ++i) {
    Output* const row = block.out + i * block.row_stride;
    const auto place = [&](Index column, Output* scratch) { return in_place && column >= 0 ? row + column : scratch; };
    const auto deliver = [&](Index first, Index Wave::*column, const Output* from) {
      if (first == nowhere || (in_place && first != scattered)) return;
      for (Index k = 0; k < group.count; ++k)
        if (waves[k].*column != nowhere) copy(row + waves[k].*column * block.column_stride, from[k]);
    };
    kernel.row[group.phased](block.plan.arrays, group, block.t[i], place(group.sin, sines), place(group.cos, cosines),
                             0);
    deliver(group.sin, &Wave::sin, sines);
    if (!group.phased) deliver(group.cos, &Wave::cos, cosines);
  }
}

/// Rows of a run that fills a vector, in place.
template <typename Real, typename Output>
PHASOR_INLINE void embed_rows(const Kernel<Real, Output>& kernel, const Block<Real, Output>& block, const Group& group,
                              unsigned stores) {
  for (Index i = 0; i < block.count; ++i) {
    Output* const row = block.out + i * block.row_stride;
    kernel.row[group.phased](block.plan.arrays, group, block.t[i], row + group.sin, row + group.cos,
                             stores | group.stores);
  }
}

/// Rows of a group that is small, scattered or strided: in place, if they fill a vector, or two together; else by
/// columns, if there are fewer of these than rows; else one by one.
template <typename Real, typename Output>
PHASOR_NOINLINE void embed_other_rows(const Block<Real, Output>& block, const Group& group) {
  const Index count = group.count;
  const Kernel<Real, Output>&of_row = fitting(block.kernel, count), &of_pair = fitting(block.kernel, 2 * count);
  const bool side_by_side = group.is_run() && block.column_stride == 1;
  if (side_by_side && 2 * count == of_pair.lanes && !group.phased && block.count > 1 && of_pair.pairs &&
      embed_pairs(of_pair, block, group))
    return;
  if (side_by_side && count >= of_row.lanes)
    embed_rows(of_row, block, group, 0);
  else if (count < min_waves && count < block.count)
    embed_columns(fitting(block.kernel, block.count), block, group, false, 0);
  else
    scatter_rows(of_row, block, group);
}

/// Zeros, and each group, by rows or by columns.
template <typename Real, typename Output>
PHASOR_NOINLINE void embed_groups(const Block<Real, Output>& block, unsigned stores) {
  for (Index z = 0; z < block.plan.zero_count; ++z)
    for (Index i = 0; i < block.count; ++i)
      copy(block.out + i * block.row_stride + block.plan.zeros[z] * block.column_stride, Output{});
  const Kernel<Real, Output>& of_column = fitting(block.kernel, block.count);
  const bool by_columns = block.row_stride == 1 && block.count >= of_column.lanes;
  for (const Group *group = block.plan.groups.data, *end = group + block.plan.group_count; group != end; ++group)
    if (by_columns)
      embed_columns(of_column, block, *group, true, stores);
    else if (group->is_run() && block.column_stride == 1 && group->count >= min_waves)
      embed_rows(block.kernel, block, *group, stores);
    else
      embed_other_rows(block, *group);
}

/// Contiguous rows past the caches, by way of scratch.
template <typename Real, typename Output>
PHASOR_NOINLINE void stream_rows(const Block<Real, Output>& block) {
  constexpr std::size_t size = max_streamed / sizeof(Output);
  alignas(64) Output scratch[size];
  const Index dim = block.plan.dim, most = static_cast<Index>(size) / dim;
  for (Index i = 0, rows; i < block.count; i += rows) {
    rows = most < block.count - i ? most : block.count - i;
    embed_groups(Block<Real, Output>{block.kernel, block.plan, block.t + i, rows, scratch, dim, 1}, 0);
    const Index together = block.row_stride == dim ? rows : 1;
    for (Index row = 0; row < rows; row += together)
      block.kernel.stream(reinterpret_cast<char*>(block.out + (i + row) * block.row_stride),
                          reinterpret_cast<const char*>(scratch + row * dim),
                          static_cast<std::size_t>(together * dim) * sizeof(Output));
  }
}

/// Whether an address, and this many outputs, are whole cache lines.
template <typename Output>
bool is_at_cache_lines(const Output* out, Index outputs) {
  return (reinterpret_cast<std::uintptr_t>(out) | static_cast<std::uintptr_t>(outputs) * sizeof(Output)) % cache_line ==
         0;
}

/// All timesteps, block by block. If outputs are `stream_from` bytes or more, and runs, then rows or columns that are
/// whole cache lines go past the caches, and other contiguous rows of up to max_streamed bytes too, by way of scratch.
/// In a block that does not, a contiguous row whose timestep is that of the row before is a copy of it.
template <typename Real, typename Output>
PHASOR_NOINLINE void embed_blocks(const Kernel<Real, Output>& kernel, const PlanOf<Real>& plan, const TimeSource& times,
                                  Output* out, Index row_stride, Index column_stride, Index stream_from) {
  if (times.count == 1) row_stride = plan.dim;  // 1 would mean columns
  const bool contiguous_rows = column_stride == 1 && row_stride != 1;
  const bool streams = can_stream && plan.is_runs && (contiguous_rows || row_stride == 1) &&
                       static_cast<double>(times.count) * static_cast<double>(plan.dim) * sizeof(Output) >=
                           static_cast<double>(stream_from);
  const std::size_t row_size = static_cast<std::size_t>(plan.dim) * sizeof(Output);
  double t[max_times + max_lanes];
  for (Index first = 0, count = 0; first < times.count; first += count) {
    count = first_part(times.count - first, max_times, max_lanes);
    times.read(times.source, first, count, t);
    if (times.count > 1 && (row_stride == 1 || !plan.is_runs))
      std::memset(t + count, 0, max_lanes * sizeof *t);  // columns read whole vectors
    const auto block = [&](Index i, Index end) {
      return Block<Real, Output>{kernel,     plan,         t + i, end - i, out + (first + i) * row_stride,
                                 row_stride, column_stride};
    };
    const auto repeats = [&](Index i) { return bits(t[i]) == bits(t[i - 1]); };
    const Index places = contiguous_rows ? row_stride | plan.bounds : column_stride | count;
    if (streams && is_at_cache_lines(out + first * row_stride, places))
      embed_groups(block(0, count), store_streamed);
    else if (streams && contiguous_rows && row_size <= max_streamed)
      stream_rows(block(0, count));
    else
      for (Index i = 0, end; i < count; i = end) {
        for (end = contiguous_rows ? i + 1 : count; end < count && !repeats(end);) ++end;
        embed_groups(block(i, end), 0);
        for (; end < count && repeats(end); ++end) {
          Output* const row = out + (first + end) * row_stride;
          std::memcpy(static_cast<void*>(row), row - row_stride, row_size);
        }
      }
  }
  if (streams) fence();
}

/// One timestep of an embedding that is_runs and has no zeros, the shortest way.
template <typename Real, typename Output>
void embed_one(const Kernel<Real, Output>& kernel, const PlanOf<Real>& plan, const double& t, Output* out) {
  for (const Group *group = plan.groups.data, *end = group + plan.group_count; group != end; ++group)
    kernel.row[group->phased](plan.arrays, *group, t, out + group->sin, out + group->cos, group->stores);
}

}}}  // namespace phasor::PHASOR_NAMESPACE::detail
