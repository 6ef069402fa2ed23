// Frames of a window, each timed whole: from the input to the picture that the display has. For the probes; GUI thread.
#pragma once

#include <QApplication>
#include <QCursor>
#include <QElapsedTimer>
#include <QWidget>
#include <QWindow>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <vector>

namespace gatehouse::bench {

inline constexpr std::chrono::milliseconds framesLength{5000};

// Until the display shows it; a window that nobody sees is not painted as one that somebody does.
inline void showVisibly(QWidget& window)
{
    window.show();
    while (!window.windowHandle()->isExposed())
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    QApplication::processEvents();
}

class Frames {
public:
    // Step upon step as fast as it goes, for that long; the step gets its number.
    void record(QWidget& painted, std::chrono::milliseconds length, const std::function<void(int)>& step)
    {
        QElapsedTimer all;
        all.start();
        for (int i = 0; all.elapsed() < length.count(); ++i) {
            QElapsedTimer frame;
            frame.start();
            step(i);
            painted.repaint();
            QApplication::processEvents(); // what the step left to do belongs to its frame
            // Where there is a display, it is asked for the pointer and answers after it has taken the picture.
            (void)QCursor::pos();
            m_times.push_back(double(frame.nsecsElapsed()) / 1e6);
        }
    }

    // Of all frames so far, in milliseconds: 99 of 100 are no slower. How many there were goes to standard error.
    [[nodiscard]] double slow() const
    {
        std::vector<double> times = m_times;
        std::sort(times.begin(), times.end());
        std::fprintf(stderr, "%zu frames, the slowest %.1f ms\n", times.size(), times.back());
        return times[times.size() * 99 / 100];
    }

private:
    std::vector<double> m_times;
};

} // namespace gatehouse::bench
