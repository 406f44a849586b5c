// What stands around the README's code, and what must hold after it. readme.py puts each piece of that code in the place of
// the line //README that quotes a part of it.
#include <cmath>
#include <complex>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <phasor/phasor.hpp>
#include <vector>

namespace Ort {
struct Float16_t {
  std::uint16_t val;
};
}  // namespace Ort

//README: phasor::format<Ort::Float16_t>

namespace {

using phasor::adm;
using phasor::Spectrum;

const double pi = 3.141592653589793;
int failures = 0;

/// The formula in plain double, by the columns' angular frequencies: wave(k) is {w, whether it is a cosine}.
struct Wave {
  double w;
  bool is_cosine;
};
/// cos | sin, or sin | cos, of angular frequencies w(j).
template <typename W>
auto halves(int half, bool cosines_first, const W& w) {
  return [=](int k) { return Wave{w(k % half), (k < half) == cosines_first}; };
}
auto stable_diffusion(int dim = 320) {
  return halves(dim / 2, true, [=](int j) { return std::pow(1e4, -2. * j / dim); });
}

/// got(i, k) for t[i] against the wave k; the double is wrong by the rounding of w, of the angle, and its own.
template <typename Get, typename T, typename Waves>
void expect(const char* what, const Get& got, const T& t, int dim, const Waves& waves,
            double error = phasor::max_error<float>) {
  int wrong = 0;
  for (int i = 0; i < static_cast<int>(std::size(t)); ++i) {
    for (int k = 0; k < dim; ++k) {
      const auto [w, is_cosine] = waves(k);
      const double angle = w * static_cast<double>(t[static_cast<std::size_t>(i)]);
      const double want = is_cosine ? std::cos(angle) : std::sin(angle);
      wrong += !(std::abs(static_cast<double>(got(i, k)) - want) <= error + std::abs(angle) * 0x1p-50 + 0x1p-52);
    }
  }
  failures += wrong;
  if (wrong != 0) std::printf("%s: %d values are wrong\n", what, wrong);
}
auto rows_of(const float* first, int stride) {
  return [=](int i, int k) { return first[i * stride + k]; };
}

using Times = std::vector<double>;
const phasor::PositionalEmbedding<float> embedding(adm(320));
const Times two = {981, 961};

//README: leftCols(4)

void of_numbers() {
  const std::vector<float> t = {981, 961};
  const Eigen::VectorXd steps = Eigen::VectorXd::LinSpaced(50, 0, 980);
  Eigen::MatrixXf times(2, 3);
  times << 1, 2, 3, 4, 5, 6;
  {
    //README: VectorXf row = embedding
    expect("one", [&](int, int k) { return row[k]; }, Times{981}, 320, stable_diffusion());
  }
  {
    //README: MatrixXf rows = embedding.embed({981, 961});
    expect("a vector", rows, two, 320, stable_diffusion());
    rows = embedding.embed({981, 961});
    expect("a list", rows, two, 320, stable_diffusion());
  }
  {
    //README: steps.head(10)
    expect("an expression", rows, Times{0, 10, 20, 30, 40, 50, 60, 70, 80, 90}, 320, stable_diffusion());
  }
  {
    //README: times.reshaped
    expect("a matrix of times", rows, Times{1, 2, 3, 4, 5, 6}, 320, stable_diffusion());
  }
  {
    //README: MatrixXf y =
    const auto got = [&](int i, int k) { return y(i, k) / std::sqrt(2.f); };
    expect("a gain", got, two, 320, stable_diffusion(), 3 * phasor::max_error<float>);
  }
}

void into_matrices() {
  const std::vector<float> t = {981, 961};
  Eigen::MatrixXf out(2, 320), wide(2, 512);
  {
    //README: `embedding.embed_into(t, out);`
    expect("into a matrix", out, two, 320, stable_diffusion());
  }
  {
    //README: wide.leftCols(320)
    expect("into a part", wide, two, 320, stable_diffusion());
  }
  {
    out.setZero();
    //README: `out.reverse() = embedding.embed(t);`
    expect("assigned", Eigen::MatrixXf(out.reverse()), two, 320, stable_diffusion());
    auto view = out.colwise().reverse();
    //README: `view = embedding.embed(t);`
    expect("assigned to a view", Eigen::MatrixXf(view), two, 320, stable_diffusion());
  }
  {
    Eigen::VectorXf token_times(4);
    token_times << 0, 0, 741.5f, 741.5f;
    Eigen::MatrixXf out(4, 320);
    //README: token_times, out
    expect("tokens", out, Times{0, 0, 741.5, 741.5}, 320, stable_diffusion());
  }
  {
    const Eigen::Vector3d t(1, 0.75, 0.5), r(0, 0.25, 0.5);
    const int d = 320;
    Eigen::MatrixXf out(3, 2 * d);
    //README: t - r
    expect("t", out, t, d, stable_diffusion());
    expect("t - r", out.rightCols(d), Times{1, 0.5, 0}, d, stable_diffusion());
  }
  {
    const phasor::PositionalEmbedding embedding(adm(256));
    Eigen::MatrixXf sizes(3, 6), out(3, 6 * 256);
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 6; ++j) sizes(i, j) = static_cast<float>(100 * i + 7 * j);
    }
    //README: sizes.col(j)
    for (int j = 0; j < 6; ++j)
      expect("sizes", out.middleCols(256 * j, 256), Times{7. * j, 100 + 7. * j, 200 + 7. * j}, 256, stable_diffusion(256));
  }
  {
    //README: PositionalEmbedding<Eigen::bfloat16>
    expect("bfloat16", embedding.embed(two), two, 320, stable_diffusion(), phasor::max_error<Eigen::bfloat16>);
  }
  {
    const Spectrum spectrum = adm(320);
    //README: phasor::derivative
    const auto derivative = [](int k) { return Wave{stable_diffusion()(k).w, true}; };  // of sines
    expect("derivative", slope.embed(two).rightCols(160), two, 160, derivative);
  }
}

