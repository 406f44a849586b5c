// What phasor is compared with. A peer is made for a shape and then called many times: make what it may keep from call
// to call in its constructor, and write rows x dim outputs, [sin | cos] of t · 10000^(-k / (dim / 2)), in its call.
#pragma once

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstdint>

#if EIGEN_ARCH_i386_OR_x86_64
#include <immintrin.h>
#endif
#ifdef PHASOR_BENCH_SLEEF
#include <sleef.h>
#endif

namespace bench {

using Eigen::Index;

template <typename Real>
using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <typename Real>
using Vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;

/// Angular frequencies, rounded to Real as everybody's are.
template <typename Real>
Vector<Real> omega(Index dim) {
  Vector<Real> w(dim / 2);
  for (Index k = 0; k < w.size(); ++k) {
    w[k] = static_cast<Real>(std::pow(1e4, -static_cast<double>(k) / static_cast<double>(w.size())));
  }
  return w;
}

/// The three lines that one would write with Eigen: outer product, sin, cos. All of it is row-major: Eigen does not
/// vectorise an assignment between storage orders.
template <typename Real>
class NaiveEigen {
 public:
  NaiveEigen(Index rows, Index dim) : w_(omega<Real>(dim)), angles_(rows, dim / 2) {}
  void operator()(const Real* t, Real* out) {
    const Index h = w_.size();
    Eigen::Map<Matrix<Real>> result(out, angles_.rows(), 2 * h);
    angles_.noalias() = Eigen::Map<const Vector<Real>>(t, angles_.rows()) * w_.transpose();
    result.leftCols(h) = angles_.array().sin().matrix();
    result.rightCols(h) = angles_.array().cos().matrix();
  }

 private:
  Vector<Real> w_;
  Matrix<Real> angles_;
};

/// The same a row at a time: the angles stay in the first-level cache.
template <typename Real>
class EigenByRows {
 public:
  EigenByRows(Index rows, Index dim) : rows_(rows), w_(omega<Real>(dim).transpose()), angles_(dim / 2) {}
  void operator()(const Real* t, Real* out) {
    const Index h = w_.size();
    Eigen::Map<Matrix<Real>> result(out, rows_, 2 * h);
    for (Index i = 0; i < rows_; ++i) {
      angles_ = t[i] * w_;
      result.row(i).head(h) = angles_.sin().matrix();
      result.row(i).tail(h) = angles_.cos().matrix();
    }
  }

 private:
  Index rows_;
  Eigen::Array<Real, 1, Eigen::Dynamic> w_, angles_;
};

/// sin(2π (t f + φ)) of given f and φ, one column each: what mp_fourier is in Eigen. Phases are added in a statement of
/// their own: within the last expression they would keep the sine from being vectorised.
template <typename Real>
class NaiveFourier {
 public:
  NaiveFourier(Index rows, const double* f, const double* phase, Index dim)
      : f_(Numbers(f, dim).cast<Real>()), phase_(Numbers(phase, dim).cast<Real>()), angles_(rows, dim) {}
  void operator()(const Real* t, Real* out) {
    Eigen::Map<Matrix<Real>> result(out, angles_.rows(), angles_.cols());
    angles_.noalias() = Eigen::Map<const Vector<Real>>(t, angles_.rows()) * f_;
    angles_.rowwise() += phase_;
    result = (angles_.array() * static_cast<Real>(2 * EIGEN_PI)).sin().matrix();
  }

 private:
  using Numbers = Eigen::Map<const Eigen::RowVectorXd>;
  Eigen::Matrix<Real, 1, Eigen::Dynamic> f_, phase_;
  Matrix<Real> angles_;
};

/// Two loops and the C++ library.
template <typename Real>
class Loop {
 public:
  Loop(Index rows, Index dim) : rows_(rows), w_(omega<Real>(dim)) {}
  void operator()(const Real* t, Real* out) const {
    const Index h = w_.size();
    for (Index i = 0; i < rows_; ++i) {
      for (Index k = 0; k < h; ++k) {
        out[2 * h * i + k] = std::sin(t[i] * w_[k]);
        out[2 * h * i + h + k] = std::cos(t[i] * w_[k]);
      }
    }
  }

