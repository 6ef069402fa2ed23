# Writes a C++ source that holds files: cmake -DROOT=… -DLIST=… -DOUT=… -P embed.cmake
# LIST is a text file with one path relative to ROOT a line, sorted.
file(STRINGS ${LIST} PATHS ENCODING UTF-8)
set(DATA "")
set(TABLE "")
set(INDEX 0)
foreach(PATH IN LISTS PATHS)
  file(SIZE ${ROOT}/${PATH} SIZE)
  file(READ ${ROOT}/${PATH} HEX HEX)
  # A line a kilobyte, so that compilers and people survive it.
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" TEXT "${HEX}")
  string(REGEX REPLACE "(\\\\x0a)" "\\1\"\n    \"" TEXT "${TEXT}")
  string(APPEND DATA "constexpr char file${INDEX}[] =\n    \"${TEXT}\";\n")
  string(APPEND TABLE "    {\"${PATH}\", {file${INDEX}, ${SIZE}}},\n")
  math(EXPR INDEX "${INDEX} + 1")
endforeach()
file(WRITE ${OUT}.new "// Generated from resources/.
#include \"resources/resources.h\"

namespace gatehouse::resources {

namespace {

${DATA}
constexpr Resource table[] = {
${TABLE}};

} // namespace

std::span<const Resource> all()
{
    return table;
}

} // namespace gatehouse::resources
")
file(RENAME ${OUT}.new ${OUT})
