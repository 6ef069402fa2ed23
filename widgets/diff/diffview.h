// DiffView: a patch, unified, with line numbers, signs, changed words and syntax colours. GUI thread.
//
// Colours arrive later, from the syntax service's thread; without it the view is complete but for them.
#pragma once

#include "widgets/diff/difftext.h"
#include "widgets/text/codeview.h"

namespace gatehouse::widgets {

class DiffView final : public CodeView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DiffView)
public:
    explicit DiffView(QWidget* parent = nullptr);

    void setDiff(const DiffText& diff);
    // Makes the text here: for patches that are small.
    void setPatch(const Patch& patch, FileHeadings headings = FileHeadings::Shown);
    // To the next (direction 1) or previous (−1) hunk from the current line.
    void goToHunk(int direction);
    [[nodiscard]] bool hasColours() const { return m_hasColours; }

Q_SIGNALS:
    void coloursArrived();

private:
    void takeColours(quint64 ticket, const SyntaxResults& results);

    // Where each line of the requested runs stands in the view.
    std::vector<std::vector<std::size_t>> m_places;
    quint64 m_ticket = 0;
    bool m_hasColours = false;
};

} // namespace gatehouse::widgets
