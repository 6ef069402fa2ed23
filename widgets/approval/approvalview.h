// ApprovalView: a request for approval, whole: what it changes, why a person is asked, where it runs, and what would run, byte for byte.
//
// Not modal and never takes the focus by itself. It only states what the person wants (voted); that it was decided, here or elsewhere,
// comes from the journal through setItem and turns it into a receipt. GUI thread.
#pragma once

#include <QWidget>

#include "widgets/approval/approvalgate.h"
#include "widgets/controls/label.h"
#include "widgets/controls/statuspill.h"
#include "widgets/diff/diffview.h"
#include "widgets/models/runlistmodel.h"
#include "widgets/models/runrow.h"

#include <functional>

class QBoxLayout;
class QLineEdit;
class QScrollArea;
class QVBoxLayout;

namespace gatehouse::widgets {

class Card;
class KeyButton;

// Milliseconds of a steady clock; tests give their own.
using SteadyClock = std::function<std::int64_t()>;
[[nodiscard]] SteadyClock systemSteadyClock();

class ApprovalView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ApprovalView)
public:
    ApprovalView(const ApprovalPtr& item, const std::string& principal, RunTitles titles = {}, SteadyClock clock = systemSteadyClock(),
                 QWidget* parent = nullptr);
    ~ApprovalView() override;

    // The same request as the journal tells it now.
    void setItem(const ApprovalPtr& item);
    [[nodiscard]] const ApprovalPtr& item() const { return m_item; }
    // The vote was refused; the person may try again.
    void voteFailed(const QString& why);
    [[nodiscard]] const ApprovalGate& gate() const { return m_gate; }
    [[nodiscard]] CodeView& payload() const { return *m_payload; }
    // How the request stands, as its pill says.
    [[nodiscard]] PillLook stateLook() const;
    // Nobody goes on with the run by itself: the receipt says what does.
    void setRunPaused(bool paused);
    // Puts the focus on Deny: only when the person asked for the card.
    void attend();

Q_SIGNALS:
    void voted(const gatehouse::approval::Vote& vote);
    void closeRequested();
    // Once, when the card is on screen for the first time.
    void presented(const QString& id, const QString& digest);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void build();
    void addHead(QVBoxLayout& column);
    void addPayload(QVBoxLayout& column);
    void addWarnings(QVBoxLayout& column);
    [[nodiscard]] QString factText(approval::RowKind kind, const QString& value) const;
    void addFacts(QVBoxLayout& column);
    void addDiff(QVBoxLayout& column);
    void addDecision(QVBoxLayout& page);
    // Keys that decide, arm or close; in the reason box letters are text.
    [[nodiscard]] bool decidingKey(QObject* watched, const QKeyEvent& key) const;
    void keyPressed(QObject* watched, const QKeyEvent& key);
    void take(GateInput input);
    void vote(approval::VoteDecision decision);
    void payloadScrolled();
    // To the first row of the payload that was not on screen yet; to its end when all were.
    void readOn();
    void turnPage(bool onward);
    void readingChanged();
    [[nodiscard]] QString readingText() const;
    [[nodiscard]] QString headline() const;
    void noteDrawn();
    void showState();
    [[nodiscard]] QString chainText() const;
    [[nodiscard]] QString receipt() const;

    ApprovalPtr m_item;
    std::shared_ptr<const ApprovalText> m_text; // what was shown when the card was made; null: it can't be shown
    std::string m_principal;
    RunTitles m_titles;
    SteadyClock m_clock;
    ApprovalGate m_gate;
    bool m_presented = false;
    bool m_sent = false;
    bool m_hadFocus = false;
    bool m_runPaused = false;

    QScrollArea* m_scroll = nullptr;
    Card* m_card = nullptr;
    QBoxLayout* m_foot = nullptr;
    Label* m_chain = nullptr;
    StatusPill* m_state = nullptr;
    StatusPill* m_expiry = nullptr;
    CodeView* m_payload = nullptr;
    QLineEdit* m_reason = nullptr;
    Label* m_reasonLabel = nullptr;
    Label* m_seen = nullptr;
    Label* m_hint = nullptr;
    KeyButton* m_deny = nullptr;
    KeyButton* m_approve = nullptr;
    KeyButton* m_readOn = nullptr;
};

} // namespace gatehouse::widgets
