// What holds between outputs, bit for bit: symmetry, and independence of everything but t, the Spectrum and Scalar.
#include "bits.hpp"
#include "catch.hpp"
#include "in_use.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

using phasor::PositionalEmbedding;
using phasor::Spectrum;

namespace {

template <typename Scalar>
using Rows = typename PositionalEmbedding<Scalar>::Matrix;

/// Timesteps of every magnitude, positive, in no order.
const std::vector<double>& times() {
  static const std::vector<double> times = {10,   0,    0.5,   999,    998.39,       1e6,  0x1p-1074, 0x1p-149, 3.25,
                                            1e12, 3e38, 1e300, 0x1p21, 0x1.fffffp20, 12.5, 0x1p53,    1e-3,     7};
  return times;
}

/// `count` timesteps from times(), again and again, with some negative.
Eigen::ArrayXd some_times(Index count) {
  Eigen::ArrayXd t(count);
  for (Index i = 0; i < count; ++i)
    t[i] = times()[static_cast<std::size_t>(i) % times().size()] * (i % 5 == 3 ? -1 : 1);
  return t;
}

/// ±2^x, x uniform.
double some_number(std::mt19937_64& random, double first, double last) {
  const double x = std::exp2(std::uniform_real_distribution<>(first, last)(random));
  return random() & 1 ? x : -x;
}

std::vector<double> some_frequencies(std::mt19937_64& random, int count) {
  std::vector<double> f;
  for (int j = 0; j < count; ++j) f.push_back(some_number(random, -10, 10));
  return f;
}

/// Whether denormal numbers are zeros to arithmetic, and as its results: what linking with -ffast-math may turn on.
#if defined(__SSE2__)
void set_flushing(bool on) { _mm_setcsr((_mm_getcsr() & ~0x8040u) | (on ? 0x8040u : 0)); }
bool is_flushing() { return (_mm_getcsr() & 0x8040) != 0; }
#elif defined(__aarch64__)
std::uint64_t control() {
  std::uint64_t fpcr;
  __asm__ volatile("mrs %0, fpcr" : "=r"(fpcr));
  return fpcr;
}
void set_flushing(bool on) {
  const std::uint64_t flush = 1 << 24;
  __asm__ volatile("msr fpcr, %0" : : "r"((control() & ~flush) | (on ? flush : 0)));
}
bool is_flushing() { return (control() >> 24 & 1) != 0; }
#else
void set_flushing(bool) {}  // no way is known
bool is_flushing() { return false; }
#endif

}  // namespace

TEST_CASE("-t flips the sign of every sine and of no cosine") {
  const auto check = [](auto scalar) {
    using Scalar = decltype(scalar);
    // Sines, cosines and zeros; for other phases no such law holds.
    const Spectrum spectrum =
        phasor::padded(phasor::joined(phasor::adm(64), phasor::joined(phasor::interleaved(sampled_frequencies(9)),
                                                                      phasor::sines(sampled_frequencies(5) * 3))),
                       90);
    const PositionalEmbedding<Scalar> embedding(spectrum);
    std::string wrong;
    for (const double t : times()) {
      const auto plus = embedding.embed(t), minus = embedding.embed(-t);
      for (Index k = 0; k < embedding.dim(); ++k) {
        const bool odd = spectrum.phase[k] == 0 && spectrum.frequency[k] != 0;
        const Scalar want = odd ? -plus[k] : plus[k];
        if (minus[k] != want) {  // as values: the sign of a zero is not promised
          wrong += "t = " + hex(-t) + ", column " + hex(k) + ": got " + hex(minus[k]) + ", want " + hex(want) + "\n";
        }
      }
    }
    CHECK(wrong == "");
  };
  check(float());
  check(double());
  check(Eigen::half());
  check(Eigen::bfloat16());
}

