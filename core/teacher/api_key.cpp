#include "core/teacher/api_key.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QThread>
#include <QUrl>
#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <future>
#include <memory>
#include <qt6keychain/keychain.h>
#include <sys/prctl.h>
#include <vector>

namespace stillroom {

namespace {

constexpr auto KeychainPatience = std::chrono::seconds(3);
constexpr auto KeychainService = "stillroom";

/// QtKeychain does one job after another in the thread that asked first: it gets one of its own, which lives
/// as long as the program.
QObject* keychainThread() {
    static QObject* const inside = [] {
        static QThread* const thread = new QThread; // NOLINT: ended below
        auto* object = new QObject;                 // NOLINT: the same
        object->moveToThread(thread);
        thread->start();
        qAddPostRoutine([] {
            thread->quit();
            thread->wait(1000);
        });
        return object;
    }();
    return inside;
}

std::string fromKeychain(const QString& host) {
    const auto answer = std::make_shared<std::promise<std::string>>();
    auto future = answer->get_future();
    QMetaObject::invokeMethod(keychainThread(), [answer, host] {
        auto* job = new QKeychain::ReadPasswordJob(QString::fromLatin1(KeychainService)); // deletes itself
        job->setKey(host);
        QObject::connect(job, &QKeychain::Job::finished, job, [answer, job] {
            answer->set_value(job->error() == QKeychain::NoError ? job->textData().toStdString()
                                                                 : std::string());
        });
        job->start();
    });
    // A keychain may ask its user to open it; one that hangs is none.
    return future.wait_for(KeychainPatience) == std::future_status::ready ? future.get() : std::string();
}

std::string trimmed(std::string key) {
    const auto begin = key.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos)
        return {};
    return key.substr(begin, key.find_last_not_of(" \t\r\n") - begin + 1);
}

constexpr std::string_view Instead = "[key]";
constexpr std::size_t SmallestPart = 8; // of a key that is said back in part

int hexDigit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// How many bytes of `text` stand for `c` at its beginning: itself, \c, \u00XX or %XX; 0: none.
std::size_t writtenLength(std::string_view text, char c) {
    if (text.empty())
        return 0;
    if (text[0] == c)
        return 1;
    if (text[0] == '\\' && text.size() > 1 && text[1] == c)
        return 2;
    const std::string_view prefix = text[0] == '%' ? "%" : "\\u00";
    if (!text.starts_with(prefix) || text.size() < prefix.size() + 2)
        return 0;
    const int high = hexDigit(text[prefix.size()]), low = hexDigit(text[prefix.size() + 1]);
    return high >= 0 && low >= 0 && high * 16 + low == c ? prefix.size() + 2 : 0;
}

/// The same of the whole key.
std::size_t writtenLength(std::string_view text, std::string_view key) {
    std::size_t length = 0;
    for (const char c : key) {
        const std::size_t one = writtenLength(text.substr(length), c);
        if (one == 0)
            return 0;
        length += one;
    }
    return length;
}

/// Hexadecimal, and what of base64 does not depend on what stands around the key.
std::vector<std::string> otherForms(std::string_view key) {
    const QByteArray bytes(key.data(), static_cast<qsizetype>(key.size()));
    std::vector<std::string> forms{bytes.toHex().toStdString(), bytes.toHex().toUpper().toStdString()};
    if (key.size() < SmallestPart)
        return forms;
    for (int before = 0; before < 3; ++before)
        for (const auto alphabet : {QByteArray::Base64Encoding, QByteArray::Base64UrlEncoding}) {
            const QByteArray whole =
                (QByteArray(before, 'x') + bytes).toBase64(alphabet | QByteArray::OmitTrailingEquals);
            const int begin = before == 0 ? 0 : 4;
            forms.push_back(whole.mid(begin, whole.size() - begin - 2).toStdString());
        }
    return forms;
}

bool isThisMachine(const QString& host) {
    return host == QLatin1String("localhost") || QHostAddress(host).isLoopback();
}

} // namespace

Result<std::string> findApiKey(const LlmSettings& settings) {
    const QString host = QUrl(QString::fromStdString(settings.baseUrl)).host();
    const bool here = isThisMachine(host);
    std::string where = "the environment variable " + settings.keyVariable;
    std::string key = trimmed(qgetenv(settings.keyVariable.c_str()).toStdString());
    if (key.empty() && !here) {
        key = trimmed(fromKeychain(host));
        where = "the keychain";
    }
    if (key.empty() && !here)
        return fail(fmt::format(
            "there is no key for {}: put it into the environment variable {}, or into the system's keychain "
            "(secret-tool store --label Stillroom server {} user {} type plaintext)",
            host.toStdString(), settings.keyVariable, KeychainService, host.toStdString()));
    if (!std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7F; }))
        return fail(fmt::format(
            "the key in {} has a space or another character that no key has; copy it again", where));
    // A core file would hold the key, and lie where the program was started: with a key there is none.
    if (!key.empty())
        ::prctl(PR_SET_DUMPABLE, 0);
    return key;
}

std::string withoutKey(std::string_view text, std::string_view key) {
    if (key.empty())
        return std::string(text);
    std::string made;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = writtenLength(text.substr(at), key);
        if (length > 0)
            made += Instead;
        else
            made += text[at];
        at += std::max<std::size_t>(length, 1);
    }
    for (const auto& form : otherForms(key))
        for (auto found = made.find(form); found != std::string::npos;
             found = made.find(form, found + Instead.size()))
            made.replace(found, form.size(), Instead);
    return made;
}

std::string withoutPartsOfKey(std::string_view text, std::string_view key) {
    std::string made = withoutKey(text, key);
    if (key.size() < 2 * SmallestPart)
        return made;
    std::string shown;
    for (std::size_t at = 0; at < made.size();) {
        std::size_t longest = 0;
        for (std::size_t from = 0; from < key.size(); ++from) {
            std::size_t length = 0;
            while (at + length < made.size() && from + length < key.size() &&
                   made[at + length] == key[from + length])
                ++length;
            longest = std::max(longest, length);
        }
        const bool part = longest >= SmallestPart;
        if (part)
            shown += Instead;
        else
            shown += made[at];
        at += part ? longest : 1;
    }
    return shown;
}

} // namespace stillroom
