// Probe: what a screen reader would find in the windows, as JSON, for tests that drive the real program from outside
// (`gatehouse-workbench --probe`, which is not in --help). Only tells; nothing can be done through it. GUI thread.
#pragma once

#include <QObject>
#include <QSocketNotifier>

namespace gatehouse::workbench {

// Answers each line of standard input with one line on standard output: an array of
// {"role","name","x","y","width","height","enabled","focused","selected"} in the order of the accessible tree, in screen pixels.
class Probe final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Probe)
public:
    explicit Probe(QObject* parent = nullptr);

private:
    void answer();

    QSocketNotifier m_input;
};

} // namespace gatehouse::workbench