TEST_CASE("-t flips the sign of every sine and of no cosine, wherever roundings change") {
  std::mt19937_64 random(1);
  const auto check = [&](auto scalar, auto type_of_t) {
    using Scalar = decltype(scalar);
    using T = decltype(type_of_t);
    std::string wrong;
    for (int round = 0; round < 40; ++round) {
      // Enough for groups whose columns are side by side; the first, or 1, is the one that the times are chosen for.
      std::vector<double> f = some_frequencies(random, 20);
      if (round % 4 == 0) f[0] = 1;
      const std::vector<double> few(f.begin(), f.begin() + 3);
      std::vector<double> quarters(20);
      for (std::size_t j = 0; j < 20; ++j) quarters[j] = static_cast<double>(j % 8) / 4 - 1;
      std::vector<T> t = {T(0x1.effffep-1), T(0x1.a000000000001p-2)};
      for (int i = 0; i < 100; ++i) {
        // Next to odd multiples of 1/32 turn, next to powers of two, and anywhere, far beyond what is reduced in double.
        const double odd = static_cast<double>(random() % (i % 2 ? 64 : 1 << 20) * 2 + 1) / 32,
                     power = std::exp2(static_cast<int>(random() % 40) - 10);
        for (const double turns : {odd, power, some_number(random, -8, 30), some_number(random, 0, 62)}) {
          if constexpr (std::is_integral_v<T>) {
            if (std::abs(turns / f[0]) < 0x1p62) t.push_back(static_cast<T>(turns / std::abs(f[0])));
            t.push_back(static_cast<T>(random() >> (1 + random() % 62)));
          } else {
            const auto exact = static_cast<T>(turns / std::abs(f[0]));
            const T up = std::nextafter(exact, std::numeric_limits<T>::max()), down = std::nextafter(exact, T(0));
            t.insert(t.end(), {down, exact, up, std::nextafter(up, std::numeric_limits<T>::max())});
          }
        }
      }
      std::vector<T> negative = t;
      for (T& x : negative) x = -x;
      // Paired; paired by half a turn; lone, of every quarter; and few.
      const std::vector<double> half(20, 0.5), three_quarters(20, 0.75);
      for (const Spectrum& spectrum :
           {phasor::sines_then_cosines(f), phasor::interleaved(f), phasor::joined({f, half}, phasor::cosines(f)),
            phasor::cosines(f), Spectrum{f, half}, Spectrum{f, three_quarters}, phasor::mp_fourier(f, quarters),
            phasor::cosines(few), phasor::joined(phasor::mp_fourier(few, {0.5, 0.75, 0}), phasor::sines(few))}) {
        const PositionalEmbedding<Scalar> embedding(spectrum);
        const Rows<Scalar> plus = embedding.embed(t), minus = embedding.embed(negative);
        for (Index k = 0; k < embedding.dim(); ++k) {
          const double phase = spectrum.phase[static_cast<std::size_t>(k)];
          const bool odd = std::remainder(2 * phase, 1.) == 0 && std::abs(std::remainder(phase, 1.)) != 0.25;
          for (Index i = 0; i < plus.rows(); ++i) {
            const Scalar want = odd ? -plus(i, k) : plus(i, k);
            if (minus(i, k) == want) continue;
            wrong = "f = " + hex(spectrum.frequency[static_cast<std::size_t>(k)]) + ", phase " + hex(phase) +
                    ", t = " + hex(negative[static_cast<std::size_t>(i)]) + ": got " + hex(minus(i, k)) + ", want " +
                    hex(want);
          }
        }
      }
    }
    CHECK(wrong == "");
  };
  check(float(), float());
  check(float(), double());
  check(float(), std::int64_t());
  check(double(), double());
  check(double(), std::int64_t());
}

