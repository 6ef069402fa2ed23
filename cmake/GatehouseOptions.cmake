# One interface target holds what every target of ours is compiled with.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)

# Lines and names are enough for a backtrace; full debug information took a third of the compiler's time.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")

find_program(GATEHOUSE_CCACHE ccache)
if(GATEHOUSE_CCACHE)
  # Paths are hashed relative to the build folder, so that two checkouts share their objects.
  # The sloppiness is what ccache asks for where headers are precompiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${GATEHOUSE_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_CXX_COMPILER_LAUNCHER})
endif()

# What the worker and the launcher may be compiled with: no sanitizer, no Qt definitions.
add_library(gatehouse_common INTERFACE)
target_compile_features(gatehouse_common INTERFACE cxx_std_23)
target_include_directories(gatehouse_common INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(gatehouse_common INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Wformat=2
  -fstack-protector-strong
  $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE>
  $<$<AND:$<NOT:$<CONFIG:Debug>>,$<NOT:$<BOOL:${GATEHOUSE_SANITIZE}>>>:-D_FORTIFY_SOURCE=2>
  $<$<BOOL:${GATEHOUSE_WERROR}>:-Werror>)
if(GATEHOUSE_ASSERTIONS)
  target_compile_options(gatehouse_common INTERFACE -UNDEBUG)
  target_compile_definitions(gatehouse_common INTERFACE _GLIBCXX_ASSERTIONS)
endif()

add_library(gatehouse_options INTERFACE)
# Some libraries ask for -pthread and some don't; precompiled headers need one answer.
target_compile_options(gatehouse_options INTERFACE -pthread)
target_link_libraries(gatehouse_options INTERFACE gatehouse_common)
target_compile_definitions(gatehouse_options INTERFACE
  QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_NO_CAST_FROM_BYTEARRAY
  QT_NO_CONTEXTLESS_CONNECT QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_NO_KEYWORDS)
if(GATEHOUSE_SANITIZE)
  target_compile_options(gatehouse_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(gatehouse_options INTERFACE -fsanitize=address,undefined)
endif()
if(GATEHOUSE_FUZZ)
  target_compile_options(gatehouse_options INTERFACE -fsanitize=fuzzer-no-link) # what libFuzzer looks at to find new ways
endif()
