// The program which: rows as float32 code makes them and Python prints them, back to calls that give the same values.
#include "catch.hpp"

#include <cstdio>
#include <fstream>
#include <random>
#include <sstream>
#include <variant>

#include "../examples/which/which.hpp"

namespace {

using phasor::Index, phasor::Spectrum;
using Values = std::vector<double>;

// Calls are read by a reader of C++'s arguments of its own.

struct Call {
  std::string text;
  std::map<std::string, Values> buffers{};
  std::size_t at = 0;

  using Value = std::variant<double, Values, Spectrum>;

  Value value() {
    while (text[at] == ' ') ++at;
    const std::size_t start = at;
    if (std::isalpha(static_cast<unsigned char>(text[at])) == 0) {
      const char* const first = text.c_str() + at;
      char* end = nullptr;
      const double x = std::strtod(first, &end);
      REQUIRE(end != first);
      at += std::size_t(end - first);
      const bool is_product = text.compare(at, 3, " * ") == 0;
      if (is_product) at += 3;
      return is_product ? x * std::get<double>(value()) : x;
    }
    while (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_') ++at;
    const std::string name = text.substr(start, at - start);
    if (name == "true" || name == "false") return double(name == "true");
    if (at == text.size() || text[at] != '(') {
      REQUIRE(buffers.count(name) == 1);
      return buffers[name];
    }
    std::vector<Value> arguments;
    while (text[at] != ')') {
      ++at;
      arguments.push_back(value());
      REQUIRE((text[at] == ',' || text[at] == ')'));
    }
    ++at;
    const auto x = [&](std::size_t i, double otherwise) {
      return i < arguments.size() ? std::get<double>(arguments[i]) : otherwise;
    };
    const auto n = [&](std::size_t i) {
      REQUIRE(x(i, 0.5) == std::floor(x(i, 0.5)));
      return static_cast<Index>(x(i, 0));
    };
    const auto f = [&](std::size_t i) { return phasor::Numbers(std::get<Values>(arguments[i])); };
    const auto s = [&](std::size_t i) { return std::get<Spectrum>(arguments[i]); };
    if (name == "adm") return phasor::adm(n(0), x(1, 1e4));
    if (name == "flux") return phasor::flux(n(0), x(1, 1e4));
    if (name == "ddpm") return phasor::ddpm(n(0), x(1, 1e4));
    if (name == "grad_tts") return phasor::grad_tts(n(0), x(1, 1e4));
    if (name == "wuerstchen") return phasor::wuerstchen(n(0), x(1, 1e4));
    if (name == "transformer") return phasor::transformer(n(0), x(1, 1e4));
    if (name == "positional_embedding") return phasor::positional_embedding(n(0), x(1, 1));
    if (name == "wavegrad") return phasor::wavegrad(n(0));
    if (name == "diffwave") return phasor::diffwave(n(0));
    if (name == "pi0") return phasor::pi0(n(0), x(1, 4e-3), x(2, 4));
    if (name == "stable_audio_3") return phasor::stable_audio_3(n(0));
    if (name == "diffusers_timesteps")
      return phasor::diffusers_timesteps(n(0), x(1, 0) != 0, x(2, 0), x(3, 1), x(4, 1e4));
    if (name == "gaussian_fourier") return phasor::gaussian_fourier(f(0));
    if (name == "fourier_embedding") return phasor::fourier_embedding(f(0));
    if (name == "mp_fourier") return phasor::mp_fourier(f(0), f(1));
    if (name == "from_radians") return phasor::from_radians(f(0));
    if (name == "geometric") return phasor::geometric(n(0), x(1, 1e4), x(2, 0), x(3, 1));
    if (name == "geomspace") return phasor::geomspace(n(0), x(1, 1), x(2, 1));
    if (name == "sines_then_cosines") return phasor::sines_then_cosines(f(0));
    if (name == "cosines_then_sines") return phasor::cosines_then_sines(f(0));
    if (name == "interleaved") return phasor::interleaved(f(0));
    if (name == "derivative") return phasor::derivative(s(0));
    if (name == "scaled") return phasor::scaled(s(0), x(1, 1));
    if (name == "padded") return phasor::padded(s(0), n(1));
    if (name == "columns") return phasor::columns(s(0), n(1), n(2));
    FAIL("an unknown word: " << name);
    return 0.;
  }
};

Values values_of(const Spectrum& spectrum, double t) {
  Values values(spectrum.frequency.size());
  phasor::BufferEmbedding<double>(spectrum).embed_into(t, values);
  return values;
}

/// The largest difference of a call's values from those wanted.
double difference(const std::string& call, double t, const Values& wanted,
                  const std::map<std::string, Values>& buffers = {}) {
  Call reader{call, buffers};
  const Values values = values_of(std::get<Spectrum>(reader.value()), t);
  REQUIRE(reader.at == call.size());
  REQUIRE(values.size() == wanted.size());
  double largest = 0;
  for (std::size_t k = 0; k < values.size(); ++k) largest = std::max(largest, std::abs(values[k] - wanted[k]));
  return largest;
}

struct Answer {
  int code;
  std::string out, error;

