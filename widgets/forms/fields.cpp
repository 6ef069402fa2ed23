#include "widgets/forms/fields.h"

#include <QMimeData>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QTextBlock>
#include <QTextLayout>

#include "widgets/forms/formpage.h"
#include "widgets/outline/nodewords.h"
#include "widgets/source/shieldedtext.h"
#include "widgets/style/fonts.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/text/markedtext.h"

#include <algorithm>

namespace gatehouse::widgets {

FieldTextEdit::FieldTextEdit(int leastLines, int mostLines) : m_leastLines(leastLines), m_mostLines(mostLines)
{
    setLook(this, Look::Field);
    setTabChangesFocus(true);
    setUndoRedoEnabled(false);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    document()->setDocumentMargin(px(5));
    setViewportMargins(px(3), 0, px(3), 0); // text begins where that of a line does
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        updateGeometry();
        fitScrollBar();
        if (!m_showing)
            Q_EMIT edited();
    });
}

QSize FieldTextEdit::sizeHint() const
{
    // Of long texts the first lines decide: the height is bounded anyway.
    int rows = 0;
    for (QTextBlock block = document()->begin(); block.isValid() && rows < m_mostLines; block = block.next()) {
        (void)blockBoundingRect(block); // lays it out
        rows += std::max(1, block.layout()->lineCount());
    }
    const int height = std::clamp(rows, m_leastLines, m_mostLines) * fontMetrics().lineSpacing();
    return {px(220), height + 2 * int(document()->documentMargin()) + 2 * frameWidth()};
}

void FieldTextEdit::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        updateGeometry();
    fitScrollBar();
}

// A field that is as high as its text needs none.
void FieldTextEdit::fitScrollBar()
{
    const int most = m_mostLines * fontMetrics().lineSpacing();
    const bool higher = sizeHint().height() >= most + 2 * int(document()->documentMargin());
    const auto policy = higher ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff;
    if (verticalScrollBarPolicy() != policy)
        setVerticalScrollBarPolicy(policy);
}

void FieldTextEdit::insertFromMimeData(const QMimeData* source)
{
    if (!isReadOnly() && source->hasText())
        textCursor().insertText(shielded(source->text().replace(QStringLiteral("\r\n"), QStringLiteral("\n")).toStdString()));
}

QString FieldTextEdit::text() const
{
    QString out;
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next()) {
        if (block != document()->begin())
            out += u'\n';
        out += block.text();
    }
    return out;
}

void FieldTextEdit::showText(const QString& text)
{
    const QString before = this->text();
    if (before == text)
        return;
    const auto [inOld, inNew] = std::mismatch(before.begin(), before.end(), text.begin(), text.end());
    const int begin = int(inOld - before.begin());
    int same = 0;
    const int most = int(std::min(before.size(), text.size())) - begin;
    while (same < most && before[before.size() - 1 - same] == text[text.size() - 1 - same])
        ++same;
    QTextCursor cursor(document());
    cursor.setPosition(begin);
    cursor.setPosition(int(before.size()) - same, QTextCursor::KeepAnchor);
    m_showing = true;
    cursor.insertText(text.mid(begin, text.size() - begin - same));
    m_showing = false;
}

// Text

TextField::TextField(FormPage& page, FieldName name, FieldKind kind, const QString& placeholder)
    : FormField(page, std::move(name)), m_kind(std::move(kind)), m_line(new QLineEdit)
{
    m_line->setPlaceholderText(placeholder);
    m_line->setMinimumWidth(px(60));
    setEditor(m_line);
    // Not textEdited: what a screen reader or dictation puts into a field never was typed.
    connect(m_line, &QLineEdit::textChanged, this, &TextField::take);
    // Left, it shows what the document has in the field's own words.
    connect(m_line, &QLineEdit::editingFinished, this, [this] {
        if (const QString words = m_kind.read(value()); !hasFault() && m_kind.says(text(), value()) && words != text())
            show(words);
    });
}

TextField::TextField(FormPage& page, FieldName name, FieldKind kind, FieldTextEdit* editor)
    : FormField(page, std::move(name)), m_kind(std::move(kind)), m_area(editor)
{
    setEditor(m_area);
    connect(m_area, &FieldTextEdit::edited, this, &TextField::take);
}

QString TextField::text() const
{
    return m_line ? m_line->text() : m_area->text();
}

void TextField::take()
{
    const QString now = text();
    setFault(m_kind.fault(now));
    if (!hasFault() && !m_kind.says(now, value()))
        write([&](authoring::Editor& editor) { return m_kind.write(editor, pointer(), now); });
    Q_EMIT changed();
}

