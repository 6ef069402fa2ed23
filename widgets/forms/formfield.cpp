#include "widgets/forms/formfield.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

#include "widgets/forms/formpage.h"
#include "widgets/outline/nodewords.h"
#include "widgets/style/fonts.h"
#include "widgets/style/icons.h"

namespace gatehouse::widgets {

namespace {

// The glyph before a reason: what is said is never said by colour alone.
class ReasonMark final : public QWidget {
public:
    ReasonMark() { setFixedSize(px(14), px(16)); }
    void setSeverity(Severity severity)
    {
        m_severity = severity;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        const bool error = m_severity == Severity::Error;
        paintGlyph(painter, QRectF(0, 2, px(12), px(12)), error ? Glyph::Cross : Glyph::Triangle, error ? tokens().deny : tokens().ask);
    }

private:
    Severity m_severity = Severity::Error;
};

} // namespace

FormField::FormField(FormPage& page, FieldName name)
    : m_page(page),
      m_name(std::move(name)),
      m_column(new QVBoxLayout(this)),
      m_label(new Label(m_name.label, TokenRole::Second)),
      m_remark(makeSmall({}, TokenRole::Third)),
      m_reasonRow(new QWidget),
      m_reason(makeSmall({}, TokenRole::Deny)),
      m_help(makeSmall(m_name.help, TokenRole::Third))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(px(4));
    auto* head = new QHBoxLayout;
    head->setSpacing(px(8));
    head->addWidget(m_label);
    head->addStretch(1);
    head->addWidget(m_remark);
    m_column->addLayout(head);
    auto* reason = new QHBoxLayout(m_reasonRow);
    reason->setContentsMargins(0, 0, 0, 0);
    reason->setSpacing(px(4));
    reason->addWidget(new ReasonMark, 0, Qt::AlignTop);
    reason->addWidget(m_reason, 1);
    m_reason->setWordWrap(true);
    m_help->setWordWrap(true);
    m_column->addWidget(m_reasonRow);
    m_column->addWidget(m_help);
    // Only now: shown without a parent they would be windows for a moment.
    m_help->setVisible(!m_name.help.isEmpty());
    m_reasonRow->hide();
    m_remark->hide();
}

std::string FormField::pointer() const
{
    return m_page.pointer() + m_name.key;
}

void FormField::setEditor(QWidget* editor)
{
    m_editor = editor;
    m_label->setBuddy(editor);
    editor->setAccessibleName(m_name.label);
    editor->installEventFilter(this);
    m_column->insertWidget(1, editor);
}

const nlohmann::json* FormField::value() const
{
    return m_page.valueAt(pointer());
}

void FormField::setRemark(const QString& text)
{
    m_remark->setText(text);
    m_remark->setVisible(!text.isEmpty());
}

bool FormField::write(const std::function<Result<void>(authoring::Editor&)>& change)
{
    const std::string burst = pointer() + '#' + std::to_string(m_stay);
    const auto done = m_page.edit(m_name.step, change, QString::fromStdString(burst));
    setFault(done ? QString() : reasonOf(done.error()));
    return done.has_value();
}

void FormField::setFault(const QString& fault)
{
    m_fault = fault;
    showReason();
}

void FormField::setProblems(const QString& text, Severity severity)
{
    m_problems = text;
    m_severity = severity;
    showReason();
}

QString FormField::reason() const
{
    return m_fault.isEmpty() ? m_problems : m_fault;
}

void FormField::showReason()
{
    const Severity severity = m_fault.isEmpty() ? m_severity : Severity::Error;
    m_reason->setRole(severity == Severity::Error ? TokenRole::Deny : TokenRole::Ask);
    m_reason->setText(reason());
    static_cast<ReasonMark*>(m_reasonRow->layout()->itemAt(0)->widget())->setSeverity(severity);
    m_reasonRow->setVisible(!reason().isEmpty());
    m_help->setVisible(reason().isEmpty() && !m_name.help.isEmpty());
    if (m_editor)
        m_editor->setAccessibleDescription(reason().isEmpty() ? m_name.help : reason());
}

bool FormField::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusIn)
        ++m_stay;
    if (event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride) {
        auto* key = static_cast<QKeyEvent*>(event);
        const bool undo = key->matches(QKeySequence::Undo);
        if (undo || key->matches(QKeySequence::Redo)) {
            if (event->type() == QEvent::KeyPress)
                m_page.undo(!undo);
            event->accept();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace gatehouse::widgets
