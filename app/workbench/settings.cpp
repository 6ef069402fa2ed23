#include "app/workbench/settings.h"

#include <QSettings>

#include <algorithm>
#include <cmath>

namespace gatehouse::workbench {

static const char* const reopenKey = "session/reopen";
static const char* const paceKey = "runs/scriptedPace";
static constexpr double fastestPace = 10'000;

bool Settings::reopensSession()
{
    return QSettings().value(QLatin1StringView(reopenKey), true).toBool();
}

void Settings::setReopensSession(bool reopens)
{
    QSettings().setValue(QLatin1StringView(reopenKey), reopens);
}

double Settings::pace()
{
    const double pace = QSettings().value(QLatin1StringView(paceKey), 0.0).toDouble();
    return std::isfinite(pace) ? std::clamp(pace, 0.0, fastestPace) : 0.0;
}

void Settings::setPace(double tokensPerSecond)
{
    QSettings().setValue(QLatin1StringView(paceKey), tokensPerSecond);
}

} // namespace gatehouse::workbench