TEST_CASE("a row has the same bits alone, at any place of any batch, and in any layout") {
  std::mt19937_64 random(2);
  const auto check = [&](auto scalar, const Spectrum& spectrum, const Eigen::ArrayXd& t) {
    using Scalar = decltype(scalar);
    const PositionalEmbedding<Scalar> embedding(spectrum);
    const Rows<Scalar> want = one_by_one(embedding, t);
    Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> columns(t.size(), embedding.dim());
    embedding.embed_into(t, columns);
    std::string wrong = difference(columns, want);
    embedding.embed_into(t.tail(t.size() - 5), columns.bottomRows(t.size() - 5));  // at other places of vectors
    wrong += difference(columns, want) + difference(embedding.embed(t), want) +
             difference(embedding.embed(t.reverse()), want.colwise().reverse());
    if (wrong != "") FAIL_CHECK(sizeof(Scalar) << " bytes, " << embedding.dim() << " columns: " << wrong);
  };
  for (int round = 0; round < 20; ++round) {
    const std::vector<double> f = some_frequencies(random, round % 2 ? 40 : 7);
    Eigen::ArrayXd t(401);
    for (double& x : t) x = some_number(random, round % 3 ? -10 : -30, round % 3 ? 12 : 60);
    t[0] = 0x1.3208013c38223p+11;
    const Spectrum pairs = phasor::interleaved(f);
    for (const Spectrum& spectrum :
         {pairs, phasor::cosines_then_sines(f), phasor::sines(f), phasor::mp_fourier(f, sampled_phases(f.size())),
          phasor::mp_fourier(f, f),  // phases that no float holds
          phasor::joined(phasor::columns(pairs, 1, 5), phasor::interleaved({0x1.2492492492492p-3}))}) {
      check(float(), spectrum, t);
      check(double(), spectrum, t);
    }
  }
}

TEST_CASE(
    "a row has the same bits at every address, in outputs larger than the first cache, and nothing is written beside") {
  const auto check = [](auto scalar, const Spectrum& spectrum) {
    using Scalar = decltype(scalar);
    const PositionalEmbedding<Scalar> embedding(spectrum);
    const Eigen::ArrayXd t = Eigen::ArrayXd::LinSpaced(260, -37.25, 998.39);  // 260 * 98 * 2 bytes are 50 KB
    const Rows<Scalar> want = one_by_one(embedding, t);
    const Index size = want.size();
    Eigen::Matrix<Scalar, Eigen::Dynamic, 1> memory(size + 72);
    for (Index offset = 1; offset < 68; ++offset) {
      const auto check_order = [&](auto order) {
        memory.setConstant(static_cast<Scalar>(-9));
        Eigen::Map<decltype(order)> out(memory.data() + offset, want.rows(), want.cols());
        embedding.embed_into(t, out);
        std::string wrong = difference(out, want);
        if (memory[offset - 1] != static_cast<Scalar>(-9) || memory[offset + size] != static_cast<Scalar>(-9))
          wrong += "written beside";
        if (wrong != "") FAIL_CHECK(sizeof(Scalar) << " bytes at " << offset << ": " << wrong);
      };
      check_order(Rows<Scalar>());
      check_order(Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>());
    }
  };
  for (const Spectrum& spectrum :
       {phasor::adm(98), phasor::transformer(98), phasor::sines(phasor::geomspace(98, 1e-3, 1))}) {
    check(float(), spectrum);
    check(double(), spectrum);
    check(Eigen::half(), spectrum);
    check(Eigen::bfloat16(), spectrum);
  }
}

