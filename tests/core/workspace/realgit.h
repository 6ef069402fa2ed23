// The real git in a folder, with nobody's configuration; and folders written from and compared with a table of files.
#pragma once

#include "tests/core/workspace/fakeworkspace.h"

#include <QProcess>
#include <QProcessEnvironment>
#include <QStringList>
#include <QTest>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::test {

struct GitAnswer {
    int status = -1;
    std::string output;
    std::string error;
};

inline GitAnswer git(const std::string& folder, const std::vector<std::string>& arguments, const std::string& input = {})
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("GIT_CONFIG_GLOBAL"), QStringLiteral("/dev/null"));
    environment.insert(QStringLiteral("GIT_CONFIG_NOSYSTEM"), QStringLiteral("1"));
    environment.insert(QStringLiteral("GIT_CEILING_DIRECTORIES"),
                       QString::fromStdString(std::filesystem::path(folder).parent_path().string()));
    for (const char* who : {"AUTHOR", "COMMITTER"}) {
        environment.insert(QStringLiteral("GIT_%1_NAME").arg(QLatin1String(who)), QStringLiteral("Test"));
        environment.insert(QStringLiteral("GIT_%1_EMAIL").arg(QLatin1String(who)), QStringLiteral("test@example.invalid"));
    }
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(QString::fromStdString(folder));
    QStringList list;
    for (const std::string& argument : arguments)
        list << QString::fromStdString(argument);
    process.start(QStringLiteral("git"), list);
    process.write(input.data(), static_cast<qint64>(input.size()));
    process.closeWriteChannel();
    if (!process.waitForFinished(60000) || process.exitStatus() != QProcess::NormalExit)
        return {};
    return {process.exitCode(), process.readAllStandardOutput().toStdString(), process.readAllStandardError().toStdString()};
}

using FileTable = std::map<std::string, FakeFile>;

inline void writeTable(const std::string& folder, const FileTable& files)
{
    for (const auto& [name, file] : files) {
        const std::string path = folder + '/' + name;
        std::filesystem::create_directories(std::filesystem::path(path).parent_path());
        if (file.kind == FileKind::Directory) {
            std::filesystem::create_directories(path);
        } else if (file.kind == FileKind::Symlink) {
            std::filesystem::create_symlink(file.bytes, path);
        } else {
            std::ofstream(path, std::ios::binary).write(file.bytes.data(), static_cast<std::streamsize>(file.bytes.size()));
            ::chmod(path.c_str(), file.mode);
        }
    }
}

// Files and links below the folder, .git left out; modes as git keeps them.
inline FileTable readTable(const std::string& folder)
{
    FileTable out;
    for (auto it = std::filesystem::recursive_directory_iterator(folder); it != std::filesystem::recursive_directory_iterator(); ++it) {
        const std::string name = std::filesystem::relative(it->path().parent_path(), folder).string() == "."
            ? it->path().filename().string()
            : std::filesystem::relative(it->path().parent_path(), folder).string() + '/' + it->path().filename().string();
        if (name == ".git") {
            it.disable_recursion_pending();
        } else if (it->is_symlink()) {
            out[name] = {FileKind::Symlink, 0777, std::filesystem::read_symlink(it->path()).string()};
        } else if (it->is_regular_file()) {
            std::ifstream in(it->path(), std::ios::binary);
            const bool executable = (it->status().permissions() & std::filesystem::perms::owner_exec) != std::filesystem::perms::none;
            out[name] = {
                FileKind::Regular, executable ? 0755u : 0644u, {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()}};
        }
    }
    return out;
}

// QTemporaryDir can't remove names that are not UTF-8.
inline void emptyFolder(const std::string& folder)
{
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        std::filesystem::remove_all(entry.path());
}

// The tables as text, for comparison with a readable difference.
inline std::string describe(const FileTable& files)
{
    std::string out;
    for (const auto& [name, file] : files)
        if (file.kind == FileKind::Regular || file.kind == FileKind::Symlink)
            out += name +
                (file.kind == FileKind::Symlink ? " -> "
                     : (file.mode & 0100) != 0  ? " x "
                                                : " - ") +
                (file.bytes.size() > 200 ? sha256Hex(file.bytes) : file.bytes) + "|\n";
    return out;
}

} // namespace gatehouse::test
