// Any bytes, as calls of the public API: they choose the target, the Scalar, the words that build a Spectrum, what the
// embedding goes through, the timesteps and the output, right ones and wrong ones. Whatever they choose, every promise
// of README.md must hold.
//
// `fuzz -runs=0 fuzz_corpus` runs the inputs that were kept, for how much they reach or for what they once broke. Built
// by clang with -DPHASOR_LIBFUZZER -fsanitize=fuzzer,address,undefined, `fuzz -max_total_time=60 new fuzz_corpus` looks
// for others. A failure says its t, f and phase, and leaves its input in a file: to keep it, copy that into
// fuzz_corpus.
#include "bits.hpp"
#include "targets.hpp"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <random>
#include <vector>

using phasor::Spectrum;

const bool is_set = (phasor::stream_bytes = 1 << 14, true);  // so that small outputs are streamed too

/// Allocations so far, and how many more succeed before one fails; none does if negative.
static long allocations = 0, allocations_left = -1;

[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (allocations_left == 0) throw std::bad_alloc();
  if (allocations_left > 0) --allocations_left;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size); }  // of libFuzzer
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "fuzz, %s: %s\n", phasor::target(), what.c_str());
  std::abort();
}

/// By its bits: -ffast-math answers std::isfinite.
bool is_finite(const double& x) { return bits(x) << 1 < std::uint64_t(0x7ff) << 53; }

/// The bytes of the input, then pseudorandom ones of which the input is the seed: a short input fills a large batch.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : next_(data), end_(data + size) {
    std::seed_seq seed(data, data + size);
    random_.seed(seed);
  }

  template <typename T>
  T any() {
    std::uint8_t bytes[sizeof(T)];
    for (std::uint8_t& byte : bytes) byte = next_ != end_ ? *next_++ : static_cast<std::uint8_t>(random_());
    T x;
    std::memcpy(&x, bytes, sizeof x);
    return x;
  }

  Index below(Index end) { return any<std::uint16_t>() % end; }
  bool rarely() { return any<std::uint8_t>() % 16 == 5; }

  /// Any double, or one that programs meet: one with a meaning, of few bits, of a moderate size, the one before.
  double number() {
    static const double special[] = {0., -0., 0.25, 1., 0x1p-1074, 1.7e308, HUGE_VAL, std::nan("")};
    const auto kind = any<std::uint8_t>();
    if (kind < 16) return last_ = any<double>();
    if (kind < 32) return last_ = special[any<std::uint8_t>() % 8];
    if (kind < 96) return last_ = any<std::int8_t>() / 8.;
    if (kind < 224) return last_ = std::ldexp(any<std::int32_t>(), kind % 64 - 48);
    return last_;
  }
  std::vector<double> numbers(Index count) {
    std::vector<double> all(static_cast<std::size_t>(count));
    for (double& x : all) x = number();
    return all;
  }

  template <typename T>
  T timestep() {
    if constexpr (std::is_floating_point_v<T>) {
      return static_cast<T>(number());
    } else {  // of any size, or an extreme
      if (rarely()) return any<std::uint8_t>() % 2 ? std::numeric_limits<T>::max() : std::numeric_limits<T>::min();
      const T x = any<T>();
      return static_cast<T>(x >> any<std::uint8_t>() % (8 * sizeof(T)));
    }
  }

 private:
  const std::uint8_t *next_, *end_;
  std::mt19937 random_;
  double last_ = 1;
};

/// Runs f, which must throw std::invalid_argument if its arguments are not `valid`, and nothing else. `allocates` tells
/// whether it may call operator new.
template <typename F>
void run(const std::string& what, bool valid, bool allocates, const F& f) {
  std::string message;
  const long before = allocations;
  try {
    f();
    if (valid && !allocates && allocations != before) fail(what + " allocates");
  } catch (const std::invalid_argument& error) {
    message = error.what();
  }
  if (valid != message.empty()) fail(what + (valid ? " threw " + message : " did not throw"));
  if (!valid && (message.find("phasor: ") != 0 || message.find(", got ") == message.npos)) fail(what + ": " + message);
}

Index size_of(const std::vector<double>& numbers) { return static_cast<Index>(numbers.size()); }

