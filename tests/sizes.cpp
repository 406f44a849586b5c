// Dimensions and batches around every size that the kernels have: lanes, blocks of timesteps, groups of waves; with strides of
// every kind; memory that ends at pages which cannot be touched; and timesteps that repeat. Bits are those of each row alone.
//
// Outputs are streamed from 4 KB on, so that the larger shapes are and the single rows that they are compared with are not.
#include "bits.hpp"
#include "catch.hpp"
#include "in_use.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace {

const bool is_set = (phasor::stream_bytes = 4096, true);

using phasor::PositionalEmbedding;
using phasor::Spectrum;

/// Where the elements of a matrix stand, in elements.
struct Layout {
  const char* name;
  Index row_stride, column_stride;

  Index extent(Index rows, Index columns) const {
    if (rows == 0) return 0;
    return (rows - 1) * std::abs(row_stride) + (columns - 1) * std::abs(column_stride) + 1;
  }
  /// How far element (0, 0) is from the lowest.
  Index first(Index rows, Index columns) const {
    return rows == 0 ? 0
                     : (1 - rows) * std::min<Index>(row_stride, 0) + (1 - columns) * std::min<Index>(column_stride, 0);
  }
};

std::vector<Layout> layouts(Index rows, Index dim) {
  return {{"row-major", dim, 1},
          {"row-major, with gaps", dim + 3, 1},
          {"column-major", 1, rows},
          {"column-major, with gaps", 1, rows + 5},
          {"gaps everywhere", 2 * dim + 3, 2},
          {"gaps everywhere, by columns", 3, 3 * rows + 1},
          {"last row first", -(dim + 1), 1},
          {"last column first", 1, -(rows + 1)}};
}

template <typename Scalar>
using Strided =
    Eigen::Map<typename PositionalEmbedding<Scalar>::Matrix, 0, Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>>;

/// Embeds t into memory from `to` on, checks that it is `want` there, and returns where.
template <typename Scalar, typename Times, typename Want>
Strided<Scalar> check_at(Scalar* to, const Layout& layout, const PositionalEmbedding<Scalar>& embedding, const Times& t,
                         const Want& want) {
  const Index rows = want.rows(), columns = want.cols();
  Strided<Scalar> out(to + layout.first(rows, columns), rows, columns, {layout.row_stride, layout.column_stride});
  embedding.embed_into(t, out);
  INFO(layout.name << ", " << rows << " x " << columns);
  CHECK(difference(out, want) == "");
  return out;
}

/// Embeds t in every layout, each at another offset, and checks that nothing around the output is written.
template <typename Scalar, typename Times>
void check(const Spectrum& spectrum, const Times& t) {
  static Index offset = 0;  // of the output from what malloc aligns
  const PositionalEmbedding<Scalar> embedding(spectrum);
  const auto want = one_by_one(embedding, t);
  const auto guard = static_cast<Scalar>(-9);  // which no output is
  std::vector<Scalar> memory;
  for (const Layout& layout : layouts(want.rows(), want.cols())) {
    offset = (offset + 1) % 18;
    memory.assign(offset + layout.extent(want.rows(), want.cols()) + 64, guard);
    check_at(memory.data() + offset, layout, embedding, t, want).setConstant(guard);
    INFO(layout.name << ", " << want.rows() << " x " << want.cols());
    CHECK(std::count(memory.begin(), memory.end(), guard) == static_cast<Index>(memory.size()));
  }
}

Eigen::ArrayXd times(Index count) {
  Eigen::ArrayXd t = Eigen::ArrayXd::LinSpaced(count, -37.25, 998.39);
  if (count > 2) t[count / 2] = 1e12;  // beyond the fast reductions
  return t;
}

Spectrum shuffled(Spectrum spectrum) {
  std::mt19937 random(1);
  for (std::size_t k = spectrum.frequency.size(); k > 1; --k) {
    const std::size_t other = random() % k;
    std::swap(spectrum.frequency[k - 1], spectrum.frequency[other]);
    std::swap(spectrum.phase[k - 1], spectrum.phase[other]);
  }
  return spectrum;
}

template <typename Scalar>
void check_waves() {
  for (const Index waves : {1,  2,  3,  4,  5,   7,   8,   9,   15,  16,  17,  18,  31,  32,  33,   34,   47,   48,
                            49, 63, 64, 65, 127, 129, 255, 256, 257, 258, 511, 512, 513, 514, 1023, 1024, 1025, 1026}) {
    const std::vector<double> f = phasor::geometric(waves, 1e4);
    check<Scalar>(phasor::adm(2 * waves), times(3));
    check<Scalar>(phasor::adm(2 * waves + 1), times(3));
    check<Scalar>(phasor::interleaved(f), times(3));
    check<Scalar>(phasor::mp_fourier(f, sampled_phases(waves)), times(3));
    check<Scalar>(shuffled(phasor::adm(2 * waves)), times(3));
  }
  const std::vector<double> f = phasor::geometric(290, 1e4);  // many of each form at once
  check<Scalar>(joined(joined(phasor::adm(580), phasor::interleaved(f)), phasor::sines(phasor::geometric(290, 7))),
                times(3));
}