void into_memory() {
  const phasor::BufferEmbedding<float> embedding(adm(320));
  const std::vector<std::int64_t> t = {981, 961};
  const int n = 2, stride = 512;
  {
    std::vector<float> buffer(2 * 320);
    //README: embedding.embed_into(t, buffer);
    expect("a buffer", rows_of(buffer.data(), 320), two, 320, stable_diffusion());
  }
  {
    std::vector<float> buffer(2 * 512);
    //README: t.data(), n
    expect("pointers", rows_of(buffer.data(), 512), two, 320, stable_diffusion());
  }
  {
    const int head_dim = 128;
    const double theta = 500000;
    //README: adm(head_dim, theta)
    std::vector<float> out(2 * 128);
    embedding.embed_into({3, 999}, out);
    expect("RoPE", rows_of(out.data(), 128), Times{3, 999}, 128,
           halves(64, true, [](int j) { return std::pow(500000, -j / 64.); }));
  }
  {
    const phasor::BufferEmbedding embedding(phasor::interleaved_cosines_first(phasor::geometric(64, 1e4)));
    std::vector<std::complex<float>> z(2 * 64);
    //README: z.data()
    const auto part = [&](int i, int k) {
      const std::complex<float> number = z[static_cast<std::size_t>(i * 64 + k / 2)];
      return k % 2 == 0 ? number.real() : number.imag();
    };
    expect("complex", part, two, 128, [](int k) { return Wave{std::pow(1e4, -(k / 2) / 64.), k % 2 == 0}; });
  }
}

/// What LibTorch, ggml and ONNX Runtime declare of this.
struct Tensor {
  std::vector<double> t;
  std::vector<float> memory;
  template <typename Number>
  auto data_ptr() {
    if constexpr (std::is_same_v<Number, double>) return t.data();
    else return memory.data();
  }
  long stride(int) { return 320; }
};
struct Value {
  std::vector<Ort::Float16_t> memory;
  template <typename>
  Ort::Float16_t* GetTensorMutableData() {
    return memory.data();
  }
};

void in_runtimes() {
  {
    Tensor t{two, {}}, out{{}, std::vector<float>(2 * 320)};
    const long n = 2;
    //README: data_ptr<double>
    expect("LibTorch", rows_of(out.memory.data(), 320), two, 320, stable_diffusion());
  }
  {
    const float t[] = {981, 961};
    const int n = 2;
    std::vector<float> memory(2 * 352);
    float* const data = memory.data();
    const std::size_t nb[] = {4, 352 * 4};
    //README: nb[1]
    expect("ggml", rows_of(data, 352), two, 320, stable_diffusion());
  }
  {
    const phasor::BufferEmbedding<Ort::Float16_t> embedding(adm(320));
    const std::vector<std::int64_t> t = {0};
    Value value{std::vector<Ort::Float16_t>(320)};
    //README: GetTensorMutableData
    failures += value.memory[159].val != 0x3c00 || value.memory[160].val != 0;  // 1 and 0
  }
}

void a_whole() {
  //README: struct Model
  expect("the model's", out, two, 320, stable_diffusion());
  expect("adjacent", rows_of(buffer.data(), 320), two, 320, stable_diffusion());
  // Of the rows before, at 64 and 64 + 512, columns 64 ... 319 of the second are left.
  expect("a row stride", rows_of(buffer.data() + 640, 512), Times{961}, 256, [](int k) { return stable_diffusion()(k + 64); });
}

void of_flux() {
  //README: phasor::flux(256)
  expect("flux", rows, Times{0.7, 0.65}, 256, halves(128, true, [](int j) { return 1000 * std::pow(1e4, -j / 128.); }));
}

void words() {
  //README: Spectrum a =
  const auto check = [](const char* name, const Spectrum& spectrum, int dim, const auto& waves) {
    failures += static_cast<int>(spectrum.frequency.size()) < dim;
    const Times t = {0, 0.25, 1, 7.5};
    expect(name, PositionalEmbedding<float>(spectrum).embed(t), t, dim, waves);
  };
  const auto octaves = [](int j) { return 2 * pi * 0.5 * std::pow(2, j); };
  check("a", a, 24, halves(12, true, octaves));
  check("b", b, 32, [&](int k) {
    return k == 0 ? Wave{20 * pi, false} : k <= 24 ? halves(12, true, octaves)(k - 1) : Wave{0, false};
  });
  check("c", c, 6, [](int k) { return Wave{std::pow(2, k / 2), k % 2 == 1}; });
  check("d", d, 128, [](int k) { return Wave{std::pow(1e4, -(k / 2) / 64.), k % 2 == 0}; });
  check("e", e, 160, [](int k) { return Wave{1000 * stable_diffusion()(k).w, true}; });
  const auto column_f = [&](int i, int k) { return PositionalEmbedding<float>(f).embed(Times{0, 0.1, 5})(i, k); };
  expect("f", column_f, Times{0, 0.1, 5}, 2, [](int k) { return Wave{2 * pi * (k == 0 ? 0.5 : 1), k == 1}; });
  failures += std::abs(column_f(0, 2) - std::sqrt(0.5f)) > 1e-7f;
  check("g", g, 256, halves(128, true, [&](int j) { return 2 * pi * double(W(j, 0)); }));
}

}  // namespace

int main() {
  first_program();
  of_numbers();
  into_matrices();
  into_memory();
  in_runtimes();
  a_whole();
  of_flux();
  words();
  return failures != 0;
}
