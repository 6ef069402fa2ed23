// The kinds of fields there are: text of one line or many, a choice, a tick. GUI thread.
#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>

#include "widgets/forms/formfield.h"

namespace gatehouse::widgets {

// A frame like a line edit's, as high as its text within bounds; Tab leaves it.
class FieldTextEdit : public QPlainTextEdit {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FieldTextEdit)
public:
    FieldTextEdit(int leastLines, int mostLines);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {px(80), sizeHint().height()}; }
    // The smallest change, so that caret and scroll bar stay.
    void showText(const QString& text);
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    // By the person.
    void edited();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void insertFromMimeData(const QMimeData* source) override;

private:
    void fitScrollBar();
    int m_leastLines;
    int m_mostLines;
    bool m_showing = false;
};

class TextField final : public FormField {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TextField)
public:
    TextField(FormPage& page, FieldName name, FieldKind kind, const QString& placeholder = {});
    // Of many lines; the caller's editor.
    TextField(FormPage& page, FieldName name, FieldKind kind, FieldTextEdit* editor);
    void refresh() override;
    void setEditable(bool editable) override;
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void changed();

private:
    void take();
    void show(const QString& text);

    FieldKind m_kind;
    QLineEdit* m_line = nullptr;
    FieldTextEdit* m_area = nullptr;
};

struct Choice {
    QString text;
    std::optional<std::string> value; // none: the key is taken out
};

class ChoiceField final : public FormField {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChoiceField)
public:
    using Choices = std::function<std::vector<Choice>()>;
    ChoiceField(FormPage& page, FieldName name, Choices choices);
    void refresh() override;
    void setEditable(bool editable) override { m_box->setEnabled(editable); }
    // Instead of setting the value.
    void setWriter(std::function<Result<void>(authoring::Editor&, const std::string&)> writer) { m_writer = std::move(writer); }
    [[nodiscard]] QComboBox& box() const { return *m_box; }

private:
    void take(int index);

    Choices m_choices;
    QComboBox* m_box;
    std::vector<Choice> m_shown;
    std::function<Result<void>(authoring::Editor&, const std::string&)> m_writer;
};

// A name: taken when it is finished, since a rename goes everywhere.
class NameField final : public FormField {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NameField)
public:
    explicit NameField(FormPage& page);
    void refresh() override;
    [[nodiscard]] bool isOfOwnPlaceOnly() const override { return true; }
    void setEditable(bool editable) override { m_line->setReadOnly(!editable); }

private:
    void judge();
    void take();
    QLineEdit* m_line;
};

} // namespace gatehouse::widgets
