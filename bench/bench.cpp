// The speed and the error of phasor and of its peers, on the same buffers in the same run.
//
// A row is named who/Scalar/layout/type of t/rows x dim, and ":n" behind it if each t stands n times; its counters are
// ns/output, bytes/s, and max_error: the largest difference from the formula in long double over a sample of rows.
// bench/run makes tables and plots of it. Version 1's headers will do, too.
#include <benchmark/benchmark.h>
#include <phasor/phasor.hpp>

#include "peers.hpp"
#ifdef PHASOR_BENCH_TORCH
#include "torch.hpp"
#endif

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace {

using Eigen::Index;
using phasor::PositionalEmbedding;
using phasor::Spectrum;

struct Shape {
  Index rows, dim, run = 1;  ///< each t stands `run` times
};

/// The shapes that models ask for.
constexpr Shape workloads[] = {
    {1, 320},       // one sampling step of Stable Diffusion
    {2, 1280},      // two timesteps, wide
    {256, 320},     // a training batch
    {1000, 320},    // the table of all steps
    {27280, 256},   // one timestep a token of a video
    {65536, 1024},  // an epoch's worth at once: 256 MB
    // The same t for all rows, or for all tokens of a frame.
    {16, 320, 16},       // a sampler's batch
    {2, 1280, 2},        // the guidance pair, conditional and unconditional
    {256, 320, 256},     // a large batch
    {27280, 256, 1560},  // video tokens
};
constexpr Shape small{16, 320}, large{1024, 320}, huge{65536, 1024};  // first cache, second cache, memory

// One buffer serves every row, so that all write to the same pages.
constexpr std::size_t buffer_bytes = std::size_t(1) << 29, most_rows = 1 << 18;

template <typename Scalar>
Scalar* buffer() {
  static void* const bytes = [] {
    void* const p = std::aligned_alloc(4096, buffer_bytes);
    std::fill_n(static_cast<float*>(p), buffer_bytes / sizeof(float), 0.5f);
    return p;
  }();
  return static_cast<Scalar*>(bytes);
}

/// Timesteps in [0, 1000), each `run` times: fractions, or integers if T is.
template <typename T>
const T* timesteps(Index run) {
  static std::map<Index, std::vector<T>> all;
  std::vector<T>& t = all[run];
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform(0, 1000);
  for (std::size_t i = t.size(); i < most_rows; ++i) {
    t.push_back(i % static_cast<std::size_t>(run) ? t.back() : static_cast<T>(uniform(random)));
  }
  return t.data();
}

struct Layout {
  std::string name;
  Spectrum (*spectrum)(Index dim);
  enum { by_rows, by_columns, in_wider_rows } order;
};

Spectrum halves(Index dim) { return phasor::positional_embedding(dim); }
Spectrum pairs(Index dim) { return phasor::transformer(dim); }
Spectrum odd(Index dim) { return phasor::ddpm(dim - 1); }
Spectrum far(Index dim) { return phasor::scaled(halves(dim), 0x1p40); }
Spectrum unpaired(Index dim) {
  std::mt19937_64 random(2);
  std::normal_distribution<double> normal(0, 0.01);  // some ten turns: log-noise levels and unit frequencies span fewer
  std::uniform_real_distribution<double> uniform(0, 1);
  Spectrum spectrum = halves(dim);
  for (double& f : spectrum.frequency) f = normal(random);
  for (double& phase : spectrum.phase) phase = uniform(random);
  return spectrum;
}

const Layout layouts[] = {{"halves", halves, Layout::by_rows},
                          {"columns", halves, Layout::by_columns},
                          {"block", halves, Layout::in_wider_rows},
                          {"interleaved", pairs, Layout::by_rows},
                          {"odd", odd, Layout::by_rows},
                          {"unpaired", unpaired, Layout::by_rows},
                          {"far", far, Layout::by_rows}};  // angles so large that they are reduced in integers

/// Where output (i, k) is: at i * row + k * column.
struct Strides {
  Index row, column;
};

/// The largest |out - exact| in at most 64 rows.
template <typename Scalar, typename T>
double max_error(const Spectrum& spectrum, const T* t, Index rows, const Scalar* out, Strides strides) {
  const long double turn = 2 * 3.14159265358979323846264338327950288L;
  long double largest = 0;
  for (Index i = 0; i < rows; i += std::max<Index>(1, rows / 64)) {
    for (Index k = 0; k < static_cast<Index>(spectrum.frequency.size()); ++k) {
      const long double step = static_cast<long double>(t[i]), f = spectrum.frequency.data()[k], turns = step * f;
      const long double fraction = turns - std::round(turns) + std::fma(step, f, -turns) + spectrum.phase.data()[k];
      const long double exact = std::sin(turn * fraction);
      const long double found = static_cast<double>(out[i * strides.row + k * strides.column]);
      largest = std::max(largest, std::abs(found - exact));
    }
  }
  return static_cast<double>(largest);
}

template <typename Number>
const char* const name_of = "int64";
template <>
const char* const name_of<float> = "float";
template <>
const char* const name_of<double> = "double";
template <>
const char* const name_of<Eigen::half> = "half";
template <>
const char* const name_of<Eigen::bfloat16> = "bfloat16";

/// Registers a row, once. make() returns a callable (t, out) that writes one output and returns where it is.
template <typename Scalar, typename T, typename Make>
void row(const std::string& who, const std::string& layout, Shape shape, const Spectrum& exact, Strides strides,
         const Make& make) {
  const std::string size = std::to_string(shape.rows) + "x" + std::to_string(shape.dim) +
                           (shape.run > 1 ? ":" + std::to_string(shape.run) : "");
  const std::string name = who + "/" + name_of<Scalar> + "/" + layout + "/" + name_of<T> + "/" + size;
  static std::set<std::string> names;
  if (!names.insert(name).second) return;
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    const T* const t = timesteps<T>(shape.run);
    Scalar* const out = buffer<Scalar>();
    auto run = make();
    const Scalar* result = out;
    const std::clock_t start = std::clock();
    for (auto _ : state) {
      result = run(t, out);
      benchmark::ClobberMemory();
    }
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    using benchmark::Counter;
    const auto outputs = static_cast<double>(shape.rows * shape.dim);
    state.counters["ns/output"] = 1e9 * seconds / (outputs * static_cast<double>(state.iterations()));
    state.counters["bytes/s"] = Counter(outputs * sizeof(Scalar), Counter::kIsIterationInvariantRate);
    if (exact.frequency.size() > 0) {
      state.counters["max_error"] = max_error(exact, t, shape.rows, result, strides);
    }
  });
}

