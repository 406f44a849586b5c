// Which combination is slow where its neighbours are fast?
//
//   cliffs [all]
//
// measures all combinations of
//
//   columns     rows: [cos | sin], row-major; columns: the same, column-major; interleaved; phases: one a column;
//               scattered: the columns of rows in random order; the last three are row-major
//   Scalar      float, double, half, bfloat16
//   dim         2, 8, 16, 32, 64, 320, 1280
//   timesteps   1, 8, 16, 256
//   turns       of the fastest column: near, up to 160; far, 2^11 to 2^20; beyond, 2^20 to 2^40
//
// and prints, as Markdown tables, each that takes more than 3 times as long as its fastest neighbour, in ns an output,
// the worst first; above it, how many there are of each step. Neighbours differ in one step of one axis: to the next
// dim, number of timesteps or turns, or between rows and another kind of columns, or between float and another Scalar.
// (The time of the fastest call of all is taken off before a combination is compared: few outputs must not carry the
// price of a call.) Below it: combinations that were slow once, with their limits. "all" prints the whole table instead,
// separated by tabs.
//
// A time is the lower quartile of 16 short repetitions, which are spread over the run, about 2 ms together.
#include <phasor/phasor.hpp>

#include "timing.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace {

using Eigen::Index;
using phasor::PositionalEmbedding;
using phasor::Spectrum;

enum Axis { kind, scalar, dim, count, turns, axes };
const std::array<std::vector<std::string>, axes> names = {{{"rows", "columns", "interleaved", "phases", "scattered"},
                                                           {"float", "double", "half", "bfloat16"},
                                                           {"2", "8", "16", "32", "64", "320", "1280"},
                                                           {"1", "8", "16", "256"},
                                                           {"near", "far", "beyond"}}};
constexpr const char* titles[axes] = {"columns", "Scalar", "dim", "timesteps", "turns"};
constexpr bool is_ordered[axes] = {false, false, true, true, true};  // of others, the first is every other's neighbour
constexpr Index most_timesteps = 4096, most_outputs = 256 * 1280;
constexpr double cliff = 3, two_pi = 6.283185307179586;

struct Measured {
  bench::Run run;
  double outputs = 1;
  long calls = 0;
  std::vector<double> times = {};  ///< ns a call
  double call = 0;                 ///< their lower quartile

  void measure() {
    if (calls == 0) calls = bench::calls_in(run, 1e5);
    times.push_back(bench::ns(run, calls) / static_cast<double>(calls));
    call = bench::quartile(times, 1);
  }
  double ns() const { return call / outputs; }
};

/// embed_into `rows` x dim: row-major by pointer, or column-major.
template <typename Scalar>
Measured measured(const PositionalEmbedding<Scalar>& embedding, bool by_columns, const std::vector<double>& timesteps,
                  Index rows) {
  using T = std::conditional_t<std::is_same_v<Scalar, double>, double, float>;
  static std::vector<Scalar> out(most_outputs, Scalar(0));
  const std::vector<T> t(timesteps.begin(), timesteps.begin() + rows);
  const Index width = embedding.dim();
  Measured cell;
  cell.outputs = static_cast<double>(rows * width);
  if (by_columns) {
    cell.run = bench::repeated([=] {
      embedding.embed_into(t,
                           Eigen::Map<Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>>(out.data(), rows, width));
    });
  } else {
    cell.run = bench::repeated([=] { embedding.embed_into(t.data(), rows, out.data(), width); });
  }
  return cell;
}
Measured measured(const Spectrum& spectrum, bool by_columns, const std::vector<double>& timesteps, Index rows) {
  return measured(PositionalEmbedding<float>(spectrum), by_columns, timesteps, rows);
}

