// Numbers as Python prints or saves them, and how far each may be from what was printed.
#pragma once

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

namespace which {

using Values = std::vector<double>;

/// What is no row of an embedding: a sentence for the person who passed it.
struct Nonsense : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Numbers in rows of equal length; rounding is half a unit of the last digit printed, 0 in binary files.
struct Numbers {
  Values value, rounding;
  std::size_t rows = 1;
  double angles = 1;  ///< 0 to take it that their angles were not rounded to float32
};

/// Of a print of a torch tensor, a numpy array or a list. Without brackets, lines are rows if all have equally many, more
/// than one; else all is one row.
inline Numbers read_text(std::string text) {
  if (text.find("...") != std::string::npos || text.find("\xe2\x80\xa6") != std::string::npos)
    throw Nonsense(
        "\"...\" stands for the middle of the row; print all of it: torch.set_printoptions(profile='full'), "
        "or numpy.set_printoptions(threshold=sys.maxsize)");
  const std::size_t open = text.find('['), close = text.rfind(']');
  const bool has_brackets = open < close && close != std::string::npos;
  if (has_brackets) text = text.substr(open, close - open);  // without tensor( and dtype=...
  const char* const separators = " \t\r\n,;[](){}";
  Numbers numbers;
  std::vector<std::size_t> lengths{0};
  std::size_t significant = 0, decimals = 0;
  bool has_exponent = false;
  for (const char* c = text.c_str(); *c != 0;) {
    if (*c == (has_brackets ? '[' : '\n')) lengths.push_back(0);
    const std::string word(c, std::strcspn(c, separators));
    c += std::max<std::size_t>(word.size(), 1);
    if (word.empty() || (std::isalpha(static_cast<unsigned char>(word[0])) != 0 && *c == '(')) continue;  // np.float32(
    char* end = nullptr;
    numbers.value.push_back(std::strtod(word.c_str(), &end));
    if (*end != 0) throw Nonsense("\"" + word.substr(0, 40) + "\" is no number");
    if (!std::isfinite(numbers.value.back())) throw Nonsense("it holds " + word.substr(0, 40) + ", which no sine is");
    const std::string digits = word.substr(0, word.find_first_of("eE"));
    const std::size_t point = std::min(digits.find('.'), digits.size());
    const std::size_t first = std::min(digits.find_first_of("123456789"), digits.size());
    significant = std::max(significant, digits.size() - first - (first < point && point < digits.size()));
    if (digits != word)
      has_exponent = true;
    else if (point < digits.size())
      decimals = std::max(decimals, digits.size() - point - 1);
    ++lengths.back();
  }
  if (numbers.value.empty()) throw Nonsense("there is no number in it");
  lengths.erase(std::remove(lengths.begin(), lengths.end(), 0u), lengths.end());
  const bool is_even = std::count(lengths.begin(), lengths.end(), lengths[0]) == std::ptrdiff_t(lengths.size());
  if (has_brackets && !is_even) throw Nonsense("its rows have different lengths");
  if (is_even && lengths[0] > 1) numbers.rows = lengths.size();  // else a column, or lines of one row
  // All have the same number of decimals, zeros at the end perhaps left out, or else of digits.
  const bool by_digits = has_exponent || decimals > significant;
  for (const double x : numbers.value) {
    const double last = by_digits ? std::floor(std::log10(std::abs(x))) + 1 - double(significant) : -double(decimals);
    numbers.rounding.push_back(by_digits && x == 0 ? 0 : 0.5 * std::pow(10, last));
  }
  return numbers;
}

/// Of a .npy file of float16, float32 or float64.
inline Numbers read_npy(const std::string& bytes) {
  const auto byte = [&](std::size_t i) {
    return i < bytes.size() ? std::size_t{static_cast<unsigned char>(bytes[i])} : 0;
  };
  const std::size_t start = std::min(bytes.size(), (byte(6) > 1 ? 12 : 10) + byte(8) + (byte(9) << 8));
  const std::string header = bytes.substr(0, start), data = bytes.substr(start);
  const std::size_t type = header.find("'<f"), shape = header.find("'shape': (");
  const std::size_t width = type < start ? byte(type + 3) - '0' : 0;
  if ((width != 2 && width != 4 && width != 8) || shape == std::string::npos)
    throw Nonsense("the .npy file does not hold float16, float32 or float64 of a little-endian machine");
  Numbers numbers;
  std::size_t columns = 1, count = 1;
  for (const char* c = header.c_str() + shape + 10; std::isdigit(static_cast<unsigned char>(*c)) != 0;) {
    char* end = nullptr;
    columns = std::min<std::size_t>(std::strtoul(c, &end, 10), data.size() + 1);
    count = std::min(count * columns, data.size() + 1);
    c = end + std::strspn(end, ", ");
  }
  if (count == 0 || count * width > data.size()) throw Nonsense("the .npy file is empty or cut off");
  if (columns > 1) numbers.rows = count / columns;
  if (numbers.rows > 1 && header.find("'fortran_order': True") != std::string::npos)
    throw Nonsense("the .npy file has its rows in Fortran's order: save numpy.ascontiguousarray of it");
  for (const char* c = data.data(); numbers.value.size() < count; c += width) {
    double x = 0;
    float single = 0;
    std::uint16_t half = 0;
    if (width == 8) std::memcpy(&x, c, 8);
    if (width == 4) std::memcpy(&single, c, 4), x = static_cast<double>(single);
    if (width == 2) std::memcpy(&half, c, 2);
    const int exponent = half >> 10 & 31, fraction = half & 1023, sign = half >> 15 != 0 ? -1 : 1;
    if (width == 2) x = std::ldexp(sign * (exponent == 0 ? fraction : fraction + 1024), std::max(exponent, 1) - 25);
    if (!std::isfinite(x) || exponent == 31) throw Nonsense("it holds NaN or infinity, which no sine is");
    numbers.value.push_back(x);
  }
  numbers.rounding.assign(count, 0);
  return numbers;
}

inline Numbers read(const std::string& bytes) {
  return bytes.compare(0, 6, "\x93NUMPY") == 0 ? read_npy(bytes) : read_text(bytes);
}

}  // namespace which
