// Rows that can be pressed by accessible actions: in the order in which they are seen, each with its state, and done as Enter does it.
#include "tests/support/testmain.h"
#include "widgets/controls/pressablerows.h"
#include "widgets/shell/workspacerail.h"
#include "widgets/style/themer.h"

#include <QAccessible>
#include <QApplication>
#include <QListView>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTreeView>

using namespace gatehouse;
using namespace gatehouse::widgets;

namespace {

// Fruit: apple, pear. Roots: beet, which reads itself as "red beet".
struct Garden {
    Garden()
    {
        for (const auto& [name, kinds] : {std::pair{QStringLiteral("Fruit"), QStringList{QStringLiteral("apple"), QStringLiteral("pear")}},
                                          std::pair{QStringLiteral("Roots"), QStringList{QStringLiteral("beet")}}}) {
            auto* section = new QStandardItem(name);
            for (const QString& kind : kinds)
                section->appendRow(new QStandardItem(kind));
            model.appendRow(section);
        }
        model.item(1)->child(0)->setAccessibleText(QStringLiteral("red beet"));
    }
    QStandardItemModel model;
};

QStringList namesOf(QAccessibleInterface* face)
{
    QStringList names;
    for (int i = 0; i < face->childCount(); ++i)
        names << face->child(i)->text(QAccessible::Name);
    return names;
}

QAccessibleInterface* childNamed(QAccessibleInterface* face, const QString& name)
{
    const qsizetype at = namesOf(face).indexOf(name);
    return at < 0 ? nullptr : face->child(int(at));
}

void act(QAccessibleInterface* face, const QString& action)
{
    QVERIFY(face && face->actionInterface());
    QVERIFY(face->actionInterface()->actionNames().contains(action));
    face->actionInterface()->doAction(action);
}

} // namespace

class TestPressableRows : public test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { applyLook(Theme::Light); }

    void aTreesRowsAreThoseThatAreSeen()
    {
        Garden garden;
        QTreeView view;
        view.setAccessibleName(QStringLiteral("Garden"));
        view.setModel(&garden.model);
        makeRowsPressable(view, {});
        view.expandAll();
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(&view);
        QCOMPARE(face->role(), QAccessible::Tree);
        const QString head = QStringLiteral("Garden"); // Qt counts the tree's head first
        QCOMPARE(namesOf(face),
                 (QStringList{head, QStringLiteral("Fruit"), QStringLiteral("apple"), QStringLiteral("pear"), QStringLiteral("Roots"),
                              QStringLiteral("red beet")}));
        for (int i = 0; i < face->childCount(); ++i)
            QCOMPARE(face->indexOfChild(face->child(i)), i);
        QCOMPARE(face->child(2)->role(), QAccessible::TreeItem);
        QVERIFY(face->child(1)->state().expanded);
        view.collapse(garden.model.index(0, 0));
        QCOMPARE(namesOf(face), (QStringList{head, QStringLiteral("Fruit"), QStringLiteral("Roots"), QStringLiteral("red beet")}));
        QVERIFY(face->child(1)->state().collapsed);
        QAccessibleInterface* beet = face->child(3);
        garden.model.item(1)->insertRow(0, new QStandardItem(QStringLiteral("leek")));
        QCOMPARE(namesOf(face).mid(2), (QStringList{QStringLiteral("Roots"), QStringLiteral("leek"), QStringLiteral("red beet")}));
        QCOMPARE(face->indexOfChild(beet), 4); // the same face still
        const QAccessible::Id id = QAccessible::uniqueId(beet);
        garden.model.item(1)->removeRow(1);
        QVERIFY(!beet->isValid());
        QCOMPARE(face->childCount(), 4);
        QVERIFY(!QAccessible::accessibleInterface(id)); // let go
    }

    void pressingMakesTheRowCurrentAndDoesWhatEnterDoes()
    {
        Garden garden;
        QTreeView view;
        view.setModel(&garden.model);
        QStringList pressed;
        makeRowsPressable(view, [&](const QModelIndex& index) {
            QCOMPARE(view.currentIndex(), index);
            pressed << index.data().toString();
        });
        view.expandAll();
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(&view);
        act(childNamed(face, QStringLiteral("pear")), QAccessibleActionInterface::pressAction());
        QCOMPARE(pressed, QStringList(QStringLiteral("pear")));
        QVERIFY(childNamed(face, QStringLiteral("pear"))->state().selected);
        garden.model.item(0)->child(0)->setEnabled(false);
        QAccessibleInterface* apple = childNamed(face, QStringLiteral("apple"));
        QVERIFY(apple->state().disabled && apple->actionInterface()->actionNames().isEmpty());
        apple->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
        QCOMPARE(pressed.size(), 1);
    }

    void togglingSelectsAndMakesCurrent()
    {
        Garden garden;
        QListView view;
        view.setModel(&garden.model);
        view.setSelectionMode(QAbstractItemView::ExtendedSelection);
        makeRowsPressable(view, {});
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(&view);
        QCOMPARE(face->role(), QAccessible::List);
        QCOMPARE(namesOf(face), (QStringList{QStringLiteral("Fruit"), QStringLiteral("Roots")}));
        for (int row : {0, 1}) {
            act(face->child(row), QAccessibleActionInterface::toggleAction());
            QCOMPARE(view.currentIndex().row(), row);
        }
        QCOMPARE(view.selectionModel()->selectedRows().size(), 2);
        act(face->child(0), QAccessibleActionInterface::toggleAction());
        QVERIFY(!face->child(0)->state().selected && face->child(1)->state().selected);
    }

    // What a row's press does may end the view.
    void theViewMayGoWithThePress()
    {
        Garden garden;
        auto view = std::make_unique<QListView>();
        view->setModel(&garden.model);
        makeRowsPressable(*view, [&](const QModelIndex&) { view.reset(); });
        act(QAccessible::queryAccessibleInterface(view.get())->child(1), QAccessibleActionInterface::pressAction());
        QVERIFY(!view);
    }

    void aWorkspaceIsChosenByTogglingItsButton()
    {
        WorkspaceRail rail;
        QSignalSpy chosen(&rail, &WorkspaceRail::chosen);
        QAccessibleInterface* author = childNamed(QAccessible::queryAccessibleInterface(&rail), QStringLiteral("Author"));
        act(author, QAccessibleActionInterface::toggleAction());
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].value<Workspace>(), Workspace::Author);
        rail.setWorkspace(Workspace::Evidence);
        QCOMPARE(chosen.size(), 1);
    }
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestPressableRows)
#include "tst_pressablerows.moc"
