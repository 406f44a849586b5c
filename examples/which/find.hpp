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

/// The shortest number in [low, high], or the double in its middle.
inline std::string number(double low, double high) {
  char text[40] = "";
  for (int digits = 1; digits <= 17; ++digits) {
    std::snprintf(text, sizeof text, "%.*g", digits, low + (high - low) / 2);
    const double x = std::strtod(text, nullptr);
    if (x < low || x > high) continue;
    if (x == std::floor(x) && std::abs(x) < 1e15) std::snprintf(text, sizeof text, "%.0f", x);  // 10000, not 1e+04
    break;
  }
  return text;
}
inline std::string number(double x) { return number(x, x); }
inline double shortest(double x, double error) { return std::strtod(number(x - error, x + error).c_str(), nullptr); }

/// x rounded to so many bits: 8 of bfloat16, 11 of half.
inline double round_to(double x, int bits) {
  int exponent = 0;
  const double fraction = std::frexp(x, &exponent);
  return std::ldexp(std::nearbyint(std::ldexp(fraction, bits)), exponent - bits);
}
inline double bf16(double x) { return round_to(x, 8); }

/// How much of an angle float32 code may have wrong: it rounds t, frequency, product and scale, its exp is good to a unit
/// or two, and exp's argument, log(f / f_0), is rounded three times.
inline double float_error(double log_ratio) { return (5 + 3 * std::abs(log_ratio)) * 0x1p-24; }

/// A Spectrum, as it is written in C++, and the models that have it.
struct Candidate {
  std::string call;
  Spectrum spectrum;
  double unknown = 0;    ///< how far frequencies and phases may be wrong, in turns
  std::string models{};  ///< those of the table that have this width, each behind "; "
  int others = 0;        ///< how many have other widths
  phasor::BufferEmbedding<double> embedding{spectrum};

  Values at(double t) const {
    Values values(spectrum.frequency.size());
    embedding.embed_into(t, values);
    return values;
  }
  /// How far column k of a row of floats may be from sin(2 pi (t f + p)).
  double error(const Numbers& row, std::size_t k, double t) const {
    const double f = spectrum.frequency[k], ratio = f / spectrum.frequency[0];
    const double relative = row.angles * float_error(ratio > 0 && ratio < 1e300 ? std::log(ratio) : 0);
    return row.rounding[k] + 1.5e-7 + turn * (std::abs(t * f) * relative + (1 + std::abs(t)) * unknown);
  }
  /// Minus the logarithm of the chance that random waves come so near to the row; -1 if a column is further, or float32
  /// would have spoiled most angles.
  double evidence(const Numbers& row, double t) const {
    const Values values = at(t);
    double sum = 0;
    std::size_t vague = 0;
    for (std::size_t k = 0; k < values.size(); ++k) {
      const double most = error(row, k, t);
      if (!(std::abs(values[k] - row.value[k]) <= most)) return -1;
      vague += most - row.rounding[k] > 0.25;
      sum -= std::log(std::min(1., 2 * most / pi)) / 2;  // a sine and its cosine say one thing
    }
    return 2 * vague <= values.size() ? sum : -1;
  }
  /// Whether that is no chance: e^-14, for the thousand calls and t that are tried. One wave alone says too little.
  bool fits(const Numbers& row, double t) const { return evidence(row, t) >= (row.value.size() < 4 ? 0 : 14); }
};

/// The shortest number near t at which `candidate` fits, or NaN.
inline double shortened(const Candidate& candidate, const Numbers& row, double t) {
  for (double error = 0.1; error > 1e-17; error /= 10) {
    const double x = shortest(t, error * std::abs(t));
    if (candidate.fits(row, x)) return x;
  }
  return NAN;
}

/// The t at which `candidate` fits, of a grid finer than its fastest wave. Each is refined by Newton's method.
inline Values scan(const Candidate& candidate, const Numbers& row) {
  const auto& frequency = candidate.spectrum.frequency;
  const phasor::BufferEmbedding<double> derivative(phasor::derivative(candidate.spectrum));
  double fastest = 0;
  for (const double f : frequency) fastest = std::max(fastest, std::abs(f));
  Values found, slope(frequency.size());
  for (int n = 0; n < 20000 && fastest > 0 && found.size() < 20; ++n) {
    double t = (n % 2 == 0 ? n : -n) / (40 * fastest);
    Values values = candidate.at(t);
    std::size_t k = 0;
    while (k < values.size() && std::abs(values[k] - row.value[k]) < 0.2) ++k;
    for (int step = 0; step < 8 && k == values.size(); ++step) {
      derivative.embed_into(t, slope);
      double up = 0, down = 1e-300;
      for (k = 0; k < values.size(); ++k) {
        up += frequency[k] * slope[k] * (row.value[k] - values[k]), down += std::pow(frequency[k] * slope[k], 2);
      }
      values = candidate.at(t += up / down / turn);
    }
    if (k < values.size()) continue;
    t = shortened(candidate, row, t);
    if (!std::isnan(t) && std::find(found.begin(), found.end(), t) == found.end()) found.push_back(t);
  }
  return found;
}

