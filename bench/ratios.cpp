// Two builds of phasor, in turns, on the same buffers.
//
//   ratios NEW OLD [limits]
//
// loads two shared objects of workloads.cpp and prints Markdown tables: ns an output of both (the lower quartile), and
// new / old, which is the median, with the quartiles, of pairs that were measured one right after the other. Each
// embedding is made five times anew, since the place of its tables in memory counts too. "limits" adds what version 3
// promises against version 2: "over?" if half of the pairs are over it, "over" if three of four are. Large outputs stand
// beside std::fill and a streaming fill of the same memory, and beside the same rows computed into one small block,
// which stays in the caches.
#include "peers.hpp"
#include "workloads.hpp"

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace bench;

struct Version {
  explicit Version(const char* path) : object(dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
    if (object == nullptr) {
      std::fprintf(stderr, "%s\n", dlerror());
      std::exit(1);
    }
  }
  template <typename Function>
  Function* get(const char* name) const {
    return reinterpret_cast<Function*>(dlsym(object, name));
  }
  Run prepared(const Workload& workload, const void* timesteps, void* out) const {
    Run run;
    get<Prepare>("phasor_workload")(workload, timesteps, out, &run);
    return run;
  }
  void* object;
};

constexpr auto by_columns = Order::columns;
constexpr auto halves = Columns::halves, interleaved = Columns::interleaved, phases = Columns::phases;
constexpr auto rows = Order::rows;
constexpr auto f32 = Scalar::float32;

struct Compared {
  Workload workload;
  double limit;  ///< of new / old
};
const Compared compared[] = {
    {{1, 320}, 1.03},
    {{2, 320}, 1.03},
    {{16, 320}, 1.03},
    {{1024, 320}, 1.03},
    {{2, 1280}, 1.03},
    {{1, 64}, 1.1},
    {{8, 320, halves, by_columns}, 1.25},
    {{16, 320, halves, by_columns}, 1.25},
    {{256, 320, halves, by_columns}, 1.05},
    {{1024, 320, halves, by_columns}, 1.05},
    {{16, 320, interleaved}, 1.05},
    {{1024, 320, interleaved}, 1.05},
    {{16, 320, halves, rows, Scalar::half}, 1.05},
    {{1024, 320, halves, rows, Scalar::half}, 1.05},
    {{16, 320, halves, rows, Scalar::float64, Timestep::float64}, 1.05},
    {{1024, 320, halves, rows, Scalar::float64, Timestep::float64}, 1.05},
    {{16, 320, halves, rows, f32, Timestep::float64}, 1.05},
    {{1024, 320, halves, rows, f32, Timestep::float64}, 1.05},
    {{16, 320, halves, rows, f32, Timestep::int64}, 1.05},
    {{1024, 320, halves, rows, f32, Timestep::int64}, 1.05},
    {{16, 320, halves, rows, Scalar::bfloat16}, 1.5},
    {{1024, 320, halves, rows, Scalar::bfloat16}, 1.5},
    {{1, 64, phases}, 1.15},
    {{16, 320, phases}, 1.15},
    {{1024, 320, phases}, 1.15},
};
constexpr double construction_limit = 0.4;

struct Large {
  Workload workload;
  std::ptrdiff_t bytes_behind_line;  ///< where each row, or each column, begins
  double limit;                      ///< of new / old
};
const Large large[] = {
    {{65536, 1024}, 0, 1},
    {{65536, 1024}, 16, 1.1},
    {{27280, 256}, 0, 1},
    {{27280, 256}, 16, 1.1},
    {{65536, 1024, interleaved}, 0, 1},
    {{65536, 1024, halves, by_columns}, 0, 1},
    {{65536, 1024, halves, by_columns}, 16, 1.1},
    {{27280, 256, halves, by_columns}, 0, 1},
    {{27280, 256, halves, by_columns}, 16, 1.1},
};
constexpr double large_limit = 1.25;  // of new / the larger of the streaming fill and the rows in cache; from lines on
constexpr std::size_t most_rows = 65536, buffer_bytes = (std::size_t(1) << 28) + 4096;

std::string name_of(const Workload& w) {
  std::string name = std::to_string(w.rows) + " x " + std::to_string(w.dim);
  if (w.order == by_columns) name += ", column-major";
  if (w.columns != halves) name += w.columns == phases ? ", phases" : ", interleaved";
  if (w.scalar == Scalar::half) name += ", half";
  if (w.scalar == Scalar::bfloat16) name += ", bfloat16";
  if (w.scalar == Scalar::float64) name += ", double";
  if (w.scalar == f32 && w.timestep == Timestep::float64) name += ", double timesteps";
  if (w.timestep == Timestep::int64) name += ", int64 timesteps";
  return name;
}

/// In [0, 1000): fractions, or whole numbers if T is an integer.
template <typename T>
const void* timesteps_of() {
  static const std::vector<T> all = [] {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> uniform(0, 1000);
    std::vector<T> t(most_rows);
    for (T& x : t) x = static_cast<T>(uniform(random));
    return t;
  }();
  return all.data();
}
const void* timesteps(Timestep type) {
  return type == Timestep::float64 ? timesteps_of<double>()
         : type == Timestep::int64 ? timesteps_of<std::int64_t>()
                                   : timesteps_of<float>();
}

double fast(const std::vector<double>& all) { return quartile(all, 1); }

