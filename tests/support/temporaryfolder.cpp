#include "tests/support/temporaryfolder.h"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace gatehouse::test {

TemporaryFolder::TemporaryFolder()
{
    if (!m_folder.isValid())
        qFatal("no temporary folder: %s", qPrintable(m_folder.errorString()));
}

std::string TemporaryFolder::path(const std::string& relative) const
{
    const std::string root = m_folder.path().toStdString();
    return relative.empty() ? root : root + '/' + relative;
}

std::string TemporaryFolder::write(const std::string& relative, std::string_view bytes) const
{
    const std::string full = path(relative);
    std::filesystem::create_directories(std::filesystem::path(full).parent_path());
    writeFile(full, bytes);
    return full;
}

std::string TemporaryFolder::read(const std::string& relative) const
{
    return readFile(path(relative));
}

std::string readFile(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in)
        qFatal("can't read %s", path.c_str());
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void writeFile(const std::string& path, std::string_view bytes)
{
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush())
        qFatal("can't write %s", path.c_str());
}

} // namespace gatehouse::test
