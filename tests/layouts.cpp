// Every form that timesteps and outputs may take gives the same bits, and nothing outside the output is written.
//
// Outputs beyond the caches are streamed. Here they are from 2 KB on, so that the larger shapes below are streamed
// and the single rows that they are compared with are not.
#define PHASOR_STREAM_BYTES 2048
#include "bits.hpp"
#include "catch.hpp"
#include "in_use.hpp"

#include <algorithm>
#include <vector>

using phasor::PositionalEmbedding;

namespace {

constexpr auto dynamic = Eigen::Dynamic;
template <typename Scalar>
using Rows = Eigen::Matrix<Scalar, dynamic, dynamic, Eigen::RowMajor>;
template <typename Scalar>
using Columns = Eigen::Matrix<Scalar, dynamic, dynamic, Eigen::ColMajor>;

/// What stands where nothing may be written: no output has these values.
template <typename Scalar>
Scalar guard() {
  return static_cast<Scalar>(-9);
}

/// Embeds into `view`, a part of `buffer`, and compares; then checks that the rest of `buffer` is as it was.
template <typename Scalar, typename T, typename Buffer, typename View>
void check_view(const char* what, const PositionalEmbedding<Scalar>& embedding, const T& t, Buffer& buffer,
                View&& view) {
  buffer.setConstant(guard<Scalar>());
  embedding.embed_into(t, view);
  INFO(what << ", " << view.rows() << " x " << view.cols());
  CHECK(difference(view, one_by_one(embedding, t)) == "");
  view.setConstant(guard<Scalar>());
  CHECK(difference(buffer, Buffer::Constant(buffer.rows(), buffer.cols(), guard<Scalar>())) == "");
}

Eigen::ArrayXd some_times(Index count) {
  Eigen::ArrayXd t = Eigen::ArrayXd::LinSpaced(count, -37.25, 998.39);
  if (count > 2) t[2] = 1e9;  // beyond the fast reduction
  return t;
}

template <typename Scalar>
void check_outputs(Index n, const phasor::Spectrum& spectrum) {
  const PositionalEmbedding<Scalar> embedding(spectrum);
  const Index dim = embedding.dim();
  const Eigen::ArrayXd t = some_times(n);
  using Map = Eigen::Map<Rows<Scalar>, 0, Eigen::OuterStride<>>;
  using Strided = Eigen::Map<Rows<Scalar>, 0, Eigen::Stride<dynamic, dynamic>>;
  using StridedColumns = Eigen::Map<Columns<Scalar>, 0, Eigen::Stride<dynamic, dynamic>>;

  Rows<Scalar> rows(n, dim);
  check_view("row-major", embedding, t, rows, rows);
  Columns<Scalar> columns(n, dim);
  check_view("column-major", embedding, t, columns, columns);
  Columns<Scalar> transposed(dim, n);
  check_view("transpose of a matrix", embedding, t, transposed, transposed.transpose());
  Eigen::Array<Scalar, dynamic, dynamic> array(n, dim);
  check_view("array", embedding, t, array, array);

  Rows<Scalar> wide(n + 4, dim + 128);
  check_view("columns 64 on of a wider buffer", embedding, t, wide, wide.block(2, 64, n, dim));
  check_view("the same, as a matrix expression of arrays", embedding, t, wide, wide.block(2, 64, n, dim).array());
  check_view("the same, backwards", embedding, t, wide, wide.block(2, 64, n, dim).reverse());
  check_view("the same, rows backwards", embedding, t, wide, wide.block(2, 64, n, dim).colwise().reverse());
  check_view("middle columns", embedding, t, wide, wide.middleCols(3, dim).middleRows(1, n));
  Columns<Scalar> tall(n + 4, dim + 3);
  check_view("block of a column-major matrix", embedding, t, tall, tall.block(1, 2, n, dim));

  Eigen::Matrix<Scalar, dynamic, 1> flat((n + 2) * (3 * dim + 20) + 40);
  Scalar* const data = flat.data();
  for (Index offset = 0; offset < 18; ++offset) {
    check_view("map, offset", embedding, t, flat, Map(data + offset, n, dim, Eigen::OuterStride<>(dim + offset % 5)));
  }
  check_view("map, inner stride 2", embedding, t, flat,
             Strided(data + 1, n, dim, Eigen::Stride<dynamic, dynamic>(2 * dim + 3, 2)));
  check_view("map, inner stride 3 by columns", embedding, t, flat,
             StridedColumns(data + 1, n, dim, Eigen::Stride<dynamic, dynamic>(3 * n + 1, 3)));
  // A row-major map whose rows stand side by side is column-major in memory.
  check_view("map, outer stride 1", embedding, t, flat,
             Strided(data + 2, n, dim, Eigen::Stride<dynamic, dynamic>(1, n + 1)));
  // Negative strides: last row first.
  if (n > 0) {
    check_view("map, outer stride < 0", embedding, t, flat,
               Strided(data + n * (dim + 1), n, dim, Eigen::Stride<dynamic, dynamic>(-(dim + 1), 1)));
  }

  flat.setConstant(guard<Scalar>());
  embedding.embed_into(t.data(), n, data + 5, dim + 2);
  const Map by_pointer(data + 5, n, dim, Eigen::OuterStride<>(dim + 2));
  CHECK(difference(by_pointer, one_by_one(embedding, t)) == "");
  CHECK(difference(embedding.embed(t), one_by_one(embedding, t)) == "");
  Map(data + 5, n, dim, Eigen::OuterStride<>(dim + 2)).setConstant(guard<Scalar>());
  CHECK((flat.array() == guard<Scalar>()).all());
}

template <typename Scalar>
void check_outputs() {
  for (const Index n : {0, 1, 2, 3, 5, 16, 65}) {
    for (const Index dim : {1, 2, 3, 31, 128}) check_outputs<Scalar>(n, mixed(dim));
  }
  // More timesteps than a block has, and more waves of each form than a tile has.
  check_outputs<Scalar>(300, mixed(3));
  const std::vector<double> geometric = phasor::geometric(290, 1e4);
  const Eigen::ArrayXd f = array(geometric);
  check_outputs<Scalar>(3, phasor::joined(phasor::joined(phasor::sines_then_cosines(f), phasor::interleaved(f * 1.5)),
                                          phasor::sines(f * 2)));
  const PositionalEmbedding<Scalar> embedding(mixed(6));
  Rows<Scalar> buffer(5, 10);
  check_view("a row, by one number", embedding, Eigen::Array<double, 1, 1>(998.39), buffer,
             buffer.row(3).segment(2, 6));
  buffer.setConstant(guard<Scalar>());
  embedding.embed_into(998.39, buffer.row(3).segment(2, 6));
  CHECK(difference(buffer.row(3).segment(2, 6), embedding.embed(998.39)) == "");

  const PositionalEmbedding<Scalar> eight(8);
  const Eigen::Vector3d three(1, 2, 3);
  Eigen::Matrix<Scalar, 3, 8> fixed;
  check_view("fixed-size, column-major", eight, three, fixed, fixed);
  Eigen::Matrix<Scalar, 3, 8, Eigen::RowMajor> fixed_rows;
  check_view("fixed-size, row-major", eight, three, fixed_rows, fixed_rows);
  Eigen::Matrix<Scalar, 1, 8, Eigen::RowMajor> fixed_row;
  check_view("fixed-size row", eight, Eigen::Array<double, 1, 1>(5), fixed_row, fixed_row);
  const PositionalEmbedding<Scalar> one(phasor::sines({0.1}));
  Eigen::Matrix<Scalar, 3, 1> column;
  check_view("fixed-size column", one, three, column, column);
}

}  // namespace

TEST_CASE("outputs of every form, float") { check_outputs<float>(); }
TEST_CASE("outputs of every form, double") { check_outputs<double>(); }
TEST_CASE("outputs of every form, half") { check_outputs<Eigen::half>(); }
TEST_CASE("outputs of every form, bfloat16") { check_outputs<Eigen::bfloat16>(); }

TEST_CASE("embed returns an evaluated row-major matrix, or a row") {
  const PositionalEmbedding<float> embedding(8);
  static_assert(std::is_same_v<decltype(embedding.embed(Eigen::VectorXd())), Rows<float>>);
  static_assert(std::is_same_v<decltype(embedding.embed(1)), Eigen::Matrix<float, 1, dynamic, Eigen::RowMajor>>);
  CHECK(embedding.embed(Eigen::VectorXd()).rows() == 0);
  CHECK(embedding.embed(Eigen::VectorXd()).cols() == 8);
}