TEST_CASE("where denormal numbers are flushed, outputs from 2^-100 on have the same bits") {
  const bool was_flushing = is_flushing();
  const auto check = [](auto scalar, const Spectrum& spectrum, const std::vector<double>& t) {
    using Scalar = decltype(scalar);
    const auto rows = [&](bool made_flushing, bool embedded_flushing) {
      set_flushing(made_flushing);
      const PositionalEmbedding<Scalar> embedding(spectrum);
      set_flushing(embedded_flushing);
      Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> both(t.size(), 2 * embedding.dim());
      embedding.embed_into(t, both.leftCols(embedding.dim()));
      both.rightCols(embedding.dim()) = embedding.embed(t);
      for (Scalar& x : both.reshaped()) x = static_cast<double>(std::abs(x)) < 0x1p-100 ? 0 : x;
      return both;
    };
    const auto want = rows(false, false);
    for (const int flushing : {1, 2, 3}) {
      INFO("flushing when made: " << flushing % 2 << ", when embedded: " << flushing / 2);
      CHECK(difference(rows(flushing % 2 != 0, flushing / 2 != 0), want) == "");
    }
  };
  // At 0x1.126p+10, waves of a pair and of other phases are rounded differently, which is rare.
  std::vector<double> ordinary = {0, 1, 999, -0.37, 0x1p40, 1e300, 0x1.126p+10, 0x1p-1022, 0x1.fffffffffffffp1023};
  std::mt19937_64 random(3);
  std::vector<double> huge = ordinary, large, tiny;
  for (int i = 0; i < 40; ++i) large.push_back(some_number(random, 30, 52.9));  // for small f of denormal low parts
  for (int i = 0; i < 40; ++i) tiny.push_back(some_number(random, -150, -70));  // of denormal low parts, for large f
  for (int i = 0; i < 40; ++i) huge.push_back(some_number(random, 1000, 1023.9));
  for (int i = 0; i < 40; ++i) ordinary.push_back(some_number(random, -4, 10));
  const auto check_all = [&](auto scalar) {
    for (const double phase : {0x1p-1074, -0x1p-1030, 0x0.fffffffffffffp-1022})
      check(scalar, phasor::joined({{0.3}, {phase}}, phasor::cosines({0.3})), ordinary);
    check(scalar, phasor::interleaved({0x1p1021, -0x1.8p1018}), huge);
    check(scalar, phasor::interleaved(phasor::geomspace(20, 0x1p-1022, 0x1p1020)), huge);
    check(scalar, phasor::interleaved(phasor::geomspace(20, 1, 0x1p51)), tiny);
    check(scalar, phasor::interleaved(phasor::geomspace(40, 0x1p-160, 0x1p-40)), large);
    check(scalar, mixed(70), huge);
    check(scalar, mixed(70), ordinary);
  };
  check_all(float());
  check_all(double());
  set_flushing(was_flushing);
}

TEST_CASE("a denormal timestep or frequency counts as it is or as zero") {
  const auto check = [](auto scalar) {
    using Scalar = decltype(scalar);
    const auto check_one = [](double f, auto t, double turns) {  // t f, exactly
      const Spectrum both = phasor::sines_then_cosines({f}), want = phasor::sines_then_cosines({turns});
      const Rows<Scalar> got = PositionalEmbedding<Scalar>(both).embed(t);
      const PositionalEmbedding<Scalar> as_it_is(want);
      INFO("f = " << hex(f) << ", t = " << hex(t));
      CHECK((difference(got, as_it_is.embed(1)) == "" || difference(got, as_it_is.embed(0)) == ""));
    };
    check_one(0x1p130, 0x1p-132f, 0.25);
    check_one(0x1p1021, 0x1p-1023, 0.25);
    check_one(0x1p-1030, 0x1p1022, 0x1p-8);
    check_one(-0x1p-1030, 0x1p1022, -0x1p-8);
  };
  check(float());
  check(double());
}

TEST_CASE("an integer beyond 2^53 is its nearest double") {
  const auto check = [](auto scalar) {
    const PositionalEmbedding<decltype(scalar)> embedding(phasor::joined(mixed(70), phasor::sines({0x1p-62})));
    const std::int64_t far = std::int64_t(1) << 53, last = std::numeric_limits<std::int64_t>::max();
    for (const std::int64_t t : {far - 1, far, far + 1, far + 3, -far - 1, -far - 3, 257 * far + 77, last, -last}) {
      INFO("t = " << t);
      CHECK(difference(embedding.embed(t), embedding.embed(static_cast<double>(t))) == "");
    }
    for (const std::uint64_t t : {~std::uint64_t(0), ~std::uint64_t(0) / 2 + 1025, std::uint64_t(far) + 1}) {
      INFO("t = " << t);
      CHECK(difference(embedding.embed(t), embedding.embed(static_cast<double>(t))) == "");
    }
  };
  check(float());
  check(double());
}