/// A Spectrum by one of the words, whose contracts say which arguments are valid and how many columns there will be.
Spectrum piece(Input& in, const Spectrum& before) {
  using namespace phasor;
  const Index choice = in.below(29);  // of words[] below
  const bool negative = in.rarely(), large = in.rarely();
  const Index dim = negative ? in.any<Index>() | std::numeric_limits<Index>::min() : in.below(large ? 1200 : 150);
  const Index half = dim / 2, columns = size_of(before.frequency), first = in.below(columns + 2) - in.rarely();
  const double a = in.number(), b = in.number(), shift = in.rarely() ? static_cast<double>(half) : in.number();
  const std::vector<double> f = in.numbers(in.below(20)), phases = in.numbers(in.rarely() ? in.below(20) : size_of(f));
  const std::vector<double> zeros(f.size()), zeros_of_phases(phases.size());
  const auto is_base = [](double x) { return is_finite(x) && x > 0; };
  const auto is_shift = [&](Index count) {
    return is_finite(shift) && (count <= 1 || static_cast<double>(count) != shift);
  };
  const bool any = dim > 0, even = any && dim % 2 == 0, base = is_base(a);

  struct Word {
    const char* name;
    bool valid;
    Index columns;
    std::function<Spectrum()> call;
  };
  const Word words[] = {
      {"ddpm", any && base, dim, [&] { return ddpm(dim, a); }},
      {"adm", any && base, dim, [&] { return adm(dim, a); }},
      {"flux", any && base, dim, [&] { return flux(dim, a); }},
      {"grad_tts", any && base, dim, [&] { return grad_tts(dim, a); }},
      {"wuerstchen", any && base, dim, [&] { return wuerstchen(dim, a); }},
      {"wavegrad", even, dim, [&] { return wavegrad(dim); }},
      {"positional_embedding", even && is_finite(a), dim, [&] { return positional_embedding(dim, a); }},
      {"diffwave", even, dim, [&] { return diffwave(dim); }},
      {"pi0", even && base && is_base(b) && is_base(1 / a) && is_base(1 / b), dim, [&] { return pi0(dim, a, b); }},
      {"stable_audio_3", even, dim, [&] { return stable_audio_3(dim); }},
      {"transformer", even && base, dim, [&] { return transformer(dim, a); }},
      {"diffusers_timesteps", any && base && is_shift(half) && is_finite(b), dim,
       [&] { return diffusers_timesteps(dim, phases.size() % 2 == 0, shift, b, a); }},
      {"geometric", dim >= 0 && base && is_shift(dim) && is_finite(b), dim,
       [&] { return sines(geometric(dim, a, shift, b)); }},
      {"geomspace", dim >= 0 && base && is_base(b), dim, [&] { return cosines(geomspace(dim, a, b)); }},
      {"half_of", any, half, [&] { return sines(std::vector<double>(static_cast<std::size_t>(half_of(dim)))); }},
      {"padded", any && dim >= columns, dim, [&] { return padded(before, dim); }},
      {"columns", first >= 0 && first <= columns && dim >= 0 && dim <= columns - first, dim,
       [&] { return phasor::columns(before, first, dim); }},
      {"scaled", is_finite(a), columns, [&] { return scaled(before, a); }},
      {"derivative", true, columns, [&] { return derivative(before); }},
      {"gaussian_fourier", true, 2 * size_of(f), [&] { return gaussian_fourier(f); }},
      {"fourier_embedding", true, 2 * size_of(f), [&] { return fourier_embedding(f); }},
      {"interleaved", true, 2 * size_of(f), [&] { return interleaved(f); }},
      {"mp_fourier", true, size_of(f), [&] { return mp_fourier(f, phases); }},
      {"sines", true, size_of(f), [&] { return sines(f); }},
      {"cosines", true, size_of(f), [&] { return cosines(from_radians(f)); }},
      {"constants", true, size_of(phases),
       [&] {
         return Spectrum{zeros_of_phases, phases};
       }},
      {"zeros", true, size_of(f), [&] { return sines(zeros); }},
      {"a list", true, 2,
       [&] {
         return sines({a, b});
       }},
      {"any columns", true, size_of(f),
       [&] {
         return Spectrum{f, phases};
       }},
  };
  static_assert(std::size(words) == 29);
  const Word& word = words[choice];
  Spectrum out;
  run(std::string(word.name) + " of dim " + hex(dim) + ", " + hex(a) + ", " + hex(b) + ", shift " + hex(shift),
      word.valid, true, [&] { out = word.call(); });
  if (word.valid && size_of(out.frequency) != word.columns) fail(word.name + (" made " + hex(out.frequency.size())));
  return out;
}

