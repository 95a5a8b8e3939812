#include "core/engine/distillation_set.h"

#include <QtTest>

using namespace stillroom;

class DistillationSetTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void trainingRowsAreTaughtAndOfTheTrainingSplit() {
        DatasetBuilder builder;
        builder.add("0", "a", 0, Split::Train);
        builder.add("1", "b", 1, Split::Validation);
        builder.add("2", "c", Dataset::NoLabel, Split::Train);
        builder.add("3", "d", 1, Split::Train);
        builder.add("4", "e", 1, Split::Test);
        DistillationSet set;
        set.data = std::make_shared<const Dataset>(builder.finish({"x", "y"}));
        auto teacher = std::make_shared<TeacherOutputs>(5, 2);
        for (const std::size_t row : {1, 2, 3, 4})
            teacher->set(row, 1, 0.5F, TeacherOrigin::Stated);
        set.teacher = teacher;
        QCOMPARE(set.trainingRows(), (std::vector<std::uint32_t>{2, 3}));
    }
};

QTEST_GUILESS_MAIN(DistillationSetTest)
#include "distillation_set_test.moc"
