#include "widgets/inspector/runfacts.h"

#include <QLocale>
#include <QProgressBar>
#include <QVBoxLayout>

#include "widgets/models/runrecordmodel.h"

#include <algorithm>

namespace gatehouse::widgets {

RunFacts::RunFacts(QWidget* parent)
    : QWidget(parent),
      m_turns(new FactRow(tr("Turn"), {})),
      m_turnBar(new QProgressBar),
      m_calls(new FactRow(tr("Tool calls"), {})),
      m_files(new FactRow(tr("Files changed"), {})),
      m_tokens(new FactRow(tr("Tokens"), {})),
      m_started(new FactRow(tr("Started"), {}))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, px(8), 0, 0);
    column->setSpacing(px(2));
    column->addWidget(makeSection(tr("This run")));
    m_turnBar->setTextVisible(false);
    m_turnBar->setAccessibleName(tr("Turns used"));
    for (QWidget* row : {static_cast<QWidget*>(m_turns), static_cast<QWidget*>(m_turnBar), static_cast<QWidget*>(m_calls),
                         static_cast<QWidget*>(m_files), static_cast<QWidget*>(m_tokens), static_cast<QWidget*>(m_started)})
        column->addWidget(row);
    setRun(nullptr);
}

void RunFacts::setRun(const RunInfo* info)
{
    setVisible(info && info->records > 0);
    if (isHidden())
        return;
    const QLocale locale;
    const auto number = [&locale](auto value) { return locale.toString(qulonglong(value)); };
    const bool limited = info->maximumTurns > 0;
    m_turns->setValue(limited ? tr("%1 of %2").arg(number(info->turns), number(info->maximumTurns)) : number(info->turns));
    m_turnBar->setVisible(limited);
    if (limited) {
        m_turnBar->setRange(0, int(std::min<std::int64_t>(info->maximumTurns, 100'000)));
        m_turnBar->setValue(int(std::min<std::uint64_t>(info->turns, 100'000)));
    }
    m_calls->setValue(info->denied > 0 ? tr("%1 · %2 denied").arg(number(info->toolCalls), number(info->denied)) : number(info->toolCalls));
    m_files->setValue(info->filesChanged > 0
                          ? tr("%1 · +%2 −%3").arg(number(info->filesChanged), number(info->linesAdded), number(info->linesRemoved))
                          : number(0));
    m_tokens->setValue(tr("%1 in · %2 out").arg(number(info->inputTokens), number(info->outputTokens)));
    m_started->setValue(shownTime(info->openedAt));
}

} // namespace gatehouse::widgets
