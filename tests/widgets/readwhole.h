// Reads a request for approval as a person does: End goes to what was not on screen yet, until nothing is left.
#pragma once

#include "widgets/approval/approvalview.h"
#include "widgets/text/codeview.h"

#include <QApplication>
#include <QTest>

namespace gatehouse::test {

inline bool readWhole(widgets::ApprovalView& card)
{
    widgets::CodeView& payload = card.payload();
    for (int left = payload.unseenRows(); left > 0; left = payload.unseenRows()) {
        QWidget* focused = QApplication::focusWidget();
        QTest::keyClick(focused && card.isAncestorOf(focused) ? focused : &card, Qt::Key_End);
        if (!QTest::qWaitFor([&] { return payload.unseenRows() < left; })) {
            const QRect seen = payload.viewport()->visibleRegion().boundingRect();
            qWarning("%d of %d rows were not seen; in sight are %d of %d px of the width", left, payload.rowCount(), seen.width(),
                     payload.viewport()->width());
            return false;
        }
    }
    return payload.wholeTextSeen();
}

} // namespace gatehouse::test