Spectrum any_spectrum(Input& in) {
  Spectrum all;
  for (Index pieces = in.below(5); pieces >= 0; --pieces) {
    const Spectrum next = piece(in, all);
    const bool is_whole = next.phase.size() == next.frequency.size();
    run("joined", is_whole, true, [&] { all = phasor::joined(all, next); });
    if (!is_whole) return next;
  }
  if (in.rarely()) return all;  // with what is not finite
  for (double& x : all.frequency) x = is_finite(x) ? x : 1;
  for (double& x : all.phase) x = is_finite(x) ? x : 0.25;
  return all;
}

// GCC and Clang have it on every 64-bit target.
__extension__ typedef unsigned __int128 Wide;

/// |x| as an integer times 2^exponent.
std::uint64_t magnitude(double x, int& exponent) {
  const double fraction = std::frexp(std::abs(x), &exponent);
  exponent -= 53;
  return static_cast<std::uint64_t>(std::ldexp(fraction, 53));
}

/// Such a t or f may count as zero.
template <typename T>
bool is_denormal(T x) {
  return std::is_floating_point_v<T> && x != 0 &&
         std::abs(static_cast<double>(x)) < static_cast<double>(std::numeric_limits<T>::min());
}

static_assert(LDBL_MANT_DIG >= 64);

/// sin(2pi (t f + phase)). t f is an integer of 53 + 53 bits; its whole turns go first, exactly. Error: an angle of up
/// to 1/2 turn is off by 2^-65 (its fraction) and 2^-64 (the sum), times 2pi; 2pi and the product are rounded by 2^-64
/// of pi each, the sine and the difference from an output by less than 4 * 2^-64.
constexpr long double integers_error = 20 * 0x1p-64L;
long double by_integers(double t, double f, double phase) {
  int t_exponent, f_exponent;
  Wide product = static_cast<Wide>(magnitude(t, t_exponent)) * magnitude(f, f_exponent);
  const int exponent = t_exponent + f_exponent;
  if (exponent >= 0) product = 0;
  if (exponent < 0 && exponent > -128) product &= (static_cast<Wide>(1) << -exponent) - 1;
  const long double fraction = std::ldexp(static_cast<long double>(product), exponent);
  long double turns = ((t < 0) != (f < 0) ? -fraction : fraction) + std::remainder(phase, 1.);
  turns -= std::nearbyint(turns);
  return std::sin(2 * 3.14159265358979323846264338327950288L * turns);
}

/// The same, with nothing in common: t goes in digits of 11 bits. The remainder of f times the place of a digit is
/// exact, and so is that times the digit. The sine is Taylor's series. Error, in 2^-64: 5 digits and the phase, each
/// rounded by 1/2 turn of that at most into a sum below 1, times 2pi: 19. Its product with 2pi, and 2pi: 7. A term x^k
/// / k! has 3k/2 roundings, and sum k x^k / k! = x cosh x < 37: 55. Sums: 4 of them below 4, 14 below 1: 22. What is
/// left of the series is below pi^37 / 37! < 2^-80. The difference from an output: 4.
constexpr long double digits_error = 108 * 0x1p-64L;
long double by_digits(double t, double f, double phase) {
  long double rest = std::abs(t), turns = 0;
  while (rest > 0) {
    const int place = std::ilogb(rest) - 10;
    const long double digit = std::floor(std::ldexp(rest, -place));
    rest -= std::ldexp(digit, place);
    turns += std::remainder(digit * std::remainder(std::ldexp(static_cast<long double>(f), place), 1.L), 1.L);
    turns = std::remainder(turns, 1.L);
  }
  turns = std::remainder((t < 0 ? -turns : turns) + std::remainder(static_cast<long double>(phase), 1.L), 1.L);
  const long double x = 2 * 3.14159265358979323846264338327950288L * turns;
  long double term = x, sum = 0;
  for (int k = 1; k < 37; k += 2) {
    sum += term;
    term *= -x * x / static_cast<long double>((k + 1) * (k + 2));
  }
  return sum;
}

