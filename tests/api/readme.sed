# Links to pages and folders of the repository become words; links to its files become links to their pages, where there is one.
s|\[\([^]]*\)\]([^)]*\.md\(#[^)]*\)*)|\1|g
s|\[\([^]]*\)\]([^):]*/)|\1|g
s|](include/phasor/\([^)/]*\))|](@ref \1)|g
s|](examples/\([^)/]*\))|](@ref \1)|g
s|\[\([^]]*\)\](examples/[^)]*\.cpp)|\1|g
# Doxygen 1.9.4 knows no anchors of headings: links to them become words.
s|\[\([^]]*\)\](#[^)]*)|\1|g
