// Words that other people's headers define, as nothing that could stand in code. A line here is a line that phasor must not use.
// Not among them: keywords, and what the standard library or Eigen need when a template of theirs is used later.
#pragma once


// windows.h and what it brings
#undef min
#define min(...) @
#undef max
#define max(...) @
#undef near
#define near @
#undef far
#define far @
#undef small
#define small @
#undef interface
#define interface @
#undef IN
#define IN @
#undef OUT
#define OUT @
#undef OPTIONAL
#define OPTIONAL @
#undef ERROR
#define ERROR @
#undef DELETE
#define DELETE @
#undef CONST
#define CONST @
#undef VOID
#define VOID @
#undef BOOL
#define BOOL @
#undef TRUE
#define TRUE @
#undef FALSE
#define FALSE @
#undef BYTE
#define BYTE @
#undef WORD
#define WORD @
#undef DWORD
#define DWORD @
#undef INT
#define INT @
#undef UINT
#define UINT @
#undef LONG
#define LONG @
#undef ULONG
#define ULONG @
#undef SHORT
#define SHORT @
#undef USHORT
#define USHORT @
#undef CHAR
#define CHAR @
#undef UCHAR
#define UCHAR @
#undef FLOAT
#define FLOAT @
#undef DOUBLE
#define DOUBLE @
#undef HANDLE
#define HANDLE @
#undef CALLBACK
#define CALLBACK @
#undef WINAPI
#define WINAPI @
#undef PASCAL
#define PASCAL @
#undef STRICT
#define STRICT @
#undef NO_ERROR
#define NO_ERROR @
#undef S_OK
#define S_OK @
#undef E_FAIL
#define E_FAIL @
#undef hyper
#define hyper @
#undef cdecl
#define cdecl @
#undef pascal
#define pascal @
#undef CreateWindow
#define CreateWindow @
#undef GetMessage
#define GetMessage @
#undef SendMessage
#define SendMessage @
#undef GetObject
#define GetObject @
#undef LoadImage
#define LoadImage @
#undef DrawText
#define DrawText @
#undef PlaySound
#define PlaySound @
#undef Yield
#define Yield @
#undef ReplaceText
#define ReplaceText @
#undef FindText
#define FindText @
#undef MessageBox
#define MessageBox @
#undef CreateFile
#define CreateFile @
#undef CopyFile
#define CopyFile @
#undef MoveFile
#define MoveFile @
#undef DeleteFile
#define DeleteFile @
#undef GetClassName
#define GetClassName @
#undef GetCurrentTime
#define GetCurrentTime @
#undef GetFreeSpace
#define GetFreeSpace @
#undef RGB
#define RGB(...) @
#undef MAKEWORD
#define MAKEWORD(...) @
#undef LOWORD
#define LOWORD(...) @
#undef HIWORD
#define HIWORD(...) @
#undef INFINITE
#define INFINITE @
#undef RELATIVE
#define RELATIVE @
#undef ABSOLUTE
#define ABSOLUTE @
#undef TRANSPARENT
#define TRANSPARENT @
#undef OPAQUE
#define OPAQUE @
#undef DIFFERENCE
#define DIFFERENCE @
#undef UNION
#define UNION @
#undef rad1
#define rad1 @
#undef rad2
#define rad2 @
#undef grp1
#define grp1 @
#undef chx1
#define chx1 @
#undef grp2
#define grp2 @
#undef pshed
#define pshed @
#undef psh1
#define psh1 @
#undef stc1
#define stc1 @
#undef lst1
#define lst1 @
#undef edt1
#define edt1 @
#undef cmb1
#define cmb1 @
#undef scr1
#define scr1 @
#undef GROUP
#define GROUP @
#undef MONO_FONT
#define MONO_FONT @

// Apple's AssertMacros.h, MacTypes.h and Objective-C
#undef check
#define check @
#undef verify
#define verify @
#undef require
#define require @
#undef require_action
#define require_action @
#undef require_noerr
#define require_noerr @
#undef check_noerr
#define check_noerr @
#undef verify_noerr
#define verify_noerr @
#undef assert_noerr
#define assert_noerr @
#undef ncheck
#define ncheck @
#undef nil
#define nil @
#undef Nil
#define Nil @
#undef YES
#define YES @
#undef NO
#define NO @
#undef IBOutlet
#define IBOutlet @

