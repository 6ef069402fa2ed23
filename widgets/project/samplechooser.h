// SampleChooser: the sample projects, and where to make one. Nothing is made before a folder was confirmed. GUI thread.
#pragma once

#include <QWidget>

#include <vector>

class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace gatehouse::widgets {

class Label;

struct Sample {
    QString name;
    QString description; // one line
};

class SampleChooser final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SampleChooser)
public:
    explicit SampleChooser(QWidget* parent = nullptr);
    void setSamples(const std::vector<Sample>& samples);
    [[nodiscard]] QLineEdit& folder() const { return *m_folder; }

Q_SIGNALS:
    void makeRequested(const QString& sample, const QString& folder);

private:
    void choose(const QString& name);
    void make();

    QVBoxLayout* m_samples;
    QWidget* m_place;
    Label* m_caption;
    QLineEdit* m_folder;
    QPushButton* m_make;
    QString m_chosen;
};

} // namespace gatehouse::widgets
