#include "which.hpp"

int main(int argc, char** argv) { return which::run({argv + 1, argv + argc}, std::cin, std::cout, std::cerr); }
