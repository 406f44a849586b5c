// Every form of timesteps, and every form of output: the elements are embed()'s, nothing around them is written, and what has
// the wrong shape is refused with nothing written.
#include "bits.hpp"
#include "catch.hpp"
#include "in_use.hpp"

#include <array>
#include <complex>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <vector>

struct Own16 {
  std::uint16_t word;
};
template <>
inline constexpr phasor::Format phasor::format<Own16> = phasor::Format::half;

namespace {

using phasor::PositionalEmbedding;
constexpr Index dim = 6;
constexpr auto dynamic = Eigen::Dynamic;
constexpr double numbers[] = {998.5, 3, -0.25};  // floats too

template <typename Scalar>
using Rows = Eigen::Matrix<Scalar, dynamic, dynamic, Eigen::RowMajor>;
template <typename Scalar>
using Columns = Eigen::Matrix<Scalar, dynamic, dynamic>;

/// Calls use with the three numbers, as T, in every form.
template <typename T, typename Use>
void each_timesteps(const Use& use) {
  const Eigen::Array<T, 3, 1> fixed = Eigen::Map<const Eigen::Array3d>(numbers).cast<T>();
  const T c_array[] = {fixed[0], fixed[1], fixed[2]};
  const std::initializer_list<T> list = {fixed[0], fixed[1], fixed[2]};
  use(std::vector<T>(list));
  use(std::array<T, 3>{fixed[0], fixed[1], fixed[2]});
  use(c_array);
  use(list);
  const Eigen::Matrix<T, dynamic, 1> column = fixed;
  const Eigen::Matrix<T, 1, dynamic> row = fixed.transpose();
  Columns<T> table = Columns<T>::Zero(5, 5);
  table.block(1, 2, 3, 1) = column;
  table.block(4, 0, 1, 3) = row;
  use(fixed);
  use(column);
  use(row);
  use(table.col(2).segment(1, 3));
  use(table.row(4).head(3));
  use(table.row(4).template head<3>().transpose());
  use(column.template head<3>());
  use(Columns<T>::Identity(3, 3) * column);  // evaluated before its coefficients can be read
  use((column + column) / T(2));
  use(column.reverse().reverse());
  use(table.block(1, 2, 3, 1));
  use(table.block(4, 0, 1, 3));
  use(Columns<T>(column));
  use(Rows<T>(row));
  use(Eigen::Map<const Eigen::Array<T, dynamic, 1>, 0, Eigen::InnerStride<5>>(table.data() + 4, 3));
  use(Eigen::Ref<const Eigen::Matrix<T, dynamic, 1>>(column));
}

template <typename Scalar>
auto guard() {
  return static_cast<Scalar>(-9);  // which no output is
}

/// By elements: Eigen's own loops over every expression take long to compile.
template <typename Out>
void set_guards(Out& out) {
  for (Index i = 0; i < out.rows(); ++i)
    for (Index k = 0; k < out.cols(); ++k) out.coeffRef(i, k) = guard<typename Out::Scalar>();
}

/// "" if all of `storage` is as it was before, else what was written.
template <typename Storage>
std::string written(const Storage& storage) {
  for (Index i = 0; i < storage.rows(); ++i)
    for (Index k = 0; k < storage.cols(); ++k)
      if (bits(storage.coeff(i, k)) != bits(guard<typename Storage::Scalar>()))
        return "(" + hex(i) + ", " + hex(k) + ") was written: " + hex(storage.coeff(i, k));
  return "";
}

/// CHECK, once: what it expands to takes long to compile too.
void expect_none(const std::string& problem) { CHECK(problem == ""); }

/// Calls use(storage, out) for each form of output with `rows` rows and `columns` columns: an expression in `storage`.
template <typename Scalar, typename Use>
void each_expression(Index rows, Index columns, const Use& use) {
  const auto plain = [&](auto storage) {
    storage.resize(rows, columns);
    use(storage, storage);
    use(storage, Eigen::Ref<decltype(storage), 0, Eigen::OuterStride<>>(storage));
    use(storage, storage.template reshaped<Eigen::AutoOrder>(rows, columns));
  };
  plain(Rows<Scalar>());
  plain(Columns<Scalar>());
  plain(Eigen::Array<Scalar, dynamic, dynamic>());
  const auto parts = [&](auto big) {
    using Big = decltype(big);
    big.resize(3 * (rows + columns), 3 * (rows + columns));
    use(big, big.block(1, 2, rows, columns));
    use(big, big.block(1, 2, rows, columns).array());
    use(big, big.block(1, 2, rows, columns).array().matrix());
    use(big, big.topRightCorner(rows, columns));
    use(big, big.middleRows(2, rows).leftCols(columns));
    use(big, big.block(1, 2, columns, rows).transpose());
    use(big, big(Eigen::seqN(1, rows, 3), Eigen::seqN(0, columns)));
    use(big, big(Eigen::seqN(1, rows, Eigen::fix<2>), Eigen::seqN(1, columns, 2)));
    using Strides = Eigen::Stride<dynamic, dynamic>;
    use(big, Eigen::Map<Big, 0, Strides>(big.data() + 3, rows, columns, Strides(2 * (rows + columns) + 1, 2)));
    use(big, Eigen::Map<Big, 0, Eigen::OuterStride<>>(big.data() + 1, rows, columns, {rows + columns}));
    use(big, Eigen::Ref<Big, 0, Eigen::OuterStride<>>(big.block(1, 2, rows, columns)));
    if constexpr (sizeof(Scalar) > 2) {
      using Complex = Eigen::Matrix<std::complex<Scalar>, dynamic, dynamic>;
      Eigen::Map<Complex> complex(reinterpret_cast<std::complex<Scalar>*>(big.data()), rows + 1, columns + 1);
      use(big, complex.block(1, 1, rows, columns).real());
      use(big, complex.block(0, 1, rows, columns).imag());
    }
  };
  parts(Rows<Scalar>());
  parts(Columns<Scalar>());
}

/// Embeds t into `out`, compares, and checks the rest of `storage`.
template <typename Scalar, typename Times, typename Storage, typename Out, typename Want>
void check_expression(const PositionalEmbedding<Scalar>& embedding, const Times& t, Storage& storage, Out& out,
                      const Want& want) {
  set_guards(storage);
  embedding.embed_into(t, out);
  expect_none(difference(out, want));
  set_guards(out);
  expect_none(written(storage));
}

/// The same of pointers and buffers, of both classes.
template <typename Embedding, typename Scalar, typename Times>
void check_memory(const Embedding& embedding, const Times& t, const Rows<Scalar>& want) {
  const Index size = 3 * dim;
  const auto check = [&](const auto& embed_to) {
    Rows<Scalar> memory = Rows<Scalar>::Constant(5, dim + 2, guard<Scalar>());
    const Index stride = embed_to(memory.data() + 1);
    Eigen::Map<Rows<Scalar>, 0, Eigen::OuterStride<>> out(memory.data() + 1, 3, dim, Eigen::OuterStride<>(stride));
    expect_none(difference(out, want));
    set_guards(out);
    expect_none(written(memory));
  };
  check([&](Scalar* out) { return embedding.embed_into(t, out), dim; });
  check([&](Scalar* out) { return embedding.embed_into(t, out, dim + 2), dim + 2; });
  const auto buffer = [&](auto& out) {
    embedding.embed_into(t, out);
    expect_none(difference(Eigen::Map<const Rows<Scalar>>(std::data(out), 3, dim), want));
  };
  std::vector<Scalar> vector(size);
  buffer(vector);
  std::array<Scalar, 3 * dim> array;
  buffer(array);
  Scalar c_array[3 * dim];
  buffer(c_array);
}

/// Every form of timesteps. (What reads them knows no Scalar, and what writes knows no form of theirs.)
void check_timesteps() {
  const PositionalEmbedding<float> embedding(phasor::adm(dim));
  const phasor::BufferEmbedding<float> buffers(phasor::adm(dim));
  const Rows<float> want = one_by_one(embedding, Eigen::Map<const Eigen::Array3d>(numbers));
  each_timesteps<double>([&](const auto& t) {
    expect_none(difference(embedding.embed(t), want));
    check_memory<PositionalEmbedding<float>, float>(embedding, t, want);
    if constexpr (!phasor::detail::is_eigen<decltype(t)>)
      check_memory<phasor::BufferEmbedding<float>, float>(buffers, t, want);
    Columns<float> storage(7, dim + 2);
    auto block = storage.block(1, 2, 3, dim);
    check_expression(embedding, t, storage, block, want);
  });
}

/// The same of another type, as far as what embed() returns.
template <typename T>
void check_timesteps_of() {
  const PositionalEmbedding<float> embedding(dim);
  const Eigen::Array<T, 3, 1> times = Eigen::Map<const Eigen::Array3d>(numbers).cast<T>();
  const Rows<float> want = one_by_one(embedding, times);
  each_timesteps<T>([&](const auto& t) { expect_none(difference(embedding.embed(t), want)); });
  expect_none(difference(embedding.embed(times.row(1)), want.row(1)));  // 1 x 1
}

/// Every form of output.
template <typename Scalar>
void check_outputs() {
  const PositionalEmbedding<Scalar> embedding(phasor::adm(dim));
  const phasor::BufferEmbedding<Scalar> buffers(phasor::adm(dim));
  const Eigen::Array3d times = Eigen::Map<const Eigen::Array3d>(numbers);
  const Rows<Scalar> want = one_by_one(embedding, times);
  check_memory<PositionalEmbedding<Scalar>, Scalar>(embedding, times, want);
  check_memory<phasor::BufferEmbedding<Scalar>, Scalar>(buffers, numbers, want);
  each_expression<Scalar>(3, dim,
                          [&](auto& storage, auto&& out) { check_expression(embedding, times, storage, out, want); });
}

/// One number, fixed sizes, braced lists and pointers.
template <typename Scalar>
void check_special() {
  const PositionalEmbedding<Scalar> embedding(dim), narrow(phasor::sines({0.125}));
  const auto row = embedding.embed(3);
  const auto want = embedding.embed({998.5, 3., -0.25});
  Eigen::Matrix<Scalar, dynamic, dynamic> square(dim, dim), small(3, 3);
  auto diagonal = square.diagonal();
  check_expression(embedding, 3, square, diagonal, row.transpose());
  auto small_diagonal = small.diagonal();
  check_expression(narrow, numbers, small, small_diagonal, narrow.embed(numbers));
  Eigen::Matrix<Scalar, dynamic, 1> vector(dim + 5);
  auto segment = vector.segment(2, dim);
  check_expression(embedding, 3, vector, segment, row.transpose());
  auto head = vector.template head<dim>();
  check_expression(embedding, 3, vector, head, row.transpose());
  Eigen::Matrix<Scalar, 3, dim> fixed;
  check_expression(embedding, numbers, fixed, fixed, want);
  Eigen::Matrix<Scalar, 3, dim, Eigen::RowMajor> fixed_rows;
  check_expression(embedding, numbers, fixed_rows, fixed_rows, want);

  Rows<Scalar> out(3, dim);  // lists of one type and of several
  embedding.embed_into({998.5, 3., -0.25}, out);
  expect_none(difference(out, want));
  embedding.embed_into({998.5, 3, -0.25f}, out.setZero());
  expect_none(difference(out, want));
  embedding.embed_into({998.5, 3, -0.25f}, out.setZero().data());
  expect_none(difference(out, want));
  embedding.embed_into({998.5f, 3.f, -0.25f}, out.setZero().data(), dim);
  expect_none(difference(out, want));
  embedding.embed_into(numbers, 3, out.setZero().data());
  expect_none(difference(out, want));
  embedding.embed_into(numbers, 3, out.setZero().data(), dim);
  expect_none(difference(out, want));
}

/// One number into a row and a column of every form; and what has the wrong shape, where nothing is written. (The Scalar does
/// not matter here.)
void check_shapes() {
  const PositionalEmbedding<float> embedding(dim);
  const auto row = embedding.embed(3);
  each_expression<float>(1, dim, [&](auto& storage, auto&& out) { check_expression(embedding, 3, storage, out, row); });
  each_expression<float>(
      dim, 1, [&](auto& storage, auto&& out) { check_expression(embedding, 3, storage, out, row.transpose()); });
  const auto refuses = [&](const auto& t, Index rows, Index columns) {
    each_expression<float>(rows, columns, [&](auto& storage, auto&& wrong) {
      set_guards(storage);
      try {
        embedding.embed_into(t, wrong);
        expect_none("not refused");
      } catch (const std::invalid_argument&) {
      }
      expect_none(written(storage));
    });
    std::vector<float> wrong(3 * dim + 1, guard<float>());
    CHECK_THROWS_AS(embedding.embed_into(t, wrong), std::invalid_argument);
    expect_none(written(Eigen::Map<Rows<float>>(wrong.data(), 1, 3 * dim + 1).eval()));
  };
  refuses(numbers, 2, dim);
  refuses(numbers, 3, dim + 1);
  refuses(numbers, dim, 3);
  refuses(3, 2, dim);
  refuses(3, 1, dim + 1);
  refuses(3, dim - 1, 1);
  Rows<float> out(3, dim);
  set_guards(out);
  Columns<float> column = Columns<float>::Constant(dim, 1, guard<float>());
  CHECK_THROWS_AS(embedding.embed_into(Eigen::VectorXd::Ones(1), column), std::invalid_argument);  // not one number
  CHECK_THROWS_AS(embedding.embed_into(Eigen::MatrixXd::Ones(3, 2), out), std::invalid_argument);
  expect_none(written(column));
  CHECK_THROWS_AS(embedding.embed_into(numbers, out.data(), dim - 1), std::invalid_argument);
  CHECK_THROWS_AS(embedding.embed_into(numbers, -1, out.data(), dim), std::invalid_argument);
  expect_none(written(out));
}

}  // namespace