/// embed_into rows x dim of `layout`.
template <typename Scalar, typename T>
void ours(const Layout& layout, Shape shape) {
  const Index rows = shape.rows, dim = shape.dim + (layout.name == "odd" ? -1 : 0);
  const Index width = dim + (layout.order == Layout::in_wider_rows ? 100 : 0);
  const bool by_columns = layout.order == Layout::by_columns;
  const Spectrum spectrum = layout.spectrum(shape.dim);
  row<Scalar, T>("phasor", layout.name, {rows, dim, shape.run}, spectrum,
                 by_columns ? Strides{1, rows} : Strides{width, 1}, [=] {
                   return [=, embedding = PositionalEmbedding<Scalar>(spectrum)](const T* t, Scalar* out) {
                     const Eigen::Map<const bench::Vector<T>> steps(t, rows);
                     if (rows == 1) {
                       using Row = Eigen::Matrix<Scalar, 1, Eigen::Dynamic, Eigen::RowMajor>;
                       embedding.embed_into(*t, Eigen::Map<Row>(out, dim));
                     } else if (by_columns) {
                       using Columns = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
                       embedding.embed_into(steps, Eigen::Map<Columns>(out, rows, dim));
                     } else {
                       embedding.embed_into(steps, Eigen::Map<bench::Matrix<Scalar>>(out, rows, width).leftCols(dim));
                     }
                     return out;
                   };
                 });
}

