// One version of phasor, compiled by one compiler with some flags, as a shared object: bench/ratios loads two of them,
// and so measures both in one run, on the same buffers. Only public names of versions 2 and 3 stand here.
#include <phasor/phasor.hpp>

#include "workloads.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#define PHASOR_BENCH_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

using namespace bench;
using Eigen::Index;

phasor::Spectrum spectrum_of(const Workload& workload) {
  if (workload.columns == Columns::halves) return phasor::adm(workload.dim);
  if (workload.columns == Columns::interleaved) return phasor::transformer(workload.dim);
  std::mt19937_64 random(2);
  std::normal_distribution<double> normal(0, 0.01);  // some ten turns: log-noise levels and unit frequencies span fewer
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<double> frequencies, phases;
  for (Index k = 0; k < workload.dim; ++k) frequencies.push_back(normal(random)), phases.push_back(uniform(random));
  return phasor::mp_fourier(frequencies, phases);
}

template <typename Number, typename T>
Run run_of(const Workload& workload, const void* timesteps, void* to) {
  const phasor::PositionalEmbedding<Number> embedding(spectrum_of(workload));
  const Index rows = workload.rows, dim = workload.dim, at_once = workload.rows_in_call;
  const T* const t = static_cast<const T*>(timesteps);
  Number* const out = static_cast<Number*>(to);
  if (workload.order == Order::rows) {
    return repeated([=] {
      for (Index i = 0; i < rows; i += at_once) embedding.embed_into(t + i, std::min(at_once, rows - i), out, dim);
    });
  }
  return repeated([=] {
    for (Index i = 0; i < rows; i += at_once) {
      const Index count = std::min(at_once, rows - i);
      using Matrix = Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic>;
      embedding.embed_into(Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, 1>>(t + i, count),
                           Eigen::Map<Matrix>(out, count, dim));
    }
  });
}

}  // namespace

PHASOR_BENCH_EXPORT void phasor_workload(const Workload& workload, const void* timesteps, void* out, Run* run) {
  const auto make = workload.scalar == Scalar::float64       ? run_of<double, double>
                    : workload.scalar == Scalar::half        ? run_of<Eigen::half, float>
                    : workload.scalar == Scalar::bfloat16    ? run_of<Eigen::bfloat16, float>
                    : workload.timestep == Timestep::int64   ? run_of<float, std::int64_t>
                    : workload.timestep == Timestep::float64 ? run_of<float, double>
                                                             : run_of<float, float>;
  *run = make(workload, timesteps, out);
}

PHASOR_BENCH_EXPORT void phasor_construction(Run* run) {
  *run = repeated([] {
    const phasor::BufferEmbedding<float> embedding(phasor::adm(320));
    volatile Index dim = embedding.dim();
    (void)dim;
  });
}

PHASOR_BENCH_EXPORT const char* phasor_description() {
  static const std::string description =
      "phasor " + std::to_string(PHASOR_VERSION_MAJOR) + "." + std::to_string(PHASOR_VERSION_MINOR) + "." +
      std::to_string(PHASOR_VERSION_PATCH) + " by " PHASOR_BENCH_COMPILER " with " PHASOR_BENCH_FLAGS ", which chose " +
      phasor::target();
  return description.c_str();
}
