// By name: rows of models.tsv. By numbers: the call whose row it is, what explains the difference, what it is not.
#pragma once

#include <phasor/buffer_embedding.hpp>

#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <tuple>
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
    static const phasor::BufferEmbedding<double> sine(Spectrum{{1}, {0}});
    double x = 0;
    sine.embed_into(t * spectrum.frequency[k] + spectrum.phase[k] + further, &x);
    return x;
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
  /// Whether no column is further from the row than it may be, and that is no chance: that random waves come so near
  /// has a probability of e^-least (14: thousands of t are tried), and float32 has not spoiled most angles: its
  /// code rounds t, frequency, product and scale, its exp is good to a unit or two, and exp's argument, log(f / f_0),
  /// is rounded three times.
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

/// The t at which `candidate` fits: of a grid, those near to the row in the slowest quarter of its columns are refined
/// by Newton's method, with more and more of the faster columns.
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

  double signed_scale() const { return order == 3 ? -scale : scale; }  // cos(-w) is cos(w), and sin(pi - w) sin(w)
  Spectrum spectrum() const {
    const phasor::Numbers f = phasor::geometric(half, base, shift, signed_scale());
    if (order < 2)
      return phasor::padded(order == 0 ? phasor::sines_then_cosines(f) : phasor::cosines_then_sines(f), dim);
    return phasor::padded(order == 2 ? phasor::interleaved(f) : phasor::derivative(phasor::interleaved(f)), dim);
  }
  std::string call() const {
    const char* const words[] = {"sines_then_cosines", "cosines_then_sines", "interleaved", "derivative(interleaved"};
    std::string text = words[order] + ("(geometric(" + std::to_string(half)) + ", " + number(base);
    if (shift != 0 || signed_scale() != 1) text += ", " + number(shift);
    if (signed_scale() != 1) text += ", " + number(signed_scale());
    text += order == 3 ? ")))" : "))";
    return 2 * half == dim ? text : "padded(" + text + ", " + std::to_string(dim) + ")";
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

/// Fits angle = first * ratio^-j to the waves, from the slowest on: two of them are tried with each number of turns,
/// every other wave is then predicted from those before it, and unwrapped.
inline void fit(const Row& row, Form form, bool rises, const double* t, int most_turns, std::vector<Hit>& hits,
                Run& longest) {
  const Index half = form.half, gap = std::max<Index>(1, half / 16);
  const double given = t == nullptr ? 1 : *t;
  const auto wave = [&](Index i) { return rises ? i : half - 1 - i; };
  Values angle, error;
  for (Index i = 0; i < half; ++i) {
    const auto [sine, cosine] = form.columns(wave(i));
    const double s = row.value[sine], s_error = row.rounding[sine];
    const double c = row.value[cosine], c_error = row.rounding[cosine];
    error.push_back(std::abs(c) * s_error + std::abs(s) * c_error);
    angle.push_back(std::abs(std::hypot(s, c) - 1) <= s_error + c_error ? std::atan2(s, c) : NAN);
  }
  Index start = 0;
  while (start < half && !(std::abs(angle[start]) >= 100 * error[start])) ++start;
  if (start + gap >= half) return;
  const double relative = row.has_float_angles ? 0x1p-19 : 0, most = std::pow(1e6, double(gap) / double(half - 1));
  int tries = 0;  // that went through: far fewer, unless the row says little
  Values phi;
  for (int turns = 0; turns <= 2 * most_turns + 1; ++turns) {
    const double sign = turns % 2 == 0 ? 1 : -1, whole = turn * (turns / 2);
    const double one = sign * angle[start] + whole;
    for (double two = sign * angle[start + gap] + whole; one > 0 && two < most * one && tries < 200; two += turn) {
      if (!(two > 1.0001 * one)) continue;
      phi = {one};
      Index i = start + 1;
      for (; i < half; ++i) {
        const double last = phi.back(), steps = double(std::max(gap, i - 1 - start));
        const double next = last * std::pow((i - start > gap ? last : two) / one, 1 / steps);
        const double off = std::remainder(sign * angle[i] - next, turn);
        const double vague = next * (error[start] / one / steps + error[i - 1] / last + relative);
        if (!(vague < 1 && std::abs(off) <= 3 * (vague + error[i]))) break;
        phi.push_back(next + off);
      }
      const double run = double(phi.size() - 1);
      if (i - start > longest.length)
        longest = {form, i - start, wave(std::min(i, half - 1)), one,
                   one * std::pow(phi.back() / one, double(half - 1 - start) / run)};
      if (i < half) continue;
      ++tries;
      double w = 0, wj = 0, wjj = 0, wy = 0, wjy = 0;  // a straight line through the logarithms of the angles
      for (i = start; i < half; ++i) {
        const double x = phi[i - start], j = double(wave(i)), weight = std::pow(x / (error[i] + x * relative), 2);
        w += weight, wj += weight * j, wjj += weight * j * j, wy += weight * std::log(x),
            wjy += weight * j * std::log(x);
      }
      const double slope = (w * wjy - wj * wy) / (w * wjj - wj * wj);
      const auto fits = [&](double scale) {
        form.scale = scale;
        return form.base > 0 && form.base < 1e300 && std::isfinite(scale) &&
               Candidate{"", form.spectrum()}.fits(row, given);
      };
      bool is_found = false;
      for (int trial = 2; trial < 36 && !is_found; ++trial) {  // digits of the base, for either shift
        form.shift = trial % 2;
        const double steps = double(half) - form.shift;
        form.base = std::strtod(printed(std::exp(-slope * steps), trial / 2).c_str(), nullptr);
        is_found = fits(sign / given * std::exp((wy + std::log(form.base) / steps * wj) / w));
      }
      if (!is_found) continue;
      shortest(form.scale, fits);
      double at = given;
      if (t == nullptr) std::swap(at, form.scale);
      hits.push_back({{form.call(), form.spectrum()}, at, row, "t"});
    }
  }
}

/// All series that fit.
inline std::vector<Hit> fitted(Row row, const double* t, Run& longest) {
  const auto dim = static_cast<Index>(row.value.size());
  for (double& rounding : row.rounding) rounding *= 2;  // what is fitted is off too
  std::vector<Hit> hits;
  const auto is_padded = [&](Index half) {
    const auto end = std::size_t(2 * half);
    return 2 * half == dim || std::abs(row.value[end]) <= row.rounding[end];
  };
  for (const int most_turns : {4, 160})
    for (Index half = dim / 2; half > 1 && hits.empty() && is_padded(half); --half)
      for (int i = 0; i < 8; ++i) fit(row, {i / 2, dim, half}, i % 2 == 1, t, most_turns, hits, longest);
  return hits;
}

/// The names in the calls of models.tsv: N is a maximal length, others but dim are buffers of a checkpoint.
struct Names {
  Index dim;
  double N = 256;
  Values W{}, phases{}, B = W, freqs = W, w = W, b = phases, sixteenths{}, halves{}, rounded{};

  /// visit(row, spectrum, t) for each row: spectrum() is the value of its call, t(given) of its t.
  void each(const std::function<void(const char*, const std::function<Spectrum()>&, double (*)(double))>& visit) const {
    using namespace phasor;
    using std::atan, std::cos, std::floor, std::log, std::sin;
#include "which_models.inc"
  }
};

inline std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts{""};
  for (const char c : text) c == separator ? parts.emplace_back() : parts.back() += c, void();
  return parts;
}