/// What has data() and size().
template <typename Scalar>
struct Buffer {
  Scalar* first;
  Index count;
  Scalar* data() const { return first; }
  std::size_t size() const { return static_cast<std::size_t>(count); }
};

template <typename Scalar, typename T>
class Check {
 public:
  using Embedding = phasor::PositionalEmbedding<Scalar>;
  using Rows = typename Embedding::Matrix;
  using Columns = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;

  /// `alone` embeds one timestep at a time, perhaps on another target.
  Check(Input& in, const Embedding& embedding, const Embedding& alone)
      : in_(in), embedding_(embedding), alone_(alone), spectrum_(embedding.spectrum()) {}

  /// A batch into an output of some layout, which must have the rows that each timestep has alone.
  void batch() {
    const Index dim = embedding_.dim(), form = in_.below(14), gap = in_.below(20), stride = 1 + in_.below(3);
    const Index n = std::min(in_.below(in_.rarely() ? 600 : 20), 20000 / dim);
    const auto almost = [this](Index size) { return std::max<Index>(0, size + (in_.rarely() ? in_.below(5) - 2 : 0)); };
    const bool packed = form == 10 || form == 11, one_by_one = form >= 12;
    const Index rows = form == 1 || form == 10 || one_by_one ? n : almost(n),
                columns = form == 10 || form == 13 ? dim : almost(dim);

    std::vector<T> t(static_cast<std::size_t>(n));
    const Index repeated = in_.below(4);  // of 4 timesteps, those that are the one before
    for (std::size_t i = 0; i < t.size(); ++i) t[i] = i > 0 && in_.below(4) < repeated ? t[i - 1] : in_.timestep<T>();
    const Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, 1>> timesteps(t.data(), n);

    // Element (i, k) goes to first[i * di + k * dk]; all else stays as it is.
    const bool by_columns = form == 7 || form == 8 || form == 9;
    const Index inner = form == 5 || form == 6 || form == 9 || one_by_one ? stride : 1;
    const Index outer = std::max<Index>(1, inner * (by_columns ? rows : columns)) + gap;
    Index di = packed ? dim : by_columns ? inner : outer, dk = by_columns ? outer : inner;
    std::vector<Scalar> memory(static_cast<std::size_t>((by_columns ? columns : rows + 1) * outer + 256), unwritten());
    void* aligned = memory.data() + 64;
    std::size_t space = 128 * sizeof(Scalar);
    const Index shifted = in_.below(2);
    Scalar* first = static_cast<Scalar*>(std::align(64, 1, aligned, space)) + shifted * in_.below(20);

    using OuterStride = Eigen::OuterStride<>;
    using Stride = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
    const auto into = [&](auto&& view) { embedding_.embed_into(timesteps, view); };
    const Index count = rows < n ? rows - n : n, row_stride = n < 2 ? in_.any<Index>() : di;
    const bool valid = form == 0 || form == 1 ? (form == 1 || count >= 0) && (n < 2 || di >= dim)
                       : form == 11           ? rows * columns == n * dim
                       : form == 12           ? columns == dim || n == 0
                                              : rows == n && columns == dim;
    const std::string output = ", output " + hex(form) + " of " + hex(rows) + " x " + hex(columns) + " for " + hex(n);
    run(name() + output, valid, false, [&] {
      Eigen::Map<Rows, 0, Stride> by_rows(first, rows, columns, Stride(di, dk));
      switch (form) {
        case 0:
          return embedding_.phasor::template BufferEmbedding<Scalar>::embed_into(t.data(), count, first, row_stride);
        case 1:
          return embedding_.embed_into(t, first, row_stride);
        case 2:
          return into(Eigen::Map<Rows, 0, OuterStride>(first, rows, columns, OuterStride(outer)));
        case 3:
          if constexpr (std::is_same_v<T, double>)  // no vector in memory, as far as the type says
            return embedding_.embed_into(timesteps.reverse().reverse(),
                                         Eigen::Map<Rows>(first, rows + 1, outer).topLeftCorner(rows, columns));
          return into(Eigen::Map<Rows>(first, rows + 1, outer).topLeftCorner(rows, columns));
        case 4:
          return into(Eigen::Map<Columns, 0, OuterStride>(first, columns, rows, OuterStride(outer)).transpose());
        case 5:  // backwards
          first += (rows - 1) * di + (columns - 1) * dk;
          di = -di;
          dk = -dk;
          return into(Eigen::Map<Rows, 0, Stride>(first, rows, columns, Stride(di, dk)));
        case 6:
        case 7:  // rows side by side
          return into(by_rows);
        case 8:
          return into(Eigen::Map<Columns, 0, OuterStride>(first, rows, columns, OuterStride(outer)));
        case 9:
          return into(Eigen::Map<Columns, 0, Stride>(first, rows, columns, Stride(outer, inner)));
        case 10:
          return n == 2 ? embedding_.embed_into({t[0], t[1]}, first) : embedding_.embed_into(t, first);
        case 11:
          return embedding_.embed_into(t, Buffer<Scalar>{first, rows * columns});
        case 12:
          for (Index i = 0; i < n; ++i) {
            if (i % 2) embedding_.embed_into(timesteps[i], by_rows.row(i));
            if (i % 2 == 0) embedding_.embed_into(timesteps[i], by_rows.row(i).transpose());
          }
          return;
        default:
          by_rows = embedding_.embed(timesteps);
      }
    });
    for (Index i = 0; valid && i < n; ++i) {
      const Row row = alone_.embed(timesteps[i]);
      if (i < 3 || in_.rarely()) check_row(timesteps[i], row);
      for (Index k = 0; k < dim; ++k) {
        Scalar& got = first[i * di + k * dk];
        if (bits(got) != bits(row[k])) wrong(output + ", row " + hex(i), timesteps[i], k, got, hex(row[k]));
        got = unwritten();
      }
    }
    for (const Scalar x : memory) {
      if (bits(x) != bits(unwritten())) fail(name() + output + ": written outside, " + hex(x));
    }
  }

