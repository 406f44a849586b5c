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
      return x;
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
    if (name == "diffusers_timesteps") return phasor::diffusers_timesteps(n(0), x(1, 0) != 0, x(2, 0), x(3, 1), x(4, 1e4));
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
double difference(const std::string& call, double t, const Values& wanted, const std::map<std::string, Values>& buffers = {}) {
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
  for (std::size_t k = 0; k < row.size(); ++k) text += (k == 0 ? "" : k % 9 == 0 ? ",\n         " : ", ") + printed(row[k], format);
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
    row.push_back(static_cast<double>(static_cast<float>(spectrum.phase[k] == 0.25 ? std::cos(x) : std::sin(x + phase))));
  }
  return row;
}

Values rounded(Values row) {
  for (double& x : row) x = bf16(x);
  return row;
}

}  // namespace

TEST_CASE("of 10000 random Spectra it finds the values again, but where it says that more than one has them") {
  std::mt19937 random(20260);
  const auto uniform = [&](double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); };
  const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
  const int many = std::getenv("MANY") ? std::atoi(std::getenv("MANY")) : 10000;
  int found = 0, ambiguous = 0;
  for (int i = 0; i < many; ++i) {
    const Index dims[] = {8, 12, 16, 17, 24, 32, 48, 64};
    const Index dim = dims[below(8)], half = dim / 2;
    const double base = std::exp(uniform(std::log(10.), std::log(1e5))), shifts[] = {0, 1, 0.5};
    const double shift = shifts[below(3)], scale = std::exp(uniform(std::log(0.1), std::log(10.)));
    const double t = below(2) == 0 ? uniform(0.2, 1) * base / 10 / scale : double(1 + below(999));
    const phasor::Numbers f = phasor::geometric(half, base, shift, scale);
    const Spectrum orders[] = {phasor::sines_then_cosines(f), phasor::cosines_then_sines(f), phasor::interleaved(f), phasor::derivative(phasor::interleaved(phasor::geometric(half, base, shift, -scale)))};
    const Spectrum spectrum = phasor::padded(orders[below(4)], dim);
    const Values exact = values_of(spectrum, t);
    const char* const formats[] = {"%.9f", "%.6f", "%.8e"};
    const Answer answer = ask({"--print-call", "--t", printed(t, "%.17g")}, printed(exact, formats[below(3)]));
    INFO(i << ": dim " << dim << ", base " << base << ", shift " << shift << ", scale " << scale << ", t " << t << "\n" << answer.out << answer.error);
    if (answer.code == 0 && difference(answer.call(), answer.t(), exact) <= 1e-4) ++found;
    else if (answer.code == 1 && answer.error.find("It may be any of these") == 0) ++ambiguous;
    else CHECK(false);
  }
  std::printf("found %d, ambiguous %d\n", found, ambiguous);
  CHECK(ambiguous <= 100);
}