/// `text` with `to` for each word `from`.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto is_in_word = [&](std::size_t i) {
    return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) != 0 || text[i] == '_');
  };
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos;) {
    const bool is_word = !is_in_word(at - 1) && !is_in_word(at + from.size());
    if (is_word) text.replace(at, from.size(), to);
    at += is_word ? to.size() : from.size();
  }
  return text;
}

/// All Spectra to compare with, each once (but of few columns each call), those first whose fastest angle is about t;
/// and all maps of t, the shortest first: what goes into the embedding, as a function of t.
struct Table {
  std::map<std::tuple<double, Values, Values, std::string>, Candidate> candidates;
  std::map<std::pair<std::size_t, std::string>, std::function<double(double)>> maps;

  Table(Index dim, const std::string& W_file) {
    const std::vector<Row> W = W_file.empty() ? std::vector<Row>{{{}, {0}}} : read(W_file);
    const double digits = *std::max_element(W[0].rounding.begin(), W[0].rounding.end());
    Names names{dim, 256, W[0].value, W.back().value};
    for (Index k = 1; k <= dim / 2; ++k) {
      names.sixteenths.push_back(double(k) / 16), names.halves.push_back(double(k) / 2);
      names.rounded.push_back(1000 * bf16(std::pow(1e4, double(1 - k) / double(dim / 2))));
    }
    const auto add_map = [&](const std::string& text, const std::function<double(double)>& map) {
      maps.try_emplace({text.size(), text}, map);
    };
    const auto add = [&](const Candidate& added) {
      const auto& [frequency, phase] = added.spectrum;
      if (frequency.size() != std::size_t(dim)) return;
      const double rank = std::abs(std::log(turn * added.fastest()));
      const auto [place, is_new] = candidates.try_emplace({rank, frequency, phase, dim < 4 ? added.call : ""}, added);
      Candidate& known = place->second;
      if (!is_new) known.models += added.models;
      if (added.call.size() < known.call.size()) known.call = added.call;
    };
    add_map("t", [](double t) { return t; });
    add_map("t / 1000", [](double t) { return t / 1000; });
    for (const double N : {256, 128, 512, 1000, 1024}) {
      names.N = N;
      names.each([&](const char* text, const std::function<Spectrum()>& spectrum, double (*map)(double)) {
        const std::vector<std::string> row = split(text, '\t');
        const auto has = [&](const char* name) { return replaced(row[2], name, "") != row[2]; };
        if (N != 256 && !has("N")) return;
        const std::string width = std::to_string(dim), call = replaced(row[2], "N", number(N));
        const bool is_of_dim = (" " + row[3] + ",").find(" " + width + ",") != std::string::npos;
        const double unknown = has("W") || has("B") || has("freqs") || has("w") ? digits : 0;
        add_map(replaced(row[6], split(row[5], ' ')[0], "t"), map);
        try {
          add({replaced(replaced(call, "dim", width), "pi", number(pi)), spectrum(), unknown,
               is_of_dim ? "; " + row[0] : ""});
        } catch (const std::invalid_argument&) {  // no such dim, or no buffer
        }
      });
    }
    for (int i = 0; i < 8; ++i) {
      const Form form{i / 2, dim, dim / 2, 1e4, double(i % 2)};
      add({form.call(), form.spectrum()});
    }
    for (const auto& [key, map] : std::map(maps)) {
      add_map("bf16(" + key.second + ")", [map = map](double t) { return bf16(map(t)); });
      add_map(replaced(key.second, "t", "bf16(t)"), [map = map](double t) { return map(bf16(t)); });
    }
  }
};

