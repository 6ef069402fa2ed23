// What the forms of a workflow offer beside the document itself: the project's models and the profiles there are. A value.
#pragma once

#include <QString>

#include <string>
#include <vector>

namespace gatehouse::widgets {

struct AuthoringContext {
    std::vector<QString> models;
    QString defaultModel;
    std::vector<QString> profiles;
};

// Of the project that the workflow at this path stands in; empty when there is none that can be read. Reads files; any thread.
[[nodiscard]] AuthoringContext readAuthoringContext(const std::string& workflowPath);

} // namespace gatehouse::widgets