Spectrum spectrum_of(const std::string& name, Index width) {
  std::mt19937_64 random(1);
  Spectrum spectrum = name == "interleaved" ? phasor::transformer(width) : phasor::adm(width);
  if (name == "phases") {
    std::uniform_real_distribution<double> uniform(0, 1);
    for (double& phase : spectrum.phase) phase = uniform(random);
  }
  if (name == "scattered") {
    for (std::size_t k = spectrum.frequency.size() - 1; k > 0; --k) {
      const auto other = static_cast<std::size_t>(random() % (k + 1));
      std::swap(spectrum.frequency[k], spectrum.frequency[other]);
      std::swap(spectrum.phase[k], spectrum.phase[other]);
    }
  }
  return spectrum;
}

/// Uniform in [0, last).
std::vector<double> times_below(double last) {
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> uniform(0, last);
  std::vector<double> t;
  for (Index i = 0; i < most_timesteps; ++i) t.push_back(uniform(random));
  return t;
}

/// Of the fastest column of adm and transformer, which has angular frequency 1, as many turns as the name says.
std::vector<double> times_of(const std::string& name) {
  if (name == "near") return times_below(1000);
  const bool is_far = name == "far";
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> exponent(is_far ? 11 : 20, is_far ? 20 : 40);
  std::vector<double> t;
  for (Index i = 0; i < most_timesteps; ++i) t.push_back(two_pi * std::exp2(exponent(random)));
  return t;
}

/// The table, the last axis fastest.
struct Table {
  std::vector<Measured> cells;
  std::vector<std::array<std::size_t, axes>> places;

  Table() {
    for (const std::string& name : names[kind]) add<float, double, Eigen::half, Eigen::bfloat16>(name);
  }
  template <typename... Scalars>
  void add(const std::string& kind_name) {
    std::size_t nth = 0;
    (add_scalar<Scalars>(kind_name, nth++), ...);
  }
  template <typename Scalar>
  void add_scalar(const std::string& kind_name, std::size_t nth_scalar) {
    for (std::size_t k = 0; k < names[dim].size(); ++k) {
      const PositionalEmbedding<Scalar> embedding(spectrum_of(kind_name, std::stol(names[dim][k])));
      for (std::size_t i = 0; i < names[count].size(); ++i) {
        for (std::size_t n = 0; n < names[turns].size(); ++n) {
          const auto nth_kind = static_cast<std::size_t>(&kind_name - names[kind].data());
          cells.push_back(
              measured(embedding, kind_name == "columns", times_of(names[turns][n]), std::stol(names[count][i])));
          places.push_back({nth_kind, nth_scalar, k, i, n});
        }
      }
    }
  }

  std::size_t index(const std::array<std::size_t, axes>& place) const {
    std::size_t i = 0;
    for (std::size_t axis = 0; axis < axes; ++axis) i = i * names[axis].size() + place[axis];
    return i;
  }
  std::string name(std::size_t i, const char* separator) const {
    std::string text;
    for (std::size_t axis = 0; axis < axes; ++axis) text += (axis ? separator : "") + names[axis][places[i][axis]];
    return text;
  }

  std::vector<std::size_t> neighbours(std::size_t i) const {
    std::vector<std::size_t> all;
    for (std::size_t axis = 0; axis < axes; ++axis) {
      auto place = places[i];
      for (std::size_t other = 0; other < names[axis].size(); ++other) {
        const std::size_t here = places[i][axis];
        const bool is_next = is_ordered[axis] ? other + 1 == here || here + 1 == other : (other == 0) != (here == 0);
        place[axis] = other;
        if (is_next) all.push_back(index(place));
      }
    }
    return all;
  }

  void print_all() const {
    for (const char* title : titles) std::printf("%s\t", title);
    std::printf("ns an output\n");
    for (std::size_t i = 0; i < cells.size(); ++i) std::printf("%s\t%.3f\n", name(i, "\t").c_str(), cells[i].ns());
  }

