# Precompiled headers from outside: most of the time of a cold build went into parsing them again and again.
# Only headers of the standard library, JSON and Qt, never our own: every file still includes what it uses, and a build
# without them (GATEHOUSE_PRECOMPILED=OFF, the release preset) fails where one doesn't.
option(GATEHOUSE_PRECOMPILED "Precompile the headers of libraries" ON)

set(PRECOMPILED_VALUES
  <algorithm> <array> <chrono> <cstdint> <expected> <filesystem> <functional> <map> <memory> <optional> <set> <span> <string>
  <string_view> <utility> <variant> <vector> <nlohmann/json.hpp>)
set(PRECOMPILED_WINDOW ${PRECOMPILED_VALUES} <QAbstractItemModel> <QApplication> <QObject> <QPainter> <QString> <QStyle> <QTimer> <QWidget>)
set(PRECOMPILED_TEST ${PRECOMPILED_VALUES} <QByteArray> <QCoreApplication> <QObject> <QString> <QStringList>)
set(PRECOMPILED_WINDOWTEST ${PRECOMPILED_WINDOW})

# A test is compiled more often than it is run: what it tests is optimised, the test itself is not.
set(GATEHOUSE_TEST_OPTIONS -O0 -U_FORTIFY_SOURCE)

# One carrier for each group and each kind of target: libraries are compiled with -fPIC, programs with -fPIE.
function(precompiled_carrier NAME)
  cmake_parse_arguments(ARG "PROGRAM" "" "HEADERS;LIBS" ${ARGN})
  set(SOURCE ${PROJECT_BINARY_DIR}/precompiled/${NAME}.cpp)
  file(CONFIGURE OUTPUT ${SOURCE} CONTENT "int main() {}\n")
  if(ARG_PROGRAM)
    add_executable(precompiled_${NAME} EXCLUDE_FROM_ALL ${SOURCE})
    target_compile_options(precompiled_${NAME} PRIVATE ${GATEHOUSE_TEST_OPTIONS})
  else()
    add_library(precompiled_${NAME} STATIC EXCLUDE_FROM_ALL ${SOURCE})
  endif()
  target_link_libraries(precompiled_${NAME} PRIVATE gatehouse_options nlohmann_json::nlohmann_json ${ARG_LIBS})
  target_precompile_headers(precompiled_${NAME} PRIVATE ${ARG_HEADERS})
endfunction()

if(GATEHOUSE_PRECOMPILED)
  precompiled_carrier(values HEADERS ${PRECOMPILED_VALUES})
  precompiled_carrier(window HEADERS ${PRECOMPILED_WINDOW} LIBS Qt6::Widgets)
  if(GATEHOUSE_DEVELOPER)
    precompiled_carrier(test PROGRAM HEADERS ${PRECOMPILED_TEST} LIBS Qt6::Core)
    precompiled_carrier(windowtest PROGRAM HEADERS ${PRECOMPILED_WINDOWTEST} LIBS Qt6::Widgets)
  endif()
endif()

# gatehouse_precompiled(TARGET GROUP): GROUP is values, window, test or windowtest.
function(gatehouse_precompiled TARGET GROUP)
  if(GATEHOUSE_PRECOMPILED)
    target_precompile_headers(${TARGET} REUSE_FROM precompiled_${GROUP})
    # Next to nothing is in it, and reading the precompiled headers takes longer than that.
    set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/${TARGET}_autogen/mocs_compilation.cpp
      PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  endif()
endfunction()
