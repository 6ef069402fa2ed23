// The forms: which fields an agent, a tool, a server, a data entry and the workflow itself have. The words are those of
// resources/schemas/workflow.schema.json.
#include <QPushButton>

#include "widgets/forms/formpage.h"
#include "widgets/forms/instructionsedit.h"
#include "widgets/forms/wirelist.h"
#include "widgets/outline/nodewords.h"
#include "widgets/source/shieldedtext.h"
#include "widgets/style/fonts.h"
#include "widgets/style/gatehousestyle.h"
#include "widgets/text/markedtext.h"

#include <algorithm>

namespace gatehouse::widgets {

using namespace authoring;

namespace {

struct Forms {
    Q_DECLARE_TR_FUNCTIONS(Forms)
};

FieldTextEdit* makeArea(int least, int most, bool machineText = false)
{
    auto* area = new FieldTextEdit(least, most);
    if (machineText)
        area->setFont(monoFont(TextSize::Small));
    return area;
}

void addRemove(FormPage& page)
{
    const NodeId node = *page.node();
    auto* button = new QPushButton(Forms::tr("Remove from the workflow"));
    setLook(button, Look::Danger);
    button->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    button->setAutoDefault(false);
    QObject::connect(button, &QPushButton::clicked, &page, [&page] {
        (void)page.edit(Forms::tr("Remove %1"), [&page](Editor& editor) { return removeNodes(editor, {*page.node()}); });
    });
    page.whenRefreshed([button, &page] { button->setEnabled(page.document().canEdit()); });
    page.addWidget(button);
}

std::vector<Choice> classChoices()
{
    return {{Forms::tr("Draft"), "draft"}, {Forms::tr("Delivery"), "delivery"}, {Forms::tr("Privileged"), "privileged"}};
}

// Agents

std::vector<Choice> modelChoices(const WorkflowDocument& document)
{
    const AuthoringContext& context = document.context();
    const QString fallback = context.defaultModel.isEmpty() ? Forms::tr("none") : shown(context.defaultModel.toStdString());
    std::vector<Choice> out{{Forms::tr("The project's default: %1").arg(fallback), std::nullopt}};
    for (const QString& model : context.models)
        out.push_back({shown(model.toStdString()), model.toStdString()});
    return out;
}

QStringList entryNames(const WorkflowDocument& document)
{
    QStringList out;
    for (const GraphNode& node : document.graph().nodes) {
        if (node.id.kind == NodeKind::Data && node.definition == Definition::Here)
            out << shielded(node.id.name); // as the instructions have it
    }
    return out;
}

void addInstructions(FormPage& page)
{
    auto* editor = new InstructionsEdit;
    auto* field = page.add(new TextField(page, {Forms::tr("Instructions"), "/instructions", Forms::tr("Change the instructions of %1"), {}},
                                         textKind(Presence::Needed), editor));
    page.whenRefreshed([&page, editor] { editor->setEntries(entryNames(page.document())); });
    QObject::connect(field, &TextField::changed, field, [field] {
        // Four bytes to a token is what English text comes to; the model's own count is known in the run.
        const auto tokens = int(field->text().toUtf8().size() / 4);
        field->setRemark(tokens == 0 ? QString() : Forms::tr("≈ %1 tokens").arg(tokens));
    });
}

void addEntryTick(FormPage& page)
{
    auto* tick = new QCheckBox(Forms::tr("Entry agent: it gets the task"));
    // Not clicked: a screen reader toggles.
    QObject::connect(tick, &QCheckBox::toggled, &page, [&page](bool on) {
        const GraphNode* node = page.document().graph().find(*page.node());
        if (!on || !node || node->entry)
            return;
        (void)page.edit(Forms::tr("Make %1 the entry agent"), [&page](Editor& editor) { return setEntry(editor, *page.node()); });
    });
    page.whenRefreshed([&page, tick] {
        const GraphNode* node = page.document().graph().find(*page.node());
        tick->setChecked(node && node->entry);
        // Another one is chosen in its own form.
        tick->setEnabled(node && !node->entry && page.document().canEdit());
    });
    page.addWidget(tick);
}

FormPage* makeAgentForm(WorkflowDocument& document, const NodeId& node)
{
    auto* page = new FormPage(document, node);
    addInstructions(*page);
    page->add(new ChoiceField(*page, {Forms::tr("Model"), "/model", Forms::tr("Change the model of %1"), {}},
                              [&document] { return modelChoices(document); }));
    page->addPair(new TextField(*page, {Forms::tr("Turns"), "/limits/turns", Forms::tr("Change the turns of %1"), {}}, countKind(1, 100000),
                                Forms::tr("no limit")),
                  new TextField(*page, {Forms::tr("Budget"), "/limits/cost", Forms::tr("Change the budget of %1"), {}}, moneyKind(),
                                Forms::tr("such as 2.00 USD")));
    const bool wall = page->valueAt(page->pointer() + "/limits/wall") && !page->valueAt(page->pointer() + "/limits/run");
    page->addPair(new TextField(*page, {Forms::tr("Tokens"), "/limits/tokens", Forms::tr("Change the tokens of %1"), {}},
                                countKind(1, std::uint64_t(1) << 53), Forms::tr("no limit")),
                  new TextField(*page, {Forms::tr("Time"), wall ? "/limits/wall" : "/limits/run", Forms::tr("Change the time of %1"), {}},
                                durationKind(), Forms::tr("such as 30 min")));
    page->addSection(Forms::tr("Identity"));
    page->add(new NameField(*page));
    page->add(new TextField(*page,
                            {Forms::tr("Description"), "/description", Forms::tr("Change the description of %1"),
                             Forms::tr("What other agents are told about it.")},
                            textKind(), makeArea(1, 4)));
    addEntryTick(*page);
    addRemove(*page);
    page->finish();
    return page;
}

// Tools

FormPage* makeToolForm(WorkflowDocument& document, const NodeId& node)
{
    auto* page = new FormPage(document, node);
    page->add(new NameField(*page));
    page->add(new TextField(*page,
                            {Forms::tr("Description"), "/description", Forms::tr("Change the description of %1"),
                             Forms::tr("What the model is told about it.")},
                            textKind(Presence::Needed), makeArea(2, 6)));
    if (page->valueAt(page->pointer() + "/http")) {
        page->addPair(new ChoiceField(*page, {Forms::tr("Method"), "/http/method", Forms::tr("Change the method of %1"), {}},
                                      [] {
                                          std::vector<Choice> out;
                                          for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
                                              out.push_back({QString::fromLatin1(method), method});
                                          return out;
                                      }),
                      new TextField(*page, {Forms::tr("Credential"), "/http/credential", Forms::tr("Change the credential of %1"), {}},
                                    textKind(), Forms::tr("none")));
        page->add(new TextField(*page, {Forms::tr("Address"), "/http/url", Forms::tr("Change the address of %1"), {}},
                                textKind(Presence::Needed)));
    } else {
        page->add(new TextField(*page,
                                {Forms::tr("Command"), "/command", Forms::tr("Change the command of %1"),
                                 Forms::tr("The program and its arguments, one per line, in the project's tools folder.")},
                                linesKind(LineUse::Command), makeArea(2, 8, true)));
        page->addPair(new TextField(*page, {Forms::tr("Longest call"), "/timeout", Forms::tr("Change the timeout of %1"), {}},
                                    durationKind(), Forms::tr("as the profile says")),
                      new ChoiceField(*page, {Forms::tr("Lowest class"), "/impact", Forms::tr("Change the class of %1"), {}}, [] {
                          std::vector<Choice> out = classChoices();
                          out.insert(out.begin(), Choice{Forms::tr("Any"), std::nullopt});
                          return out;
                      }));
    }
    page->add(new TextField(
        *page,
        {Forms::tr("Parameters"), "/parameters", Forms::tr("Change the parameters of %1"), Forms::tr("A JSON Schema of the arguments.")},
        jsonKind(JsonUse::ParametersSchema), makeArea(6, 18, true)));
    page->addSection(Forms::tr("Used by"));
    page->add(new WireList(*page, {Forms::tr("Agents"), "/", {}, {}}, {NodeKind::Agent}));
    addRemove(*page);
    page->finish();
    return page;
}

FormPage* makeServerForm(WorkflowDocument& document, const NodeId& node)
{
    auto* page = new FormPage(document, node);
    page->add(new NameField(*page));
    if (page->valueAt(page->pointer() + "/url"))
        page->add(new TextField(*page, {Forms::tr("Address"), "/url", Forms::tr("Change the address of %1"), {}}, textKind()));
    else
        page->add(new TextField(*page,
                                {Forms::tr("Command"), "/command", Forms::tr("Change the command of %1"),
                                 Forms::tr("The program and its arguments, one per line; it runs in a sandbox of its own.")},
                                linesKind(LineUse::Command), makeArea(2, 8, true)));
    page->addPair(
        new TextField(*page, {Forms::tr("Profile"), "/profile", Forms::tr("Change the profile of %1"), {}}, textKind(), Forms::tr("none")),
        new TextField(*page, {Forms::tr("Credential"), "/credential", Forms::tr("Change the credential of %1"), {}}, textKind(),
                      Forms::tr("none")));
    page->add(new TextField(*page, {Forms::tr("Pin"), "/pin", Forms::tr("Change the pin of %1"), Forms::tr("The digest of its tools.")},
                            textKind(), Forms::tr("sha256:…")));
    page->addSection(Forms::tr("Used by"));
    page->add(new WireList(*page, {Forms::tr("Agents"), "/", {}, {}}, {NodeKind::Agent}));
    addRemove(*page);
    page->finish();
    return page;
}

// Data

struct EntryType {
    const char* type;
    const char* needed; // the key without which it says nothing
    std::vector<const char*> keys;
};

const std::vector<EntryType>& entryTypes()
{
    static const std::vector<EntryType> types = {{"git_repo", "repo", {"host", "repo", "ref", "subpath"}},
                                                 {"local_dir", "src", {"src"}},
                                                 {"local_file", "src", {"src"}},
                                                 {"file", "content", {"content"}},
                                                 {"dir", nullptr, {"children"}}};
    return types;
}

QString entryTypeName(std::string_view type)
{
    return type == "git_repo"  ? Forms::tr("Git repository")
        : type == "local_dir"  ? Forms::tr("Folder of this machine")
        : type == "local_file" ? Forms::tr("File of this machine")
        : type == "file"       ? Forms::tr("File with this content")
                               : Forms::tr("Empty folder");
}

const EntryType* entryTypeOf(const FormPage& page)
{
    const nlohmann::json* type = page.valueAt(page.pointer() + "/type");
    const auto found = std::ranges::find_if(entryTypes(), [type](const EntryType& each) { return type && *type == each.type; });
    return found == entryTypes().end() ? nullptr : &*found;
}

bool hasKey(const EntryType& type, std::string_view key)
{
    return std::ranges::any_of(type.keys, [key](const char* each) { return key == each; });
}

// What the new type has no use for goes, what it can't do without comes; what both have stays.
Result<void> changeType(Editor& editor, const FormPage& page, const std::string& type)
{
    const auto found = std::ranges::find_if(entryTypes(), [&type](const EntryType& each) { return type == each.type; });
    const std::string pointer = page.pointer();
    GH_TRY(editor.set(pointer + "/type", type));
    if (found == entryTypes().end())
        return {};
    for (const EntryType& other : entryTypes()) {
        for (const char* key : other.keys) {
            if (!hasKey(*found, key))
                GH_TRY(editor.remove(pointer + '/' + key));
        }
    }
    if (found->needed && !editor.document().contains(pointer + '/' + found->needed))
        GH_TRY(editor.set(pointer + '/' + found->needed, ""));
    if (type == "git_repo" && !editor.document().contains(pointer + "/host"))
        GH_TRY(editor.set(pointer + "/host", "local"));
    return {};
}

FormPage* makeDataForm(WorkflowDocument& document, const NodeId& node)
{
    auto* page = new FormPage(document, node);
    page->add(new NameField(*page));
    auto* type = page->add(new ChoiceField(*page, {Forms::tr("Kind"), "/type", Forms::tr("Change the kind of %1"), {}}, [] {
        std::vector<Choice> out;
        for (const EntryType& each : entryTypes())
            out.push_back({entryTypeName(each.type), each.type});
        return out;
    }));
    type->setWriter([page](Editor& editor, const std::string& value) { return changeType(editor, *page, value); });
    std::vector<std::pair<std::string, FormField*>> byKey;
    const auto add = [&](const char* key, FormField* field) { byKey.emplace_back(key, page->add(field)); };
    add("host",
        new TextField(*page,
                      {Forms::tr("Host"), "/host", Forms::tr("Change the host of %1"),
                       Forms::tr("“local” for a folder of this machine, or a server's name.")},
                      textKind()));
    add("repo",
        new TextField(*page,
                      {Forms::tr("Repository"), "/repo", Forms::tr("Change the repository of %1"),
                       Forms::tr("With the host “local” a path relative to this document.")},
                      textKind(Presence::Needed)));
    add("ref",
        new TextField(*page, {Forms::tr("Commit, branch or tag"), "/ref", Forms::tr("Change the commit of %1"), {}}, textKind(),
                      Forms::tr("the branch that is checked out")));
    add("subpath",
        new TextField(*page, {Forms::tr("Only this folder"), "/subpath", Forms::tr("Change the folder of %1"), {}}, textKind(),
                      Forms::tr("all of it")));
    add("src",
        new TextField(*page,
                      {Forms::tr("Source"), "/src", Forms::tr("Change the source of %1"),
                       Forms::tr("A path relative to this document, inside the project.")},
                      textKind(Presence::Needed)));
    add("content",
        new TextField(*page, {Forms::tr("Content"), "/content", Forms::tr("Change the content of %1"), {}}, textKind(Presence::Needed),
                      makeArea(4, 14, true)));
    page->add(new TextField(*page,
                            {Forms::tr("Description"), "/description", Forms::tr("Change the description of %1"),
                             Forms::tr("What the agents are told about it.")},
                            textKind(), makeArea(1, 4)));
    page->whenRefreshed([page, byKey] {
        const EntryType* now = entryTypeOf(*page);
        for (const auto& [key, field] : byKey)
            field->setVisible(now ? hasKey(*now, key) : page->valueAt(field->pointer()) != nullptr);
    });
    page->addSection(Forms::tr("Who may reach it"));
    page->add(new WireList(*page, {Forms::tr("Agents"), "/", {}, {}}, {NodeKind::Agent}));
    addRemove(*page);
    page->finish();
    return page;
}

// What is named, and not there

FormPage* makeMissingForm(WorkflowDocument& document, const NodeId& node)
{
    auto* page = new FormPage(document, node);
    auto* says = new Label(Forms::tr("%1 is named in this workflow, but it is defined nowhere.").arg(nodeName(node)));
    says->setWordWrap(true);
    page->addWidget(says);
    auto* create = new QPushButton(withoutMnemonics(Forms::tr("Create %1").arg(nodeName(node))));
    create->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    QObject::connect(create, &QPushButton::clicked, page, [page, node] {
        const auto done = page->edit(Forms::tr("Create %1"), [&](Editor& editor) -> Result<void> {
            GH_ASSIGN(const NodeId made, addNode(editor, node.kind, node.name, freePlace(page->document(), node.kind)));
            return made == node ? Result<void>() : fail(ErrorCode::AlreadyExists, {}, "There is one of this name already");
        });
        if (done)
            page->document().select({node}, node);
    });
    page->addWidget(create);
    addRemove(*page);
    page->finish();
    return page;
}

FormPage* makeCapabilityForm(WorkflowDocument& document, const NodeId& node)
{
    auto* page = new FormPage(document, node);
    const GraphNode* found = document.graph().find(node);
    auto* says = new Label(found && !found->summary.empty() ? Forms::tr("Comes with the sandbox and brings %1.").arg(shown(found->summary))
                                                            : Forms::tr("Comes with the sandbox."),
                           TokenRole::Second);
    says->setWordWrap(true);
    page->addWidget(says);
    page->addSection(Forms::tr("Used by"));
    page->add(new WireList(*page, {Forms::tr("Agents"), "/", {}, {}}, {NodeKind::Agent}));
    page->finish();
    return page;
}

// The workflow

std::vector<Choice> profileChoices(const WorkflowDocument& document)
{
    std::vector<Choice> out{{Forms::tr("As the class"), std::nullopt}};
    for (const QString& profile : document.context().profiles)
        out.push_back({profile, profile.toStdString()});
    return out;
}

std::vector<Choice> entryChoices(const WorkflowDocument& document)
{
    std::vector<Choice> out;
    for (const GraphNode& node : document.graph().nodes) {
        if (node.id.kind == NodeKind::Agent && node.definition == Definition::Here)
            out.push_back({nodeName(node.id), node.id.name});
    }
    return out;
}

FormPage* makeWorkflowForm(WorkflowDocument& document)
{
    auto* page = new FormPage(document, std::nullopt);
    page->add(new TextField(
        *page, {Forms::tr("Name"), "/name", Forms::tr("Change the name of the workflow"), Forms::tr("Runs are named after it.")},
        textKind(Presence::Needed)));
    page->add(new TextField(*page, {Forms::tr("Description"), "/description", Forms::tr("Change the description of the workflow"), {}},
                            textKind(), makeArea(1, 4)));
    page->add(new TextField(
        *page,
        {Forms::tr("Task"), "/task", Forms::tr("Change the task of the workflow"), Forms::tr("For a run that is started without one.")},
        textKind(), makeArea(2, 8)));
    page->add(new ChoiceField(*page,
                              {Forms::tr("Entry agent"), "/entry", Forms::tr("Change the entry agent"), Forms::tr("It gets the task.")},
                              [&document] { return entryChoices(document); }));
    page->addPair(
        new ChoiceField(*page, {Forms::tr("Execution class"), "/class", Forms::tr("Change the execution class"), {}}, classChoices),
        new ChoiceField(*page, {Forms::tr("Profile"), "/profile", Forms::tr("Change the profile"), {}},
                        [&document] { return profileChoices(document); }));
    page->addSection(Forms::tr("Results and environment"));
    page->add(new TextField(*page,
                            {Forms::tr("Artifacts"), "/artifacts", Forms::tr("Change the artifacts"),
                             Forms::tr("Globs of workspace files that are kept as results, one per line.")},
                            linesKind(), makeArea(1, 8, true)));
    page->add(new TextField(*page,
                            {Forms::tr("Environment"), "/manifest/environment/value", Forms::tr("Change the environment"),
                             Forms::tr("Set for every command: NAME=value, one per line.")},
                            environmentKind(), makeArea(1, 8, true)));
    page->add(new TextField(*page,
                            {Forms::tr("Policies"), "/policies", Forms::tr("Change the policies"),
                             Forms::tr("Policy files in addition to the project's, relative to this file, one per line.")},
                            linesKind(), makeArea(1, 6, true)));
    page->finish();
    return page;
}

} // namespace

FormPage* makeForm(WorkflowDocument& document, const std::optional<NodeId>& node)
{
    const GraphNode* found = node ? document.graph().find(*node) : nullptr;
    if (!found)
        return makeWorkflowForm(document);
    if (found->definition == Definition::Missing)
        return makeMissingForm(document, *node);
    switch (node->kind) {
    case NodeKind::Agent:
        return makeAgentForm(document, *node);
    case NodeKind::Tool:
        return makeToolForm(document, *node);
    case NodeKind::Mcp:
        return makeServerForm(document, *node);
    case NodeKind::Data:
        return makeDataForm(document, *node);
    case NodeKind::Capability:
        break;
    }
    return makeCapabilityForm(document, *node);
}

FormPage* makeUsesForm(WorkflowDocument& document, const NodeId& agent)
{
    auto* page = new FormPage(document, agent);
    page->setShowsOthers(false); // the form does
    page->add(new WireList(*page, {Forms::tr("Tools"), "/tools", {}, {}}, {NodeKind::Tool, NodeKind::Mcp}));
    page->add(new WireList(*page, {Forms::tr("Capabilities"), "/capabilities", {}, Forms::tr("Tools that come with the sandbox.")},
                           {NodeKind::Capability}));
    page->add(new WireList(*page, {Forms::tr("Data"), "/data", {}, Forms::tr("What it may reach of the workspace.")}, {NodeKind::Data}));
    page->add(new WireList(*page, {Forms::tr("May hand off to"), "/handoffs", {}, {}}, {NodeKind::Agent}));
    page->finish();
    return page;
}

} // namespace gatehouse::widgets
