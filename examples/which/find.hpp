// Which Spectrum a row of numbers is of, and at which t: one that models.tsv names, or any geometric series.
#pragma once

#include <phasor/buffer_embedding.hpp>

#include <cstdio>
#include <functional>
#include <map>
#include <utility>

#include "read.hpp"

namespace which {

using phasor::Index, phasor::Spectrum;
const double pi = 3.14159265358979323846, turn = 2 * pi;

inline std::string printed(double x, int digits) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*g", digits, x);
  return text;
}
/// x rounded to the fewest digits of which is_right(it), or NaN.
template <typename Test>
double shortest(double x, const Test& is_right) {
  for (int digits = 1; digits <= 17; ++digits) {
    const double y = std::strtod(printed(x, digits).c_str(), nullptr);
    if (is_right(y)) return y;
  }
  return NAN;
}
inline std::string number(double x) {
  int digits = 1;
  while (digits < 17 && std::strtod(printed(x, digits).c_str(), nullptr) != x) ++digits;
  return printed(x, x == std::floor(x) && std::abs(x) < 1e15 ? 15 : digits);  // 10000, not 1e+04
}

/// x rounded to so many bits: 8 of bfloat16, 11 of half.
inline double round_to(double x, int bits) {
  int exponent = 0;
  const double fraction = std::frexp(x, &exponent);
  return std::ldexp(std::nearbyint(std::ldexp(fraction, bits)), exponent - bits);
}
inline double bf16(double x) { return round_to(x, 8); }

/// A Spectrum, as it is written in C++, and the models that have it.
struct Candidate {
  std::string call;
  Spectrum spectrum;
  double unknown = 0;    ///< how far frequencies and phases may be wrong, in turns
  std::string models{};  ///< those of the table that have this width, each behind "; "

  double value(std::size_t k, double t, double further = 0) const {
    const double turns = t * spectrum.frequency[k] + spectrum.phase[k] + further;
    return std::sin(turn * (turns - std::floor(turns)));
  }
  double fastest() const {
    double most = 0;
    for (const double f : spectrum.frequency) most = std::max(most, std::abs(f));
    return most;
  }
  /// The largest difference of the row from this, and the column that has it.
  std::pair<double, std::size_t> difference(const Row& row, double t) const {
    std::pair<double, std::size_t> most{0, 0};
    for (std::size_t k = 0; k < row.value.size(); ++k) most = std::max(most, {std::abs(value(k, t) - row.value[k]), k});
    return most;
  }
  /// Whether no column is further from the row than it may be, and that is no chance: random waves come so near with
  /// e^-least, -14 for the thousand calls and t that are tried. One wave alone says too little, and so do angles that
  /// float32 would have spoiled: its code rounds t, frequency, product and scale, its exp is good to a unit or two, and
  /// exp's argument, log(f / f_0), is rounded three times.
  bool fits(const Row& row, double t, double least = 14) const {
    double sum = 0, vague = 0;
    for (std::size_t k = 0; k < row.value.size(); ++k) {
      const double f = spectrum.frequency[k], log_ratio = std::log(std::abs(f / spectrum.frequency[0]));
      const double relative = row.has_float_angles ? (5 + 3 * std::min(30., std::abs(log_ratio))) * 0x1p-24 : 0;
      const double error = turn * (std::abs(t * f) * relative + (1 + std::abs(t)) * unknown);
      if (!(std::abs(value(k, t) - row.value[k]) <= error + row.rounding[k])) return false;
      vague += error > 0.25;
      sum -= std::log(std::min(1., 2 * (error + row.rounding[k]) / pi)) / 2;  // a sine and its cosine say one thing
    }
    return 2 * vague <= double(row.value.size()) && sum >= (row.value.size() < 4 ? 0 : least);
  }
};

/// At t, which is `how` of the t that was passed, `row` is that of `candidate`.
struct Hit {
  Candidate candidate;
  double t;
  Row row;
  std::string how{};

  std::string name() const { return candidate.call + " at t = " + number(t); }
};