 private:
  using Row = typename Embedding::RowVector;

  static std::string name() { return __PRETTY_FUNCTION__; }

  /// A NaN that no computation makes: a slot that was not written still has it.
  static Scalar unwritten() {
    Scalar x;
    const std::uint64_t ones = ~std::uint64_t(0);
    std::memcpy(static_cast<void*>(&x), &ones, sizeof x);
    return x;
  }

  [[noreturn]] void wrong(const std::string& what, T t, Index k, Scalar got, const std::string& want) const {
    fail(name() + what + ": t = " + hex(t) + ", f = " + hex(spectrum_.frequency[k]) +
         ", phase = " + hex(spectrum_.phase[k]) + ", column " + hex(k) + ": got " + hex(got) + ", want " + want);
  }

  /// What holds of one timestep alone.
  void check_row(T t, const Row& row) const {
    const bool finite = is_finite(static_cast<double>(t));
    bool mirrored = std::is_signed_v<T> && finite;
    if constexpr (std::is_integral_v<T>) mirrored = mirrored && t != 0 && t != std::numeric_limits<T>::min();
    const Row mirror = mirrored ? alone_.embed(static_cast<T>(-t)) : row;
    for (Index k = 0; k < row.size(); ++k) {
      const double f = spectrum_.frequency[k], phase = spectrum_.phase[k];
      const Scalar got = row[k];
      if (!finite && f != 0 && !(is_denormal(f) && !is_nan(got))) {
        if (!is_nan(got)) wrong("", t, k, got, "nan");
        continue;
      }
      if (is_nan(got) || std::abs(static_cast<double>(got)) > 1) wrong("", t, k, got, "-1 to 1");
      const double at = f == 0 || !finite ? 0 : static_cast<double>(t);
      for (const bool digits : {false, true}) {
        const auto is_near = [&](long double want) {
          return std::abs(static_cast<long double>(got) - want) <=
                 phasor::max_error<Scalar> + (digits ? digits_error : integers_error);
        };
        const auto formula = digits ? by_digits : by_integers;
        const bool is_as_zero = (is_denormal(t) || is_denormal(f)) && is_near(formula(0, 0, phase));
        if (!is_as_zero && !is_near(formula(at, f, phase)))
          wrong(" error", t, k, got, hex(static_cast<double>(formula(at, f, phase))));
      }
      if (bits(f) == 0 && bits(phase) == 0 && bits(got) != 0) wrong(" zeros", t, k, got, "+0");
      if (t == 0 && phase == 0 && got != Scalar(0)) wrong(" t = 0", t, k, got, "0");
      if ((t == 0 || f == 0) && phase == 0.25 && got != Scalar(1)) wrong(" t = 0", t, k, got, "1");
      const bool odd = mirrored && phase == 0 && f != 0, even = mirrored && (phase == 0.25 || f == 0);
      if ((odd || even) && mirror[k] != (odd ? -got : got)) wrong(" mirror", t, k, got, hex(mirror[k]));
    }
  }

