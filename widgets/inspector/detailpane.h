// DetailPane: one row of a run in full: diff, arguments, output, policy, the records themselves. GUI thread.
//
// Shows what the reader loaded for the row; while a person is asked, the diff is that of the request. Everything is shown as machine
// text with its marks; nothing is interpreted.
#pragma once

#include <QScrollArea>
#include <QStackedWidget>
#include <QTabBar>
#include <QWidget>

#include "widgets/controls/label.h"
#include "widgets/controls/statuspill.h"
#include "widgets/diff/diffpane.h"
#include "widgets/models/outputfollower.h"
#include "widgets/models/runrow.h"
#include "widgets/terminal/logpane.h"
#include "widgets/text/codeview.h"

namespace gatehouse::widgets {

class PolicyView;

class DetailPane final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DetailPane)
public:
    enum Tab { Diff, Arguments, Output, Policy, Record, TabCount };

    explicit DetailPane(QWidget* parent = nullptr);

    // The head at once, the contents when they are loaded.
    void setRow(const RowPtr& row);
    void setDetail(const RowDetail& detail);
    // The next part of the row's output; the first one takes the place of another row's. outputTaken() when all of it is shown.
    void takeOutput(const OutputBatch& batch);
    void setApproval(const ApprovalPtr& item);
    void clear();
    void setTab(Tab tab);
    [[nodiscard]] Tab tab() const { return Tab(m_tabs->currentIndex()); }
    [[nodiscard]] RowPtr row() const { return m_row; }
    [[nodiscard]] DiffPane& diff() const { return *m_diff; }
    // Of arguments and record.
    [[nodiscard]] CodeView& codeView(Tab tab) const;
    [[nodiscard]] LogPane& output() const { return *m_output; }

Q_SIGNALS:
    // More of the output than was shown so far.
    void moreOutputRequested();
    void outputTaken();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] QWidget* makeHead();
    void chooseTab();
    // Not the person's choice.
    void showTab(Tab tab);
    void setHasContent(Tab tab, bool has);

    RowPtr m_row;
    Label* m_title;
    Label* m_call;
    StatusPill* m_state;
    QTabBar* m_tabs;
    QStackedWidget* m_pages;
    DiffPane* m_diff;
    CodeView* m_arguments;
    LogPane* m_output;
    PolicyView* m_policy;
    CodeView* m_record;
    std::array<bool, TabCount> m_hasContent = {};
    int m_wantedTab = -1; // chosen by the person
    bool m_choosingOurselves = false;
};

} // namespace gatehouse::widgets