TEST_CASE("half and bfloat16 outputs are the float rounded once, ties to even") {
  // Of so many outputs of every magnitude, some lie halfway between two of fewer bits.
  const Spectrum spectrum = phasor::sines_then_cosines(phasor::geometric(64, 1e9));
  const Eigen::ArrayXf t = Eigen::ArrayXf::LinSpaced(1 << 15, -1, 1);
  const Rows<float> rows = PositionalEmbedding<float>(spectrum).embed(t);
  const auto check = [&](auto scalar, std::uint32_t below) {
    using Scalar = decltype(scalar);
    const Rows<Scalar> got = PositionalEmbedding<Scalar>(spectrum).embed(t);
    CHECK(difference(got, rows.template cast<Scalar>()) == "");
    CHECK((rows.array().unaryExpr([=](float x) { return (bits(x) & (2 * below - 1)) == below ? 1 : 0; }) == 1).any());
  };
  check(Eigen::half(), 1 << 12);
  check(Eigen::bfloat16(), 1 << 15);
}

TEST_CASE("timesteps in a std::vector are those in an Eigen vector") {
  const PositionalEmbedding<float> embedding(8);
  CHECK(difference(embedding.embed(std::vector<int>{1, 20, 300}), embedding.embed(Eigen::Vector3i(1, 20, 300))) == "");
  CHECK(difference(embedding.embed(times()), embedding.embed(Eigen::Map<const Eigen::ArrayXd>(
                                                 times().data(), static_cast<Index>(times().size())))) == "");
}

TEST_CASE("t = 0 gives exact zeros and ones") {
  const auto check = [](auto scalar) {
    using Scalar = decltype(scalar);
    for (const Convention& convention : conventions()) {
      if (convention.name == std::string("mp_fourier")) continue;  // has other phases
      const PositionalEmbedding<Scalar> embedding(convention.spectrum(64));
      const Eigen::Array<Scalar, 1, Eigen::Dynamic> want =
          (array(embedding.spectrum().phase) == 0.25).template cast<Scalar>().transpose();
      INFO(convention.name);
      CHECK((embedding.embed(0).array() == want).all());  // as values: a zero may be a -0
      CHECK((embedding.embed(0.).array() == want).all());
      CHECK((embedding.embed(0.f).array() == want).all());
    }
  };
  check(float());
  check(double());
  check(Eigen::half());
  check(Eigen::bfloat16());
}

TEST_CASE("t = 0 gives exact zeros and ones at any frequency, by rows and by columns") {
  const auto check = [](auto scalar) {
    using Scalar = decltype(scalar);
    for (const double fastest : {1., 0x1p23, 0x1p51, 1e18, 1e300, -1.7e308}) {
      const std::vector<double> f(20, fastest);  // enough to stand side by side, and a lone few
      const Spectrum spectrum = phasor::joined(phasor::joined(phasor::adm(8), phasor::sines_then_cosines(f)),
                                               phasor::joined(phasor::interleaved(f), phasor::sines({fastest})));
      const PositionalEmbedding<Scalar> embedding(spectrum);
      for (const Index rows : {1, 3, 16, 65}) {
        const Eigen::ArrayXd t = Eigen::ArrayXd::Zero(rows);
        const Rows<Scalar> by_rows = embedding.embed(t);
        Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> by_columns(rows, embedding.dim());
        embedding.embed_into(t, by_columns);
        const Eigen::Array<Scalar, 1, Eigen::Dynamic> want =
            (array(spectrum.phase) == 0.25).template cast<Scalar>().transpose();
        INFO("f = " << fastest << ", " << rows << " rows");
        CHECK((by_rows.array() == want.replicate(rows, 1)).all());  // as values: a zero may be a -0
        CHECK((by_columns.array() == want.replicate(rows, 1)).all());
      }
    }
  };
  check(float());
  check(double());
  check(Eigen::half());
  check(Eigen::bfloat16());
}

TEST_CASE("columns that pad are +0 at every t") {
  for (const Convention& convention : conventions()) {
    if (convention.even || convention.name == std::string("mp_fourier")) continue;
    const PositionalEmbedding<float> embedding(convention.spectrum(129));
    INFO(convention.name);
    for (const double t : times()) {
      CHECK(bits(embedding.embed(t)[128]) == bits(0.f));
      CHECK(bits(embedding.embed(-t)[128]) == bits(0.f));
    }
  }
}