TEST_CASE("every form of timesteps") { check_timesteps(); }
TEST_CASE("every form of timesteps, of the other types") {
  check_timesteps_of<float>();
  check_timesteps_of<std::int32_t>();
  check_timesteps_of<std::int64_t>();
}
TEST_CASE("every form of output, float") { check_outputs<float>(); }
TEST_CASE("every form of output, double") { check_outputs<double>(); }
TEST_CASE("every form of output, half") { check_outputs<Eigen::half>(); }
TEST_CASE("one number, fixed sizes and lists, float") { check_special<float>(); }
TEST_CASE("one number, fixed sizes and lists, double") { check_special<double>(); }
TEST_CASE("one number, fixed sizes and lists, bfloat16") { check_special<Eigen::bfloat16>(); }
TEST_CASE("every form of a row, of a column, and of the wrong shape") { check_shapes(); }

TEST_CASE("embed returns an evaluated row-major matrix, or a row") {
  const PositionalEmbedding<float> embedding(dim);
  static_assert(std::is_same_v<decltype(embedding.embed(Eigen::VectorXd())), Rows<float>>);
  static_assert(std::is_same_v<decltype(embedding.embed(1)), Eigen::Matrix<float, 1, dynamic, Eigen::RowMajor>>);
  CHECK(embedding.embed(Eigen::VectorXd()).rows() == 0);
  CHECK(embedding.embed(Eigen::VectorXd()).cols() == dim);
}