// cmocka, check, Unity, GoogleTest, Catch, Boost
#undef fail
#define fail @
#undef fail_msg
#define fail_msg @
#undef skip
#define skip @
#undef expect_value
#define expect_value @
#undef will_return
#define will_return @
#undef assert_true
#define assert_true @
#undef assert_false
#define assert_false @
#undef ASSERT
#define ASSERT @
#undef EXPECT
#define EXPECT @
#undef TEST
#define TEST @
#undef SECTION
#define SECTION @
#undef INFO
#define INFO @
#undef WARN
#define WARN @
#undef FAIL
#define FAIL @
#undef SUCCEED
#define SUCCEED @
#undef REQUIRE
#define REQUIRE @
#undef CHECK
#define CHECK @
#undef SCENARIO
#define SCENARIO @
#undef GIVEN
#define GIVEN @
#undef WHEN
#define WHEN @
#undef THEN
#define THEN @
#undef TEST_CASE
#define TEST_CASE @
#undef BOOST_CHECK
#define BOOST_CHECK @

// math.h, complex.h, and those who define what is missing
#undef DOMAIN
#define DOMAIN @
#undef SING
#define SING @
#undef OVERFLOW
#define OVERFLOW @
#undef UNDERFLOW
#define UNDERFLOW @
#undef PLOSS
#define PLOSS @
#undef TLOSS
#define TLOSS @
#undef I
#define I @
#undef _Imaginary_I
#define _Imaginary_I @
#undef PI
#define PI @
#undef TWO_PI
#define TWO_PI @
#undef HALF_PI
#define HALF_PI @
#undef DEG_TO_RAD
#define DEG_TO_RAD @
#undef RAD_TO_DEG
#define RAD_TO_DEG @
#undef EULER
#define EULER @
#undef M_PI
#define M_PI @
#undef M_2PI
#define M_2PI @
#undef M_TAU
#define M_TAU @
#undef TAU
#define TAU @
#undef EPS
#define EPS @
#undef EPSILON
#define EPSILON @
#undef INF
#define INF @
#undef NAN_VALUE
#define NAN_VALUE @
#undef SQR
#define SQR @
#undef SQUARE
#define SQUARE @
#undef POW2
#define POW2 @
#undef ABS
#define ABS @
#undef SIGN
#define SIGN @
#undef CLAMP
#define CLAMP @
#undef LERP
#define LERP @
#undef FLOOR
#define FLOOR @
#undef ROUND
#define ROUND @
#undef round_up
#define round_up @
#undef frac
#define frac @
#undef turns_per_unit
#define turns_per_unit @
#undef real_t
#define real_t @
#undef imag
#define imag @

// single letters, and pairs
#undef A
#define A @
#undef B
#define B @
#undef C
#define C @
#undef D
#define D @
#undef E
#define E @
#undef F
#define F @
#undef G
#define G @
#undef H
#define H @
#undef J
#define J @
#undef K
#define K @
#undef L
#define L @
#undef M
#define M @
#undef N
#define N @
#undef O
#define O @
#undef P
#define P @
#undef Q
#define Q @
#undef R
#define R @
#undef S
#define S @
#undef T
#define T @
#undef U
#define U @
#undef V
#define V @
#undef W
#define W @
#undef X
#define X @
#undef Y
#define Y @
#undef Z
#define Z @
#undef A0
#define A0 @
#undef A1
#define A1 @
#undef A2
#define A2 @
#undef B0
#define B0 @
#undef B1
#define B1 @
#undef C0
#define C0 @
#undef C1
#define C1 @
#undef D0
#define D0 @
#undef D1
#define D1 @
#undef E0
#define E0 @
#undef F0
#define F0 @
#undef F1
#define F1 @
#undef N0
#define N0 @
#undef P0
#define P0 @
#undef R0
#define R0 @
#undef R1
#define R1 @
#undef S0
#define S0 @
#undef S1
#define S1 @
#undef T0
#define T0 @
#undef T1
#define T1 @
#undef X0
#define X0 @
#undef X1
#define X1 @
#undef Y0
#define Y0 @
#undef Y1
#define Y1 @

// X11
#undef None
#define None @
#undef Bool
#define Bool @
#undef Status
#define Status @
#undef True
#define True @
#undef False
#define False @
#undef Success
#define Success @
#undef Always
#define Always @
#undef Never
#define Never @
#undef Above
#define Above @
#undef Below
#define Below @
#undef Convex
#define Convex @
#undef Complex
#define Complex @
#undef Nonconvex
#define Nonconvex @
#undef Unsorted
#define Unsorted @
#undef YSorted
#define YSorted @
#undef CurrentTime
#define CurrentTime @
#undef CursorShape
#define CursorShape @
#undef FocusIn
#define FocusIn @
#undef FocusOut
#define FocusOut @
#undef KeyPress
#define KeyPress @
#undef KeyRelease
#define KeyRelease @
#undef Expose
#define Expose @
#undef DestroyAll
#define DestroyAll @
#undef Opposite
#define Opposite @
#undef Bottom
#define Bottom @
#undef Top
#define Top @
#undef Left
#define Left @
#undef Right
#define Right @
#undef Button1
#define Button1 @
#undef ControlMask
#define ControlMask @
#undef LockMask
#define LockMask @
#undef ShiftMask
#define ShiftMask @
#undef GrayScale
#define GrayScale @
#undef PseudoColor
#define PseudoColor @
#undef StaticGray
#define StaticGray @
#undef DirectColor
#define DirectColor @
#undef ColormapNotify
#define ColormapNotify @
#undef NoSymbol
#define NoSymbol @
#undef XYBitmap
#define XYBitmap @
#undef ZPixmap
#define ZPixmap @
#undef Region
#define Region @
#undef Display
#define Display @
#undef Screen
#define Screen @