void TextField::refresh()
{
    // A text that could not be written stays the person's until they leave it.
    if (hasFault() && editor()->hasFocus())
        return;
    if (hasFault() && !m_kind.fault(text()).isEmpty())
        return;
    setFault({});
    if (!m_kind.says(text(), value()))
        show(m_kind.read(value()));
    Q_EMIT changed();
}

void TextField::show(const QString& text)
{
    if (m_area) {
        m_area->showText(text);
        return;
    }
    const int caret = m_line->cursorPosition();
    const QSignalBlocker quiet(m_line);
    m_line->setText(text);
    m_line->setCursorPosition(m_line->hasFocus() ? std::min(caret, int(text.size())) : 0);
}

void TextField::setEditable(bool editable)
{
    if (m_line)
        m_line->setReadOnly(!editable);
    else
        m_area->setReadOnly(!editable);
}

// Choice

ChoiceField::ChoiceField(FormPage& page, FieldName name, Choices choices)
    : FormField(page, std::move(name)), m_choices(std::move(choices)), m_box(new QComboBox)
{
    m_box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_box->setMinimumContentsLength(8);
    m_box->setFocusPolicy(Qt::StrongFocus); // the wheel scrolls the form
    setEditor(m_box);
    connect(m_box, &QComboBox::activated, this, &ChoiceField::take);
}

void ChoiceField::refresh()
{
    std::vector<Choice> choices = m_choices();
    const nlohmann::json* now = value();
    std::optional<std::string> wanted;
    if (now && now->is_string())
        wanted = now->get<std::string>();
    auto found = std::ranges::find(choices, wanted, &Choice::value);
    if (found == choices.end()) {
        choices.push_back({wanted ? tr("%1 (unknown)").arg(shown(*wanted)) : tr("Nothing chosen"), wanted});
        found = std::prev(choices.end());
    }
    const int index = int(found - choices.begin());
    const bool same =
        std::ranges::equal(choices, m_shown, [](const Choice& a, const Choice& b) { return a.text == b.text && a.value == b.value; });
    if (!same) {
        m_box->clear();
        for (const Choice& choice : choices)
            m_box->addItem(choice.text);
        m_shown = std::move(choices);
    }
    m_box->setCurrentIndex(index);
    setFault({});
}

void ChoiceField::take(int index)
{
    const auto choice = m_shown[std::size_t(index)].value;
    const nlohmann::json* now = value();
    if (choice ? now && *now == *choice : !now)
        return;
    write([&](authoring::Editor& editor) -> Result<void> {
        if (m_writer)
            return m_writer(editor, choice.value_or(std::string()));
        return choice ? editor.set(pointer(), *choice) : editor.remove(pointer());
    });
}

// Name

NameField::NameField(FormPage& page) : FormField(page, {tr("Name"), std::string(), tr("Rename %1"), QString()}), m_line(new QLineEdit)
{
    setEditor(m_line);
    // A name that comes without the focus, as a screen reader gives it, is whole.
    connect(m_line, &QLineEdit::textChanged, this, [this] {
        m_line->setModified(true);
        judge();
        if (!m_line->hasFocus())
            take();
    });
    connect(m_line, &QLineEdit::editingFinished, this, &NameField::take);
}

void NameField::refresh()
{
    if (m_line->hasFocus() && m_line->isModified())
        return;
    const QString name = shielded(page().node()->name);
    if (hasFault() || m_line->text() == name)
        return;
    const QSignalBlocker quiet(m_line);
    m_line->setText(name);
}

void NameField::judge()
{
    const authoring::NodeId node = *page().node();
    const std::string name = unshielded(m_line->text());
    QString fault;
    if (name != node.name) {
        if (const auto why = authoring::nameFault(node.kind, name))
            fault = reasonOf(Error{ErrorCode::InvalidInput, {}, *why});
        else if (const authoring::GraphNode* taken = page().document().graph().find({node.kind, name});
                 taken && taken->definition == authoring::Definition::Here)
            fault = tr("There is a %1 of this name already").arg(kindName(node.kind).toLower());
    }
    setFault(fault);
}

void NameField::take()
{
    if (!m_line->isModified())
        return;
    judge();
    const std::string name = unshielded(m_line->text());
    if (hasFault() || name == page().node()->name)
        return;
    m_line->setModified(false);
    setFault(page().rename(name));
}

} // namespace gatehouse::widgets