  Input& in_;
  const Embedding &embedding_, &alone_;
  const Spectrum& spectrum_;
};

/// Copies, moves and the like, after which it must be as it was: they do not allocate, and what was moved from stays
/// good.
template <typename Embedding>
void live(Input& in, Embedding& embedding) {
  Embedding other(phasor::adm(6));
  for (Index left = in.below(4); left > 0; --left) {
    const Index what = in.below(7);
    const Spectrum spectrum = embedding.spectrum();
    const long before = allocations;
    Embedding copy(embedding), *itself = &embedding;
    switch (what) {
      case 0:
        embedding = copy;
        break;
      case 1:
        embedding = std::move(copy);
        break;
      case 2:
        std::swap(embedding, other);
        std::swap(other, embedding);
        break;
      case 3:
        other = std::move(embedding);
        break;
      case 4:
        embedding = *itself;
        break;
      case 5:
        embedding = std::move(*itself);
        break;
      default:                            // another one, one of whose allocations fails
        allocations_left = in.below(30);  // until one fails
        try {
          embedding = Embedding(phasor::joined(spectrum, phasor::derivative(spectrum)));
          embedding = copy;
        } catch (const std::bad_alloc&) {
        }
    }
    allocations_left = -1;
    if (what < 6 && allocations != before) fail("a copy or a move allocates");
  }
}

template <typename Scalar>
void check(Input& in) {
  const auto any_target = [&] {
    return targets()[static_cast<std::size_t>(in.below(static_cast<Index>(targets().size())))];
  };
  const int chosen = any_target();
  use_target(chosen);
  const Index type = in.below(7);
  const Spectrum spectrum = any_spectrum(in);
  const Index dim = size_of(spectrum.frequency);
  bool valid = dim > 0 && size_of(spectrum.phase) == dim;
  for (const double x : spectrum.frequency) valid = valid && is_finite(x);
  for (const double x : spectrum.phase) valid = valid && is_finite(x);
  std::optional<phasor::PositionalEmbedding<Scalar>> embedding;
  run("a Spectrum of " + hex(dim), valid, true, [&] { embedding.emplace(spectrum); });
  if (in.rarely()) {
    const Index columns = in.below(100) - 10;
    const double scale = in.number();
    run("a dim of " + hex(columns) + ", scale " + hex(scale), columns > 0 && columns % 2 == 0 && is_finite(scale), true,
        [&] { embedding.emplace(columns, scale); });
  }
  if (!embedding) return;
  live(in, *embedding);
  // Of float and what is made from it, all targets that fuse have the same bits.
  const int other = any_target();
  if (!std::is_same_v<Scalar, double> && fuses(chosen) && fuses(other)) use_target(other);
  const phasor::PositionalEmbedding<Scalar> alone(embedding->spectrum());
  use_target(chosen);
  const auto batch = [&](auto t) { Check<Scalar, decltype(t)>(in, *embedding, alone).batch(); };
  if constexpr (sizeof(Scalar) == 2) return type % 2 == 0 ? batch(double()) : batch(std::int64_t());  // as float's
  type == 0   ? batch(float())
  : type == 1 ? batch(double())
  : type == 2 ? batch(std::int8_t())
  : type == 3 ? batch(std::int16_t())
  : type == 4 ? batch(std::int32_t())
  : type == 5 ? batch(std::int64_t())
              : batch(std::uint64_t());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input in(data, size);
  const Index scalar = in.below(4);
  scalar == 0   ? check<float>(in)
  : scalar == 1 ? check<double>(in)
  : scalar == 2 ? check<Eigen::half>(in)
                : check<Eigen::bfloat16>(in);
  return 0;
}

#ifndef PHASOR_LIBFUZZER
int main(int argc, char** argv) {
  for (const auto& file : std::filesystem::directory_iterator(argv[argc - 1])) {
    std::ifstream stream(file.path(), std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
    std::printf("%s\n", file.path().filename().c_str());
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  }
}
#endif
