// What a person has chosen for the program, as kept on this machine. Each reads and writes at once. GUI thread.
#pragma once

namespace gatehouse::workbench {

class Settings {
public:
    // Whether a start without a path opens what was open at the last end.
    [[nodiscard]] static bool reopensSession();
    static void setReopensSession(bool reopens);
    // Tokens a second of scripted models in runs of the window: samples are there to be watched. 0: as the script says.
    [[nodiscard]] static double pace();
    static void setPace(double tokensPerSecond);
};

} // namespace gatehouse::workbench
