// What main.cpp asks of a part: part.cpp, compiled as `one` and as `other`, with the flags of each.
#pragma once

#include <cstdint>

struct Holder;  // has an embedding; each part's own

#define PHASOR_DECLARE_PART(name)                                                        \
  namespace name {                                                                       \
  const char* target();                                                                  \
  std::uint64_t bits_by_pointer(); /* a hash of outputs by embeddings of this part */    \
  std::uint64_t bits_by_eigen();   /* the same numbers */                                \
  const Holder& made();                                                                  \
  std::uint64_t bits_of(const Holder& holder); /* the same, by what either part made */  \
  }
PHASOR_DECLARE_PART(one)
PHASOR_DECLARE_PART(other)
