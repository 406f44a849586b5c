# The pictures of bench/run; `data` is the directory of its results. A white ground of their own: legible on any page.
set terminal pngcairo size 900,520 font "Sans,12" background "white"
set key left top Left reverse spacing 1.2
set rmargin 5
set grid back lc rgb "#dddddd"
set border lc rgb "#444444"
set style line 1 lw 3 pt 7 ps 0.8 lc rgb "#0060ad"
set style line 2 lw 2 pt 5 ps 0.8 lc rgb "#d95f02"
set style line 3 lw 2 dt 2 lc rgb "#444444"
set style line 4 lw 2 dt 3 lc rgb "#7a3fa0"

set logscale xy
set ylabel "ns per float"
set yrange [0.02:5]

set output "speed_by_size.png"
set title "Speed by size of the output (float, dim 256)"
set xlabel "output"
set format x "%.0b %BB"
set logscale x 2
plot data . "/size.dat" using 2:4 with linespoints ls 2 title "Eigen: outer product, sin, cos, with -march=native", \
     "" using 2:3 with linespoints ls 1 title "phasor, without -march", \
     "" using 2:5 with lines ls 3 title "std::fill of as many floats", \
     "" using 2:6 with lines ls 4 title "the same by streaming stores"

set output "speed_by_batch.png"
set title "Speed by batch size (float, dim 320)"
set xlabel "timesteps"
set format x "%.0f"
plot data . "/batch.dat" using 1:4 with linespoints ls 2 title "Eigen: outer product, sin, cos, with -march=native", \
     "" using 1:3 with linespoints ls 1 title "phasor, without -march", \
     "" using 1:5 with lines ls 3 title "std::fill of as many floats", \
     "" using 1:6 with lines ls 4 title "the same by streaming stores"

set output "error.png"
set title "Largest error by timestep (float, dim 64)"
set xlabel "|t|"
set ylabel "|out − exact|"
set logscale x 10
set format x "10^{%L}"
set format y "10^{%L}"
set xrange [1e-3:1e9]
set yrange [1e-9:10]
set datafile separator "|"
plot "< grep '^| [0-9]' " . data . "/error.md" using 2:6 with linespoints ls 2 title "float32 angle, t · ω rounded", \
     "" using 2:3 with linespoints ls 1 title "phasor"
set datafile separator

set output "embedding.png"
set title "adm(128): cos | sin"
unset logscale
unset grid
unset key
set rmargin at screen 0.85
set format "%g"
set xlabel "column"
set ylabel "t"
set cblabel ""
set xrange [-0.5:127.5]
set yrange [127.5:-0.5]
set cbrange [-1:1]
set palette defined (-1 "#2166ac", 0 "#f7f7f7", 1 "#b2182b")
plot data . "/picture.txt" matrix with image
