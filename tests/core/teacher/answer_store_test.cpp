// The store of answers: nothing lost when a process is killed, two processes at once, what is no store.
#include "core/teacher/answer_store.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace stillroom;

namespace {

StoredAnswer answerOf(int number, const std::string& refused = {}) {
    return {"key" + std::to_string(number), "m", "[{\"n\":" + std::to_string(number) + "}]", refused, 10, 1};
}

/// In a process of its own, to be killed or to end with 0.
template <class Work>
pid_t inAnotherProcess(Work work) {
    const pid_t pid = fork();
    if (pid == 0)
        _exit(work() ? 0 : 1);
    return pid;
}

bool putAll(const std::string& path, int from, int to, int report = -1) {
    AnswerStore store;
    if (!store.open(path, AnswerStore::Mode::Write))
        return false;
    for (int i = from; i < to; ++i) {
        const std::vector<StoredAnswer> one{answerOf(i)};
        if (!store.put(one))
            return false;
        if (report >= 0 && write(report, &i, sizeof i) != sizeof i)
            return false;
    }
    return true;
}

} // namespace

class AnswerStoreTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    int files_ = 0;
    std::string newPath() { return folder_.filePath(QString("s%1/a.sqlite").arg(++files_)).toStdString(); }

  private Q_SLOTS:
    void whatIsPutIsFound() {
        const std::string path = newPath();
        {
            AnswerStore store;
            QVERIFY(store.open(path, AnswerStore::Mode::Write).has_value());
            const std::vector<StoredAnswer> two{answerOf(1), answerOf(2, "the reply names no class")};
            QVERIFY(store.put(two).has_value());
        }
        AnswerStore store;
        QVERIFY(store.open(path, AnswerStore::Mode::Read).has_value());
        const auto found = store.find("key1");
        QVERIFY(found && *found);
        QCOMPARE((*found)->replies, std::string("[{\"n\":1}]"));
        QCOMPARE((*found)->promptTokens, std::int64_t(10));
        QVERIFY(store.look("key2")->stored && store.look("key2")->refused);
        QVERIFY(store.look("key1")->stored && !store.look("key1")->refused);
        QVERIFY(!store.look("key3")->stored);
        QVERIFY(store.find("key3").has_value() && !*store.find("key3"));
    }

    void anAnswerStaysARefusalIsReplaced() {
        const std::string path = newPath();
        AnswerStore store;
        QVERIFY(store.open(path, AnswerStore::Mode::Write).has_value());
        QVERIFY(store.put(std::vector<StoredAnswer>{answerOf(1), answerOf(2, "no")}).has_value());
        StoredAnswer first = answerOf(1), second = answerOf(2);
        first.replies = second.replies = "[9]";
        QVERIFY(store.put(std::vector<StoredAnswer>{first, second}).has_value());
        QCOMPARE((*store.find("key1"))->replies, std::string("[{\"n\":1}]"));
        QCOMPARE((*store.find("key2"))->replies, std::string("[9]"));
        QVERIFY(!store.look("key2")->refused);
        Database database;
        QVERIFY(database.open(path, Database::Mode::Read).has_value());
        QCOMPARE(*database.value("SELECT replies FROM earlier"),
                 std::string("[{\"n\":2}]")); // raw ones are kept
    }

    /// They are kept in the order of their coming until the answer is there.
    void votesOfAnAnswerThatWasBegun() {
        const std::string path = newPath();
        {
            AnswerStore store;
            QVERIFY(store.open(path, AnswerStore::Mode::Write).has_value());
            QVERIFY(store.put({}, std::vector<StoredVotes>{{"key1", "b"}, {"key2", "x"}}).has_value());
            QVERIFY(store.put({}, std::vector<StoredVotes>{{"key1", "a"}}).has_value());
        }
        AnswerStore store;
        QVERIFY(store.open(path, AnswerStore::Mode::Write).has_value());
        QVERIFY(!store.look("key1")->stored); // it is no answer yet
        QCOMPARE(*store.begun("key1"), (std::vector<std::string>{"b", "a"}));
        QCOMPARE(*store.begun("key3"), std::vector<std::string>());
        QVERIFY(store.put(std::vector<StoredAnswer>{answerOf(1)}, std::vector<StoredVotes>{{"key1", "c"}})
                    .has_value());
        QCOMPARE(*store.begun("key1"), std::vector<std::string>());
        QCOMPARE(*store.begun("key2"), std::vector<std::string>{"x"});
        QVERIFY(store.look("key1")->stored);
    }

    /// Killed at any moment: every answer that was reported is there, and the store is whole.
    void aKilledProcessLosesNothing() {
        const std::string path = newPath();
        int last = -1;
        for (int round = 0; round < 5; ++round) {
            int ends[2];
            QVERIFY(pipe(ends) == 0);
            const pid_t child = inAnotherProcess([&] { return putAll(path, last + 1, 1'000'000, ends[1]); });
            ::close(ends[1]);
            int number = last;
            for (int i = 0; i < 20 + 7 * round && read(ends[0], &number, sizeof number) == sizeof number; ++i)
                last = number;
            ::kill(child, SIGKILL);
            while (read(ends[0], &number, sizeof number) == sizeof number) // said before it was killed
                last = number;
            ::close(ends[0]);
            ::waitpid(child, nullptr, 0);
            AnswerStore store;
            QVERIFY(store.open(path, AnswerStore::Mode::Write).has_value());
            for (int i = 0; i <= last; ++i)
                QVERIFY2(store.look("key" + std::to_string(i))->stored, std::to_string(i).c_str());
        }
        QVERIFY(last > 50);
        Database database;
        QVERIFY(database.open(path, Database::Mode::Read).has_value());
        QCOMPARE(*database.value("PRAGMA integrity_check"), std::string("ok"));
    }

    /// Both make the store, both write the same and other keys.
    void twoProcessesAtOnce() {
        const std::string path = newPath();
        const pid_t one = inAnotherProcess([&] { return putAll(path, 0, 150); });
        const pid_t two = inAnotherProcess([&] { return putAll(path, 100, 250); });
        for (const pid_t child : {one, two}) {
            int status = -1;
            ::waitpid(child, &status, 0);
            QCOMPARE(status, 0);
        }
        Database database;
        QVERIFY(database.open(path, Database::Mode::Read).has_value());
        QCOMPARE(*database.value("SELECT count(*) FROM answers"), std::string("250"));
        QCOMPARE(*database.value("PRAGMA integrity_check"), std::string("ok"));
    }

    /// Killed between making the file, its journal's mode and its tables.
    void aStoreWithoutTablesIsNoneYet() {
        const std::string path = newPath();
        AnswerStore none;
        QVERIFY(none.openIfThere(path).has_value() && !*none.openIfThere(path));
        QVERIFY(QDir().mkpath(QFileInfo(QString::fromStdString(path)).path()));
        for (const char* done : {"", "PRAGMA journal_mode = WAL"}) {
            {
                Database database;
                QVERIFY(database.open(path, Database::Mode::Create).has_value());
                QVERIFY(database.execute(done).has_value());
            }
            AnswerStore reader;
            const auto there = reader.openIfThere(path);
            QVERIFY2(there, there ? "" : there.error().message.c_str());
            QVERIFY(!*there);
        }
        QVERIFY(QFileInfo(QString::fromStdString(path)).size() > 0); // the journal's mode stands in it
        QVERIFY(putAll(path, 0, 1));
        AnswerStore reader;
        const auto there = reader.openIfThere(path);
        QVERIFY(there && *there && reader.look("key0")->stored);
    }

    void whatIsNoStore() {
        const std::string path = folder_.filePath("text.sqlite").toStdString();
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(5000, 'x'));
        file.close();
        AnswerStore damaged;
        const auto opened = damaged.open(path, AnswerStore::Mode::Write);
        QVERIFY(!opened);
        QVERIFY2(opened.error().message.find("is damaged") != std::string::npos,
                 opened.error().message.c_str());
        QVERIFY(opened.error().message.find("teacher.answers") != std::string::npos);
        QCOMPARE(QFile(QString::fromStdString(path)).size(), 5000); // as it was

        const std::string other = folder_.filePath("other.sqlite").toStdString();
        {
            Database database;
            QVERIFY(database.open(other, Database::Mode::Create).has_value());
            QVERIFY(database.execute("CREATE TABLE mine (x)").has_value());
        }
        AnswerStore foreign;
        const auto refused = foreign.open(other, AnswerStore::Mode::Write);
        QVERIFY(!refused &&
                refused.error().message.find("is no store of an LLM's answers") != std::string::npos);

        const std::string newer = newPath();
        QVERIFY(putAll(newer, 0, 1));
        {
            Database database;
            QVERIFY(database.open(newer, Database::Mode::Write).has_value());
            QVERIFY(database.execute("PRAGMA user_version = 2").has_value());
        }
        AnswerStore late;
        const auto tooNew = late.open(newer, AnswerStore::Mode::Read);
        QVERIFY(!tooNew && tooNew.error().message.find("newer Stillroom") != std::string::npos);
        AnswerStore none;
        QVERIFY(!none.open(newPath(), AnswerStore::Mode::Read));
    }

    void whereItLies() {
        LlmSettings settings;
        settings.model = "meta-llama/Llama 3";
        settings.answers = "a/b.sqlite";
        QCOMPARE(answersPath(settings, "/root"), std::string("/root/a/b.sqlite"));
        settings.answers.clear();
        qputenv("STILLROOM_ANSWERS", "/answers");
        QCOMPARE(answersPath(settings, "/root"), std::string("/answers/meta-llama_Llama_3.sqlite"));
        settings.model = "../../etc";
        QCOMPARE(answersPath(settings, "/root"), std::string("/answers/_._.._etc.sqlite"));
        qunsetenv("STILLROOM_ANSWERS");
        QVERIFY(answersPath(settings, "/root").find("/stillroom/answers/") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(AnswerStoreTest)
#include "answer_store_test.moc"
