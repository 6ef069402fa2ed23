// A canvas page over a workflow that was written for the test, loaded and shown.
#pragma once

#include "tests/support/temporaryfolder.h"
#include "widgets/canvas/canvaspage.h"

#include <QFile>
#include <QTest>

#include <memory>

namespace gatehouse::test {

class CanvasFixture final {
public:
    explicit CanvasFixture(const QByteArray& text, QSize size = {1200, 720})
    {
        QDir().mkpath(folder() + QStringLiteral("/workflows"));
        path = folder() + QStringLiteral("/workflows/a.workflow.json");
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("no test file");
        file.close();
        document = std::make_unique<widgets::WorkflowDocument>(path, background);
        page = std::make_unique<widgets::CanvasPage>(*document, background, folder());
        page->resize(size);
        document->load();
        ready = QTest::qWaitFor([this] { return document->state() == widgets::WorkflowDocument::State::Ready; });
        page->show();
        ready = ready && QTest::qWaitForWindowExposed(page.get());
        page->activateWindow();
        view().setFocus();
    }
    [[nodiscard]] widgets::CanvasView& view() const { return page->view(); }
    [[nodiscard]] QString folder() const { return QString::fromStdString(m_folder.path()); }
    [[nodiscard]] QPoint cardAt(const authoring::NodeId& id) const
    {
        return view().toView(view().scene().find(id)->rect.center()).toPoint();
    }
    void choose(const authoring::NodeId& id) const { document->select({id}, id); }
    [[nodiscard]] bool does(const char* command) const
    {
        QAction* action = page->command(command);
        if (!action || !action->isEnabled())
            return false;
        action->trigger();
        return true;
    }

private:
    TemporaryFolder m_folder;

public:
    widgets::BackgroundThread background{QStringLiteral("test")};
    QString path;
    std::unique_ptr<widgets::WorkflowDocument> document;
    std::unique_ptr<widgets::CanvasPage> page;
    bool ready = false;
};

} // namespace gatehouse::test
