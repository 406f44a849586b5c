// A command line of "--name value" pairs, read against a table of the names.
#pragma once

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace digits {

struct Option {
  std::string name, value, meaning;  // value: the default, until the command line says otherwise
};

class Options {
 public:
  explicit Options(std::vector<Option> table) : table_(std::move(table)) {}

  /// Throws std::invalid_argument for a name that is not in the table or has no value.
  void read(int argc, char** argv) {
    for (int i = 1; i < argc; i += 2) {
      Option& option = table_[index(argv[i])];
      if (i + 1 == argc) throw std::invalid_argument(option.name + " needs a value: " + option.meaning);
      option.value = argv[i + 1];
    }
  }

  const std::string& text(const std::string& name) const { return table_[index(name)].value; }

  /// The value as a number; throws std::invalid_argument unless it is one of least … most.
  double number(const std::string& name, double least, double most) const {
    char* end = nullptr;
    const double value = std::strtod(text(name).c_str(), &end);
    if (text(name).empty() || *end != '\0' || !(least <= value && value <= most))
      refuse(name, "a number of", least, most);
    return value;
  }

  /// The same for an integer.
  int integer(const std::string& name, int least, int most) const {
    const double value = number(name, least, most);
    if (value != std::floor(value)) refuse(name, "an integer of", least, most);
    return static_cast<int>(value);
  }

  /// The table, for the user.
  std::string help() const {
    std::ostringstream help;
    for (const auto& [name, value, meaning] : table_)
      help << "  " << name << std::string(13 - name.size(), ' ') << meaning
           << (value.empty() ? "" : " (" + value + ")") << '\n';
    return help.str();
  }

 private:
  std::size_t index(const std::string& name) const {
    for (std::size_t i = 0; i < table_.size(); ++i)
      if (table_[i].name == name) return i;
    throw std::invalid_argument("no option " + name + "; the options and their defaults are\n" + help());
  }

  [[noreturn]] void refuse(const std::string& name, const char* kind, double least, double most) const {
    std::ostringstream message;
    message << name << " must be " << kind << ' ' << least << " ... " << most << ", not \"" << text(name)
            << '"';
    throw std::invalid_argument(message.str());
  }

  std::vector<Option> table_;
};

/// Whether what is written to `stream` is seen as it comes: a log has no use for progress.
inline bool is_terminal(std::FILE* stream) { return isatty(fileno(stream)) != 0; }

/// Throws std::runtime_error unless the file can be written: before an hour's work, not after it. Leaves what is
/// there as it is.
inline void refuse_unless_writable(const std::string& path) {
  const bool is_new = !std::filesystem::exists(path);
  if (!std::ofstream(path, std::ios::app)) throw std::runtime_error(path + ": cannot be written");
  if (is_new) std::filesystem::remove(path);
}

/// The directory examples/digits/data: where it was when this was compiled or, if that was moved, in a directory around
/// the program; "data" if it is nowhere.
inline std::string data_directory(const std::string& program) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  if (fs::exists(PHASOR_DIGITS_DATA, ignored)) return PHASOR_DIGITS_DATA;
  for (fs::path around = fs::absolute(program, ignored).parent_path(); around != around.parent_path();
       around = around.parent_path()) {
    const fs::path data = around / "examples" / "digits" / "data";
    if (fs::exists(data, ignored)) return data.string();
  }
  return "data";
}

/// The body of a main: runs program(options) and returns the exit status. An exception becomes a line on
/// stderr; --help prints the table instead.
template <typename Program>
int run(int argc, char** argv, std::vector<Option> table, Program program) {
  try {
    Options options(std::move(table));
    if (argc == 2 && argv[1] == std::string("--help")) {
      std::cout << options.help();
    } else {
      options.read(argc, argv);
      program(options);
    }
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << argv[0] << ": " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}

}  // namespace digits