// Arduino, AVR, STM32
#undef byte
#define byte @
#undef word
#define word(...) @
#undef bit
#define bit(...) @
#undef bitRead
#define bitRead @
#undef bitSet
#define bitSet @
#undef lowByte
#define lowByte @
#undef highByte
#define highByte @
#undef HIGH
#define HIGH @
#undef LOW
#define LOW @
#undef INPUT
#define INPUT @
#undef OUTPUT
#define OUTPUT @
#undef LSBFIRST
#define LSBFIRST @
#undef MSBFIRST
#define MSBFIRST @
#undef DEFAULT
#define DEFAULT @
#undef EXTERNAL
#define EXTERNAL @
#undef INTERNAL
#define INTERNAL @
#undef constrain
#define constrain(...) @
#undef radians
#define radians(...) @
#undef degrees
#define degrees(...) @
#undef sq
#define sq(...) @
#undef interrupts
#define interrupts @
#undef noInterrupts
#define noInterrupts @
#undef boolean
#define boolean @
#undef B0000
#define B0000 @
#undef B00000001
#define B00000001 @
#undef F_CPU
#define F_CPU @
#undef PROGMEM
#define PROGMEM @
#undef cli
#define cli @
#undef sei
#define sei @
#undef SET
#define SET @
#undef RESET
#define RESET @
#undef READ_BIT
#define READ_BIT @
#undef UNUSED
#define UNUSED @
#undef __IO
#define __IO @
#undef SUCCESS
#define SUCCESS @
#undef DISABLE
#define DISABLE @
#undef ENABLE
#define ENABLE @

// Unix, older compilers and C libraries
#undef unix
#define unix @
#undef linux
#define linux @
#undef major
#define major(...) @
#undef minor
#define minor(...) @
#undef makedev
#define makedev(...) @
#undef index
#define index @
#undef rindex
#define rindex @
#undef bcopy
#define bcopy @
#undef stdin_fd
#define stdin_fd @
#undef howmany
#define howmany(...) @
#undef roundup
#define roundup(...) @
#undef powerof2
#define powerof2(...) @
#undef MIN
#define MIN @
#undef MAX
#define MAX @
#undef NBBY
#define NBBY @
#undef BSD
#define BSD @
#undef SVR4
#define SVR4 @
#undef sun
#define sun @
#undef vax
#define vax @
#undef i386
#define i386 @
#undef hpux
#define hpux @
#undef mips
#define mips @
#undef sparc
#define sparc @
#undef arm
#define arm @
#undef alpha
#define alpha @
#undef hz
#define hz @
#undef HZ
#define HZ @
#undef STDIN
#define STDIN @
#undef __unused
#define __unused @
#undef likely
#define likely @
#undef unlikely
#define unlikely @
#undef container_of
#define container_of @
#undef offsetof_of
#define offsetof_of @
#undef FALLTHROUGH
#define FALLTHROUGH @

// ggml, llama.cpp, LibTorch, OpenCV, Qt, CUDA, Python, Perl, R
#undef LOG
#define LOG @
#undef LOGGING
#define LOGGING @
#undef FATAL
#define FATAL @
#undef DEBUG
#define DEBUG @
#undef TRACE
#define TRACE @
#undef VERBOSE
#define VERBOSE @
#undef WARNING
#define WARNING @
#undef NOTICE
#define NOTICE @
#undef emit
#define emit @
#undef slots
#define slots @
#undef signals
#define signals @
#undef foreach
#define foreach @
#undef forever
#define forever @
#undef Q_UNUSED
#define Q_UNUSED @
#undef CV_PI
#define CV_PI @
#undef CV_Assert
#define CV_Assert @
#undef uchar
#define uchar @
#undef ushort
#define ushort @
#undef C10_UNUSED
#define C10_UNUSED @
#undef TORCH_CHECK
#define TORCH_CHECK @
#undef CUDA_CHECK
#define CUDA_CHECK @
#undef AT_ERROR
#define AT_ERROR @
#undef MAX_THREADS
#define MAX_THREADS @
#undef WARP_SIZE
#define WARP_SIZE @
#undef BLOCK_SIZE
#define BLOCK_SIZE @
#undef TILE_SIZE
#define TILE_SIZE @
#undef blockIdx_x
#define blockIdx_x @
#undef Py_None
#define Py_None @
#undef length
#define length @
#undef ncols
#define ncols @
#undef nrows
#define nrows @
#undef error
#define error @
#undef warning
#define warning @
#undef alloc
#define alloc @
#undef release
#define release @
#undef acquire
#define acquire @
#undef lock
#define lock @
#undef unlock
#define unlock @
#undef allocate
#define allocate @
#undef deallocate
#define deallocate @
#undef NA
#define NA @
#undef NA_REAL
#define NA_REAL @
#undef DO_NOT
#define DO_NOT @
#undef call_sv
#define call_sv @

