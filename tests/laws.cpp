// What holds between outputs, bit for bit: symmetry, and independence of everything but t, the Spectrum and Scalar.
#include "bits.hpp"
#include "catch.hpp"
#include "in_use.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

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

TEST_CASE("denormal timesteps and frequencies count, even where arithmetic flushes them") {
  // t f is 1/4, 2^-7 or 2^-8 turns in all of them, without a rounding.
  const auto one = [](double f) { return phasor::Numbers{f}; };
  const auto check = [&](auto scalar) {
    using Scalar = decltype(scalar);
    using Embedding = PositionalEmbedding<Scalar>;
    const auto sine = [&](double f, auto t) { return Embedding(phasor::sines(one(f))).embed(t)[0]; };
    CHECK(bits(sine(0x1p130, 0x1p-132f)) == bits(Scalar(1)));
    CHECK(bits(sine(0x1p1021, 0x1p-1023)) == bits(Scalar(1)));
    CHECK(bits(sine(0x1p-1030, 0x1p1022)) == bits(sine(0x1p-8, 1)));
    CHECK(bits(sine(-0x1p-1030, 0x1p1022)) == bits(sine(-0x1p-8, 1)));

    const Embedding unequal(phasor::joined(phasor::sines(one(0x1p-1030)), phasor::cosines(one(0x1p-1029))));
    CHECK(bits(unequal.embed(0x1p1022)[1]) == bits(Embedding(phasor::cosines(one(0x1p-7))).embed(1)[0]));

    const Eigen::ArrayXd t = Eigen::ArrayXd::LinSpaced(32, 0x1p1020, 0x1p1022);
    const auto check_written = [&](auto out) {  // by columns, or by rows
      out.setConstant(Scalar(777));
      Embedding(phasor::sines(one(0x1p-1030))).embed_into(t, out.col(0));
      CHECK(bits(out(31, 0)) == bits(sine(0x1p-8, 1)));
      for (const Scalar x : out.col(0)) CHECK(std::abs(x) <= 1);
    };
    check_written(Eigen::Matrix<Scalar, 32, 2>());
    check_written(Eigen::Matrix<Scalar, 32, 2, Eigen::RowMajor>());
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
    const PositionalEmbedding<Scalar> embedding(
        phasor::joined(mixed(40), phasor::sines_then_cosines({0.25})));
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