/// Whether the two differ by a factor of t alone.
inline bool are_proportional(const Candidate& a, const Candidate& b) {
  const auto &f = a.spectrum.frequency, &g = b.spectrum.frequency;
  const double ratio = b.fastest() / a.fastest();
  const auto is_near = [&](double x, double y) { return std::abs(ratio * x - y) <= 1e-9 * std::abs(y); };
  return a.spectrum.phase == b.spectrum.phase && std::equal(f.begin(), f.end(), g.begin(), is_near);
}

/// `row` as outputs of floats, of half or of bfloat16, where they may be; with angles of doubles, then of floats.
inline std::vector<Row> readings(const Row& row) {
  std::vector<Row> all;
  for (const int bits : {53, 11, 8}) {
    Row reading = row;
    reading.bits = bits;
    bool is_rounded = true;
    for (std::size_t k = 0; k < row.value.size(); ++k) {
      const double x = row.value[k];
      is_rounded = is_rounded && std::abs(x - round_to(x, bits)) <= 1.001 * row.rounding[k];
      reading.rounding[k] += std::ldexp(1, std::ilogb(std::max(std::abs(x), 1e-30)) - bits) + 1.5e-7;
    }
    for (const bool has_float_angles : {false, true}) {
      reading.has_float_angles = has_float_angles;
      if (is_rounded) all.push_back(reading);
    }
  }
  return all;
}

