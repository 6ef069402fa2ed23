#include "widgets/project/samplechooser.h"

#include <QDir>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/controls/label.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/style/icons.h"

#include <algorithm>

namespace gatehouse::widgets {

SampleChooser::SampleChooser(QWidget* parent)
    : QWidget(parent),
      m_samples(new QVBoxLayout),
      m_place(new QWidget),
      m_caption(makeSmall({})),
      m_folder(new QLineEdit),
      m_make(new QPushButton(tr("Make it and open it")))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(px(6));
    column->addWidget(makeSection(tr("Try a sample")));
    m_samples->setSpacing(px(10));
    column->addLayout(m_samples);
    auto* place = new QVBoxLayout(m_place);
    place->setContentsMargins(0, px(4), 0, 0);
    place->setSpacing(px(4));
    place->addWidget(m_caption);
    auto* row = new QHBoxLayout;
    row->setSpacing(px(8));
    m_caption->setBuddy(m_folder);
    m_folder->setAccessibleName(tr("Folder of the sample project"));
    setLook(m_make, Look::Primary);
    m_make->setAutoDefault(false);
    row->addWidget(m_folder, 1);
    row->addWidget(m_make);
    place->addLayout(row);
    column->addWidget(m_place);
    m_place->hide();
    connect(m_make, &QPushButton::clicked, this, &SampleChooser::make);
    connect(m_folder, &QLineEdit::returnPressed, this, &SampleChooser::make);
    connect(m_folder, &QLineEdit::textChanged, this, [this](const QString& text) { m_make->setEnabled(!text.trimmed().isEmpty()); });
}

void SampleChooser::setSamples(const std::vector<Sample>& samples)
{
    while (QLayoutItem* item = m_samples->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    std::vector<QPushButton*> buttons;
    int widest = 0;
    for (const Sample& sample : samples) {
        auto* row = new QWidget;
        auto* line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(px(10));
        auto* button = new QPushButton(icon(Glyph::Workflow), sample.name);
        setLook(button, Look::Row);
        button->setAutoDefault(false);
        button->setAccessibleName(tr("Sample %1").arg(sample.name));
        button->setAccessibleDescription(sample.description);
        connect(button, &QPushButton::clicked, this, [this, name = sample.name] { choose(name); });
        line->addWidget(button);
        auto* what = new Label(sample.description, TokenRole::Second);
        what->setWordWrap(true);
        line->addWidget(what, 1);
        m_samples->addWidget(row);
        buttons.push_back(button);
        widest = std::max(widest, button->sizeHint().width());
    }
    for (QPushButton* button : buttons)
        button->setFixedWidth(widest); // the descriptions begin at one edge
}

void SampleChooser::choose(const QString& name)
{
    m_chosen = name;
    m_caption->setText(tr("Folder for %1: new, or empty").arg(name));
    m_folder->setText(QDir::home().filePath(QStringLiteral("gatehouse-") + name));
    m_place->show();
    m_folder->setFocus();
    m_folder->selectAll();
}

void SampleChooser::make()
{
    const QString folder = m_folder->text().trimmed();
    if (!m_chosen.isEmpty() && !folder.isEmpty())
        Q_EMIT makeRequested(m_chosen, QDir::isAbsolutePath(folder) ? folder : QDir::home().filePath(folder));
}

} // namespace gatehouse::widgets