/// embed, with its allocation, and embed_into a pointer.
void other_calls(Shape shape) {
  using Embedding = PositionalEmbedding<float>;
  using Matrix = bench::Matrix<float>;
  const Spectrum spectrum = halves(shape.dim);
  const auto add = [&](const std::string& who, const auto& call) {
    row<float, float>(who, "halves", shape, spectrum, {shape.dim, 1}, [=] {
      return [=, embedding = Embedding(spectrum), kept = std::make_shared<Matrix>()](const float* t, float* out) {
        return call(embedding, t, out, *kept);
      };
    });
  };
  add("phasor embed", [=](const Embedding& embedding, const float* t, float*, Matrix& kept) {
    if (shape.rows == 1) {
      kept = embedding.embed(*t);
    } else {
      kept = embedding.embed(Eigen::Map<const bench::Vector<float>>(t, shape.rows));
    }
    return kept.data();
  });
  add("phasor pointer", [=](const Embedding& embedding, const float* t, float* out, Matrix&) {
    embedding.embed_into(t, shape.rows, out, shape.dim);
    return out;
  });
}

#if PHASOR_VERSION_MAJOR >= 2
/// The waves of one row and nothing else: no check, no choice of a kernel. It is the baseline's, so -march=native builds
/// have the one that embed_into chooses.
PHASOR_NOINLINE void bare_row(const phasor::detail::Table<float>& table, float t, float* sin, float* cos, Index count) {
  namespace kernel = phasor::detail::baseline;
  using Floats = kernel::Vector<float>;
  const kernel::Two<float> two = {kernel::all<Floats>(t), Floats{}};
  const phasor::detail::Table<float> arrays = table;
  kernel::write_waves<float, false>(phasor::detail::Form::apart, false, sin, cos, count, 0, [&](Index j) {
    return kernel::angle_of<float, false>(
        two, false, kernel::wave_of(arrays, [=](const float* x) { return kernel::load<Floats>(x + j); }));
  });
}

void bare_loop(Index dim) {
  row<float, float>("bare loop", "halves", {1, dim}, halves(dim), {dim, 1}, [=] {
    const auto plan = std::make_shared<phasor::detail::Plan<float>>(halves(dim), true);
    return [=](const float* t, float* out) {
      bare_row(plan->table, *t, out, out + dim / 2, dim / 2);
      return out;
    };
  });
}
#else
void bare_loop(Index) {}
#endif

/// An embedding made of a spectrum: ns per column.
void construction(const std::string& name, const Spectrum& spectrum) {
  const auto dim = static_cast<Index>(spectrum.frequency.size());
  row<float, float>("construction", name, {1, dim}, {}, {dim, 1}, [=] {
    return [=](const float*, float* out) {
      benchmark::DoNotOptimize(PositionalEmbedding<float>(spectrum));
      return out;
    };
  });
}

template <typename Peer, typename Scalar>
void peer(const std::string& who, Shape shape, const Spectrum& exact) {
  row<Scalar, Scalar>(who, "halves", shape, exact, {shape.dim, 1}, [=] {
    return [p = Peer(shape.rows, shape.dim)](const Scalar* t, Scalar* out) mutable {
      p(t, out);
      return out;
    };
  });
}

template <typename Scalar = float>
void limits(Shape shape) {
  peer<bench::Fill<Scalar>, Scalar>("std::fill", shape, {});
#if EIGEN_ARCH_i386_OR_x86_64
  peer<bench::StreamingFill<Scalar>, Scalar>("streaming fill", shape, {});
#endif
}

#ifdef PHASOR_BENCH_TORCH
template <typename T>
void torch(const std::string& who, bench::Torch::Way way, Shape shape) {
  row<float, T>(who, "halves", shape, halves(shape.dim), {shape.dim, 1}, [=] {
    return [p = bench::Torch(way, shape.rows, shape.dim)](const T* t, float*) mutable {
      p(t);
      return p.result();
    };
  });
}
#endif

