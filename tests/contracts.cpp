// What throws, with which words, and that nothing was written; from how many threads an embedding may be used.
#include "bits.hpp"
#include "catch.hpp"
#include "in_use.hpp"

#include <cfenv>
#include <limits>
#include <thread>
#include <vector>

using phasor::PositionalEmbedding;
using phasor::Spectrum;

namespace {

/// The message of the std::invalid_argument that f throws.
template <typename Function>
std::string thrown(const Function& f) {
  try {
    f();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "nothing was thrown";
}

const double not_a_number = std::numeric_limits<double>::quiet_NaN();
const double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("a dim that a convention cannot have") {
  using namespace phasor;
  for (const Convention& convention : conventions()) {
    if (std::string(convention.name).find("fourier") != std::string::npos) continue;  // no dim
    for (const Index dim : {0, -1, -2, 7}) {
      if (dim == 7 && !convention.even) {
        CHECK_NOTHROW(convention.spectrum(dim));
        continue;
      }
      const std::string argument = std::string(convention.name).find("diffusers") == 0 ? "num_channels" : "dim";
      const std::string condition = argument + (convention.even ? " must be even and > 0" : " must be > 0");
      INFO(convention.name);
      CHECK(thrown([&] { convention.spectrum(dim); }) == "phasor: " + condition + ", got " + std::to_string(dim));
    }
  }
  const std::string most = std::to_string(PTRDIFF_MAX / 32), huge = std::to_string(PTRDIFF_MAX / 2 + 1);
  for (const auto make : {adm, ddpm, transformer, flux})
    CHECK(thrown([&] { make(PTRDIFF_MAX / 2 + 1, 1e4); }) == "phasor: dim must be at most " + most + ", got " + huge);
  CHECK(thrown([] { padded(adm(8), PTRDIFF_MAX / 2 + 1); }) == "phasor: dim must be at most " + most + ", got " + huge);
  CHECK(thrown([] { geometric(PTRDIFF_MAX / 2 + 1, 10); }) ==
        "phasor: count must be at most " + most + ", got " + huge);
  CHECK(thrown([] { geomspace(PTRDIFF_MAX, 1, 2); }) ==
        "phasor: count must be at most " + most + ", got " + std::to_string(PTRDIFF_MAX));
  CHECK(thrown([] { diffusers_timesteps(PTRDIFF_MAX / 2 + 1, true, 0); }) ==
        "phasor: num_channels must be at most " + most + ", got " + huge);
  CHECK(thrown([] { PositionalEmbedding<float>(127); }) == "phasor: dim must be even and > 0, got 127");
  CHECK(thrown([] { PositionalEmbedding<double>(0); }) == "phasor: dim must be even and > 0, got 0");
}

TEST_CASE("a base, shift, period or scale that has no meaning") {
  CHECK(thrown([] { phasor::ddpm(128, 0); }) == "phasor: base must be finite and > 0, got 0");
  CHECK(thrown([] { phasor::adm(128, -1.5); }) == "phasor: base must be finite and > 0, got -1.5");
  CHECK(thrown([] { phasor::flux(128, infinity); }) == "phasor: base must be finite and > 0, got inf");
  CHECK(thrown([] { phasor::transformer(128, not_a_number); }) == "phasor: base must be finite and > 0, got nan");
  CHECK(thrown([] { phasor::geometric(-1, 10); }) == "phasor: count must be >= 0, got -1");
  CHECK(thrown([] { phasor::geometric(8, 10, infinity); }) == "phasor: shift must be finite, got inf");
  CHECK(thrown([] { phasor::diffusers_timesteps(16, true, 8); }) ==
        "phasor: downscale_freq_shift must differ from num_channels / 2, got 8");
  CHECK(thrown([] { phasor::diffusers_timesteps(16, true, not_a_number); }) ==
        "phasor: downscale_freq_shift must be finite, got nan");
  CHECK(thrown([] { phasor::diffusers_timesteps(16, true, 0, 1, 0); }) ==
        "phasor: max_period must be finite and > 0, got 0");
  CHECK(thrown([] { phasor::geometric(8, 10, 8); }) ==
        "phasor: shift must differ from the number of frequencies, got 8");
  CHECK(thrown([] { phasor::pi0(64, 0, 4); }) == "phasor: min_period must be finite and > 0, got 0");
  CHECK(thrown([] { phasor::pi0(64, not_a_number, 4); }) == "phasor: min_period must be finite and > 0, got nan");
  CHECK(thrown([] { phasor::pi0(64, 1, -4); }) == "phasor: max_period must be finite and > 0, got -4");
  CHECK(thrown([] { phasor::pi0(64, 1e-320, 4); }) == "phasor: 1 / min_period must be finite and > 0, got inf");
  CHECK(thrown([] { phasor::pi0(64, 1, 1e-320); }) == "phasor: 1 / max_period must be finite and > 0, got inf");
  CHECK(thrown([] { phasor::geomspace(4, 0, 1); }) == "phasor: first must be finite and > 0, got 0");
  CHECK(thrown([] { phasor::geomspace(4, 1, infinity); }) == "phasor: last must be finite and > 0, got inf");
  CHECK(thrown([] { phasor::scaled(phasor::adm(8), infinity); }) == "phasor: scale must be finite, got inf");
  CHECK(thrown([] { PositionalEmbedding<float>(phasor::sines(phasor::geometric(4, 2, 4.001))); }) ==
        "phasor: frequency[2] must be finite, got inf");
  CHECK(thrown([] {
          PositionalEmbedding<float>(phasor::sines({-infinity, 1}));
        }) == "phasor: frequency[0] must be finite, got -inf");
  CHECK(thrown([] {
          PositionalEmbedding<float>(Spectrum{{1, 2}, {0, not_a_number}});
        }) == "phasor: phase[1] must be finite, got nan");
  CHECK(thrown([] { phasor::padded(phasor::adm(8), 7); }) ==
        "phasor: dim must be at least 8, the number of columns, got 7");
  CHECK(thrown([] {
          phasor::joined({{1, 1, 1}, {0, 0}}, phasor::adm(8));
        }) == "phasor: phase must have 3 entries, as frequency has, got 2");
  const Index outside[][2] = {{6, 4}, {-1, 2}, {0, -1}, {9, 0}, {9, -1}, {1, PTRDIFF_MAX}};
  for (const auto& [first, count] : outside)
    CHECK(thrown([first = first, count = count] { phasor::columns(phasor::adm(8), first, count); }) ==
          "phasor: first and count must be >= 0 and first + count at most 8, the number of columns, got " +
              std::to_string(first) + " and " + std::to_string(count));
  CHECK(thrown([] { phasor::padded(Spectrum(), 0); }) == "phasor: dim must be > 0, got 0");
  CHECK(thrown([] { PositionalEmbedding<float>(4, infinity); }) == "phasor: scale must be finite, got inf");
  CHECK(thrown([] { PositionalEmbedding<float>(4, not_a_number); }) == "phasor: scale must be finite, got nan");
  CHECK(thrown([] { phasor::BufferEmbedding<float>(4, not_a_number); }) == "phasor: scale must be finite, got nan");
}

TEST_CASE("a Spectrum that is no spectrum") {
  const auto embedding = [](const Spectrum& spectrum) { return PositionalEmbedding<float>(spectrum); };
  CHECK(thrown([&] { embedding({}); }) == "phasor: the number of columns must be > 0, got 0");
  CHECK(thrown([&] { embedding({{1, 2}, {0}}); }) == "phasor: phase must have 2 entries, as frequency has, got 1");
  CHECK(thrown([&] {
          embedding({std::vector<double>({1}), std::vector<double>({0, 0})});
        }) == "phasor: phase must have 1 entries, as frequency has, got 2");
  CHECK(thrown([&] {
          embedding({std::vector<double>({1, 2, not_a_number}), std::vector<double>({0, 0, 0})});
        }) == "phasor: frequency[2] must be finite, got nan");
  CHECK(thrown([&] {
          embedding({std::vector<double>({1, -infinity}), std::vector<double>({0, 0})});
        }) == "phasor: frequency[1] must be finite, got -inf");
  CHECK(thrown([&] {
          embedding({std::vector<double>({1, 2}), std::vector<double>({0, infinity})});
        }) == "phasor: phase[1] must be finite, got inf");
  CHECK(thrown([&] {
          embedding(phasor::mp_fourier(std::vector<double>({1, 2}), std::vector<double>({0})));
        }) == "phasor: phase must have 2 entries, as frequency has, got 1");
}

TEST_CASE("an output of the wrong shape, and nothing is written") {
  const PositionalEmbedding<float> embedding(8);
  const Eigen::ArrayXd t = Eigen::Array3d(1, 2, 3);
  const auto check = [&](Index rows, Index columns) {
    INFO(rows << " x " << columns);
    const std::string want = "phasor: out must be 3 x 8, got " + hex(rows) + " x " + hex(columns);
    Eigen::MatrixXf out = Eigen::MatrixXf::Constant(rows, columns, -9);
    CHECK(thrown([&] { embedding.embed_into(t, out); }) == want);
    CHECK((out.array() == -9).all());
    Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> by_rows = out;
    CHECK(thrown([&] { embedding.embed_into(t, by_rows.block(0, 0, rows, columns)); }) == want);
    CHECK((by_rows.array() == -9).all());
  };
  check(3, 7);
  check(3, 9);
  check(2, 8);
  check(4, 8);
  check(8, 3);
  check(0, 8);
  check(3, 0);
  Eigen::Matrix<float, 1, 9> row = Eigen::Matrix<float, 1, 9>::Constant(-9);
  CHECK(thrown([&] { embedding.embed_into(5, row); }) == "phasor: out must be 1 x 8, got 1 x 9");
  CHECK((row.array() == -9).all());

  std::vector<float> buffer(24, -9);
  CHECK(thrown([&] { embedding.embed_into(t.data(), 3, buffer.data(), 7); }) ==
        "phasor: row_stride must be at least 8 elements, got 7");
  CHECK(thrown([&] { embedding.embed_into(t.data(), 3, buffer.data(), -8); }) ==
        "phasor: row_stride must be at least 8 elements, got -8");
  CHECK(thrown([&] { embedding.embed_into(t.data(), 2, buffer.data(), 7); }) ==
        "phasor: row_stride must be at least 8 elements, got 7");
  CHECK(thrown([&] {
          embedding.embed_into({1, 2}, buffer.data(), 7);
        }) == "phasor: row_stride must be at least 8 elements, got 7");
  CHECK(thrown([&] { embedding.embed_into(t.data(), -1, buffer.data(), 8); }) == "phasor: count must be >= 0, got -1");
  CHECK(buffer == std::vector<float>(24, -9));
  CHECK_NOTHROW(embedding.embed_into(t.data(), 0, buffer.data(), 8));
  CHECK_NOTHROW(embedding.embed_into(static_cast<const int*>(nullptr), 0, static_cast<float*>(nullptr), 8));
  CHECK(buffer == std::vector<float>(24, -9));
}

TEST_CASE("a buffer of the wrong size, and nothing is written") {
  const PositionalEmbedding<float> embedding(8);
  const phasor::BufferEmbedding<float> buffers(8);
  for (const std::size_t size : {0, 8, 23, 25}) {
    const std::string want = "phasor: out must have 3 * 8 elements, got " + std::to_string(size);
    std::vector<float> buffer(size, -9);
    CHECK(thrown([&] { embedding.embed_into({1, 2, 3}, buffer); }) == want);
    CHECK(thrown([&] { buffers.embed_into({1, 2, 3}, buffer); }) == want);
    CHECK(buffer == std::vector<float>(size, -9));
  }
}

namespace {

/// One timestep, and a size that claims more.
struct Claim {
  std::size_t count;
  float t = 1;
  const float* data() const { return &t; }
  std::size_t size() const { return count; }
};

}  // namespace

TEST_CASE("a buffer for so many timesteps that its size cannot be counted") {
  const phasor::BufferEmbedding<float> embedding(16);
  for (const std::size_t more : {0, 1}) {  // 2^64 elements, and 16 more, are 0 and 16 in 64 bits
    const std::size_t count = (std::size_t(1) << 60) + more;
    std::vector<float> buffer(16 * more, -9);
    CHECK(thrown([&] { embedding.embed_into(Claim{count}, buffer); }) ==
          "phasor: out must have " + std::to_string(count) + " * 16 elements, got " + std::to_string(16 * more));
    CHECK(buffer == std::vector<float>(16 * more, -9));
  }
}

TEST_CASE("more columns than memory can have") {
  const Index many = Index(1) << 62;
  for (const Index dim : {many, std::numeric_limits<Index>::max() - 1}) {
    const auto check = [&](const std::string& what) {
      CHECK(what.find("phasor: ") == 0);
      CHECK(what.find(", got " + std::to_string(dim)) != std::string::npos);
    };
    for (const Convention& convention : conventions()) {
      if (std::string(convention.name).find("fourier") != std::string::npos) continue;  // no dim
      INFO(convention.name);
      check(thrown([&] { convention.spectrum(dim); }));
    }
    check(thrown([&] { PositionalEmbedding<float>{dim}; }));
    check(thrown([&] { phasor::geometric(dim, 1e4); }));
    check(thrown([&] { phasor::geomspace(dim, 1, 2); }));
    check(thrown([&] { phasor::padded(phasor::adm(8), dim); }));
  }
}

TEST_CASE("making an embedding raises no floating-point exception that a program may have unmasked") {
  const auto check = [](auto scalar) {
    const Spectrum constants{{0, 0, 0}, {0, 0.25, 0.125}};
    for (const Spectrum& spectrum :
         {constants, phasor::sines_then_cosines({1e300}), phasor::sines({-1.7e308}), phasor::cosines({1e-310}),
          phasor::interleaved(std::vector<double>(20, 1e300)), mixed(130), phasor::adm(320)}) {
      std::feclearexcept(FE_ALL_EXCEPT);
      const PositionalEmbedding<decltype(scalar)> embedding(spectrum);
      const int raised = std::fetestexcept(FE_DIVBYZERO | FE_OVERFLOW | FE_INVALID);
      INFO(sizeof(scalar) << " bytes, " << embedding.dim() << " columns, the first of f = " << spectrum.frequency[0]);
      CHECK((raised & FE_DIVBYZERO) == 0);
      CHECK((raised & FE_OVERFLOW) == 0);
      CHECK((raised & FE_INVALID) == 0);
    }
  };
  check(float());
  check(double());
  check(Eigen::half());
}

TEST_CASE("a matrix of timesteps, and nothing is written") {
  const PositionalEmbedding<float> embedding(8);
  const Eigen::MatrixXd t = Eigen::MatrixXd::Constant(2, 3, 5);
  const std::string want =
      "phasor: timesteps must be a vector (of a matrix: times.reshaped<Eigen::RowMajor>(), row by row), got 2 x 3";
  Eigen::MatrixXf out = Eigen::MatrixXf::Constant(6, 8, -9);
  CHECK(thrown([&] { embedding.embed(t); }) == want);
  CHECK(thrown([&] { embedding.embed_into(t, out); }) == want);
  CHECK((out.array() == -9).all());
  CHECK_NOTHROW(embedding.embed_into(t.reshaped<Eigen::RowMajor>(), out));
}

TEST_CASE("what an embedding says of itself") {
  const PositionalEmbedding<float> embedding(phasor::adm(129));
  CHECK(embedding.dim() == 129);
  CHECK(embedding.spectrum().frequency == phasor::adm(129).frequency);
  CHECK(embedding.spectrum().phase == phasor::adm(129).phase);
  const PositionalEmbedding<float> scaled(128, 0.25);
  CHECK(scaled.spectrum().frequency == phasor::positional_embedding(128, 0.25).frequency);
  CHECK(scaled.spectrum().phase == phasor::positional_embedding(128).phase);
}

TEST_CASE("one embedding, shared by many threads") {
  const PositionalEmbedding<float> embedding(mixed(70));
  Eigen::ArrayXd t = Eigen::ArrayXd::LinSpaced(100, -10, 998.39);
  t[50] = 1e12;
  const PositionalEmbedding<float>::Matrix want = embedding.embed(t);
  std::vector<std::string> wrong(8);
  std::vector<std::thread> threads;
  for (std::string& difference_of_thread : wrong) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        const PositionalEmbedding<float> copy = embedding;
        difference_of_thread += difference(embedding.embed(t), want) + difference(copy.embed(t), want);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& difference_of_thread : wrong) CHECK(difference_of_thread == "");
}
