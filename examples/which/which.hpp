// By name: rows of models.tsv. By numbers: the call whose row it is, what explains the difference, what it is not.
#pragma once

#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "find.hpp"

namespace which {

using Map =
    std::pair<std::string, std::function<double(double)>>;  ///< what goes into the embedding, as a function of t

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
inline std::string replaced(const std::string& text, const std::string& from, const std::string& to) {
  std::string out, word;
  for (const char c : text + ' ') {
    const bool is_in_word = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    if (is_in_word)
      word += c;
    else
      out += (word == from ? to : word) + c, word.clear();
  }
  return out.substr(0, out.size() - 1);
}

/// All Spectra to compare with, and all maps of t.
struct Table {
  std::vector<Candidate> candidates;
  std::vector<Map> maps{{"t", [](double t) { return t; }}, {"t / 1000", [](double t) { return t / 1000; }}};
};
inline Table table_of(Index dim, const Numbers& W) {
  Table table;
  Names names{dim};
  const auto half = W.value.begin() + std::ptrdiff_t(W.value.size() / W.rows);
  names.W = names.B = names.freqs = names.w = Values(W.value.begin(), half);
  names.phases = names.b = Values(half, W.value.end());
  for (Index k = 1; k <= dim / 2; ++k) {
    names.sixteenths.push_back(double(k) / 16), names.halves.push_back(double(k) / 2);
    names.rounded.push_back(1000 * bf16(std::pow(1e4, double(1 - k) / double(dim / 2))));
  }
  const double unknown = W.value.empty() ? 0 : *std::max_element(W.rounding.begin(), W.rounding.end());
  const auto add = [&](const Candidate& candidate) {
    if (candidate.spectrum.frequency.size() != std::size_t(dim)) return;
    for (Candidate& known : table.candidates) {
      if (known.spectrum.frequency != candidate.spectrum.frequency || known.spectrum.phase != candidate.spectrum.phase)
        continue;
      if (dim < 4 && known.call != candidate.call) continue;  // all are one, and are listed
      if (candidate.call.size() < known.call.size()) known.call = candidate.call;
      known.models += candidate.models, known.others += candidate.others;
      return;
    }
    table.candidates.push_back(candidate);
  };
  for (const double N : {256, 128, 512, 1000, 1024}) {
    names.N = N;
    names.each([&](const char* text, const std::function<Spectrum()>& spectrum, double (*map)(double)) {
      const std::vector<std::string> row = split(text, '\t'), dims = split(replaced(row[3], "width", ""), ' ');
      const std::string how = replaced(row[6], split(row[5], ' ')[0], "t"), call = replaced(row[2], "N", number(N));
      const auto known =
          std::find_if(table.maps.begin(), table.maps.end(), [&](const Map& one) { return one.first == how; });
      if (known == table.maps.end()) table.maps.push_back({how, map});
      if (N != 256 && call == row[2]) return;
      const bool is_used =
          (" " + replaced(row[3], "width", "") + ",").find(" " + std::to_string(dim) + ",") != std::string::npos;
      try {
        Spectrum value = spectrum();
        const bool has_buffer =
            replaced(replaced(replaced(replaced(row[2], "W", ""), "B", ""), "freqs", ""), "w", "") != row[2];
        add({replaced(replaced(call, "dim", std::to_string(dim)), "pi", number(pi)), value, has_buffer ? unknown : 0,
             is_used ? "; " + row[0] : "", is_used ? 0 : 1});
      } catch (const std::invalid_argument&) {  // no such dim, or no buffer
      }
    });
  }
  for (const auto order : Form::orders) {
    for (const double shift : {0., 1.}) add(Form{order, dim, dim / 2, 1e4, shift}.candidate());
  }
  for (std::size_t i = 0, count = table.maps.size(); i < count; ++i) {
    const std::string text = table.maps[i].first;
    const auto map = table.maps[i].second;
    table.maps.push_back({"bf16(" + text + ")", [map](double t) { return bf16(map(t)); }});
    table.maps.push_back({replaced(text, "t", "bf16(t)"), [map](double t) { return map(bf16(t)); }});
  }
  std::stable_sort(table.maps.begin(), table.maps.end(),
                   [](const Map& a, const Map& b) { return a.first.size() < b.first.size(); });
  return table;
}

/// Whether the two differ by a factor of t alone.
inline bool are_proportional(const Spectrum& a, const Spectrum& b) {
  double ratio = 0;
  for (std::size_t k = 0; k < a.frequency.size(); ++k) {
    const double here = a.frequency[k] / b.frequency[k];  // NaN in columns of zeros
    if (a.phase[k] != b.phase[k] || (a.frequency[k] == 0) != (b.frequency[k] == 0)) return false;
    if (ratio == 0 && here > 0) ratio = here;
    if (std::abs(here / ratio - 1) > 1e-9) return false;
  }
  return true;
}

/// `row` as one of outputs that were rounded to so many bits, or an empty one if not all its numbers are such.
inline Numbers of_type(Numbers row, int bits) {
  for (std::size_t k = 0; k < row.value.size() && bits != 0; ++k) {
    const double x = row.value[k];
    if (std::abs(x - round_to(x, bits)) > 1.001 * row.rounding[k]) return {};
    if (x != 0) row.rounding[k] += std::ldexp(1, std::ilogb(x) - bits);
  }
  return row;
}

/// All that a row may be, the likeliest first.
inline std::vector<Hit> find(const Numbers& printed, const double* t, bool may_scan, const Table& table, Run& longest) {
  const auto dim = static_cast<Index>(printed.value.size());
  std::vector<Hit> hits, weak;
  enum Stage { by_map, by_fit, by_scan };
  for (const Stage stage : {by_map, by_fit, by_scan}) {
    for (const int type : {0, 1, 2, 3, 4, 5}) {
      const int bits = type < 2 ? 0 : type < 4 ? 11 : 8;
      Numbers row = of_type(printed, bits);
      row.angles = type % 2;
      if (row.value.empty() || !hits.empty() || (stage != by_map && dim > 32 && !weak.empty())) continue;
      for (double& rounding : row.rounding) rounding *= stage == by_fit ? 2 : 1;  // what is fitted is off too
      std::vector<Hit> fitted;
      for (const bool is_far : {false, true}) {
        for (Index zeros = dim % 2; zeros < dim - 2 && stage == by_fit && fitted.empty(); zeros += 2) {
          const auto last = static_cast<std::size_t>(dim - zeros);
          if (zeros > 0 && std::abs(row.value[last]) > row.rounding[last]) break;
          for (const auto order : Form::orders) fit(row, {order, dim, (dim - zeros) / 2}, t, is_far, fitted, longest);
        }
      }
      for (const Candidate& candidate : table.candidates) {
        Values all;
        for (const Hit& hit : fitted) {
          const std::size_t first = 0, last = std::size_t(dim) / 2 - 1;
          const auto &f = hit.candidate.spectrum.frequency, &g = candidate.spectrum.frequency;
          const std::size_t k = std::abs(f[first]) > std::abs(f[last]) ? first : last;
          if (t == nullptr) all.push_back(shortened(candidate, row, hit.t * f[k] / g[k]));
        }
        if (t == nullptr && stage == by_scan && may_scan && type % 2 == 1) all = scan(candidate, row);
        for (const double at : all) {
          if (std::isfinite(at)) hits.push_back({candidate, at, "", bits});
        }
        for (std::size_t i = 0; t != nullptr && stage == by_map && i < table.maps.size(); ++i) {
          const double at = table.maps[i].second(*t);
          if (!std::isfinite(at) || candidate.evidence(row, at) < 0) continue;
          const bool is_weak = !candidate.fits(row, at);
          (is_weak ? weak : hits).push_back({candidate, at, table.maps[i].first, bits, is_weak});
          if (!is_weak) break;
        }
      }
      if (hits.empty()) hits = fitted;
      for (Hit& hit : hits) hit.bits = bits;
    }
  }
  if (hits.empty()) hits = weak;
  const auto rank = [&](const Hit& hit) {
    double fastest = 0;
    for (const double f : hit.candidate.spectrum.frequency) fastest = std::max(fastest, std::abs(f));
    std::size_t place = 0;
    while (place < table.maps.size() && table.maps[place].first != hit.how) ++place;
    return std::make_tuple(place, std::abs(std::log(turn * fastest)), hit.candidate.call.size(), std::abs(hit.t));
  };
  std::stable_sort(hits.begin(), hits.end(), [&](const Hit& a, const Hit& b) { return rank(a) < rank(b); });
  return hits;
}

/// The largest difference of the row from the hit, and the column that has it.
inline std::pair<double, std::size_t> difference(const Numbers& row, const Candidate& candidate, double t) {
  const Values values = candidate.at(t);
  std::pair<double, std::size_t> largest{0, 0};
  for (std::size_t k = 0; k < values.size(); ++k) largest = std::max(largest, {std::abs(values[k] - row.value[k]), k});
  return largest;
}

inline std::string brief(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2g", x);
  return text;
}

/// What is known of a hit, for a person.
inline void describe(const Hit& hit, const Numbers& row, const Table& table, std::ostream& out) {
  const Candidate& candidate = hit.candidate;
  const auto [largest, column] = difference(row, candidate, hit.t);
  const Numbers typed = of_type(row, hit.bits);
  const Values exact = candidate.at(hit.t);
  bool is_print = true, is_type = true;
  double fastest = 0;
  for (std::size_t k = 0; k < exact.size(); ++k) {
    is_print = is_print && std::abs(exact[k] - row.value[k]) <= row.rounding[k] + 1.5e-7;
    is_type = is_type && std::abs(exact[k] - row.value[k]) <= typed.rounding[k] + 1.5e-7;
    fastest = std::max(fastest, turn * std::abs(hit.t * candidate.spectrum.frequency[k]));
  }
  const std::string type = hit.bits == 8 ? "outputs rounded to bfloat16" : "outputs rounded to half";
  const std::string angles = "angles rounded to float32, of up to " + brief(fastest) + " radians";
  out << "  largest difference " << brief(largest) << ", in column " << column << "; explained by "
      << (is_print        ? row.rounding[column] > 0 ? "the digits printed" : "float outputs"
          : is_type       ? type
          : hit.bits == 0 ? angles
                          : angles + ", and " + type)
      << "\n";
  if (!candidate.models.empty()) out << "  models: " << candidate.models.substr(2) << "\n";
  if (candidate.others > 0) out << "  models of other widths: " << candidate.others << "\n";
  bool has_swapped = false, has_shifted = false;
  for (const Candidate& other : table.candidates) {
    const auto last = std::size_t(exact.size() / 2 - 1);
    const auto &f = candidate.spectrum.frequency, &g = other.spectrum.frequency;
    if (exact.size() < 4 || f[0] == 0 || g[0] == 0) continue;
    const double steps = std::log(g[last] / g[0]) / std::log(f[last] / f[0]),
                 t = shortest(hit.t * f[0] / g[0], 1e-12 * std::abs(hit.t * f[0] / g[0]));
    const double shifted = double(exact.size() / 2) / double(last);  // h / (h - 1)
    const bool is_swapped = other.spectrum.phase != candidate.spectrum.phase && std::abs(steps - 1) < 1e-9;
    const bool is_shifted = other.spectrum.phase == candidate.spectrum.phase &&
                            (std::abs(steps - shifted) < 1e-9 || std::abs(steps * shifted - 1) < 1e-9);
    if ((!is_swapped || has_swapped) && (!is_shifted || has_shifted)) continue;
    out << "  not " << other.call << (t == hit.t ? "" : " at " + number(t)) << " ("
        << (is_swapped  ? "another order"
            : steps > 1 ? "h - 1 for h"
                        : "h for h - 1")
        << "), which differs by " << brief(difference(row, other, t).first) << "\n";
    (is_swapped ? has_swapped : has_shifted) = true;
  }
}

/// What can be said of a row that nothing fits.
inline std::string excuse(const Numbers& row, const double* t, const Table& table) {
  const double largest = std::abs(*std::max_element(row.value.begin(), row.value.end(),
                                                    [](double a, double b) { return std::abs(a) < std::abs(b); }));
  if (largest == 0) return "All is zero: no convention has that, for a cosine of 0 is 1. A buffer that nobody wrote?";
  if (largest > 1.01)
    return "Its largest number is " + brief(largest) + ", and no sine is: divide by the gain (sqrt(2) in EDM2).";
  Run run;
  std::vector<Hit> hits = find(row, nullptr, true, table, run);
  if (t != nullptr && !hits.empty())
    return "At the t that you passed nothing fits, but " + hits[0].candidate.call +
           " does at t = " + number(hits[0].t) + ".";
  Numbers loose = row;
  for (double& rounding : loose.rounding) rounding += 0.01;
  for (const double* at : {t, static_cast<const double*>(nullptr)}) {
    hits = find(loose, at, false, table, run);
    if (hits.empty()) continue;
    const auto [largest_difference, column] = difference(row, hits[0].candidate, hits[0].t);
    return "The nearest is " + hits[0].candidate.call + " at t = " + number(hits[0].t) + ", and column " +
           std::to_string(column) + " is " + brief(largest_difference) + " off, which no rounding explains.";
  }
  if (run.length == 0)
    return "No two halves, and no neighbours, are sines and cosines of the same angles. mp_fourier(W, phases) is so: "
           "pass both rows by --W.";
  const char* const orders[] = {"Sines, then cosines", "Cosines, then sines", "Sine, cosine, sine, cosine ...",
                                "Cosine, sine, cosine, sine ..."};
  std::string text = std::string(orders[run.form.order]) + ". ";
  if (3 * run.length < run.form.half)
    return "Columns pair up as sines and cosines, of angles in no geometric series: random features? They need the "
           "checkpoint's W: pass it by --W file, for gaussian_fourier(W) (sines first) or fourier_embedding(W).";
  return text + std::to_string(run.length) + " of " + std::to_string(run.form.half) +
         " waves are in geometric series, from an angle of " + brief(run.slowest) + " to one of " + brief(run.fastest) +
         " radians" + "; it stops fitting in columns " + std::to_string(run.form.sine(run.stop)) + " and " +
         std::to_string(run.form.cosine(run.stop)) + ".";
}

/// Rows of the table by name, best first.
inline int by_name(const std::vector<std::string>& words, std::ostream& out) {
  const auto plain = [](const std::string& text) {
    std::string kept;
    for (const char c : text) {
      if (std::strchr(" .-_?", c) == nullptr) kept += char(std::tolower(static_cast<unsigned char>(c)));
    }
    return kept;
  };
  std::vector<std::pair<double, std::string>> found;
  std::string query;
  for (const std::string& word : words) query += plain(word);
  Names{0}.each([&](const char* text, const auto&, auto) {
    const std::vector<std::string> row = split(text, '\t');
    std::string names = row[0];
    for (std::size_t i = 11; i < row.size(); ++i) names += "; " + row[i];
    double score = 0;
    bool is_read = true;
    for (char& c : names) c = c == ',' || c == '(' || c == ')' ? ';' : c;
    for (const std::string& name : split(names, ';')) {
      if (plain(name) != query) continue;
      score += 100;
      is_read = name.back() != '?';
    }
    if (plain(names).find(query) != std::string::npos) score += 50;
    for (const std::string& word : words) {
      if (plain(names).find(plain(word)) != std::string::npos) score += double(word.size());
    }
    if (score == 0) return;
    const bool is_fixed = row[3].find("width") == std::string::npos;
    std::ostringstream line;
    line << row[0] << (is_read ? "\n  " : " (not read: the code of the name that you gave)\n  ")
         << (is_fixed ? replaced(row[2], "dim", split(row[3], ',')[0]) : row[2]) << (is_fixed ? "" : "; dim: " + row[3])
         << "\n  t is " << (row[6] == "t" ? "" : row[6] + (row[9].empty() ? "" : ", ")) << row[9]
         << (row[6] == "t" ? "" : "; for example " + row[5] + ": t = " + row[7]) << "\n";
    found.emplace_back(score, line.str());
  });
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [score, line] : found) {
    if (2 * score >= found[0].first) out << line;
  }
  if (found.empty()) out << "The table of models has no such name.\n";
  return found.empty();
}