TEST_CASE("|out| <= 1") {
  const auto check = [](auto scalar) {
    using Scalar = decltype(scalar);
    // f = 1/4 at whole t meets every maximum; its neighbours round towards it.
    const PositionalEmbedding<Scalar> embedding(phasor::joined(mixed(40), phasor::sines_then_cosines({0.25})));
    Worst worst;
    for (int i = -4000; i < 4000; ++i) {
      const double t = i / 8 + (i % 8 - 4) * 0x1p-20;
      const auto row = embedding.embed(t);
      for (Index k = 0; k < embedding.dim(); ++k) {
        worst.see(std::abs(static_cast<double>(row[k])), [&] { return "t = " + hex(t) + ", column " + hex(k); });
      }
    }
    INFO(worst.where);
    CHECK(worst.error <= 1);
  };
  check(float());
  check(double());
  check(Eigen::half());
  check(Eigen::bfloat16());
}

TEST_CASE("a number gives the same bits in every type that holds it") {
  const auto check = [](auto scalar) {
    using Scalar = decltype(scalar);
    const PositionalEmbedding<Scalar> embedding(mixed(70));
    for (const int t : {0, 1, -1, 10, 100, 127, -128}) {
      const Rows<Scalar> want = embedding.embed(static_cast<double>(t));
      INFO("t = " << t);
      CHECK(difference(embedding.embed(static_cast<float>(t)), want) == "");
      CHECK(difference(embedding.embed(static_cast<std::int8_t>(t)), want) == "");
      CHECK(difference(embedding.embed(static_cast<std::int16_t>(t)), want) == "");
      CHECK(difference(embedding.embed(t), want) == "");
      CHECK(difference(embedding.embed(static_cast<std::int64_t>(t)), want) == "");
      if (t < 0) continue;
      CHECK(difference(embedding.embed(static_cast<std::uint8_t>(t)), want) == "");
      CHECK(difference(embedding.embed(static_cast<unsigned>(t)), want) == "");
      CHECK(difference(embedding.embed(static_cast<std::uint64_t>(t)), want) == "");
    }
    for (const int t : {997, 16777216, 16777217, -2147483647}) {
      INFO("t = " << t);
      const Rows<Scalar> want = embedding.embed(static_cast<double>(t));
      CHECK(difference(embedding.embed(t), want) == "");
      CHECK(difference(embedding.embed(static_cast<std::int64_t>(t)), want) == "");
    }
    for (const float t : {0.1f, 998.39f, 1e-30f, 3e38f, -0.75f}) {
      INFO("t = " << t);
      CHECK(difference(embedding.embed(t), embedding.embed(static_cast<double>(t))) == "");
    }
    const std::int64_t large = std::int64_t(1) << 62;
    CHECK(difference(embedding.embed(large), embedding.embed(0x1p62)) == "");
    CHECK(difference(embedding.embed(std::uint64_t(large) * 2), embedding.embed(0x1p63)) == "");
    CHECK(difference(embedding.embed(std::numeric_limits<std::int64_t>::min()), embedding.embed(-0x1p63)) == "");
  };
  check(float());
  check(double());
}

TEST_CASE("half and bfloat16 are the float result, rounded once") {
  const Eigen::ArrayXd t = some_times(40);
  const Rows<float> rows = PositionalEmbedding<float>(mixed(70)).embed(t);
  CHECK(difference(PositionalEmbedding<Eigen::half>(mixed(70)).embed(t), rows.cast<Eigen::half>()) == "");
  CHECK(difference(PositionalEmbedding<Eigen::bfloat16>(mixed(70)).embed(t), rows.cast<Eigen::bfloat16>()) == "");
}

