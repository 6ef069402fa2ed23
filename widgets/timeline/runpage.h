// RunPage: one run, live or past: its timeline, its events and the chosen one in full. What it shows comes from the journal alone.
// GUI thread.
#pragma once

#include <QPointer>
#include <QWidget>

#include "widgets/models/runfeed.h"
#include "widgets/models/runrecordmodel.h"
#include "widgets/timeline/runoutput.h"

class QPushButton;
class QTimer;

namespace gatehouse::widgets {

class DetailPane;
class EventTable;
class Label;
class TimelineView;

class RunPage final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunPage)
public:
    RunPage(const std::string& runDirectory, JournalThread& thread, QWidget* parent = nullptr);
    ~RunPage() override;

    [[nodiscard]] const std::string& runDirectory() const { return m_feed->runDirectory(); }
    [[nodiscard]] const RunInfo& info() const { return m_info; }
    [[nodiscard]] const std::vector<ApprovalPtr>& approvals() const { return m_approvals; }
    [[nodiscard]] RunRecordModel& model() { return m_model; }
    [[nodiscard]] EventTable& table() const { return *m_table; }
    [[nodiscard]] TimelineView& timeline() const { return *m_timeline; }
    [[nodiscard]] DetailPane& detail() const { return *m_detail; }
    // Of the whole run; for a dock, and gone with the page.
    [[nodiscard]] RunOutput& output() const { return *m_output; }
    [[nodiscard]] RunFeed& feed() const { return *m_feed; }
    void selectRow(int row);
    void selectApproval(const std::string& id);
    void selectNextProblem(int direction);
    // Said in the head instead of the task, until the run's state changes: a resume that failed.
    void showNotice(const QString& notice);
    // Nobody goes on with the run by itself: the head offers to, unless a request waits to be decided first.
    void setPaused(bool paused);
    // Who writes a run that goes on: this process or another one.
    enum class Writer { Ours, Another };
    void setWriter(Writer writer);
    // The chosen row's payloads are shown.
    [[nodiscard]] bool isDetailShown() const { return m_shownDetail == m_wantedDetail && m_shownOutput == m_wantedOutput; }

Q_SIGNALS:
    void infoChanged();
    void approvalsChanged();
    void caughtUp();
    void resumeRequested();
    void reviewRequested(const QString& approval); // of this run
    void detailShown();                            // the payloads of the chosen row are on their way to the screen

private:
    [[nodiscard]] QWidget* makeHead();
    [[nodiscard]] QWidget* makeBody();
    void connectFeed();
    void connectViews();
    void reachEnd();
    void takeBatch(const RunBatchPtr& batch);
    void choose(int row);
    void takeOutput(const OutputBatchPtr& batch);
    void askForOutput();
    void showHead();
    [[nodiscard]] ApprovalPtr waitingApproval() const;
    [[nodiscard]] QString newsText() const;
    [[nodiscard]] bool isNewest(const std::string& approval) const;

    RunRecordModel m_model;
    RunFeed* m_feed;
    RunInfo m_info;
    std::vector<ApprovalPtr> m_approvals;
    EventTable* m_table;
    TimelineView* m_timeline;
    DetailPane* m_detail;
    QPointer<RunOutput> m_output;
    StatusPill* m_state;
    Label* m_task;
    Label* m_news; // what became of the run, or what it waits for
    QPushButton* m_resume;
    QPushButton* m_review;
    QTimer* m_expiry; // of what waits
    Label* m_records;
    QString m_notice;
    Writer m_writer = Writer::Another;
    bool m_paused = false;
    std::uint64_t m_wantedDetail = 0;
    std::uint64_t m_shownDetail = 0;
    bool m_isCaughtUp = false; // all that was there when it was opened is shown
    std::uint64_t m_wantedOutput = 0;
    std::uint64_t m_shownOutput = 0;
    bool m_chosenByPerson = false;
    bool m_choosing = false;
};

} // namespace gatehouse::widgets