/// All that a row may be, the likeliest first.
inline std::vector<Hit> find(const Row& printed, const double* t, const Table& table, Run& longest) {
  const std::vector<Row> rows = readings(printed);
  std::vector<Hit> hits;
  for (const Row& row : rows) {
    if (!hits.empty()) break;
    for (const auto& [name, candidate] : table.candidates) {
      for (const double at : t == nullptr ? scan(candidate, row) : Values()) hits.push_back({candidate, at, row});
      for (const auto& [key, map] : table.maps) {
        const double at = t == nullptr ? NAN : map(*t);
        if (!std::isfinite(at) || !candidate.fits(row, at, 0)) continue;
        hits.push_back({candidate, at, row, key.second});
        break;
      }
    }
  }
  for (const Row& row : rows) {
    if (hits.empty()) hits = fitted(row, t, longest);
  }
  std::stable_sort(hits.begin(), hits.end(), [](auto& a, auto& b) { return a.how.size() < b.how.size(); });
  return hits;
}

/// What is known of a hit, for a person.
inline void describe(const Hit& hit, const Table& table, std::ostream& out) {
  const Candidate& candidate = hit.candidate;
  const auto [largest, column] = candidate.difference(hit.row, hit.t);
  const std::string angles = printed(turn * std::abs(hit.t) * candidate.fastest(), 2) + " radians";
  std::string why = hit.row.has_float_angles ? ", and angles rounded to float32, of up to " + angles : "";
  if (hit.row.bits < 53) why += std::string(", and outputs rounded to ") + (hit.row.bits == 8 ? "bfloat16" : "half");
  if (why.empty()) why = hit.row.rounding[column] > 4e-7 ? ", and the digits printed" : ", and float outputs";
  out << "  largest difference " << printed(largest, 2) << ", in column " << column << "; explained by "
      << why.substr(6) << "\n";
  if (!candidate.models.empty()) out << "  models: " << candidate.models.substr(2) << "\n";
  const auto& [f, phase] = candidate.spectrum;
  const std::size_t last = f.size() / 2 - 1;
  std::set<std::string> said;
  for (const auto& [name, other] : table.candidates) {
    const auto& [g, other_phase] = other.spectrum;
    const double steps = std::log(g[last] / g[0]) / std::log(f[last] / f[0]), shift = 1 + 1 / double(last);
    const auto is = [steps](double x) { return std::abs(steps / x - 1) < 1e-9; };
    std::string kind;
    if (phase != other_phase && is(1)) kind = "another order";
    if (phase == other_phase && is(shift)) kind = "h - 1 for h";
    if (phase == other_phase && is(1 / shift)) kind = "h for h - 1";
    if (kind.empty() || !said.insert(kind).second) continue;
    const double t = hit.t * f[0] / g[0],
                 at = shortest(t, [t](double x) { return std::abs(x - t) <= 1e-12 * std::abs(t); });
    out << "  not " << other.call << (at == hit.t ? "" : " at " + number(at)) << " (" << kind << "), which differs by "
        << printed(other.difference(hit.row, at).first, 2) << "\n";
  }
}