// what short programs call their own
#undef BATCH
#define BATCH @
#undef DIM
#define DIM @
#undef SCALE
#define SCALE @
#undef BASE
#define BASE @
#undef STEP
#define STEP @
#undef STEPS
#define STEPS @
#undef HALF
#define HALF @
#undef COUNT
#define COUNT @
#undef SIZE
#define SIZE @
#undef ROWS
#define ROWS @
#undef COLS
#define COLS @
#undef STRIDE
#define STRIDE @
#undef FREQ
#define FREQ @
#undef FREQUENCY
#define FREQUENCY @
#undef PHASE
#define PHASE @
#undef SINE
#define SINE @
#undef COSINE
#define COSINE @
#undef SIN
#define SIN @
#undef COS
#define COS @
#undef SINCOS
#define SINCOS @
#undef TABLE
#define TABLE @
#undef KERNEL
#define KERNEL @
#undef TARGET
#define TARGET @
#undef LANES
#define LANES @
#undef WIDTH
#define WIDTH @
#undef HEIGHT
#define HEIGHT @
#undef ALIGN
#define ALIGN @
#undef ALIGNED
#define ALIGNED @
#undef UNROLL
#define UNROLL @
#undef VECTOR
#define VECTOR @
#undef VEC
#define VEC @
#undef VEC4
#define VEC4 @
#undef SIMD
#define SIMD @
#undef SSE2
#define SSE2 @
#undef AVX2
#define AVX2 @
#undef AVX512
#define AVX512 @
#undef NEON
#define NEON @
#undef SCALAR
#define SCALAR @
#undef FMA
#define FMA @
#undef SQRT2
#define SQRT2 @
#undef INLINE
#define INLINE @
#undef FORCE_INLINE
#define FORCE_INLINE @
#undef NOINLINE
#define NOINLINE @
#undef RESTRICT
#define RESTRICT @
#undef PACKED
#define PACKED @
#undef API
#define API @
#undef EXPORT
#define EXPORT @
#undef IMPORT
#define IMPORT @
#undef HIDDEN
#define HIDDEN @
#undef PUBLIC
#define PUBLIC @
#undef PRIVATE
#define PRIVATE @
#undef LOCAL
#define LOCAL @
#undef GLOBAL
#define GLOBAL @
#undef STATIC
#define STATIC @
#undef EXTERN
#define EXTERN @
#undef TODO
#define TODO @
#undef FIXME
#define FIXME @
#undef STRINGIFY
#define STRINGIFY @
#undef CONCAT
#define CONCAT @
#undef PASTE
#define PASTE @
#undef JOIN
#define JOIN @
#undef STR
#define STR @
#undef XSTR
#define XSTR @
#undef FLAGS
#define FLAGS @
#undef FLAG
#define FLAG @
#undef BIT
#define BIT @
#undef BITS
#define BITS @
#undef MASK
#define MASK @
#undef SHIFT
#define SHIFT @
#undef TRY
#define TRY @
#undef CATCH
#define CATCH @
#undef THROW
#define THROW @
#undef RAISE
#define RAISE @
#undef BEGIN
#define BEGIN @
#undef END
#define END @
#undef FIRST
#define FIRST @
#undef LAST
#define LAST @
#undef NEXT
#define NEXT @
#undef PREV
#define PREV @

// stdnoreturn.h, the Linux kernel and those who write like it
#undef noreturn
#define noreturn @
#undef always_inline
#define always_inline @
#undef noinline
#define noinline @
#undef unused
#define unused @
#undef deprecated
#define deprecated @
#undef pure
#define pure @
#undef cold
#define cold @
#undef hot
#define hot @
#undef flatten
#define flatten @
#undef noclone
#define noclone @
#undef packed
#define packed @
#undef aligned
#define aligned @
