#include "tests/support/testmain.h"
#include "widgets/controls/partface.h"

#include <QApplication>

using namespace gatehouse::widgets;

namespace {

class NumberFace final : public PartFace {
public:
    NumberFace(QWidget& view, int number) : PartFace(view, view), m_number(number) { }
    bool isValid() const override { return m_number < 100; }

protected:
    QString name() const override { return QString::number(m_number); }
    QRect place() const override { return {0, m_number * 10, 50, 10}; }
    bool isCurrent() const override { return m_number == 3; }

private:
    int m_number;
};

} // namespace

class TestPartFace : public gatehouse::test::TestCase {
    Q_OBJECT
private Q_SLOTS:
    void aPartSaysWhatItIs()
    {
        QWidget view;
        NumberFace third(view, 3);
        QCOMPARE(third.text(QAccessible::Name), QStringLiteral("3"));
        QVERIFY(third.state().selected && !third.state().focused && !third.state().invalid);
        QCOMPARE(third.rect(), QRect(view.mapToGlobal(QPoint(0, 30)), QSize(50, 10)));
        QVERIFY(!NumberFace(view, 4).state().selected);
    }

    void aPartThatIsGoneSaysNothing()
    {
        QWidget view;
        const NumberFace gone(view, 100);
        QVERIFY(gone.text(QAccessible::Name).isEmpty());
        QVERIFY(gone.rect().isEmpty());
        QVERIFY(gone.state().invalid);
    }

    void facesAreKeptAndFoundAgain()
    {
        QWidget view;
        Faces<int> faces(4);
        int made = 0;
        const auto face = [&](int number) {
            return faces.face(number, [&] {
                ++made;
                return new NumberFace(view, number);
            });
        };
        QAccessibleInterface* one = face(1);
        QCOMPARE(face(1), one);
        QCOMPARE(made, 1);
        QCOMPARE(*faces.keyOf(one), 1);
        auto* stranger = new NumberFace(view, 1);
        const QAccessible::Id id = QAccessible::registerAccessibleInterface(stranger);
        QVERIFY(!faces.keyOf(stranger));
        QAccessible::deleteAccessibleInterface(id);
        for (int number = 1; number <= 40; ++number)
            QCOMPARE(face(number)->text(QAccessible::Name), QString::number(number));
        QCOMPARE(made, 40);
        for (int number = 37; number <= 40; ++number)
            QCOMPARE(*faces.keyOf(face(number)), number);
        QCOMPARE(made, 40);
        (void)face(36); // let go meanwhile, and now in place of the oldest
        QCOMPARE(made, 41);
        (void)face(38);
        QCOMPARE(made, 41);
    }
};

GATEHOUSE_TEST_MAIN_WITH(QApplication, TestPartFace)
#include "tst_partface.moc"