 private:
  Index rows_;
  Vector<Real> w_;
};

/// No trigonometry at all: the least that any embedding costs.
template <typename Real>
class Fill {
 public:
  Fill(Index rows, Index dim) : size_(rows * dim) {}
  void operator()(const Real* t, Real* out) const { std::fill(out, out + size_, *t); }

 private:
  Index size_;
};

#if EIGEN_ARCH_i386_OR_x86_64
/// The same bytes past the caches. `out` must be aligned to 64 bytes, and their number a multiple of that.
template <typename Real>
class StreamingFill {
 public:
  StreamingFill(Index rows, Index dim) : size_(rows * dim * Index(sizeof(Real)) / Index(sizeof(float))) {}
  void operator()(const Real*, Real* out) const {
    auto* const to = reinterpret_cast<float*>(out);
    for (Index i = 0; i < size_; i += 16) {
#if defined(__AVX512F__)
      _mm512_stream_ps(to + i, _mm512_set1_ps(0.5f));
#else
      for (Index k = i; k < i + 16; k += 4) _mm_stream_ps(to + k, _mm_set1_ps(0.5f));
#endif
    }
    _mm_sfence();
  }

 private:
  Index size_;
};
#endif

#ifdef PHASOR_BENCH_LIBMVEC
void libmvec_row(const float* w, Index h, float t, float* out);  // libmvec.cpp

/// A loop of sines and a loop of cosines, which g++ -Ofast makes calls of glibc's vectors of.
class Libmvec {
 public:
  Libmvec(Index rows, Index dim) : rows_(rows), w_(omega<float>(dim)) {}
  void operator()(const float* t, float* out) const {
    for (Index i = 0; i < rows_; ++i) libmvec_row(w_.data(), w_.size(), t[i], out + 2 * w_.size() * i);
  }

 private:
  Index rows_;
  Vector<float> w_;
};
#endif

#ifdef PHASOR_BENCH_SLEEF
/// SLEEF's sine and cosine in one call, 3.5 ulp, with the widest registers that the build has.
class Sleef {
 public:
  Sleef(Index rows, Index dim) : rows_(rows), w_(omega<float>(dim)) {}
  void operator()(const float* t, float* out) const {
    const Index h = w_.size();
    for (Index i = 0; i < rows_; ++i, out += 2 * h) {
      Index k = 0;
#if defined(__AVX512F__)
      for (; k + 16 <= h; k += 16) {
        const auto wave = Sleef_sincosf16_u35avx512f(_mm512_mul_ps(_mm512_set1_ps(t[i]), _mm512_loadu_ps(&w_[k])));
        _mm512_storeu_ps(out + k, wave.x);
        _mm512_storeu_ps(out + h + k, wave.y);
      }
#elif defined(__AVX2__)
      for (; k + 8 <= h; k += 8) {
        const auto wave = Sleef_sincosf8_u35avx2(_mm256_mul_ps(_mm256_set1_ps(t[i]), _mm256_loadu_ps(&w_[k])));
        _mm256_storeu_ps(out + k, wave.x);
        _mm256_storeu_ps(out + h + k, wave.y);
      }
#elif defined(__SSE2__)
      for (; k + 4 <= h; k += 4) {
        const auto wave = Sleef_sincosf4_u35sse2(_mm_mul_ps(_mm_set1_ps(t[i]), _mm_loadu_ps(&w_[k])));
        _mm_storeu_ps(out + k, wave.x);
        _mm_storeu_ps(out + h + k, wave.y);
      }
#endif
      for (; k < h; ++k) {
        const auto wave = Sleef_sincosf_u35(t[i] * w_[k]);
        out[k] = wave.x;
        out[h + k] = wave.y;
      }
    }
  }

 private:
  Index rows_;
  Vector<float> w_;
};
#endif

}  // namespace bench
