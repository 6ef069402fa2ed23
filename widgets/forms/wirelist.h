// WireList: what an agent may be joined to, or what a node may be joined to, one tick each; for data how far the access goes.
// GUI thread.
#pragma once

#include "widgets/forms/formfield.h"

#include <map>

class QCheckBox;
class QComboBox;

namespace gatehouse::widgets {

class WireList final : public FormField {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WireList)
public:
    // The nodes of these kinds, beside the page's.
    WireList(FormPage& page, FieldName name, std::vector<authoring::NodeKind> kinds);
    void refresh() override;
    void setEditable(bool editable) override;
    [[nodiscard]] int ticked() const;
    [[nodiscard]] QCheckBox* tick(const authoring::NodeId& node) const;
    [[nodiscard]] QComboBox* access(const authoring::NodeId& node) const;

private:
    struct Row {
        QWidget* widget = nullptr;
        QCheckBox* tick = nullptr;
        Label* remark = nullptr;
        QComboBox* access = nullptr; // of data
    };
    [[nodiscard]] std::vector<authoring::NodeId> candidates() const;
    Row makeRow(const authoring::NodeId& node);
    void showRow(Row& row, const authoring::NodeId& node);
    void join(const authoring::NodeId& node, bool joined);
    void give(const authoring::NodeId& node, int choice);
    [[nodiscard]] bool isData(const authoring::NodeId& node) const;
    [[nodiscard]] const authoring::GraphWire* wireTo(const authoring::NodeId& node) const;
    [[nodiscard]] std::pair<authoring::NodeId, authoring::NodeId> ends(const authoring::NodeId& node) const;

    std::vector<authoring::NodeKind> m_kinds;
    std::map<authoring::NodeId, Row> m_rows;
    QVBoxLayout* m_list;
    Label* m_none;
    bool m_editable = true;
};

} // namespace gatehouse::widgets
