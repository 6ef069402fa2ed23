# gatehouse_library(NAME SOURCES … [PUBLIC …] [PRIVATE …] [MOC] [PLAIN_TWIN])
# One folder, one static library gatehouse_NAME with the alias gatehouse::NAME.
# PUBLIC and PRIVATE say the truth about headers and sources: the layering check reads them.
# PLAIN_TWIN also makes gatehouse::NAME_plain, never sanitised, for the static worker.
function(gatehouse_library NAME)
  cmake_parse_arguments(ARG "MOC;PLAIN_TWIN" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(gatehouse_${NAME} STATIC ${ARG_SOURCES})
  add_library(gatehouse::${NAME} ALIAS gatehouse_${NAME})
  target_link_libraries(gatehouse_${NAME} PUBLIC gatehouse_options ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  set_target_properties(gatehouse_${NAME} PROPERTIES AUTOMOC ${ARG_MOC} FOLDER ${NAME})
  if(ARG_PLAIN_TWIN)
    set(TWIN_PUBLIC ${ARG_PUBLIC})
    list(TRANSFORM TWIN_PUBLIC REPLACE "^(gatehouse::.*)$" "\\1_plain")
    add_library(gatehouse_${NAME}_plain STATIC ${ARG_SOURCES})
    add_library(gatehouse::${NAME}_plain ALIAS gatehouse_${NAME}_plain)
    target_link_libraries(gatehouse_${NAME}_plain PUBLIC gatehouse_common ${TWIN_PUBLIC})
  endif()
  set_property(GLOBAL APPEND PROPERTY GATEHOUSE_LIBRARIES ${NAME})
endfunction()

# gatehouse_test(NAME SOURCES … LIBS … LABELS … [TIMEOUT N] [GUI])
# One Qt Test executable per class; every one runs offscreen and fails on an unexpected warning (tests/support/testmain.h).
function(gatehouse_test NAME)
  cmake_parse_arguments(ARG "GUI" "TIMEOUT" "SOURCES;LIBS;LABELS;ENVIRONMENT" ${ARGN})
  if(NOT ARG_SOURCES)
    set(ARG_SOURCES ${NAME}.cpp)
  endif()
  add_executable(${NAME} ${ARG_SOURCES})
  set_target_properties(${NAME} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  target_link_libraries(${NAME} PRIVATE gatehouse_options Qt6::Test gatehouse::test_support ${ARG_LIBS})
  target_compile_definitions(${NAME} PRIVATE
    GATEHOUSE_SOURCE_DIR="${PROJECT_SOURCE_DIR}" GATEHOUSE_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
  add_test(NAME ${NAME} COMMAND ${NAME})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  set_tests_properties(${NAME} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;${ARG_ENVIRONMENT}")
endfunction()

# Folders join the build as they get inhabitants.
function(gatehouse_folders)
  foreach(FOLDER ${ARGN})
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${FOLDER}/CMakeLists.txt)
      add_subdirectory(${FOLDER})
    endif()
  endforeach()
endfunction()