/// The t at which `candidate` fits: of a grid, those near to the row in the slowest quarter of its columns are refined by
/// Newton's method, with more and more of the faster columns.
inline Values scan(const Candidate& candidate, const Row& row) {
  const Values& f = candidate.spectrum.frequency;
  Values speeds, found;
  for (const double x : f) speeds.push_back(std::abs(x));
  std::sort(speeds.begin(), speeds.end());
  for (int n = 0; n < 20000 && found.size() < 20; ++n) {
    double t = (n % 2 == 0 ? n : -n) / (40 * speeds[f.size() / 4]);
    bool is_near = true;
    for (std::size_t step = 0; step < 16 && is_near; ++step) {
      const double limit = speeds[std::min(f.size() / 4 + step * f.size() / 8, f.size() - 1)];
      double up = 0, down = 1e-300;
      for (std::size_t k = 0; k < f.size() && is_near; ++k) {
        if (std::abs(f[k]) > limit) continue;
        const double off = row.value[k] - candidate.value(k, t), slope = turn * f[k] * candidate.value(k, t, 0.25);
        is_near = std::abs(off) < 0.2;
        up += slope * off, down += slope * slope;
      }
      t += up / down;
    }
    if (!is_near) continue;
    t = shortest(t, [&](double x) { return candidate.fits(row, x); });
    if (!std::isnan(t) && std::find(found.begin(), found.end(), t) == found.end()) found.push_back(t);
  }
  return found;
}

/// A geometric series of waves in an order, then zeros up to `dim` columns.
struct Form {
  int order;  ///< sines then cosines, cosines then sines; of each wave sine and cosine, cosine and sine
  Index dim, half;
  double base = 1e4, shift = 0, scale = 1;

  Candidate candidate() const {
    const char* const words[] = {"sines_then_cosines(", "cosines_then_sines(", "interleaved(",
                                 "derivative(interleaved("};
    const double signed_scale = order == 3 ? -scale : scale;  // cos(-w) is cos(w), and sin(pi - w) sin(w)
    const phasor::Numbers f = phasor::geometric(half, base, shift, signed_scale);
    Spectrum spectrum = order == 0   ? phasor::sines_then_cosines(f)
                        : order == 1 ? phasor::cosines_then_sines(f)
                                     : phasor::interleaved(f);
    if (order == 3) spectrum = phasor::derivative(spectrum);
    std::string call = words[order] + ("geometric(" + std::to_string(half)) + ", " + number(base);
    if (shift != 0 || signed_scale != 1) call += ", " + number(shift);
    if (signed_scale != 1) call += ", " + number(signed_scale);
    call += order == 3 ? ")))" : "))";
    if (2 * half == dim) return {call, spectrum};
    return {"padded(" + call + ", " + std::to_string(dim) + ")", phasor::padded(spectrum, dim)};
  }
  /// The columns of wave j: its sine, its cosine.
  std::pair<std::size_t, std::size_t> columns(Index j) const {
    const auto one = std::size_t(order < 2 ? j : 2 * j), two = std::size_t(order < 2 ? j + half : 2 * j + 1);
    return order % 2 == 0 ? std::make_pair(one, two) : std::make_pair(two, one);
  }
};

/// The longest run of waves in geometric series, from the slowest on.
struct Run {
  Form form{};
  Index length = 0, stop = -1;      ///< stop: the wave that breaks it
  double slowest = 0, fastest = 0;  ///< angles by that series, in radians
};

