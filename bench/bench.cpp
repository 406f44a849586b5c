// The speed and the error of phasor and of its peers, on the same buffers in one run: float, [sin | cos], row-major.
//
// A row is named who/rows x dim, and ":n" behind it if each t stands n times; its counters are ns/output, bytes/s, and
// max_error: the largest difference from the formula in long double over a sample of rows. bench/run makes tables and
// plots of it.
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
    {16, 320, 16},      // a sampler's batch
    {2, 1280, 2},       // the guidance pair, conditional and unconditional
    {256, 320, 256},    // a large batch
    {27280, 256, 880},  // video tokens: 31 frames
};

// One buffer serves every row, so that all write to the same pages.
constexpr std::size_t buffer_size = std::size_t(1) << 26, most_rows = 1 << 18;

float* buffer() {
  static float* const floats = [] {
    auto* const p = static_cast<float*>(std::aligned_alloc(4096, buffer_size * sizeof(float)));
    std::fill_n(p, buffer_size, 0.5f);
    return p;
  }();
  return floats;
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

/// The largest |out - exact| in at most 64 rows.
template <typename T>
double max_error(const T* t, Shape shape, const float* out) {
  const Spectrum spectrum = phasor::positional_embedding(shape.dim);
  const long double turn = 2 * 3.14159265358979323846264338327950288L;
  long double largest = 0;
  for (Index i = 0; i < shape.rows; i += std::max<Index>(1, shape.rows / 64)) {
    for (Index k = 0; k < shape.dim; ++k) {
      const long double step = static_cast<long double>(t[i]), f = spectrum.frequency.data()[k], turns = step * f;
      const long double fraction = turns - std::round(turns) + std::fma(step, f, -turns) + spectrum.phase.data()[k];
      const long double exact = std::sin(turn * fraction);
      largest = std::max(largest, std::abs(static_cast<long double>(out[i * shape.dim + k]) - exact));
    }
  }
  return static_cast<double>(largest);
}

enum class Writes { waves, something_else };

/// Registers a row, once. make() returns a callable (t, out) that writes one output and returns where it is.
template <typename T, typename Make>
void row(const std::string& who, Shape shape, Writes writes, const Make& make) {
  const std::string name = who + "/" + std::to_string(shape.rows) + "x" + std::to_string(shape.dim) +
                           (shape.run > 1 ? ":" + std::to_string(shape.run) : "");
  static std::set<std::string> names;
  if (!names.insert(name).second) return;
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    const T* const t = timesteps<T>(shape.run);
    float* const out = buffer();
    auto run = make();
    const float* result = out;
    const std::clock_t start = std::clock();
    for (auto _ : state) {
      result = run(t, out);
      benchmark::ClobberMemory();
    }
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    using benchmark::Counter;
    const auto outputs = static_cast<double>(shape.rows * shape.dim);
    state.counters["ns/output"] = 1e9 * seconds / (outputs * static_cast<double>(state.iterations()));
    state.counters["bytes/s"] = Counter(outputs * sizeof(float), Counter::kIsIterationInvariantRate);
    if (writes == Writes::waves) state.counters["max_error"] = max_error(t, shape, result);
  });
}

/// embed_into; and embed, with its allocation.
enum class Calls { embed_into, both };
void ours(Shape shape, Calls calls) {
  const auto add = [&](const std::string& who, const auto& call) {
    row<float>(who, shape, Writes::waves, [=] {
      return [=, embedding = PositionalEmbedding<float>(shape.dim), kept = std::make_shared<bench::Matrix>()](
                 const float* t, float* out) { return call(embedding, t, out, *kept); };
    });
  };
  add("phasor", [=](const auto& embedding, const float* t, float* out, bench::Matrix&) {
    if (shape.rows == 1) {
      embedding.embed_into(*t, Eigen::Map<Eigen::RowVectorXf>(out, shape.dim));
    } else {
      embedding.embed_into(Eigen::Map<const Eigen::VectorXf>(t, shape.rows),
                           Eigen::Map<bench::Matrix>(out, shape.rows, shape.dim));
    }
    return out;
  });
  if (calls == Calls::both)
    add("phasor embed", [=](const auto& embedding, const float* t, float*, bench::Matrix& kept) {
      if (shape.rows == 1) {
        kept = embedding.embed(*t);
      } else {
        kept = embedding.embed(Eigen::Map<const Eigen::VectorXf>(t, shape.rows));
      }
      return kept.data();
    });
}