  /// What --print-call printed.
  std::string call() const { return out.substr(0, out.find('\t')); }
  double t() const { return std::strtod(out.c_str() + out.find('\t') + 1, nullptr); }
};

Answer ask(const std::vector<std::string>& arguments, const std::string& input) {
  std::istringstream in(input);
  std::ostringstream out, error;
  const int code = which::run(arguments, in, out, error);
  return {code, out.str(), error.str()};
}

std::string printed(double x, const char* format) {
  char text[64];
  std::snprintf(text, sizeof text, format, x);
  return text;
}

/// As torch prints it: over many lines.
std::string printed(const Values& row, const char* format) {
  std::string text = "tensor([[";
  for (std::size_t k = 0; k < row.size(); ++k)
    text += (k == 0 ? "" : k % 9 == 0 ? ",\n         " : ", ") + printed(row[k], format);
  return text + "]])\n";
}

double bf16(double x) {
  int exponent = 0;
  const double fraction = std::frexp(x, &exponent);
  return std::ldexp(std::nearbyint(256 * fraction), exponent - 8);
}

/// As float32 code computes it: frequency, t and angle are rounded.
Values in_float(const Spectrum& spectrum, double t) {
  Values row;
  for (std::size_t k = 0; k < spectrum.frequency.size(); ++k) {
    const double tau = 6.283185307179586476925;
    const float w = static_cast<float>(tau * spectrum.frequency[k]), angle = static_cast<float>(t) * w;
    const double phase = tau * spectrum.phase[k], x = static_cast<double>(angle);
    row.push_back(
        static_cast<double>(static_cast<float>(spectrum.phase[k] == 0.25 ? std::cos(x) : std::sin(x + phase))));
  }
  return row;
}

/// The buffers that the table describes in words.
std::map<std::string, Values> described(Index dim) {
  std::map<std::string, Values> buffers;
  for (Index k = 0; k < dim / 2; ++k) {
    buffers["sixteenths"].push_back(double(k + 1) / 16);
    buffers["halves"].push_back(double(k + 1) / 2);
    buffers["rounded"].push_back(1000 * bf16(std::pow(1e4, -double(k) / double(dim / 2))));
  }
  return buffers;
}

Values rounded(Values row) {
  for (double& x : row) x = bf16(x);
  return row;
}

/// main.cpp runs all tests on each target; what is long runs on the first.
bool is_first_target(const std::string& test) {
  static std::vector<std::string> seen;
  const bool is_first = std::find(seen.begin(), seen.end(), test) == seen.end();
  seen.push_back(test);
  return is_first;
}

}  // namespace

TEST_CASE("of 10000 random Spectra it finds the values again, but where it says that more than one has them") {
  if (!is_first_target("random")) return;
  std::mt19937 random(20260);
  const auto uniform = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
  int found = 0, ambiguous = 0;
  for (int i = 0; i < 10000; ++i) {
    const Index dims[] = {8, 16, 17, 24, 32, 48, 64, 96};
    const Index dim = dims[below(8)], half = dim / 2;
    const double base = std::exp(uniform(std::log(10.), std::log(1e5))), shifts[] = {0, 1, 0.5};
    const double shift = shifts[below(3)], scale = std::exp(uniform(std::log(0.1), std::log(2.)));
    const double t = below(5) != 0 ? uniform(0.2, 1) * base / 10 / scale : double(1 + below(999));
    const phasor::Numbers f = phasor::geometric(half, base, shift, scale);
    const Spectrum orders[] = {phasor::sines_then_cosines(f), phasor::cosines_then_sines(f), phasor::interleaved(f),
                               phasor::derivative(phasor::interleaved(phasor::geometric(half, base, shift, -scale)))};
    const Spectrum spectrum = phasor::padded(orders[below(4)], dim);
    const Values exact = values_of(spectrum, t);
    const char* const formats[] = {"%.9f", "%.6f", "%.8e"};
    const Answer answer = ask({"--print-call", "--t", printed(t, "%.17g")}, printed(exact, formats[below(3)]));
    INFO(i << ": dim " << dim << ", base " << base << ", shift " << shift << ", scale " << scale << ", t " << t << "\n"
           << answer.out << answer.error);
    if (answer.code == 0 && difference(answer.call(), answer.t(), exact) <= 1e-4)
      ++found;
    else if (answer.code == 1 && answer.error.find("It may be any of these") == 0)
      ++ambiguous;
    else
      CHECK(false);
  }
  CHECK(found + ambiguous == 10000);
  CHECK(ambiguous <= 100);  // of 8 columns or so, whose waves went round more than once
}

TEST_CASE("every call of the table is found again, from rows of float32 code") {
  if (!is_first_target("table")) return;
  int asked = 0, ambiguous = 0;
  std::vector<std::string> seen;
  const auto numbers = [](Index count, Index step) {  // what a checkpoint may have
    Values x;
    for (Index k = 0; k < count; ++k) x.push_back(double((step * k + 11) % 64 - 20) / 16 + 1. / 128);
    return x;
  };
  const auto each = [&](Index width, const auto& use) {
    which::Names names{width};
    names.W = names.B = names.freqs = names.w = numbers(width, 37);
    names.phases = names.b = numbers(width, 29);
    std::map<std::string, Values> buffers = described(width);
    names.sixteenths = buffers["sixteenths"], names.halves = buffers["halves"], names.rounded = buffers["rounded"];
    names.each(
        [&](const char* text, const std::function<Spectrum()>& call, auto) { use(which::split(text, '\t'), call); });
  };
  std::vector<std::vector<std::string>> rows;
  each(8, [&](const std::vector<std::string>& row, const auto&) { rows.push_back(row); });
  REQUIRE(rows.size() > 100);
  for (const std::vector<std::string>& wanted : rows) {
    const bool has_buffer =
        which::replaced(which::replaced(which::replaced(which::replaced(wanted[2], "W", ""), "B", ""), "freqs", ""),
                        "w", "") != wanted[2];
    if (has_buffer) continue;  // in a test of its own
    for (const std::string& dim : which::split(which::replaced(wanted[3], "width", ""), ',')) {
      const Index width = std::atoi(dim.c_str());
      if (width > 1100) continue;  // as those of fewer columns
      Spectrum spectrum;
      each(width, [&](const std::vector<std::string>& row, const auto& call) {
        if (row == wanted) spectrum = call();
      });
      for (const std::string& time : which::split(wanted[8], ' ')) {
        const double t = std::strtod(time.c_str(), nullptr);
        const std::string key = wanted[2] + dim + " " + time;
        if (std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
        seen.push_back(key);
        const Values exact = values_of(spectrum, t), row = in_float(spectrum, t);
        for (const char* format : {"%.4f", "%.6f", "%.9g", "bf16"}) {
          const bool is_rounded = format[0] == 'b';
          const std::string text = is_rounded ? printed(rounded(row), "%.4f") : printed(row, format);
          const Answer answer = ask({"--print-call", "--t", time}, text);
          INFO(wanted[0] << ": " << wanted[2] << ", dim " << dim << ", t " << time << ", " << format << "\n"
                         << answer.out << answer.error);
          ++asked;
          if (answer.code == 0) {
            // Float32 code may have its angles wrong by 31 u (see which.hpp): the fit may follow.
            CHECK(difference(answer.call(), answer.t(), exact, described(width)) <= 1e-4);
            CHECK(answer.out == answer.call() + "\t" + which::number(answer.t()) + "\n");
          } else {
            ++ambiguous;
            REQUIRE(answer.code == 1);
            CHECK(answer.error.find("It may be any of these") == 0);
            CHECK((width < 4 || std::abs(t) < 0.05 || is_rounded));
          }
        }
      }
    }
  }
  CHECK(10 * ambiguous < 3 * asked);
}

TEST_CASE("t is found where it is not passed, up to a factor") {
  if (!is_first_target("t")) return;
  for (const char* call :
       {"adm(320)", "positional_embedding(128)", "ddpm(64)", "transformer(512)", "diffwave(128)",
        "diffusers_timesteps(256, true, 1)", "wuerstchen(128, 2056)", "adm(256, 10)",
        "interleaved(geometric(32, 10000, 1))", "derivative(interleaved(geometric(32, 10000, 0, -1)))",
        "columns(interleaved(geometric(65, 256 * 256, 1, 3.141592653589793)), 1, 128)"}) {
    const double t = std::string(call) == "adm(256, 10)" ? 0.25 : 49;
    Call reader{call};
    const Values row = values_of(std::get<Spectrum>(reader.value()), t);
    const Answer answer = ask({"--print-call"}, printed(row, "%.6f"));
    INFO(answer.out << answer.error);
    CHECK(answer.out == std::string(call) + "\t" + which::number(t) + "\n");
  }
  // The factor is not known: 1000 sigma into adm is sigma into flux.
  const Answer answer = ask({}, printed(values_of(phasor::flux(256), 0.7), "%.6f"));
  CHECK(answer.out.find("adm(256) at t = 700, up to a factor") == 0);
  CHECK(answer.out.find("the same numbers: flux(256) at t = 0.7\n") != std::string::npos);
}

TEST_CASE("what became of t is said") {
  const auto asked = [](const Spectrum& spectrum, double t, const std::string& passed) {
    return ask({"--t", passed}, printed(in_float(spectrum, t), "%.6f")).out;
  };
  CHECK(asked(phasor::ddpm(128), 499.5, "0.5").find("ddpm(128) at t = 499.5, which is 999 * t\n") == 0);
  CHECK(asked(phasor::ddpm(128), std::log(80.) / 4, "80").find(", which is log(t) / 4\n") != std::string::npos);
  CHECK(asked(phasor::adm(256), bf16(999), "999").find("adm(256) at t = 1000, which is bf16(t)\n") == 0);
  CHECK(asked(phasor::adm(256), 732, "0.73").find("adm(256) at t = 732, which is bf16(1000 * bf16(t))\n") == 0);
  CHECK(asked(phasor::flux(256), 0.7, "0.7").find("flux(256) at t = 0.7, as passed\n") == 0);
  CHECK(asked(phasor::adm(256), 0.7, "700").find("diffusers_timesteps(256, true, 0, 1e-3) at t = 700, as passed\n") ==
        0);
  // What is no map of the table is a factor inside of the Spectrum.
  CHECK(ask({"--print-call", "--t", "3"}, printed(values_of(phasor::adm(256), 3 * 37.5), "%.6f")).out ==
        "cosines_then_sines(geometric(128, 10000, 0, 37.5))\t3\n");
  CHECK(ask({"--print-call", "--t", "3"}, printed(values_of(phasor::padded(phasor::adm(256), 300), 3), "%.6f")).out ==
        "padded(cosines_then_sines(geometric(128, 10000)), 300)\t3\n");
}

TEST_CASE("what explains the difference is said") {
  const Values row = in_float(phasor::adm(320), 981), exact = values_of(phasor::adm(320), 981);
  const auto explained = [](const Values& values, const char* format) {
    const std::string out = ask({"--t", "981"}, printed(values, format)).out;
    CHECK(out.find("adm(320) at t = 981, as passed\n") == 0);
    return out.substr(out.find("explained by"), out.find('\n', out.find("explained by")) - out.find("explained by"));
  };
  CHECK(explained(row, "%.9g") == "explained by angles rounded to float32, of up to 9.8e+02 radians");
  CHECK(explained(exact, "%.4f") == "explained by the digits printed");
  CHECK(explained(rounded(exact), "%.9g") == "explained by outputs rounded to bfloat16");
  CHECK(ask({"--t", "981"}, printed(row, "%.4f")).out.find("models: SDXL") != std::string::npos);
}

TEST_CASE("near misses are told apart") {
  const auto asked = [](const Spectrum& spectrum, const char* t) {
    return ask({"--t", t}, printed(in_float(spectrum, std::strtod(t, nullptr)), "%.4f")).out;
  };
  const std::string out = asked(phasor::adm(256), "500");
  CHECK(out.find("not positional_embedding(256) (another order), which differs by ") != std::string::npos);
  CHECK(out.find("not diffusers_timesteps(256, true, 1) (h - 1 for h), which differs by ") != std::string::npos);
  CHECK(asked(phasor::diffusers_timesteps(256, true, 1), "500").find("diffusers_timesteps(256, true, 1) at t = 500") ==
        0);
  CHECK(asked(phasor::diffusers_timesteps(256, true, 1), "500").find("not adm(256) (h for h - 1), which differs by ") !=
        std::string::npos);
  CHECK(asked(phasor::ddpm(128), "7").find("ddpm(128) at t = 7, as passed\n") == 0);
  CHECK(asked(phasor::positional_embedding(128), "7").find("positional_embedding(128) at t = 7, as passed\n") == 0);
  CHECK(asked(phasor::adm(256, 9990), "500").find("cosines_then_sines(geometric(128, 9990)) at t = 500, as passed\n") ==
        0);
}

TEST_CASE("what fits nothing is refused, with what can be said") {
  if (!is_first_target("refused")) return;
  std::mt19937 random(1);
  Values row = values_of(phasor::adm(320), 981);
  for (double& x : row) x += 1e-3 * (random() % 2 == 0 ? 1 : -1);
  Answer answer = ask({"--t", "981"}, printed(row, "%.6f"));
  CHECK(answer.code == 1);
  CHECK(answer.out.find("Not found. The nearest is adm(320) at t = 981, and column ") == 0);
  CHECK(answer.out.find("is 0.001 off, which no rounding explains.\n") != std::string::npos);
  CHECK(ask({"--print-call", "--t", "981"}, printed(row, "%.6f")).out.empty());

  row = values_of(phasor::adm(320), 981);
  row[10] = 0.5;
  answer = ask({"--t", "981"}, printed(row, "%.6f"));
  CHECK(answer.code == 1);
  CHECK(answer.out.find("Not found. Cosines, then sines. 149 of 160 waves are in geometric series, from an angle of "
                        "0.1 to one of 9.8e+02 radians; it stops fitting in columns 170 and 10.\n") == 0);

  CHECK(ask({"--t", "982.5"},
            printed(values_of(phasor::columns(phasor::interleaved(phasor::geometric(65, 65536, 1, 3.141592653589793)),
                                              1, 128),
                              981),
                    "%.6f"))
            .out.find("Not found. At the t that you passed nothing fits, but columns(interleaved(") == 0);
  CHECK(ask({}, printed(Values(64, 0), "%.4f")).out.find("Not found. All is zero") == 0);
  CHECK(ask({}, "[1.2, 3.4, 0.1, 0.2]").out.find("Not found. Its largest number is 3.4") == 0);
}

TEST_CASE("ambiguous rows list what they may be") {
  const Answer zero = ask({"--t", "0"}, printed(values_of(phasor::adm(64), 0), "%.4f"));
  CHECK(zero.code == 1);
  CHECK(zero.out.find("It may be any of these") == 0);
  CHECK(zero.out.find("  adm(64) at t = 0\n") != std::string::npos);
  CHECK(zero.out.find("  adm(64) at t = 0\n") == zero.out.rfind("  adm(64) at t = 0\n"));
  CHECK(zero.out.find("  diffusers_timesteps(64, true, 1) at t = 0\n") != std::string::npos);
  const Answer two = ask({"--t", "0.5"}, printed(values_of(phasor::positional_embedding(2), 0.5), "%.4f"));
  CHECK(two.code == 1);
  CHECK(two.out.find("  positional_embedding(2) at t = 0.5\n") != std::string::npos);
  CHECK(ask({"--print-call", "--t", "0"}, printed(values_of(phasor::adm(64), 0), "%.4f")).out.empty());
}

TEST_CASE("random features need the checkpoint's W") {
  if (!is_first_target("W")) return;
  Values W, phases;
  for (int k = 0; k < 64; ++k)
    W.push_back(std::round(1e4 * 16 * std::sin(37. * k * k)) / 1e4),
        phases.push_back(std::round(1e4 * std::sin(11. * k * k)) / 1e4);
  const std::map<std::string, Values> buffers{{"W", W}, {"w", W}, {"b", phases}};
  std::ofstream("which_W.txt") << printed(W, "%.4f");
  std::ofstream("which_both.txt") << "[" << printed(W, "%.4f").substr(8) << printed(phases, "%.4f").substr(8) << "]";
  const std::string row = printed(values_of(phasor::fourier_embedding(W), 0.4), "%.5f");
  const Answer without = ask({"--t", "0.4"}, row);
  CHECK(without.code == 1);
  CHECK(without.out.find("random features? They need the checkpoint's W: pass it by --W file") != std::string::npos);
  CHECK(ask({"--print-call", "--t", "0.4", "--W", "which_W.txt"}, row).out == "fourier_embedding(W)\t0.4\n");
  CHECK(ask({"--print-call", "--W", "which_W.txt"}, row).out == "fourier_embedding(W)\t0.4\n");
  CHECK(ask({"--print-call", "--t", "0.4", "--W", "which_W.txt"},
            printed(values_of(phasor::gaussian_fourier(W), 0.4), "%.5f"))
            .out == "gaussian_fourier(W)\t0.4\n");
  CHECK(ask({"--print-call", "--t", "0.4", "--W", "which_both.txt"},
            printed(values_of(phasor::mp_fourier(W, phases), 0.4), "%.5f"))
            .out == "mp_fourier(w, b)\t0.4\n");
  CHECK(ask({"--t", "0.4", "--W", "which_W.txt"}, printed(values_of(phasor::adm(128), 40), "%.5f")).code == 0);
  CHECK(ask({"--t", "0.4", "--W", "no such file"}, row).code == 2);
}

namespace {

std::string npy(const std::string& type, const std::string& shape, const std::string& data,
                const std::string& order = "False") {
  std::string header = "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
  header += std::string(117 - header.size(), ' ') + "\n";
  return std::string("\x93NUMPY\x01\x00", 8) + char(header.size() % 256) + char(header.size() / 256) + header + data;
}

template <typename Number>
std::string bytes(const Values& row) {
  std::string data;
  for (const double x : row) {
    const auto number = static_cast<Number>(x);
    data.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
  return data;
}

std::string halves(const Values& row) {
  std::string data;
  for (const double x : row) {
    const double y = which::round_to(std::abs(x) < 0x1p-14 ? 0 : x, 11);
    const int exponent = y == 0 ? 0 : std::ilogb(y) + 15,
              fraction = y == 0 ? 0 : int(std::ldexp(std::abs(y), 25 - exponent)) - 1024;
    const auto bits = static_cast<std::uint16_t>((y < 0 ? 32768 : 0) + (exponent << 10) + fraction);
    data.append(reinterpret_cast<const char*>(&bits), 2);
  }
  return data;
}

}  // namespace

TEST_CASE("it reads what Python prints and saves") {
  const Values row = in_float(phasor::adm(64), 21);
  const auto is_read = [](const std::string& text) {
    const Answer answer = ask({"--print-call", "--t", "21"}, text);
    INFO(text << answer.out << answer.error);
    CHECK(answer.out == "adm(64)\t21\n");
  };
  const auto written = [&](const std::string& before, const char* format, const std::string& between,
                           const std::string& after) {
    std::string text = before;
    for (std::size_t k = 0; k < row.size(); ++k) text += (k == 0 ? "" : between) + printed(row[k], format);
    is_read(text + after);
  };
  is_read(printed(row, "%.4f"));
  written("tensor([", "%.4e", ", ", "], dtype=torch.float64, grad_fn=<CatBackward0>)");
  written("tensor([[", "%.4f", ",\n  ", "]], device='cuda:0', dtype=torch.bfloat16)");
  written("[[", "%11.8f", " ", "]]");
  written("array([[", "%.8e", ",\r\n ", "]], dtype=float32)");
  written("[", "%.17g", ", ", "]\n");
  written("[np.float32(", "%.9g", "), np.float32(", ")]");
  written("[tensor(", "%.4f", "), tensor(", ")]");
  written("", "%.6g", " ", "");
  written("", "%.6f", "\n", "\n");
  written("", "%.6f", ",", "\n");
  written("[[", "%.6f", "],\n [", "]]");
  is_read(npy("<f4", "(64,)", bytes<float>(row)));
  is_read(npy("<f8", "(1, 64)", bytes<double>(row)));
  is_read(npy("<f4", "(64, 1)", bytes<float>(row), "True"));
  is_read(npy("<f2", "(64,)", halves(row)));
  // Rows, and a timestep for each.
  const std::string two =
      "[" + printed(row, "%.4f").substr(7) + printed(in_float(phasor::adm(64), 4), "%.4f").substr(7) + "]";
  CHECK(ask({"--print-call", "--t", "21", "--t", "4"}, two).out == "adm(64)\t21\n");
  CHECK(ask({"--print-call", "--t", "21, 4"}, two).out == "adm(64)\t21\n");
  CHECK(ask({"--print-call", "--t", "21, 5"}, two).code == 1);
}

#ifdef WHICH
TEST_CASE("the program is those functions") {
  std::ofstream("which_row.txt") << printed(in_float(phasor::adm(320), 981), "%.4f");
  const auto is_run = [](const std::string& arguments, int code, const std::string& out) {
    const int status =
        std::system((std::string(WHICH) + " " + arguments + " > which_out.txt 2> which_error.txt").c_str());
    std::ifstream stream("which_out.txt");
    INFO(arguments);
    CHECK(std::string(std::istreambuf_iterator<char>(stream), {}) == out);
#ifdef WEXITSTATUS
    CHECK(WEXITSTATUS(status) == code);
#else
    CHECK(status == code);
#endif
  };
  is_run("--print-call --t 981 which_row.txt", 0, "adm(320)\t981\n");
  is_run("--print-call --t 981 < which_row.txt", 0, "adm(320)\t981\n");
  is_run("--print-call --t 980 --t 3 < which_row.txt", 2, "");
  is_run("nosuchmodel", 1, "The table of models has no such name.\n");
}
#endif

TEST_CASE("nonsense gets one sentence and exit code 2") {
  const std::string row = printed(values_of(phasor::adm(16), 3), "%.4f");
  const auto refused = [](const std::vector<std::string>& arguments, const std::string& input, const std::string& why) {
    const Answer answer = ask(arguments, input);
    INFO(input << answer.out << answer.error);
    CHECK(answer.code == 2);
    CHECK(answer.out.empty());
    CHECK(answer.error.find(why) != std::string::npos);
    CHECK(std::count(answer.error.begin(), answer.error.end(), '\n') == 1);
  };
  refused({}, "", "there is no number in it");
  refused({}, "[]", "there is no number in it");
  refused({}, "Traceback (most recent call last):", "\"Traceback\" is no number");
  refused({}, "[0.1, 0.2, nan, 0.4]", "it holds nan");
  refused({}, "[0.1, 0.2, -inf, 0.4]", "it holds -inf");
  refused({}, "[0.1, 1e999]", "it holds 1e999");
  refused({}, "[0.1, 0.2x]", "\"0.2x\" is no number");
  refused({}, "tensor([ 0.6800, -0.7984,  ...,  0.1])", "torch.set_printoptions(profile='full')");
  refused({"--t", "1"}, "[[1, 2], [3, 4]]", "it has 2 rows for 1 timesteps");
  refused({}, "0.1 0.2\n0.3 0.4\n", "it has 2 rows for 0 timesteps");
  refused({"--t", "1, 2"}, row, "it has 1 rows for 2 timesteps");
  refused({}, "[[1, 2], [3]]", "its rows have different lengths");
  refused({"--t", "x"}, row, "\"x\" is no number");
  refused({"--t"}, row, "--t needs a value");
  refused({"--s"}, row, "there is no option --s");
  refused({}, npy("<i8", "(2,)", std::string(16, 0)), "does not hold float16, float32 or float64");
  refused({}, npy(">f4", "(2,)", std::string(8, 0)), "does not hold float16, float32 or float64");
  refused({}, npy("<f4", "(9,)", std::string(8, 0)), "empty or cut off");
  refused({}, npy("<f4", "(4000000000, 4000000000, 4000000000)", std::string(8, 0)), "empty or cut off");
  refused({}, npy("<f8", "(1,)", bytes<double>({NAN})), "NaN");
  refused({}, npy("<f4", "(2, 2)", std::string(16, 0), "True"), "Fortran");
}

TEST_CASE("names find rows of the table, best first") {
  const auto first = [](const std::vector<std::string>& words) {
    const Answer answer = ask(words, "");
    return answer.out.substr(0, answer.out.find('\n'));
  };
  CHECK(first({"wan2.2", "i2v"}).find("Wan 2.1, Wan 2.2") == 0);
  CHECK(first({"SD 1.5"}).find("Stable Diffusion 1.4") == 0);
  CHECK(first({"qwen", "image"}).find("Qwen-Image") == 0);
  CHECK(first({"Flux.2", "guidance"}).find("Flux.1, Flux.2, guidance") == 0);
  CHECK(ask({"ddpm"}, "").out.find("DDPM\n  ddpm(dim); dim: width 128\n") != std::string::npos);
  const std::string out = ask({"wan2.2"}, "").out;
  CHECK(out.find("  adm(256)\n  t is 1000 * sigma, which is diffusers' t") != std::string::npos);
  CHECK(ask({"no such model"}, "").code == 1);
}

TEST_CASE("bad text never does harm") {
  if (!is_first_target("text")) return;
  std::mt19937 random(7);
  const Values row = in_float(phasor::adm(32), 21);
  std::vector<std::string> seeds{printed(row, "%.4f"),
                                 printed(row, "%.3e"),
                                 "[[0.1, 0.2],\n [0.3, 0.4]]",
                                 npy("<f4", "(32,)", bytes<float>(row)),
                                 npy("<f2", "(4, 8)", halves(row)),
                                 npy("<f8", "(32, 1)", bytes<double>(row))};
  const std::string pieces[] = {"[",
                                "]",
                                "...",
                                "nan",
                                "-",
                                "1e",
                                "e-400",
                                "0x1p3",
                                "\xe2\x80\xa6",
                                "(",
                                "'<f",
                                "))",
                                "\n",
                                std::string(1, '\0'),
                                "9999999999999999999999",
                                "tensor(",
                                "'shape': (",
                                "\x93NUMPY"};
  for (int i = 0; i < 2000; ++i) {
    std::string text = seeds[random() % seeds.size()];
    for (auto changes = 1 + random() % 4; changes > 0; --changes) {
      const std::size_t at = random() % (text.size() + 1);
      const auto kind = random() % 4;
      if (kind == 0) text.insert(at, pieces[random() % (sizeof pieces / sizeof *pieces)]);
      if (kind == 1) text.erase(at, random() % 40);
      if (kind == 2 && at < text.size()) text[at] = char(random() % 256);
      if (kind == 3) text.resize(at);
    }
    std::vector<std::string> arguments{"--print-call"};
    if (random() % 32 != 0) arguments.insert(arguments.end(), {"--t", "21"});
    const Answer answer = ask(arguments, text);
    INFO(text);
    CHECK((answer.code == 0 || answer.code == 1 || answer.code == 2));
    CHECK((answer.code == 0) == (std::count(answer.out.begin(), answer.out.end(), '\n') == 1));
    CHECK((answer.code == 2) == (answer.error.find("which: ") == 0));
    if (answer.code == 2)
      CHECK(std::count(answer.error.begin(), answer.error.end(), '\n') <= 2);  // the text's own, quoted
  }
}