/// A geometric series of waves in an order, then zeros up to `dim` columns.
struct Form {
  enum Order { sines_then_cosines, cosines_then_sines, sine_cosine, cosine_sine } order;
  static constexpr Order orders[] = {sines_then_cosines, cosines_then_sines, sine_cosine, cosine_sine};
  Index dim, half;
  double base = 1e4, shift = 0, scale = 1;

  Candidate candidate() const {
    const double signed_scale = order == cosine_sine ? -scale : scale;  // cos(-w) is cos(w), and sin(pi - w) sin(w)
    const phasor::Numbers f = phasor::geometric(half, base, shift, signed_scale);
    std::string call = "geometric(" + std::to_string(half) + ", " + number(base);
    if (shift != 0 || signed_scale != 1) call += ", " + number(shift);
    if (signed_scale != 1) call += ", " + number(signed_scale);
    const std::pair<std::string, Spectrum> written[] = {
        {"sines_then_cosines(" + call + "))", phasor::sines_then_cosines(f)},
        {"cosines_then_sines(" + call + "))", phasor::cosines_then_sines(f)},
        {"interleaved(" + call + "))", phasor::interleaved(f)},
        {"derivative(interleaved(" + call + ")))", phasor::derivative(phasor::interleaved(f))}};
    const auto& [text, spectrum] = written[order];
    if (2 * half == dim) return {text, spectrum};
    return {"padded(" + text + ", " + std::to_string(dim) + ")", phasor::padded(spectrum, dim)};
  }
  std::size_t sine(Index j) const { return std::size_t(order < 2 ? j + order * half : 2 * j + order - 2); }
  std::size_t cosine(Index j) const { return std::size_t(order < 2 ? j + (1 - order) * half : 2 * j + 3 - order); }
};

/// At t, which is `how` of the t that was passed, the row is that of `candidate`; its outputs were rounded to `bits`.
struct Hit {
  Candidate candidate;
  double t;
  std::string how{};
  int bits = 0;
  bool is_weak = false;  ///< it might be chance
};

/// A straight line through weighted points.
struct Line {
  double w = 0, wi = 0, wii = 0, wy = 0, wiy = 0;
  void add(double i, double y, double weight) {
    w += weight, wi += weight * i, wii += weight * i * i, wy += weight * y, wiy += weight * i * y;
  }
  double spread() const { return w * wii - wi * wi; }
  double slope() const { return (w * wiy - wi * wy) / spread(); }
  double at(double i) const { return (wy + slope() * (w * i - wi)) / w; }
  double error(double i) const { return std::sqrt((wii - 2 * i * wi + i * i * w) / spread()); }
};

/// The longest run of waves in geometric series, from the slowest on.
struct Run {
  Form form{};
  Index length = 0, stop = -1;      ///< stop: the wave that breaks it
  double slowest = 0, fastest = 0;  ///< angles by that series, in radians
};