/// What can be said of a row that nothing fits.
inline std::string excuse(const Row& row, const double* t, const Table& table) {
  double largest = 0;
  for (const double x : row.value) largest = std::max(largest, std::abs(x));
  if (largest == 0) return "All is zero: no convention has that, for a cosine of 0 is 1. A buffer that nobody wrote?";
  if (largest > 1.01)
    return "Its largest number is " + printed(largest, 2) + ", and no sine is: divide by the gain (sqrt(2) in EDM2).";
  Run run;
  for (const double off : {0., 0.01}) {
    for (const double* at : {t, static_cast<const double*>(nullptr)}) {
      Row loose = row;
      for (double& rounding : loose.rounding) rounding += off;
      const std::vector<Hit> hits = find(loose, at, table, run);
      if (hits.empty() && t == nullptr) break;
      if (hits.empty()) continue;
      if (off == 0 && at == t) return "The first row alone is " + hits[0].name() + ".";
      if (off == 0) return "At the t that you passed nothing fits, but " + hits[0].name() + " does.";
      const auto [difference, column] = hits[0].candidate.difference(row, hits[0].t);
      return "The nearest is " + hits[0].name() + ", and column " + std::to_string(column) + " is " +
             printed(difference, 2) + " off, which no rounding explains.";
    }
  }
  if (3 * run.length < run.form.half || run.length == 0)
    return "Its angles are in no geometric series: random features? They need the checkpoint's W: pass it by --W file, "
           "for gaussian_fourier(W) (sines first), fourier_embedding(W), or with a row of phases mp_fourier(W, "
           "phases).";
  const char* const orders[] = {"Sines, then cosines", "Cosines, then sines", "Sine, cosine ...", "Cosine, sine ..."};
  const auto [sine, cosine] = run.form.columns(run.stop);
  std::ostringstream text;
  text << orders[run.form.order] << ". " << run.length << " of " << run.form.half
       << " waves are in geometric series, from an angle of " << printed(run.slowest, 2) << " to one of "
       << printed(run.fastest, 2) << " radians; it stops fitting in columns " << sine << " and " << cosine << ".";
  return text.str();
}

/// Rows of the table by name, best first.
inline int by_name(const std::vector<std::string>& words, std::ostream& out) {
  const auto plain = [](const std::string& text) {
    std::string kept;
    for (const unsigned char c : text)
      if (std::isalnum(c) != 0) kept += char(std::tolower(c));
    return kept;
  };
  std::string query;
  for (const std::string& word : words) query += plain(word);
  std::multimap<double, std::string> found;  // by minus how well
  Names{0}.each([&](const char* text, const auto&, auto) {
    const std::vector<std::string> row = split(text, '\t');
    std::string names = row[0] + ";" + row[11], note;
    double score = 0;
    for (const std::string& word : words)
      if (plain(names).find(plain(word)) != std::string::npos) score -= double(word.size());
    for (char& c : names) c = std::strchr(",()", c) != nullptr ? ';' : c;
    for (const std::string& name : split(names, ';')) {
      if (plain(name) != query) continue;
      score -= 100;
      if (name.back() == '?') note = " (not read: the code of the name that you gave)";
    }
    const bool has_width = row[3].find("width") != std::string::npos;
    const std::string call = has_width ? row[2] + "; dim: " + row[3] : replaced(row[2], "dim", split(row[3], ',')[0]);
    std::string t = row[9];
    if (row[6] != "t") t = row[6] + (t.empty() ? "" : ", ") + t + "; for example " + row[5] + ": t = " + row[7];
    if (score < 0) found.emplace(score, row[0] + note + "\n  " + call + "\n  t is " + t + "\n");
  });
  for (const auto& [score, line] : found)
    if (2 * score <= found.begin()->first) out << line;
  if (found.empty()) out << "The table of models has no such name.\n";
  return found.empty();
}