/// ns a call of each run, by round: in a round all take their turn, the first of one is the last of the next.
using Times = std::vector<std::vector<double>>;
void race(const std::vector<Run>& runs, int rounds, Times& times) {
  times.resize(runs.size());
  std::vector<long> calls;
  for (const Run& run : runs) calls.push_back(calls_in(run, 5e4));
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t k = 0; k < runs.size(); ++k) {
      const std::size_t i = round % 2 ? runs.size() - 1 - k : k;
      times[i].push_back(ns(runs[i], calls[i]) / static_cast<double>(calls[i]));
    }
  }
}

/// make() gives the runs, five times; what it made before is kept, so that the next stands elsewhere.
template <typename Make>
Times raced(int rounds, const Make& make) {
  Times times;
  std::vector<std::vector<Run>> kept;
  for (int i = 0; i < 5; ++i) race(kept.emplace_back(make()), rounds, times);
  return times;
}

void print_ratio(const std::vector<double>& over, const std::vector<double>& under, bool limited, double limit) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < over.size(); ++i) ratios.push_back(over[i] / under[i]);
  const double median = quartile(ratios, 2);
  std::printf(" %.3f (%.3f, %.3f) |", median, quartile(ratios, 1), quartile(ratios, 3));
  const char* const verdict = quartile(ratios, 1) > limit ? " **over**" : median > limit ? " over?" : "";
  if (limited) std::printf(" %.2f%s |", limit, verdict);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "usage: ratios NEW OLD [limits]\n"), 1;
  const Version now(argv[1]), old(argv[2]);
  const bool limited = argc > 3 && std::strcmp(argv[3], "limits") == 0;
  const std::unique_ptr<void, void (*)(void*)> memory(std::aligned_alloc(4096, buffer_bytes), std::free);
  std::fill_n(static_cast<float*>(memory.get()), buffer_bytes / sizeof(float), 0.5f);  // all pages, before any is timed

  std::printf("- new: %s\n- old: %s\n\n", now.get<Describe>("phasor_description")(),
              old.get<Describe>("phasor_description")());
  std::printf("| ns an output | old | new | new / old (quartiles) |%s\n", limited ? " at most |" : "");
  std::printf("|---|--:|--:|--:|%s\n", limited ? "--:|" : "");
  for (const auto& [w, limit] : compared) {
    const Workload& workload = w;
    const Times times = raced(201, [&] {
      const void* const t = timesteps(workload.timestep);
      return std::vector<Run>{now.prepared(workload, t, memory.get()), old.prepared(workload, t, memory.get())};
    });
    const auto outputs = static_cast<double>(w.rows * w.dim);
    std::printf("| %s | %.3f | %.3f |", name_of(w).c_str(), fast(times[1]) / outputs, fast(times[0]) / outputs);
    print_ratio(times[0], times[1], limited, limit);
    std::printf("\n");
    std::fflush(stdout);
  }
  const Times construction = raced(201, [&] {
    std::vector<Run> runs(2);
    now.get<Construct>("phasor_construction")(&runs[0]);
    old.get<Construct>("phasor_construction")(&runs[1]);
    return runs;
  });
  std::printf("| `BufferEmbedding<float>(adm(320))`, µs | %.2f | %.2f |", fast(construction[1]) / 1000,
              fast(construction[0]) / 1000);
  print_ratio(construction[0], construction[1], limited, construction_limit);

  std::printf("\n\n| ns an output, large | std::fill | streaming fill | same rows in cache | old | new | new / old |%s",
              limited ? " at most |" : "");
  std::printf(" new / larger of streaming fill and cache |%s\n", limited ? " at most |" : "");
  std::printf("|---|--:|--:|--:|--:|--:|--:|--:|%s\n", limited ? "--:|--:|" : "");
  for (const auto& [w, behind, limit] : large) {
    Workload in_cache = w;
    in_cache.rows_in_call = w.order == rows ? 16 : 256;
    const auto offset = static_cast<std::size_t>(behind);
    auto* const aligned = static_cast<float*>(memory.get());
    void* const out = reinterpret_cast<char*>(aligned) + offset;
    const void* const t = timesteps(w.timestep);
    const Workload& workload = w;
    const Times times = raced(5, [&] {
      std::vector<Run> runs{now.prepared(workload, t, out), old.prepared(workload, t, out),
                            now.prepared(in_cache, t, out)};
      const Fill fill(workload.rows, workload.dim);
      runs.push_back(repeated([=] { fill(static_cast<const float*>(t), static_cast<float*>(out)); }));
#if EIGEN_ARCH_i386_OR_x86_64
      const StreamingFill streaming(workload.rows, workload.dim);
      runs.push_back(repeated([=] { streaming(static_cast<const float*>(t), aligned); }));
#else
      runs.push_back(runs.back());
#endif
      return runs;
    });
    const auto outputs = static_cast<double>(w.rows * w.dim);
    std::printf("| %s, %td bytes behind a line |", name_of(w).c_str(), behind);
    for (const int i : {3, 4, 2, 1, 0}) std::printf(" %.3f |", fast(times[static_cast<std::size_t>(i)]) / outputs);
    print_ratio(times[0], times[1], limited, limit);
    std::vector<double> larger;
    for (std::size_t i = 0; i < times[0].size(); ++i) larger.push_back(std::max(times[2][i], times[4][i]));
    print_ratio(times[0], larger, limited && behind == 0, large_limit);
    if (limited && behind != 0) std::printf(" – |");
    std::printf("\n");
    std::fflush(stdout);
  }
}