template <typename Scalar>
void check_rows() {
  for (const Index rows : {0,  1,  2,   3,   4,   5,   7,   8,   9,   15,  16,  17,  18,  31,  32,  33,  34, 63,
                           64, 65, 239, 240, 241, 255, 256, 257, 258, 271, 272, 273, 495, 496, 511, 512, 513}) {
    check<Scalar>(phasor::adm(66), times(rows));
    check<Scalar>(phasor::interleaved(phasor::geometric(17, 1e4)), times(rows));
    check<Scalar>(phasor::mp_fourier(phasor::geometric(18, 1e4), sampled_phases(18)), times(rows));
    check<Scalar>(mixed(37), times(rows));
    check<Scalar>(mixed(3), times(rows));
  }
}

/// Runs of every length up to 20 and of 300, of these values in turn.
template <typename Time>
Eigen::Array<Time, Eigen::Dynamic, 1> runs(const std::vector<Time>& values) {
  std::vector<Time> t;
  for (std::size_t length = 1; length <= 21; ++length)
    t.insert(t.end(), length == 21 ? 300 : length, values[length % values.size()]);
  t.insert(t.end(), values.begin(), values.end());
  return Eigen::Map<const Eigen::Array<Time, Eigen::Dynamic, 1>>(t.data(), static_cast<Index>(t.size()));
}

template <typename Scalar>
void check_repeated() {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  const std::int64_t far = std::int64_t(1) << 60;
  for (const Spectrum& spectrum : {phasor::adm(6), phasor::adm(66), phasor::interleaved(phasor::geometric(40, 1e4)),
                                   phasor::sines({0.125}), mixed(37)}) {
    check<Scalar>(spectrum, runs<double>({998.39, -0., 0., 1e12, 998.39}));
    check<Scalar>(spectrum, runs<double>({nan, 3, infinity, nan, 3, -infinity}));
    check<Scalar>(spectrum, runs<double>({1e300, 1 + 0x1p-52, 1}));  // as a float, the last two are one number
    check<Scalar>(spectrum, runs<float>({998.39f, -0.f, 0.f}));
    check<Scalar>(spectrum, runs<std::int64_t>({far, far + 256, 7, -far}));
    check<Scalar>(spectrum, runs<int>({3, 4}));
  }
}

#ifdef __linux__
/// Memory between two pages that cannot be touched.
class Fenced {
 public:
  Fenced() {
    void* const all = mmap(nullptr, size_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(all != MAP_FAILED);
    first_ = static_cast<char*>(all) + page_;
    REQUIRE(mprotect(first_, size_, PROT_READ | PROT_WRITE) == 0);
  }
  Fenced(const Fenced&) = delete;
  Fenced& operator=(const Fenced&) = delete;
  ~Fenced() { munmap(first_ - page_, size_ + 2 * page_); }

  /// `count` elements, just behind the first of those pages or just before the last.
  template <typename T>
  T* place(Index count, bool at_end) const {
    const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(T);
    REQUIRE(bytes <= size_);
    return static_cast<T*>(static_cast<void*>(at_end ? first_ + size_ - bytes : first_));
  }

 private:
  const std::size_t page_ = static_cast<std::size_t>(sysconf(_SC_PAGESIZE)),
                    size_ = 64 * page_ + (std::size_t(8) << 20);
  char* first_;
};

template <typename Scalar, typename Time>
void check_fenced() {
  const Fenced outputs, inputs;
  for (const Spectrum& spectrum : {phasor::sines({0.125}), phasor::adm(2), mixed(37), phasor::adm(64), phasor::adm(66),
                                   phasor::interleaved(phasor::geometric(64, 1e4)),
                                   phasor::mp_fourier(phasor::geometric(64, 1e4), sampled_phases(64)),
                                   phasor::interleaved(phasor::geometric(257, 1e4)), phasor::adm(1027)}) {
    const PositionalEmbedding<Scalar> embedding(spectrum);
    for (const Index rows : {1, 2, 7, 17, 33, 64, 257}) {
      Eigen::ArrayXd all = times(rows);
      if (rows == 64) all[rows / 2] = 500;  // nothing beyond the fast reductions, so that columns are streamed
      const Eigen::Array<Time, Eigen::Dynamic, 1> values = all.template cast<Time>();
      const auto want = one_by_one(embedding, values);
      for (const bool at_end : {false, true}) {
        Time* const t = inputs.place<Time>(rows, at_end);
        std::memcpy(t, values.data(), static_cast<std::size_t>(rows) * sizeof(Time));
        for (const Layout& layout : layouts(rows, embedding.dim())) {
          Scalar* const to = outputs.place<Scalar>(layout.extent(rows, embedding.dim()), at_end);
          check_at(to, layout, embedding, Eigen::Map<const Eigen::Array<Time, Eigen::Dynamic, 1>>(t, rows), want);
        }
        Scalar* const packed = outputs.place<Scalar>(want.size(), at_end);
        embedding.embed_into(t, rows, packed);
        CHECK(std::memcmp(packed, want.data(), static_cast<std::size_t>(want.size()) * sizeof(Scalar)) == 0);
      }
    }
  }
}
#else
template <typename Scalar, typename Time>
void check_fenced() {}
#endif

template <typename Scalar>
void check_all() {
  check_waves<Scalar>();
  check_rows<Scalar>();
  check_repeated<Scalar>();
  check_fenced<Scalar, double>();
  check_fenced<Scalar, std::int64_t>();
}

}  // namespace

TEST_CASE("sizes, fences and repeated timesteps, float") { check_all<float>(); }
TEST_CASE("sizes, fences and repeated timesteps, double") { check_all<double>(); }
TEST_CASE("sizes, fences and repeated timesteps, half") { check_all<Eigen::half>(); }
TEST_CASE("sizes, fences and repeated timesteps, bfloat16") { check_all<Eigen::bfloat16>(); }
