#include "widgets/inspector/policyview.h"

#include <QVBoxLayout>

#include "widgets/controls/factrow.h"
#include "widgets/controls/statuspill.h"
#include "widgets/controls/surface.h"
#include "widgets/text/markedtext.h"

namespace gatehouse::widgets {

static PillLook effectLook(policy::Effect effect)
{
    switch (effect) {
    case policy::Effect::Allow:
        return {Tone::Ok, Glyph::Check, PolicyView::tr("allow")};
    case policy::Effect::Ask:
        return {Tone::Ask, Glyph::Diamond, PolicyView::tr("ask")};
    case policy::Effect::Deny:
        break;
    }
    return {Tone::Deny, Glyph::Cross, PolicyView::tr("deny")};
}

PolicyView::PolicyView(QWidget* parent) : QScrollArea(parent)
{
    setFrameShape(NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Policy decisions"));
    setDecisions({});
}

void PolicyView::setDecisions(const std::vector<policy::Decision>& decisions)
{
    auto* page = new Surface(SurfaceKind::Panel);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(px(16), px(12), px(16), px(16));
    column->setSpacing(px(2));
    if (decisions.empty()) {
        auto* none = new Label(tr("No policy decision belongs to this event."), TokenRole::Third);
        none->setWordWrap(true);
        column->addWidget(none);
    }
    for (const policy::Decision& decision : decisions)
        add(*column, decision);
    column->addStretch(1);
    setWidget(page);
}

void PolicyView::add(QVBoxLayout& column, const policy::Decision& decision) const
{
    auto* head = new QHBoxLayout;
    head->setSpacing(px(8));
    head->addWidget(new StatusPill(effectLook(decision.effect)));
    auto* why = makeSmall(shown(decision.why.format()));
    why->setWordWrap(true);
    head->addWidget(why, 1);
    column.addLayout(head);
    column.addSpacing(px(6));
    const auto fact = [&column](const QString& name, const QString& value) {
        auto* row = new FactRow(name, value, FactLayout::Columns);
        row->setRule(true);
        column.addWidget(row);
    };
    for (const policy::Match& match : decision.matched) {
        QString value = shown(match.rule);
        if (!match.file.empty())
            value += tr(" · %1:%2").arg(shown(match.file)).arg(match.line);
        if (!match.reason.empty())
            value += u'\n' + shown(match.reason);
        fact(tr("Deciding rule"), value);
    }
    for (const policy::NearMiss& miss : decision.nearMisses) {
        QString value = shown(miss.rule);
        for (const policy::FailedClause& clause : miss.failing)
            value += u'\n' + tr("not met: %1").arg(shown(clause.test));
        fact(tr("Nearly matched"), value);
    }
    // The whole digests stand in the record.
    const auto brief = [](const std::string& digest) {
        if (digest.size() <= 24)
            return shown(digest);
        std::string shortened = digest.substr(0, 12);
        shortened += " … ";
        return shown(shortened.append(digest, digest.size() - 8));
    };
    if (!decision.policyDigest.empty())
        fact(tr("Policy digest"), brief(decision.policyDigest));
    if (!decision.inputDigest.empty())
        fact(tr("Digest of the input"), brief(decision.inputDigest));
    column.addSpacing(px(14));
}

} // namespace gatehouse::widgets
