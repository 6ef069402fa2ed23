// Syntax colours as kinds of words; which library finds them is known to one source file (ksyntax or none).
//
// highlight() may take long (it loads definitions on first use) and is called on the SyntaxService's thread.
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>
#include <memory>
#include <vector>

namespace gatehouse::widgets {

enum class SyntaxKind { Plain, Keyword, Type, Function, String, Number, Comment };

struct SyntaxSpan {
    int start = 0;
    int length = 0;
    SyntaxKind kind = SyntaxKind::Plain;
    bool operator==(const SyntaxSpan&) const = default;
};

// Consecutive lines of one file, as they follow each other there.
struct SyntaxRun {
    QString fileName;
    QStringList lines;
};
using SyntaxResult = std::vector<std::vector<SyntaxSpan>>; // a vector for each line

[[nodiscard]] SyntaxResult highlight(const SyntaxRun& run);
// "KSyntaxHighlighting 5.116.0", or empty when the program was built without.
[[nodiscard]] QString syntaxEngineName();

using SyntaxRuns = std::shared_ptr<const std::vector<SyntaxRun>>;
using SyntaxResults = std::shared_ptr<const std::vector<SyntaxResult>>;

// Highlights on a thread of its own; one per program. Answers come in order; a stale one is known by its ticket.
class SyntaxService final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SyntaxService)
public:
    static SyntaxService& instance();
    // Returns the ticket that finished() will name.
    quint64 start(SyntaxRuns runs);
    // The same for runs that take time to make: they are made on the service's thread.
    quint64 start(std::function<std::vector<SyntaxRun>()> make);

Q_SIGNALS:
    void finished(quint64 ticket, gatehouse::widgets::SyntaxResults results);

private:
    SyntaxService();
    ~SyntaxService() override;

    std::unique_ptr<QThread> m_thread;
    std::unique_ptr<QObject> m_worker;
    quint64 m_lastTicket = 0;
};

} // namespace gatehouse::widgets
