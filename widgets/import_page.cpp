#include "widgets/import_page.h"

#include "widgets/text.h"

#include <QCoreApplication>

namespace stillroom {

QString splitTitle(Split split) {
    switch (split) {
    case Split::Train:
        return QCoreApplication::translate("stillroom::ImportPage", "Training");
    case Split::Validation:
        return QCoreApplication::translate("stillroom::ImportPage", "Validation");
    case Split::Test:
        break;
    }
    return QCoreApplication::translate("stillroom::ImportPage", "Test");
}

QString fileName(const std::string& path) {
    return toQString(path).section(u'/', -1);
}

} // namespace stillroom