void peers(Shape shape) {
  const Spectrum exact = halves(shape.dim);
  limits(shape);
  peer<bench::NaiveEigen<float>, float>("naive Eigen", shape, exact);
  peer<bench::EigenByRows<float>, float>("Eigen by rows", shape, exact);
  peer<bench::Loop<float>, float>("std::sin loop", shape, exact);
#ifdef PHASOR_BENCH_LIBMVEC
  peer<bench::Libmvec, float>("libmvec", shape, exact);
#endif
#ifdef PHASOR_BENCH_SLEEF
  peer<bench::Sleef, float>("SLEEF", shape, exact);
#endif
#ifdef PHASOR_BENCH_TORCH
  using Way = bench::Torch::Way;
  torch<float>("LibTorch chain", Way::chain, shape);
  torch<float>("LibTorch, frequencies kept", Way::frequencies, shape);
  torch<std::int64_t>("LibTorch, table lookup", Way::lookup, shape);
#endif
}

template <typename Scalar>
void every_layout() {
  for (const Shape shape : {small, large}) {
    for (const Layout& layout : layouts) ours<Scalar, float>(layout, shape);
    ours<Scalar, double>(layouts[0], shape);
    ours<Scalar, std::int64_t>(layouts[0], shape);
  }
  ours<Scalar, float>(layouts[0], huge);
  limits<Scalar>(huge);
}

void register_rows() {
  for (const Shape shape : workloads) {
    ours<float, float>(layouts[0], shape);
    other_calls(shape);
    peers(shape);
  }
  for (const Shape shape : {small, large}) peers(shape);
  for (const Shape shape : {Shape{2, 1280}, Shape{256, 320, 256}}) ours<float, float>(layouts[1], shape);  // columns
  for (const Index dim : {64, 256, 320}) {
    ours<float, float>(layouts[0], {1, dim});
    other_calls({1, dim});
    bare_loop(dim);
  }
  construction("adm", phasor::adm(320));
  construction("adm", phasor::adm(100000));
  construction("cosines", phasor::cosines(unpaired(100000).frequency));

  every_layout<float>();
  every_layout<double>();
  every_layout<Eigen::half>();
  every_layout<Eigen::bfloat16>();
  for (const std::size_t layout : {1, 3}) ours<float, float>(layouts[layout], huge);  // columns, interleaved
  for (const Shape shape : {small, large}) {
    const Spectrum exact = halves(shape.dim), waves = unpaired(shape.dim);
    peer<bench::NaiveEigen<double>, double>("naive Eigen", shape, exact);
    peer<bench::EigenByRows<double>, double>("Eigen by rows", shape, exact);
    row<float, float>("naive Eigen", "unpaired", shape, waves, {shape.dim, 1}, [=] {
      return [p = bench::NaiveFourier<float>(shape.rows, waves.frequency.data(), waves.phase.data(), shape.dim)](
                 const float* t, float* out) mutable {
        p(t, out);
        return out;
      };
    });
  }

  std::vector<Shape> sweeps;
  for (Index rows = 1; rows <= 65536; rows *= 2) sweeps.push_back({rows, 320});
  for (Index rows = 1; rows <= Index(most_rows); rows *= 2) sweeps.push_back({rows, 256});  // 1 KB to 256 MB
  for (const Shape shape : sweeps) {
    ours<float, float>(layouts[0], shape);
    peer<bench::NaiveEigen<float>, float>("naive Eigen", shape, halves(shape.dim));
    limits(shape);
  }
}

}  // namespace

int main(int argc, char** argv) {
  register_rows();
  benchmark::AddCustomContext("compiler", PHASOR_BENCH_COMPILER);
  benchmark::AddCustomContext("flags", PHASOR_BENCH_FLAGS);
#if PHASOR_VERSION_MAJOR >= 2
  benchmark::AddCustomContext("target", phasor::target());
#endif
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
