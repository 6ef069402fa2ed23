// DiffView: a patch as an approval's card shows it: unified, every line wrapped, so that nothing hides beside the view; as high as its
// text. What is reviewed at length is shown by DiffPane. GUI thread.
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