TEST_CASE("a row is the same alone and at any place of any batch, for every number of columns") {
  const auto check = [](auto scalar) {
    using Scalar = decltype(scalar);
    for (Index dim = 1; dim <= 70; ++dim) {
      const PositionalEmbedding<Scalar> embedding(mixed(dim));
      const Rows<Scalar> want = one_by_one(embedding, some_times(150));
      for (Index n = 1; n <= 150; n += n < 70 ? 1 : 16) {
        const std::string got = difference(embedding.embed(some_times(n)), want.topRows(n));
        if (got != "") FAIL_CHECK("dim " << dim << ", " << n << " timesteps: " << got);
        // by columns as well, from another place in the list of times
        Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor> columns(n, dim);
        embedding.embed_into(some_times(150).tail(n), columns);
        const std::string got_columns = difference(columns, want.bottomRows(n));
        if (got_columns != "") FAIL_CHECK("dim " << dim << ", " << n << " timesteps, by columns: " << got_columns);
      }
    }
  };
  check(float());
  check(double());
}

TEST_CASE("columns of a spectrum have the bits that they have in the whole, while no |t f| is large") {
  const auto check = [](auto scalar) {
    using Scalar = decltype(scalar);
    const Eigen::ArrayXd t = Eigen::ArrayXd::LinSpaced(4096, 0, 999.75);
    const Spectrum whole = phasor::adm(128);
    const Rows<Scalar> want = PositionalEmbedding<Scalar>(whole).embed(t);
    for (const Index first : {0, 40, 64, 100}) {  // cosines alone, pairs that are scattered, sines alone
      const Index count = std::min<Index>(64, 128 - first);
      const Rows<Scalar> got = PositionalEmbedding<Scalar>(phasor::columns(whole, first, count)).embed(t);
      INFO("columns from " << first << " on");
      CHECK(difference(got, want.middleCols(first, count)) == "");
    }
  };
  check(float());
  check(double());
}

TEST_CASE("copies and moves embed as the original does") {
  PositionalEmbedding<float> original(mixed(70));
  const Rows<float> want = original.embed(some_times(20));
  const PositionalEmbedding<float> copy = original;
  CHECK(difference(copy.embed(some_times(20)), want) == "");
  const PositionalEmbedding<float> moved = std::move(original);
  CHECK(difference(moved.embed(some_times(20)), want) == "");
  original = copy;
  CHECK(difference(original.embed(some_times(20)), want) == "");
}

TEST_CASE("a timestep that is not finite makes NaN of its own row's waves alone") {
  const auto check = [](auto scalar, auto type_of_t) {
    using Scalar = decltype(scalar);
    using T = decltype(type_of_t);
    const PositionalEmbedding<Scalar> embedding(mixed(70));
    // By their bits: with -ffast-math nothing else is sure to make them.
    using Word = phasor::detail::Word<T>;
    const Word infinity = static_cast<Word>(bits(std::numeric_limits<T>::max()) + 1), nan = infinity | infinity >> 1,
               sign = ~(~Word(0) >> 1);
    for (const Word bad : {nan, sign | nan, infinity, sign | infinity}) {
      for (Index place = 0; place < 9; ++place) {
        Eigen::Array<T, Eigen::Dynamic, 1> t(9);
        t << T(10), T(-0.5), T(999), T(0), T(0x1p21), T(3.25), T(-1e6), T(0x1p70), T(7);
        const Rows<Scalar> want = embedding.embed(t);
        std::memcpy(&t[place], &bad, sizeof bad);
        Rows<Scalar> got = embedding.embed(t);
        Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor> columns(9, 70);
        embedding.embed_into(t, columns);
        for (Index k = 0; k < 70; ++k) {
          const bool wave = embedding.spectrum().frequency[k] != 0;
          if (wave != is_nan(got(place, k)) || wave != is_nan(columns(place, k))) {
            FAIL_CHECK("bits of t = " << bad << ", column " << k << ": got " << hex(got(place, k)) << " and "
                                      << hex(columns(place, k)));
          }
          if (wave) got(place, k) = columns(place, k) = want(place, k);
        }
        CHECK(difference(got, want) == "");
        CHECK(difference(columns, want) == "");
      }
    }
  };
  check(float(), float());
  check(float(), double());
  check(double(), float());
  check(double(), double());
  check(Eigen::half(), float());
  check(Eigen::bfloat16(), double());
}