TEST_CASE("an embedding without <Scalar> is of float, a copy of what it copies") {
  phasor::PositionalEmbedding embedding(phasor::adm(8));
  phasor::PositionalEmbedding of_dim(64), scaled(64, 1000.);
  const phasor::PositionalEmbedding<double> doubles(8);
  phasor::PositionalEmbedding copy = doubles;
  phasor::BufferEmbedding buffer(phasor::adm(8));
  CHECK(std::is_same_v<decltype(embedding), phasor::PositionalEmbedding<float>>);
  CHECK(std::is_same_v<decltype(scaled), phasor::PositionalEmbedding<float>>);
  CHECK(std::is_same_v<decltype(copy), phasor::PositionalEmbedding<double>>);
  CHECK(std::is_same_v<decltype(buffer), phasor::BufferEmbedding<float>>);
  CHECK(of_dim.dim() == 64);
}

TEST_CASE("a product of timesteps is computed once") {
  int reads = 0;
  const auto ones = Eigen::MatrixXd::NullaryExpr(600, 2, [&](Index, Index) { return ++reads, 1.; });
  const phasor::PositionalEmbedding<float> embedding(8);
  const Eigen::MatrixXf out = embedding.embed(ones * Eigen::Vector2d(10, 20));
  CHECK(reads == 600 * 2);
  CHECK(out == embedding.embed(Eigen::VectorXd::Constant(600, 30)));
}

TEST_CASE("a 16-bit type of one's own") {
  const auto want = PositionalEmbedding<Eigen::half>(dim).embed(numbers);
  const phasor::BufferEmbedding<Own16> embedding(dim);
  const auto check = [&](const Own16* out, Index stride) {
    for (Index i = 0; i < 3; ++i)
      for (Index k = 0; k < dim; ++k) CHECK(bits(out[i * stride + k]) == bits(want(i, k)));
  };
  std::vector<Own16> vector(3 * dim), wide(3 * (dim + 2));
  embedding.embed_into(numbers, vector);
  check(vector.data(), dim);
  embedding.embed_into(numbers, 3, wide.data(), dim + 2);
  check(wide.data(), dim + 2);
}