/// The program: what it prints, and its exit code (0: found, 1: not found, 2: nonsense).
inline int run(std::vector<std::string> arguments, std::istream& in, std::ostream& out, std::ostream& error) {
  try {
    std::vector<std::string> words;
    std::string file, W_file;
    Values t;
    bool is_for_scripts = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::string& option = arguments[i];
      if ((option == "--t" || option == "--W") && i + 1 == arguments.size())
        throw Nonsense(option + " needs a value behind it");
      if (option == "--t") {
        const Values more = read_text(arguments[++i]).value;
        t.insert(t.end(), more.begin(), more.end());
      } else if (option == "--W")
        W_file = arguments[++i];
      else if (option == "--print-call")
        is_for_scripts = true;
      else if (option.substr(0, 2) == "--")
        throw Nonsense("there is no option " + option);
      else
        words.push_back(option);
    }
    const auto content = [](std::istream& stream) { return std::string(std::istreambuf_iterator<char>(stream), {}); };
    std::ifstream stream(words.size() == 1 ? words[0] : "", std::ios::binary);
    if (!words.empty() && !stream) return by_name(words, out);
    const Numbers rows = read(content(words.empty() ? in : stream));
    Numbers W;
    if (!W_file.empty()) {
      std::ifstream W_stream(W_file, std::ios::binary);
      if (!W_stream) throw Nonsense("there is no file " + W_file);
      W = read(content(W_stream));
    }
    if (rows.rows != std::max<std::size_t>(t.size(), 1))
      throw Nonsense("it has " + std::to_string(rows.rows) + " rows for " + std::to_string(t.size()) +
                     " timesteps: pass --t for each, or one row");
    const auto dim = std::ptrdiff_t(rows.value.size() / rows.rows);
    static std::map<std::pair<Index, Values>, Table> tables;  // kept for who asks often
    const auto [place, is_new] = tables.try_emplace({dim, W.value});
    if (is_new) place->second = table_of(dim, W);
    const Table& table = place->second;
    std::vector<Hit> hits;
    const auto row_of = [&](std::size_t i) {
      const auto from = std::ptrdiff_t(i) * dim;
      return Numbers{{rows.value.begin() + from, rows.value.begin() + from + dim},
                     {rows.rounding.begin() + from, rows.rounding.begin() + from + dim}};
    };
    for (std::size_t i = 0; i < rows.rows; ++i) {
      Run longest;
      const std::vector<Hit> here = find(row_of(i), t.empty() ? nullptr : &t[i], true, table, longest);
      const auto is_gone = [&](const Hit& hit) {
        return std::none_of(here.begin(), here.end(), [&](const Hit& other) {
          return other.candidate.call == hit.candidate.call && other.how == hit.how;
        });
      };
      if (i == 0)
        hits = here;
      else
        hits.erase(std::remove_if(hits.begin(), hits.end(), is_gone), hits.end());
    }
    const Numbers row = row_of(0);
    std::ostream& text = is_for_scripts ? error : out;
    if (hits.empty()) {
      text << "Not found. " << (is_for_scripts ? "" : excuse(row, t.empty() ? nullptr : &t[0], table)) << "\n";
      return 1;
    }
    bool is_clear = dim > 3, has_one_t = true;
    for (const Hit& hit : hits) {
      is_clear = is_clear && !hit.is_weak && are_proportional(hit.candidate.spectrum, hits[0].candidate.spectrum);
      has_one_t = has_one_t && (hit.candidate.call != hits[0].candidate.call || hit.t == hits[0].t);
    }
    if (!is_clear || (is_for_scripts && !has_one_t)) {
      text << "It may be any of these; a row at another t tells more:\n";
      std::vector<std::string> listed;
      for (const Hit& hit : hits) {
        const std::string line = "  " + hit.candidate.call + " at t = " + number(hit.t) + "\n";
        if (std::find(listed.begin(), listed.end(), line) == listed.end()) text << listed.emplace_back(line);
      }
      return 1;
    }
    if (is_for_scripts) {
      out << hits[0].candidate.call << "\t" << number(hits[0].t) << "\n";
      return 0;
    }
    const std::string how = hits[0].how;
    out << hits[0].candidate.call << " at t = " << number(hits[0].t)
        << (how.empty()  ? ", up to a factor"
            : how == "t" ? ", as passed"
                         : ", which is " + how)
        << "\n";
    describe(hits[0], row, table, out);
    for (const Hit& hit : hits) {
      if (hit.candidate.call == hits[0].candidate.call && hit.t != hits[0].t)
        out << "  or at t = " << number(hit.t) << "\n";
      if (hit.candidate.call != hits[0].candidate.call)
        out << "  the same numbers: " << hit.candidate.call << " at t = " << number(hit.t) << "\n";
    }
    return 0;
  } catch (const Nonsense& nonsense) {
    error << "which: " << nonsense.what() << "\n";
    return 2;
  }
}

}  // namespace which