/// What a row is, or several, of one t each; exit code 0 if it is one call.
inline int by_numbers(const std::vector<Row>& rows, const Values& times, const Table& table, bool is_for_scripts,
                      std::ostream& out, std::ostream& error) {
  const double* const t = times.empty() ? nullptr : &times[0];
  Run longest;
  std::vector<Hit> hits = find(rows[0], t, table, longest);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    std::set<std::string> here;
    for (const Hit& hit : find(rows[i], &times[i], table, longest)) here.insert(hit.candidate.call + hit.how);
    const auto is_gone = [&](const Hit& hit) { return here.count(hit.candidate.call + hit.how) == 0; };
    hits.erase(std::remove_if(hits.begin(), hits.end(), is_gone), hits.end());
  }
  bool is_clear = rows[0].value.size() > 3 && !hits.empty();
  for (const Hit& hit : hits) {
    const bool is_other_t = hit.candidate.call == hits[0].candidate.call && hit.t != hits[0].t;
    is_clear = is_clear && !is_other_t && hit.candidate.fits(hit.row, hit.t) &&
               are_proportional(hit.candidate, hits[0].candidate);
  }
  if (!is_clear) {
    std::ostream& text = is_for_scripts ? error : out;
    text << (hits.empty() ? "Not found. " : "It may be any of these; a row at another t tells more:\n");
    if (hits.empty()) text << (is_for_scripts ? "" : excuse(rows[0], t, table)) << "\n";
    for (const Hit& hit : hits) text << "  " << hit.name() << "\n";
    return 1;
  }
  if (is_for_scripts) {
    out << hits[0].candidate.call << "\t" << number(hits[0].t) << "\n";
    return 0;
  }
  const std::string how = hits[0].how == "t" ? ", as passed" : ", which is " + hits[0].how;
  out << hits[0].name() << (t == nullptr ? ", up to a factor" : how) << "\n";
  describe(hits[0], table, out);
  for (std::size_t i = 1; i < hits.size(); ++i) out << "  the same numbers: " << hits[i].name() << "\n";
  return 0;
}

/// The program: what it prints, and its exit code (0: found, 1: not found, 2: nonsense).
inline int run(const std::vector<std::string>& arguments, std::istream& in, std::ostream& out,
               std::ostream& error) try {
  std::vector<std::string> words;
  std::string t, W_name;
  bool is_for_scripts = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const bool has_value = word == "--t" || word == "--W";
    if (has_value && i + 1 == arguments.size()) throw Nonsense(word + " needs a value behind it");
    if (word == "--t")
      t += " " + arguments[++i];
    else if (word == "--W")
      W_name = arguments[++i];
    else if (word == "--print-call")
      is_for_scripts = true;
    else if (word.substr(0, 2) == "--")
      throw Nonsense("there is no option " + word);
    else
      words.push_back(word);
  }
  const auto content = [](std::istream& stream) { return std::string(std::istreambuf_iterator<char>(stream), {}); };
  std::ifstream file(words.size() == 1 ? words[0] : "", std::ios::binary), W(W_name, std::ios::binary);
  if (!words.empty() && !file) return by_name(words, out);
  if (!W_name.empty() && !W) throw Nonsense("there is no file " + W_name);
  const std::vector<Row> rows = read(content(words.empty() ? in : file));
  const Values times = t.empty() ? Values{} : read_text(t)[0].value;
  if (rows.size() != std::max<std::size_t>(times.size(), 1))
    throw Nonsense("it has " + std::to_string(rows.size()) + " rows for " + std::to_string(times.size()) +
                   " timesteps: pass --t for each, or one row");
  static std::map<std::pair<Index, std::string>, Table> tables;  // kept for who asks often
  const std::pair<Index, std::string> key{rows[0].value.size(), content(W)};
  const Table& table = tables.try_emplace(key, key.first, key.second).first->second;
  return by_numbers(rows, times, table, is_for_scripts, out, error);
} catch (const Nonsense& nonsense) {
  error << "which: " << nonsense.what() << "\n";
  return 2;
}

}  // namespace which
