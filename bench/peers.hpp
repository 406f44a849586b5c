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

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Angular frequencies, rounded to float as everybody's are.
inline Eigen::VectorXf omega(Index dim) {
  Eigen::VectorXf w(dim / 2);
  for (Index k = 0; k < w.size(); ++k) {
    w[k] = static_cast<float>(std::pow(1e4, -static_cast<double>(k) / static_cast<double>(w.size())));
  }
  return w;
}

/// The three lines that one would write with Eigen: outer product, sin, cos. All of it is row-major: Eigen does not
/// vectorise an assignment between storage orders.
class NaiveEigen {
 public:
  NaiveEigen(Index rows, Index dim) : w_(omega(dim)), angles_(rows, dim / 2) {}
  void operator()(const float* t, float* out) {
    const Index h = w_.size();
    Eigen::Map<Matrix> result(out, angles_.rows(), 2 * h);
    angles_.noalias() = Eigen::Map<const Eigen::VectorXf>(t, angles_.rows()) * w_.transpose();
    result.leftCols(h) = angles_.array().sin().matrix();
    result.rightCols(h) = angles_.array().cos().matrix();
  }

 private:
  Eigen::VectorXf w_;
  Matrix angles_;
};

/// The same a row at a time: the angles stay in the first-level cache.
class EigenByRows {
 public:
  EigenByRows(Index rows, Index dim) : rows_(rows), w_(omega(dim).transpose()), angles_(dim / 2) {}
  void operator()(const float* t, float* out) {
    const Index h = w_.size();
    Eigen::Map<Matrix> result(out, rows_, 2 * h);
    for (Index i = 0; i < rows_; ++i) {
      angles_ = t[i] * w_;
      result.row(i).head(h) = angles_.sin().matrix();
      result.row(i).tail(h) = angles_.cos().matrix();
    }
  }

 private:
  Index rows_;
  Eigen::Array<float, 1, Eigen::Dynamic> w_, angles_;
};

/// Two loops and the C++ library.
class Loop {
 public:
  Loop(Index rows, Index dim) : rows_(rows), w_(omega(dim)) {}
  void operator()(const float* t, float* out) const {
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
  Eigen::VectorXf w_;
};

#if defined(__AVX512F__) || (defined(__AVX2__) && defined(__FMA__))
#define PHASOR_BENCH_BARE
/// phasor's arithmetic for floats in a bare loop of intrinsics (include/phasor says why it is exact): without a choice of
/// target, checks, tails, or any other t, layout or type. dim must be a multiple of 32, and t f below 2^11 turns.
class BareLoop {
 public:
  BareLoop(Index rows, Index dim) : rows_(rows), high_(dim / 2), low_(dim / 2) {
    for (Index k = 0; k < dim / 2; ++k) {
      const double turns = std::pow(1e4, -2. * static_cast<double>(k) / static_cast<double>(dim)) / (2 * EIGEN_PI);
      high_[k] = static_cast<float>(turns);
      low_[k] = static_cast<float>(turns - static_cast<double>(high_[k]));
    }
    for (int n = 0; n < 20; ++n) sines_[n] = static_cast<float>(std::sin(n * EIGEN_PI / 8));
  }
  void operator()(const float* t, float* out) const {
    const Index h = high_.size();
    const Floats sine = load(sines_), cosine = load(sines_ + 4), magic = all(0x1.8p19f);  // 1/16 is its last place
    for (Index i = 0; i < rows_; ++i, out += 2 * h) {
      for (Index k = 0; k < h; k += Index(sizeof(Floats) / sizeof(float))) {
        const Floats f = load(&high_[k]), y = fma(all(t[i]), f, magic);
        const Floats r = fma(all(t[i]), load(&low_[k]), fma(all(t[i]), f, magic - y)), w = r * r;
        const Floats sin_r = r * fma(fma(all(0x1.476cbcp6f), w, all(-0x1.4abcd2p5f)), w, all(0x1.921fb6p2f));
        const Floats cos_r = fma(fma(all(0x1.033976p6f), w, all(-0x1.3bd396p4f)), w, all(0x1.bd9d6p-27f));
        const Floats sin_n = lookup(sine, y), cos_n = lookup(cosine, y);
        store(out + k, sin_n + fma(cos_n, sin_r, sin_n * cos_r));
        store(out + h + k, cos_n + fma(-sin_n, sin_r, cos_n * cos_r));
      }
    }
  }

 private:
#if defined(__AVX512F__)
  using Floats = __m512;
  static Floats all(float x) { return _mm512_set1_ps(x); }
  static Floats load(const float* from) { return _mm512_loadu_ps(from); }
  static void store(float* to, Floats x) { _mm512_storeu_ps(to, x); }
  static Floats fma(Floats a, Floats b, Floats c) { return _mm512_fmadd_ps(a, b, c); }
  static Floats lookup(Floats table, Floats y) { return _mm512_permutexvar_ps(_mm512_castps_si512(y), table); }
#else
  using Floats = __m256;
  static Floats all(float x) { return _mm256_set1_ps(x); }
  static Floats load(const float* from) { return _mm256_loadu_ps(from); }
  static void store(float* to, Floats x) { _mm256_storeu_ps(to, x); }
  static Floats fma(Floats a, Floats b, Floats c) { return _mm256_fmadd_ps(a, b, c); }
  static Floats lookup(Floats table, Floats y) {  // half a turn on, the sign changes
    const __m256i n = _mm256_castps_si256(y), sign = _mm256_slli_epi32(_mm256_srli_epi32(n, 3), 31);
    return _mm256_xor_ps(_mm256_permutevar8x32_ps(table, n), _mm256_castsi256_ps(sign));
  }
#endif
  Index rows_;
  Eigen::VectorXf high_, low_;
  float sines_[20];  // of sixteenths of a turn; the cosines from the fifth on
};
#endif

/// No trigonometry at all: the least that any embedding costs.
class Fill {
 public:
  Fill(Index rows, Index dim) : size_(rows * dim) {}
  void operator()(const float* t, float* out) const { std::fill(out, out + size_, *t); }

 private:
  Index size_;
};

#if EIGEN_ARCH_i386_OR_x86_64
/// The same bytes past the caches. `out` must be aligned to 64 bytes, and their number a multiple of that.
class StreamingFill {
 public:
  StreamingFill(Index rows, Index dim) : size_(rows * dim) {}
  void operator()(const float*, float* out) const {
    for (Index i = 0; i < size_; i += 16) {
#if defined(__AVX512F__)
      _mm512_stream_ps(out + i, _mm512_set1_ps(0.5f));
#else
      for (Index k = i; k < i + 16; k += 4) _mm_stream_ps(out + k, _mm_set1_ps(0.5f));
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
  Libmvec(Index rows, Index dim) : rows_(rows), w_(omega(dim)) {}
  void operator()(const float* t, float* out) const {
    for (Index i = 0; i < rows_; ++i) libmvec_row(w_.data(), w_.size(), t[i], out + 2 * w_.size() * i);
  }

 private:
  Index rows_;
  Eigen::VectorXf w_;
};
#endif

#ifdef PHASOR_BENCH_SLEEF
/// SLEEF's sine and cosine in one call, 3.5 ulp, with the widest registers that the build has.
class Sleef {
 public:
  Sleef(Index rows, Index dim) : rows_(rows), w_(omega(dim)) {}
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
  Eigen::VectorXf w_;
};
#endif

}  // namespace bench