  void print_cliffs() const {
    double fastest = cells[0].call;
    for (const Measured& cell : cells) fastest = std::min(fastest, cell.call);
    struct Cliff {
      std::size_t slow, neighbour;
      double times;
      std::string step;
    };
    std::vector<Cliff> cliffs;
    std::map<std::string, std::pair<int, double>> steps;  // how many cliffs, and the largest
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::size_t best = i;
      for (const std::size_t other : neighbours(i)) best = cells[other].ns() < cells[best].ns() ? other : best;
      const double times = (cells[i].call - fastest) / cells[i].outputs / cells[best].ns();
      if (times <= cliff) continue;
      std::string step;
      for (std::size_t axis = 0; axis < axes; ++axis) {
        const std::size_t here = places[i][axis], there = places[best][axis];
        if (here != there) step = titles[axis] + (": " + names[axis][here]) + " / " + names[axis][there];
      }
      cliffs.push_back({i, best, times, step});
      auto& [number, largest] = steps[step];
      ++number;
      largest = std::max(largest, times);
    }
    std::sort(cliffs.begin(), cliffs.end(), [](const Cliff& a, const Cliff& b) { return a.times > b.times; });

    std::printf("%zu of %zu combinations take more than %g times as long as a neighbour.\n\n", cliffs.size(),
                cells.size(), cliff);
    std::printf("| step | combinations | at most so many times as long |\n|---|--:|--:|\n");
    for (const auto& [step, found] : steps)
      std::printf("| %s | %d | %.1f |\n", step.c_str(), found.first, found.second);
    std::printf(
        "\n| columns, Scalar, dim, timesteps, turns | ns an output | step | neighbour's ns | times as long |\n");
    std::printf("|---|--:|---|--:|--:|\n");
    for (const Cliff& found : cliffs) {
      std::printf("| %s | %.3f | %s | %.3f | %.1f |\n", name(found.slow, ", ").c_str(), cells[found.slow].ns(),
                  found.step.c_str(), cells[found.neighbour].ns(), found.times);
    }
  }
};

/// A combination that was a cliff once, beside what it must not exceed by more than `limit`.
struct Known {
  const char* name;
  double limit;
  Measured slow, beside;
};

std::vector<Known> known() {
  const std::vector<double> below_200 = times_below(200), below_1 = times_below(1), below_1000 = times_below(1000);
  const Spectrum diffwave = phasor::diffwave(128), audio = phasor::stable_audio_3(256), wide = phasor::adm(32);
  Measured nothing;
  nothing.call = 1;
  return {
      {"`diffwave(128)`, t < 200, 256 rows: column-major / row-major", 1.5, measured(diffwave, true, below_200, 256),
       measured(diffwave, false, below_200, 256)},
      {"`stable_audio_3(256)`, t < 1, 256 rows: column-major / row-major", 1.5, measured(audio, true, below_1, 256),
       measured(audio, false, below_1, 256)},
      {"`adm(16)` / `adm(32)`, 1024 rows", 1.3, measured(phasor::adm(16), false, below_1000, 1024),
       measured(wide, false, below_1000, 1024)},
      {"`flux(16)`, t < 1 / `adm(32)`, t < 1000, 1024 rows", 1.3, measured(phasor::flux(16), false, below_1, 1024),
       measured(wide, false, below_1000, 1024)},
      {"`sines({0.1})`, 4096 rows / 1 ns", 1, measured(phasor::sines({0.1}), false, below_1000, 4096), nothing},
  };
}

}  // namespace

int main(int argc, char** argv) {
  Table table;
  std::vector<Known> pairs = known();
  for (int i = 0; i < 16; ++i) {
    for (Measured& cell : table.cells) cell.measure();
    for (Known& pair : pairs) {
      pair.slow.measure();
      if (pair.beside.run) pair.beside.measure();
    }
  }
  if (argc > 1 && std::strcmp(argv[1], "all") == 0) return table.print_all(), 0;
  table.print_cliffs();
  std::printf("\n| slow once | ns an output | beside it | ratio | at most |\n|---|--:|--:|--:|--:|\n");
  for (const Known& pair : pairs) {
    const double ratio = pair.slow.ns() / pair.beside.ns();
    std::printf("| %s | %.3f | %.3f | %.2f | %.1f%s |\n", pair.name, pair.slow.ns(), pair.beside.ns(), ratio,
                pair.limit, ratio > pair.limit ? " **over**" : "");
  }
}
