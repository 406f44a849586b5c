#include "uses.hpp"

int main() { return uses::all() == 0; }