/// Fits angle = first * ratio^-j to the waves, from the slowest on: two neighbours are tried with each number of turns,
/// every other wave is then predicted from those before it, and unwrapped. Without t, scale is 1.
inline void fit(const Row& row, Form form, bool rises, const double* t, int most_turns, std::vector<Hit>& hits,
                Run& longest) {
  const Index half = form.half;
  const auto wave = [&](Index i) { return rises ? i : half - 1 - i; };
  Values angle, error;
  for (Index i = 0; i < half; ++i) {
    const auto [sine, cosine] = form.columns(wave(i));
    const double s = row.value[sine], c = row.value[cosine];
    error.push_back(row.rounding[sine] + row.rounding[cosine]);
    angle.push_back(std::abs(std::hypot(s, c) - 1) <= error.back() ? std::atan2(s, c) : NAN);
  }
  Index start = 0;
  while (start < half && !(std::abs(angle[start]) >= 50 * error[start])) ++start;
  if (start + 1 >= half) return;
  const double relative = row.has_float_angles ? 0x1p-19 : 0, most = std::pow(1e6, 1 / double(half - 1));
  int tries = 0;  // that went through: far fewer, unless the row says little
  Values phi;
  for (int turns = 0; turns <= 2 * most_turns + 1; ++turns) {
    const double sign = turns % 2 == 0 ? 1 : -1, whole = turn * (turns / 2);
    const double one = sign * angle[start] + whole;
    for (double two = sign * angle[start + 1] + whole; one > 0 && two < most * one && tries < 200; two += turn) {
      if (!(two > 1.00001 * one)) continue;
      phi = {one, two};
      Index i = start + 2;
      for (; i < half; ++i) {
        const double last = phi.back(), steps = double(i - 1 - start);
        const double next = last * std::pow(last / one, 1 / steps), off = std::remainder(sign * angle[i] - next, turn);
        const double vague = next * (error[start] / one / steps + error[i - 1] / last + relative);
        if (!(vague < 0.3 && std::abs(off) <= 3 * (vague + error[i]))) break;
        phi.push_back(next + off);
      }
      const double run = double(i - 1 - start);
      if (i - start > longest.length)
        longest = {form, i - start, wave(i), one, one * std::pow(phi.back() / one, double(half - 1 - start) / run)};
      if (i < half) continue;
      ++tries;
      double w = 0, wj = 0, wjj = 0, wy = 0, wjy = 0;  // a straight line through the logarithms of the angles
      for (i = start; i < half; ++i) {
        const double x = phi[i - start], j = double(wave(i)), weight = std::pow(x / (error[i] + x * relative), 2);
        w += weight, wj += weight * j, wjj += weight * j * j, wy += weight * std::log(x),
            wjy += weight * j * std::log(x);
      }
      const double slope = (w * wjy - wj * wy) / (w * wjj - wj * wj);
      std::vector<Hit> best;
      for (const double shift : {0., 1.}) {
        const double steps = double(half) - shift;
        double first = 0;
        form.shift = shift, form.scale = 1;
        form.base = shortest(std::exp(-slope * steps), [&](double base) {
          form.base = base;
          first = sign * std::exp((wy + std::log(base) / steps * wj) / w);
          return base > 0 && base < 1e300 && std::isfinite(first) && form.candidate().fits(row, first);
        });
        if (std::isnan(form.base)) continue;
        const double x = shortest(t == nullptr ? first : first / *t, [&](double trial) {
          if (t != nullptr) form.scale = trial;
          return std::isfinite(trial) && form.candidate().fits(row, t == nullptr ? trial : *t);
        });
        if (std::isnan(x)) continue;
        const Hit hit{form.candidate(), t == nullptr ? x : *t, row, t == nullptr ? "" : "t"};
        if (best.empty() || hit.candidate.call.size() < best[0].candidate.call.size()) best = {hit};
      }
      hits.insert(hits.end(), best.begin(), best.end());
    }
  }
}

/// All series that fit.
inline std::vector<Hit> fitted(Row row, const double* t, Run& longest) {
  const auto dim = static_cast<Index>(row.value.size());
  for (double& rounding : row.rounding) rounding *= 2;  // what is fitted is off too
  std::vector<Hit> hits;
  for (const int most_turns : {4, 160}) {
    for (Index half = dim / 2; half > 1 && hits.empty(); --half) {
      const auto end = std::size_t(2 * half);
      if (2 * half < dim && std::abs(row.value[end]) > row.rounding[end]) break;
      for (const int order : {0, 1, 2, 3}) {
        for (const bool rises : {false, true}) fit(row, {order, dim, half}, rises, t, most_turns, hits, longest);
      }
    }
  }
  return hits;
}

}  // namespace which
