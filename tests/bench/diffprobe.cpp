// gatehouse-diff-probe ours|peer lines|files [time]: shows a large patch and prints "painted" when its first picture is there. The peer is
// a QPlainTextEdit that is given the same text. The time from the bytes to the picture, without the program's start, goes to standard
// error.
#include <QApplication>
#include <QElapsedTimer>
#include <QPlainTextEdit>
#include <QTimer>

#include <cstdio>
#include <string>

#include "widgets/diff/diffpane.h"
#include "widgets/style/themer.h"

using namespace gatehouse::widgets;

namespace {

// A file of 50,000 lines of code, every eighth of them changed.
std::string manyLines()
{
    std::string before;
    std::string after;
    for (int i = 0; i < 50'000; ++i) {
        const std::string line = "    total_" + std::to_string(i) + " = sum(items[" + std::to_string(i % 97) + "]) + tax;  // as agreed\n";
        before += line;
        after += i % 8 == 3 ? "    total_" + std::to_string(i) + " = sum(items[" + std::to_string(i % 89) + "]) - tax;\n" : line;
    }
    std::string patch = "diff --git a/total.cpp b/total.cpp\n--- a/total.cpp\n+++ b/total.cpp\n@@ -1,50000 +1,50000 @@\n";
    std::size_t b = 0;
    for (std::size_t a = 0; a < before.size();) {
        const std::string old = before.substr(a, before.find('\n', a) + 1 - a);
        const std::string now = after.substr(b, after.find('\n', b) + 1 - b);
        a += old.size();
        b += now.size();
        patch += old == now ? ' ' + old : '-' + old + '+' + now;
    }
    return patch;
}

std::string manyFiles()
{
    std::string patch;
    for (int i = 0; i < 5000; ++i) {
        const std::string name = "src/part" + std::to_string(i % 70) + "/file" + std::to_string(i) + ".cpp";
        patch += "diff --git a/" + name + " b/" + name + "\nindex 1111111..2222222 100644\n--- a/" + name + "\n+++ b/" + name +
            "\n@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int c;\n int d;\n";
    }
    return patch;
}

} // namespace

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    if (argc < 3)
        return 2;
    applyLook(Theme::Light);
    const bool ours = std::string(argv[1]) == "ours";
    const std::string patch = std::string(argv[2]) == "lines" ? manyLines() : manyFiles();
    QElapsedTimer watch;
    watch.start();
    QWidget* window = nullptr;
    if (ours) {
        auto* pane = new DiffPane;
        pane->setDocument(makeDiffDocument(patch));
        window = pane;
    } else {
        auto* edit = new QPlainTextEdit;
        edit->setReadOnly(true);
        edit->setPlainText(QString::fromStdString(patch));
        window = edit;
    }
    window->resize(1200, 800);
    window->show();
    (void)window->grab();
    if (argc == 4)
        std::fprintf(stderr, "%s %s: %lld ms\n", argv[1], argv[2], static_cast<long long>(watch.elapsed()));
    std::puts("painted");
    std::fflush(stdout);
    return 0;
}
