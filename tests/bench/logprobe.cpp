// gatehouse-log-probe: appends 200,000 coloured lines to a view in pieces, painting after each, and says "painted" at the end.
// Argument: "log" for LogView, "plain" for QPlainTextEdit with the same text without its colours, which it can't show.
#include "widgets/style/themer.h"
#include "widgets/terminal/logview.h"

#include <QApplication>
#include <QPlainTextEdit>
#include <QScrollBar>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

using namespace gatehouse::widgets;

static constexpr int lines = 200'000;
// What a command writes between two looks of the window, about.
static constexpr int linesPerPiece = 200;

static std::string piece(int first, bool coloured)
{
    std::string text;
    for (int i = first; i < first + linesPerPiece; ++i) {
        text += coloured ? "\x1b[1;32m   Compiling\x1b[0m unit " : "   Compiling unit ";
        text += std::to_string(i) + " of " + std::to_string(lines) + " in /src/core/journal/inspectlines.cpp\n";
    }
    return text;
}

static void sayMemory()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("RssAnon"))
            std::fprintf(stderr, "%s\n", line.c_str());
}

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    applyLook(Theme::Light);
    const bool plain = argc > 1 && std::strcmp(argv[1], "plain") == 0;
    LogView log;
    QPlainTextEdit text;
    text.setReadOnly(true);
    text.setLineWrapMode(QPlainTextEdit::NoWrap);
    QWidget& view = plain ? static_cast<QWidget&>(text) : log;
    view.resize(900, 600);
    view.show();
    for (int line = 0; line < lines; line += linesPerPiece) {
        if (plain) {
            std::string bytes = piece(line, false);
            bytes.pop_back();
            text.appendPlainText(QString::fromStdString(bytes));
            text.verticalScrollBar()->setValue(text.verticalScrollBar()->maximum());
        } else {
            log.append(LogStream::Output, piece(line, true));
        }
        view.repaint();
        QApplication::processEvents();
    }
    std::puts("painted");
    std::fflush(stdout);
    if (argc > 2)
        sayMemory();
    return 0;
}
