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

using Nonsense = std::runtime_error;  ///< what is no row of an embedding: a sentence for the person who passed it

/// Numbers; rounding is half a unit of the last digit printed, 0 in binary files.
struct Row {
  Values value, rounding;
  int bits = 53;  ///< of the outputs: 8 if they were rounded to bfloat16, 11 to half
  bool has_float_angles = true;
};

/// Rows of so many columns; a single column is a row.
inline std::vector<Row> in_rows(const Row& all, std::size_t columns) {
  const auto size = std::ptrdiff_t(all.value.size()), step = columns < 2 ? size : std::ptrdiff_t(columns);
  std::vector<Row> rows;
  for (auto value = all.value.begin(), rounding = all.rounding.begin(); value != all.value.end();
       value += step, rounding += step)
    rows.push_back({{value, value + step}, {rounding, rounding + step}});
  return rows;
}

/// Of a print of a torch tensor, a numpy array or a list. Without brackets, lines are rows if all have equally many.
inline std::vector<Row> read_text(std::string text) {
  if (text.find("...") != std::string::npos || text.find("\xe2\x80\xa6") != std::string::npos)
    throw Nonsense(
        "\"...\" stands for the middle of the row; print all of it: torch.set_printoptions(profile='full'), "
        "or numpy.set_printoptions(threshold=sys.maxsize)");
  const std::size_t open = text.find('['), close = text.rfind(']');
  const bool has_brackets = open < close && close != std::string::npos;
  if (has_brackets) text = text.substr(open, close - open);  // without tensor( and dtype=...
  Row all;
  std::vector<std::size_t> lengths{0};
  double significant = 0, decimals = 0;  // digits: the most of any number
  for (const char* c = text.c_str(); *c != 0;) {
    if (*c == (has_brackets ? '[' : '\n')) lengths.push_back(0);
    const std::string word(c, std::strcspn(c, " \t\r\n,;[](){}"));
    c += std::max<std::size_t>(word.size(), 1);
    if (word.empty() || (std::isalpha(static_cast<unsigned char>(word[0])) != 0 && *c == '(')) continue;  // np.float32(
    char* end = nullptr;
    all.value.push_back(std::strtod(word.c_str(), &end));
    if (*end != 0) throw Nonsense("\"" + word.substr(0, 40) + "\" is no number");
    if (!std::isfinite(all.value.back())) throw Nonsense("it holds " + word.substr(0, 40) + ", which no sine is");
    const std::size_t exponent = std::min(word.find_first_of("eE"), word.size());
    const std::size_t point = std::min(word.find('.'), exponent), first = word.find_first_of("123456789");
    const double shift = exponent < word.size() ? std::strtod(word.c_str() + exponent + 1, nullptr) : 0;
    if (first < exponent) significant = std::max(significant, double(exponent - first - (first < point)));
    if (point < exponent) decimals = std::max(decimals, double(exponent - point - 1) - shift);
    ++lengths.back();
  }
  if (all.value.empty()) throw Nonsense("there is no number in it");
  lengths.erase(std::remove(lengths.begin(), lengths.end(), 0u), lengths.end());
  const bool is_even = std::count(lengths.begin(), lengths.end(), lengths[0]) == std::ptrdiff_t(lengths.size());
  if (has_brackets && !is_even) throw Nonsense("its rows have different lengths");
  for (const double x : all.value)  // either all have as many decimals, or all have as many digits
    all.rounding.push_back(
        std::max(std::pow(10, -decimals), std::pow(10, std::floor(std::log10(std::abs(x))) + 1 - significant)) / 2);
  return in_rows(all, is_even ? lengths[0] : 0);
}

/// Of a .npy file of float16, float32 or float64.
inline std::vector<Row> read_npy(const std::string& bytes) {
  const std::size_t start = std::min(bytes.find('\n', 10), bytes.size() - 1) + 1;
  const std::string header = bytes.substr(0, start), data = bytes.substr(start);
  const std::size_t type = header.find("'<f"), shape = header.find("'shape': (");
  const std::size_t width = type < start ? std::size_t(header[type + 3] - '0') : 0;
  if ((width != 2 && width != 4 && width != 8) || shape == std::string::npos)
    throw Nonsense("the .npy file does not hold float16, float32 or float64 of a little-endian machine");
  double columns = 1, count = 1;
  for (const char* c = header.c_str() + shape + 10; std::isdigit(static_cast<unsigned char>(*c)) != 0;) {
    char* end = nullptr;
    columns = double(std::strtoul(c, &end, 10));
    count *= columns;
    c = end + std::strspn(end, ", ");
  }
  if (count == 0 || count * double(width) > double(data.size())) throw Nonsense("the .npy file is empty or cut off");
  if (columns > 1 && columns < count && header.find("'fortran_order': True") != std::string::npos)
    throw Nonsense("the .npy file has its rows in Fortran's order: save numpy.ascontiguousarray of it");
  Row all{{}, Values(std::size_t(count))};
  const int fraction_bits = width == 2 ? 10 : width == 4 ? 23 : 52;
  const int largest = (1 << (8 * int(width) - 1 - fraction_bits)) - 1;
  for (const char* c = data.data(); all.value.size() < all.rounding.size(); c += width) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, c, width);
    const std::uint64_t one = std::uint64_t{1} << fraction_bits, fraction = bits % one;
    const int exponent = int(bits >> fraction_bits) & largest, sign = bits >> (8 * width - 1) != 0 ? -1 : 1;
    if (exponent == largest) throw Nonsense("it holds NaN or infinity, which no sine is");
    all.value.push_back(sign * std::ldexp(double(exponent == 0 ? fraction : fraction + one),
                                          std::max(exponent, 1) - largest / 2 - fraction_bits));
  }
  return in_rows(all, std::size_t(columns));
}

inline std::vector<Row> read(const std::string& bytes) {
  return bytes.compare(0, 6, "\x93NUMPY") == 0 ? read_npy(bytes) : read_text(bytes);
}

}  // namespace which