/// An embedding made, its frequencies included.
void construction() {
  row<float>("construction", {1, 320}, Writes::something_else, [] {
    return [](const float*, float* out) {
      benchmark::DoNotOptimize(phasor::BufferEmbedding<float>(phasor::adm(320)));
      return out;
    };
  });
}

template <typename Peer>
void peer(const std::string& who, Shape shape, Writes writes = Writes::waves) {
  row<float>(who, shape, writes, [=] {
    return [p = Peer(shape.rows, shape.dim)](const float* t, float* out) mutable {
      p(t, out);
      return out;
    };
  });
}

void limits(Shape shape) {
  peer<bench::Fill>("std::fill", shape, Writes::something_else);
#if EIGEN_ARCH_i386_OR_x86_64
  peer<bench::StreamingFill>("streaming fill", shape, Writes::something_else);
#endif
#ifdef PHASOR_BENCH_BARE
  peer<bench::BareLoop>("bare loop", shape);
#endif
}

#ifdef PHASOR_BENCH_TORCH
template <typename T>
void torch(const std::string& who, bench::Torch::Way way, Shape shape) {
  row<T>(who, shape, Writes::waves, [=] {
    return [p = bench::Torch(way, shape.rows, shape.dim)](const T* t, float*) mutable {
      p(t);
      return p.result();
    };
  });
}
#endif

void peers(Shape shape) {
  limits(shape);
  peer<bench::NaiveEigen>("naive Eigen", shape);
  peer<bench::EigenByRows>("Eigen by rows", shape);
  peer<bench::Loop>("std::sin loop", shape);
#ifdef PHASOR_BENCH_LIBMVEC
  peer<bench::Libmvec>("libmvec", shape);
#endif
#ifdef PHASOR_BENCH_SLEEF
  peer<bench::Sleef>("SLEEF", shape);
#endif
#ifdef PHASOR_BENCH_TORCH
  using Way = bench::Torch::Way;
  torch<float>("LibTorch chain", Way::chain, shape);
  torch<float>("LibTorch, frequencies kept", Way::frequencies, shape);
  torch<std::int64_t>("LibTorch, table lookup", Way::lookup, shape);
#endif
}

void register_rows() {
  for (const Shape shape : workloads) {
    ours(shape, Calls::both);
    peers(shape);
  }
  construction();

  std::vector<Shape> sweeps;
  for (Index rows = 1; rows <= 65536; rows *= 2) sweeps.push_back({rows, 320});
  for (Index rows = 1; rows <= Index(most_rows); rows *= 2) sweeps.push_back({rows, 256});  // 1 KB to 256 MB
  for (const Shape shape : sweeps) {
    ours(shape, Calls::embed_into);
    peer<bench::NaiveEigen>("naive Eigen", shape);
    limits(shape);
  }
}

}  // namespace

int main(int argc, char** argv) {
  register_rows();
  benchmark::AddCustomContext("phasor", std::to_string(PHASOR_VERSION_MAJOR) + "." +
                                            std::to_string(PHASOR_VERSION_MINOR) + "." +
                                            std::to_string(PHASOR_VERSION_PATCH));
  benchmark::AddCustomContext("compiler", PHASOR_BENCH_COMPILER);
  benchmark::AddCustomContext("flags", PHASOR_BENCH_FLAGS);
  benchmark::AddCustomContext("target", phasor::target());
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
