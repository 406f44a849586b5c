# Links to files of the repository become links to their pages, where there is one.
s|](include/phasor/\([^)/]*\))|](@ref \1)|g
s|](examples/\([^)/]*\))|](@ref \1)|g
s|\[\([^]]*\)\](examples/[^)]*\.cpp)|\1|g
