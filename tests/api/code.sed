# The comment that a file opens with is its description; what follows the ruled line of a header is not for its users.
1i\
/// \\file
1,/^#/s|^//|///|
/^\/\/ -----/,$c\
}
# A specialisation is no documentation.
/^template <>$/d
/^inline constexpr .*Format phasor::format</d
