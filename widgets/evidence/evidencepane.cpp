#include "widgets/evidence/evidencepane.h"

#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "widgets/controls/factrow.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/text/markedtext.h"

namespace gatehouse::widgets {

static constexpr std::size_t mostFindings = 8;

EvidencePane::EvidencePane(QWidget* parent)
    : QWidget(parent),
      m_body(new QWidget),
      m_empty(new Label(tr("Open a run to see what can be proved of it."), TokenRole::Third)),
      m_title(makeTitle({})),
      m_state(new StatusPill),
      m_words(new Label({}, TokenRole::Second)),
      m_verify(new QPushButton(icon(Glyph::Shield), tr("Verify"))),
      m_decidedCaption(makeSection(tr("Who decided"))),
      m_decided(new QVBoxLayout)
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(tr("Evidence"));
    scroll->viewport()->setAutoFillBackground(false);
    outer->addWidget(scroll);
    auto* inside = new QWidget;
    inside->setAutoFillBackground(false);
    scroll->setWidget(inside);
    inside->setAutoFillBackground(false); // setWidget() turns it on
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(px(14), px(4), px(14), px(14));
    m_empty->setWordWrap(true);
    column->addWidget(m_empty);
    column->addWidget(m_body);
    column->addStretch(1);
    auto* body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(px(8));
    m_words->setWordWrap(true);
    m_title->setEliding(Eliding::Right);
    m_verify->setAutoDefault(false);
    m_verify->setToolTip(tr("Reads every byte of the run's record again"));
    connect(m_verify, &QPushButton::clicked, this, &EvidencePane::verify);
    body->addWidget(m_title);
    body->addWidget(m_state, 0, Qt::AlignLeft);
    body->addWidget(m_words);
    body->addWidget(m_verify, 0, Qt::AlignLeft);
    body->addSpacing(px(8));
    body->addWidget(m_decidedCaption);
    m_decided->setSpacing(0);
    body->addLayout(m_decided);
    setRun(nullptr, {});
}

void EvidencePane::setRun(const RunInfo* info, const QString& title)
{
    const bool any = info && info->records > 0;
    m_body->setVisible(any);
    m_empty->setVisible(!any);
    m_title->setText(title);
    const std::string directory = any ? info->directory : std::string();
    const std::uint64_t records = any ? info->records : 0;
    if (directory != m_directory || records != m_records) {
        m_directory = directory;
        m_records = records;
        showNothingFound();
    }
}

void EvidencePane::verify()
{
    if (m_directory.empty())
        return;
    m_verify->setEnabled(false);
    m_state->setLook({Tone::Accent, Glyph::Dot, tr("being read")});
    Q_EMIT verifyRequested(++m_ticket, QString::fromStdString(m_directory));
}

void EvidencePane::showNothingFound()
{
    m_verified = false;
    ++m_ticket; // what is being read is of another record

    m_verify->setEnabled(true);
    m_state->setLook({Tone::Neutral, Glyph::Ring, tr("not verified")});
    m_words->setText(tr("%n records. Nothing is claimed of them until they have been read.", nullptr, int(m_records)));
}

void EvidencePane::showResult(quint64 ticket, const Result<journal::Verification>& result)
{
    if (ticket != m_ticket)
        return;
    m_verified = true;
    m_verify->setEnabled(true);
    if (!result) {
        m_state->setLook({Tone::Deny, Glyph::Cross, tr("can't be read")});
        return m_words->setText(shown(result.error().toString()));
    }
    if (result->ok) {
        m_state->setLook({Tone::Ok, Glyph::Check, tr("the record holds")});
        return m_words->setText(result->sealed
                                    ? tr("%n records in an unbroken chain, all covered by the checkpoint.", nullptr, int(result->records))
                                    : tr("%n records in an unbroken chain; the run is not sealed yet.", nullptr, int(result->records)));
    }
    QStringList lines;
    for (const journal::Finding& finding : result->findings) {
        if (!finding.recoverable() && std::size_t(lines.size()) < mostFindings)
            lines << tr("%1: %2").arg(shown(finding.where()), shown(finding.message.format()));
    }
    m_state->setLook({Tone::Deny, Glyph::Cross, tr("the record was altered")});
    m_words->setText(lines.join(u'\n'));
}

// Who voted for what was decided.
static QString voters(const approval::RequestStatus& status)
{
    QStringList names;
    for (const approval::Vote& vote : status.votes)
        if (vote.decision == status.decision)
            names << shown(vote.principal);
    names.removeDuplicates();
    return names.join(QStringLiteral(", "));
}

static QString decisionOf(const approval::RequestStatus& status)
{
    using State = approval::RequestState;
    switch (status.state) {
    case State::Requested:
    case State::Delivered:
        return EvidencePane::tr("waits");
    case State::Expired:
        return EvidencePane::tr("expired");
    case State::Withdrawn:
        return EvidencePane::tr("withdrawn");
    case State::Invalidated:
        return EvidencePane::tr("no longer valid");
    case State::Resolved:
    case State::Consumed:
        break;
    }
    return status.decision == approval::VoteDecision::Approve ? EvidencePane::tr("approved by %1").arg(voters(status))
                                                              : EvidencePane::tr("denied by %1").arg(voters(status));
}

// The last ones: a journal from elsewhere may hold any number.
static constexpr std::size_t mostDecisions = 40;

void EvidencePane::setDecisions(const std::vector<ApprovalPtr>& approvals)
{
    if (approvals == m_approvals)
        return;
    m_approvals = approvals;
    while (QLayoutItem* item = m_decided->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const std::size_t first = approvals.size() > mostDecisions ? approvals.size() - mostDecisions : 0;
    if (first > 0)
        m_decided->addWidget(makeSmall(tr("%n earlier ones are in the run's table.", nullptr, int(first)), TokenRole::Third));
    for (std::size_t i = first; i < approvals.size(); ++i) {
        const ApprovalPtr& item = approvals[i];
        auto* row = new FactRow(shown(item->status.request.tool), decisionOf(item->status));
        row->setRule(true);
        m_decided->addWidget(row);
    }
    m_decidedCaption->setVisible(!approvals.empty());
}

void EvidencePane::paintEvent(QPaintEvent*)
{
    QPainter(this).fillRect(rect(), tokens().panelSecond);
}

} // namespace gatehouse::widgets
