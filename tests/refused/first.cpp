// A first program, which compiles where there are Eigen and C++17.
#include <phasor/phasor.hpp>

int main() { return phasor::PositionalEmbedding<float>(128).embed(10).cols() != 128; }
