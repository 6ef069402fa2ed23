#include "app/workbench/statusline.h"

#include <QLocale>

#include "widgets/text/markedtext.h"

namespace gatehouse::workbench {

using namespace widgets;

StatusLine::StatusLine(QWidget* parent)
    : QStatusBar(parent),
      m_sandbox(new StatusPill),
      m_policy(makeSmall({})),
      m_class(makeSmall({})),
      m_usage(makeSmall({})),
      m_journal(makeSmall({})),
      m_principal(makeSmall({}))
{
    setSizeGripEnabled(false);
    setFixedHeight(px(26));
    setContentsMargins(px(10), 1, px(10), 0);
    for (Label* label : {m_policy, m_class, m_usage, m_journal, m_principal})
        label->setContentsMargins(px(6), 0, px(6), 0);
    addWidget(m_sandbox);
    addWidget(m_policy);
    addWidget(m_class);
    addWidget(m_usage);
    addPermanentWidget(m_journal);
    addPermanentWidget(m_principal);
    // A message takes the place of what is on the left; it comes back when the message goes.
    connect(this, &QStatusBar::messageChanged, this, [this](const QString& message) {
        if (message.isEmpty())
            showParts();
    });
    setRun(nullptr);
}

static PillLook layersLook(const std::vector<LayerFact>& layers)
{
    if (layers.empty())
        return {Tone::Neutral, Glyph::None, StatusLine::tr("Sandbox: none yet")};
    int enforced = 0;
    for (const LayerFact& layer : layers)
        enforced += layer.state == "enforced";
    const bool all = enforced == int(layers.size());
    return {all ? Tone::Ok : Tone::Ask, all ? Glyph::Check : Glyph::Triangle,
            StatusLine::tr("Sandbox: %1 of %2 layers").arg(enforced).arg(layers.size())};
}

static QString layersSheet(const std::vector<LayerFact>& layers)
{
    QStringList lines;
    for (const LayerFact& layer : layers)
        lines << (layer.why.empty() ? StatusLine::tr("%1: %2").arg(shown(layer.layer), shown(layer.state))
                                    : StatusLine::tr("%1: %2 (%3)").arg(shown(layer.layer), shown(layer.state), shown(layer.why)));
    return lines.join(u'\n');
}

void StatusLine::setRun(const RunInfo* info)
{
    m_anyRun = info && info->records > 0;
    m_journal->setVisible(m_anyRun);
    if (currentMessage().isEmpty())
        showParts();
    if (!m_anyRun) {
        m_sandbox->setLook({Tone::Neutral, Glyph::None, tr("No run is shown")});
        m_sandbox->setToolTip({});
        return;
    }
    const QLocale locale;
    m_sandbox->setLook(layersLook(info->layers));
    m_sandbox->setToolTip(plainToolTip(layersSheet(info->layers)));
    m_policy->setText(tr("Policy %1").arg(shown(info->policyDigest.substr(0, 12))));
    m_policy->setToolTip(plainToolTip(shown(info->policyDigest)));
    m_class->setText(tr("Class %1").arg(shown(info->executionClass)));
    m_usage->setText(
        tr("%1 tokens · %2 turns")
            .arg(locale.toString(qulonglong(info->inputTokens + info->outputTokens)), locale.toString(qulonglong(info->turns))));
    m_journal->setText(tr("Journal: %n records", nullptr, int(info->records)));
}

void StatusLine::showParts()
{
    m_sandbox->show();
    for (Label* part : {m_policy, m_class, m_usage})
        part->setVisible(m_anyRun);
}

void StatusLine::setPrincipal(const QString& principal)
{
    m_principal->setText(principal.isEmpty() ? QString() : tr("%1 · one person").arg(principal));
    m_principal->setToolTip(tr("Decisions are made as this person. The project has no roster."));
}

} // namespace gatehouse::workbench