/// Fits angle = first * ratio^i to the waves, i = 0 being the slowest: two of them are tried with each number of turns,
/// every other is then predicted, unwrapped and fitted. is_far: more than four turns. Without t, scale is 1.
inline void fit(const Numbers& row, const Form& form, const double* t, bool is_far, std::vector<Hit>& hits,
                Run& longest) {
  const Index half = form.half, gap = std::max<Index>(1, half / 16);
  Values angle, error;
  Index unpaired = 0;
  for (Index j = 0; j < half; ++j) {
    const double s = row.value[form.sine(j)], s_error = row.rounding[form.sine(j)] + 1.5e-7;
    const double c = row.value[form.cosine(j)], c_error = row.rounding[form.cosine(j)] + 1.5e-7;
    const double most = 2 * (std::abs(s) * s_error + std::abs(c) * c_error) + s_error * s_error + c_error * c_error;
    const bool is_pair = std::abs(s * s + c * c - 1) <= most;
    unpaired += !is_pair;
    angle.push_back(is_pair ? std::atan2(s, c) : NAN);
    error.push_back(std::abs(c) * s_error + std::abs(s) * c_error);
  }
  for (const bool rises : {false, true}) {
    const auto wave = [&](Index i) { return std::size_t(rises ? i : half - 1 - i); };
    Index start = 0;
    while (start < half && !(std::abs(angle[wave(start)]) >= 100 * error[wave(start)])) ++start;
    if (start + gap >= half || 2 * unpaired > half) continue;
    int tries = 0;  // that went through: far fewer, unless the row says little
    const double most = std::pow(1e6, double(gap) / double(half - 1));
    for (int turns = is_far ? 9 : 0; turns <= (is_far ? 320 : 8); ++turns) {
      const int m = turns % 2 == 0 ? turns / 2 : -(turns + 1) / 2;
      const double one = angle[wave(start)] + turn * m, sign = one < 0 ? -1 : 1;
      double two = angle[wave(start + gap)] + turn * m;
      for (; two / one < most && tries < 200; two += sign * turn) {
        if (!(two / one > 1.0001)) continue;
        const double ratio = two / one;
        const Index probe = gap > 1 ? start + 1 : start + 2;  // most are refused by this wave alone
        const double there = one * (gap > 1 ? std::pow(ratio, 1 / double(gap)) : ratio * ratio);
        const double off_there = probe < half ? (there - angle[wave(probe)]) / turn : 0;
        if (std::abs(off_there - std::nearbyint(off_there)) > 0.02 + error[wave(start)] * ratio * ratio) continue;
        double slope = std::log(ratio) / double(gap);
        const auto relative = [&](Index i) { return row.angles * float_error(slope * double(wave(i))); };
        Line line;
        const auto add = [&](Index i, double phi) {
          line.add(double(i), std::log(phi * sign), std::pow(phi / (error[wave(i)] + phi * sign * relative(i)), 2));
        };
        add(start, one);
        add(start + gap, two);
        Index stop = -1, length = 2;
        for (Index i = start + 1; i < half && stop < 0; ++i) {
          if (i == start + gap) continue;
          slope = line.slope();
          const double phi = sign * std::exp(line.at(double(i))), sigma = std::abs(phi) * line.error(double(i));
          const double off = std::remainder(angle[wave(i)] - phi, turn);
          const double allowed = 3 * (sigma + error[wave(i)]) + std::abs(phi) * relative(i);
          if (sigma + std::abs(phi) * relative(i) < 0.1 && std::abs(off) <= allowed)
            add(i, phi + off), ++length;
          else
            stop = Index(wave(i));
        }
        slope = line.slope();
        const double ends[] = {sign * std::exp(line.at(0)), sign * std::exp(line.at(double(half - 1)))};
        if (length > longest.length) longest = {form, length, stop, ends[0], ends[1]};
        if (stop >= 0) continue;
        ++tries;
        std::vector<Form> forms;
        for (const int shift : {0, 1, 2}) {  // 2: shift 0, the base not shortened
          const double steps = double(half - shift % 2), base = std::exp((rises ? -slope : slope) * steps);
          const double base_error = base * steps * std::sqrt(line.w / line.spread());
          forms.push_back(
              {form.order, form.dim, half, shift == 2 ? base : shortest(base, base_error), double(shift % 2)});
        }
        if (number(forms[1].base).size() < number(forms[0].base).size()) std::swap(forms[0], forms[1]);
        for (Form& found : forms) {
          const double off = &found == &forms.back() ? 0 : 1 / std::sqrt(line.w);
          const double step = std::log(found.base) / (double(half) - found.shift);
          const double middle = (line.wy + (rises ? step : -step) * line.wi) / line.w;
          const double first = sign * std::exp(middle + (rises ? 0 : step * double(half - 1)));
          if (t != nullptr) found.scale = shortest(first / *t, std::abs(first / *t) * off);
          const double at = t != nullptr ? *t : shortest(first, std::abs(first) * off);
          if (!(found.base > 0 && found.base < 1e300 && std::isfinite(found.scale))) continue;
          const Candidate candidate = found.candidate();
          if (!candidate.fits(row, at)) continue;
          hits.push_back({candidate, at, t == nullptr ? "" : "t"});
          break;
        }
      }
    }
  }
}

}  // namespace which
