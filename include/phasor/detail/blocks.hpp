// phasor: blocks of timesteps by rows or by columns, to wherever they go: what is around a kernel's loops, the same for
// all targets.
//
// Outputs that stand side by side are computed where they are to be. Others go by scratch: those of scattered columns,
// of strided ones, and of groups that are smaller than a vector, which are computed for several timesteps at once (a
// tile).
#pragma once

#include <phasor/detail/kernels.hpp>

namespace phasor { inline namespace PHASOR_NAMESPACE { namespace detail {

/// A block of timesteps: element (i, k) goes to out[i * row_stride + k * column_stride].
template <typename Real, typename Output>
struct Block {
  const Kernel<Real, Output>& kernel;
  const Table<Real>& table;
  const double* t;
  Index count;
  Output* out;
  Index row_stride, column_stride;
};

/// Memory that is written from one end to the other, past the caches: whole cache lines or nothing, since an
/// ordinary store into a line that is half streamed flushes it.
class Stream {
 public:
  using Copy = void (*)(char* to, const char* from, std::size_t bytes);

  Stream(void* out, Copy copy_lines)
      : copy_lines_(copy_lines),
        to_(static_cast<char*>(out)),
        missing_((0 - reinterpret_cast<std::uintptr_t>(out)) % 64) {}
  ~Stream() { std::memcpy(to_, cache_line_, filled_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void append(const void* data, Index bytes) {
    const char* from = static_cast<const char*>(data);
    auto left = static_cast<std::size_t>(bytes);
    if (filled_ > 0 || missing_ > 0) {
      const std::size_t wanted = (missing_ ? missing_ : 64) - filled_, count = wanted < left ? wanted : left;
      std::memcpy(cache_line_ + filled_, from, count);
      filled_ += count;
      if (count < wanted) return;
      if (missing_)
        std::memcpy(to_, cache_line_, missing_);  // the end of a line whose beginning is not ours
      else
        copy_lines_(to_, cache_line_, 64);
      to_ += missing_ ? missing_ : 64;
      filled_ = missing_ = 0;
      from += count;
      left -= count;
    }
    const std::size_t whole = left / 64 * 64;
    copy_lines_(to_, from, whole);
    to_ += whole;
    from += whole;
    left -= whole;
    std::memcpy(cache_line_, from, left);
    filled_ = left;
  }

 private:
  Copy copy_lines_;
  char* to_;
  std::size_t missing_, filled_ = 0;  ///< bytes of the first line that are not written; bytes of cache_line_ that are
  alignas(64) char cache_line_[64] = {};
};

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

/// Copies rows of `count` outputs, which stand `width` apart, to places that stand `stride` apart, in rows that stand
/// `row_stride` apart.
template <typename Output>
PHASOR_NOINLINE void copy_rows(Output* to, Index row_stride, Index stride, const Output* from, Index width, Index count,
                               Index rows) {
  for (Index row = 0; row < rows; ++row) {
    Output* const row_to = to + row * row_stride;
    const Output* const row_from = from + row * width;
    if (stride == 1 && count >= 8)
      copy_by<8>(row_to, row_from, count);
    else if (stride == 1 && count >= 4)
      copy_by<4>(row_to, row_from, count);
    else
      for (Index j = 0; j < count; ++j) copy_by<1>(row_to + j * stride, row_from + j, 1);
  }
}

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
                 times.reductions(tiled, places, block.kernel.lanes, group), &block.table.arrays, group.first},
      group, 1, sines, cosines, 0, false);
}

/// Rows of a group whose outputs do not stand side by side, or fill no vector.
template <typename Real, typename Output>
PHASOR_NOINLINE void scatter_rows(const Block<Real, Output>& block, const Group& group) {
  alignas(64) Output sines[max_waves], cosines[max_waves];
  const Wave* const waves = block.table.waves + group.first;
  const Index stride = block.column_stride;
  Output* out = block.out;
  for (Index i = 0, rows; i < block.count; i += rows) {
    rows = group.copies < block.count - i ? group.copies : block.count - i;
    if (rows == 1)
      block.kernel.rows[group.phased](block.table.arrays, group, block.t + i, 1, sines, cosines, 0, false, false);
    else
      compute_tile(block, group, block.t + i, rows, sines, cosines);
    // Sines and cosines of waves from `first` on, that many columns of each, to their places.
    const auto deliver = [&](Index first, Index count, Index step) {
      const Wave& wave = waves[first];
      const Index width = group.count;
      if (wave.sin != nowhere)
        copy_rows(out + wave.sin * stride, block.row_stride, step * stride, sines + first, width, count, rows);
      if (wave.cos != nowhere && !group.phased)
        copy_rows(out + wave.cos * stride, block.row_stride, step * stride, cosines + first, width, count, rows);
    };
    if (group.form != Form::scattered) deliver(0, group.count, group.form == Form::interleaved ? 2 : 1);
    for (Index k = 0; group.form == Form::scattered && k < group.count; ++k) deliver(k, 1, 1);
    out += rows * block.row_stride;
  }
}

/// Calls compute(first, lines, sin, cos) line by line: what is nowhere goes to scratch.
template <typename Output, typename Compute>
PHASOR_NOINLINE void with_scratch(Output* out, Index sin, Index cos, Index column_stride, Index lines, Index stride,
                                  const Compute& compute) {
  alignas(64) Output scratch[max_times];
  for (Index line = 0; line < lines; ++line) {
    Output* const to = out + line * stride;
    compute(line, Index(1), sin == nowhere ? scratch : to + sin * column_stride,
            cos == nowhere ? scratch : to + cos * column_stride);
  }
}
/// Calls compute(first, lines, sin, cos) for lines of outputs that stand `stride` apart; at once, if nothing is
/// nowhere.
template <typename Output, typename Compute>
void with_places(Output* out, Index sin, Index cos, Index column_stride, Index lines, Index stride,
                 const Compute& compute) {
  if (sin == nowhere || cos == nowhere) return with_scratch(out, sin, cos, column_stride, lines, stride, compute);
  compute(Index(0), lines, out + sin * column_stride, out + cos * column_stride);
}

template <typename Real, typename Output>
void put_zeros(const Block<Real, Output>& block) {
  for (Index z = 0; z < block.table.zero_count; ++z)
    for (Index i = 0; i < block.count; ++i)
      std::memset(static_cast<void*>(block.out + i * block.row_stride + block.table.zeros[z] * block.column_stride), 0,
                  sizeof(Output));
}

template <typename Real, typename Output>
PHASOR_NOINLINE void embed_rows(const Block<Real, Output>& block, bool streams) {
  const Table<Real>& table = block.table;
  for (const Group *group = table.groups, *end = group + table.group_count; group != end; ++group) {
    const Kernel<Real, Output>& kernel = fitting(block.kernel, group->count);
    if (block.column_stride != 1 || group->form == Form::scattered || group->count < kernel.lanes) {
      scatter_rows(block, *group);
      continue;
    }
    with_places(block.out, group->sin, group->cos, 1, block.count, block.row_stride,
                [&](Index first, Index rows, Output* sin, Output* cos) {
                  kernel.rows[group->phased](table.arrays, *group, block.t + first, rows, sin, cos, block.row_stride,
                                             group->form == Form::interleaved, streams);
                });
  }
  put_zeros(block);
}

/// Whether an address, and this many outputs, are whole cache lines.
template <typename Output>
bool is_at_cache_lines(const Output* out, Index outputs) {
  return (reinterpret_cast<std::uintptr_t>(out) | static_cast<std::uintptr_t>(outputs) * sizeof(Output)) % 64 == 0;
}

/// Columns: row_stride is 1, and there are enough timesteps for a vector.
template <typename Real, typename Output>
PHASOR_NOINLINE void embed_columns(const Block<Real, Output>& block, bool streams) {
  const Table<Real>& table = block.table;
  Times<Real, max_times> times;
  times.largest = block.kernel.split(block.t, block.count, times.high, times.low, times.has_low);
  const bool at_once = streams && table.is_runs && is_at_cache_lines(block.out, block.column_stride | block.count);
  for (const Group *group = table.groups, *end = group + table.group_count; group != end; ++group) {
    const unsigned char* const reductions = times.reductions(block.t, block.count, block.kernel.lanes, *group);
    const Index lines = group->form == Form::scattered ? 1 : group->count,
                stride = block.column_stride * (group->form == Form::interleaved ? 2 : 1);
    for (Index k = group->first; k < group->first + group->count; k += lines)
      with_places(block.out, table.waves[k].sin, table.waves[k].cos, block.column_stride, lines, stride,
                  [&](Index first, Index columns, Output* sin, Output* cos) {
                    block.kernel.columns[group->phased](
                        Line<Real>{false, true, block.count, block.t, times.high, times.low, times.has_low, reductions,
                                   &table.arrays, k + first},
                        *group, columns, sin, cos, stride, at_once);
                  });
  }
  put_zeros(block);
}

/// Whether *t is the timestep before it.
inline bool repeats(const double* t) { return bits(*t) == bits(t[-1]); }

/// The first timestep from t[i] on that repeats the one before it; or `count`.
inline Index first_repeat(const double* t, Index i, Index count) {
  while (i < count && !repeats(t + i)) ++i;
  return i;
}

/// Rows without gaps, past the caches: row by row by way of scratch.
template <typename Real, typename Output>
PHASOR_NOINLINE void stream_rows(Block<Real, Output> block) {
  alignas(64) Output scratch[(max_streamed_row + 64) / sizeof(Output)];
  Stream stream(block.out, block.kernel.stream);
  const double* const end = block.t + block.count;
  const Index dim = block.table.dim;
  Output* to = block.out;
  block.count = 1;
  for (bool is_copy = false; block.t != end; to += dim) {
    if (!is_copy) {
      block.out = scratch + reinterpret_cast<std::uintptr_t>(to) % 64 / sizeof(Output);  // as far from a line as `to`
      embed_rows(block, false);
    }
    stream.append(block.out, dim * static_cast<Index>(sizeof(Output)));
    ++block.t;
    is_copy = block.t != end && repeats(block.t);
  }
}

/// A block, past the caches if it may be. A row whose timestep is that of the row before is a copy of it.
template <typename Real, typename Output>
PHASOR_NOINLINE void embed_block(const Block<Real, Output>& block, bool streams) {
  const auto& [kernel, table, t, count, out, row_stride, column_stride] = block;
  const Kernel<Real, Output>& narrow = fitting(kernel, count);
  if (row_stride == 1 && count >= narrow.lanes)
    return embed_columns(Block<Real, Output>{narrow, table, t, count, out, 1, column_stride}, streams);
  if (column_stride != 1) return embed_rows(block, false);
  const Index bytes = table.dim * static_cast<Index>(sizeof(Output));
  if (streams && table.is_runs) {
    if (is_at_cache_lines(out, row_stride | table.bounds) && first_repeat(t, 1, count) == count)
      return embed_rows(block, true);
    if (row_stride == table.dim && bytes <= max_streamed_row) return stream_rows(block);
  }
  for (Index i = 0, end; i < count; i = end) {
    end = first_repeat(t, i + 1, count);
    embed_rows(Block<Real, Output>{kernel, table, t + i, end - i, out + i * row_stride, row_stride, 1}, false);
    for (; end < count && repeats(t + end); ++end)
      std::memcpy(static_cast<void*>(out + end * row_stride), out + (end - 1) * row_stride,
                  static_cast<std::size_t>(bytes));
  }
}

/// max_times timesteps at most.
template <typename Real, typename Output>
void embed(const Block<Real, Output>& block, bool streams) {
  const Table<Real>& table = block.table;
  if (streams || !table.is_runs || table.zero_count > 0 || block.column_stride != 1 ||
      first_repeat(block.t, 1, block.count) != block.count) {
    embed_block(block, streams);
    if (streams) fence();
    return;
  }
  // Rows and nothing else, as a sampling step has them: the shortest way.
  for (const Group *group = table.groups, *end = group + table.group_count; group != end; ++group)
    block.kernel.rows[group->phased](table.arrays, *group, block.t, block.count, block.out + group->sin,
                                     block.out + group->cos, block.row_stride, group->form == Form::interleaved, false);
}

}}}  // namespace phasor::PHASOR_NAMESPACE::detail
