# What is installed beside the programs and libraries, and the Debian package made of it (cpack -G DEB).
install(DIRECTORY experiments/ DESTINATION ${CMAKE_INSTALL_DATADIR}/stillroom/experiments
        FILES_MATCHING PATTERN "*.yaml")
install(DIRECTORY resources/prompts/ DESTINATION ${CMAKE_INSTALL_DATADIR}/stillroom/prompts FILES_MATCHING PATTERN "*.txt")
install(DIRECTORY resources/export/ DESTINATION ${CMAKE_INSTALL_DATADIR}/stillroom/export)
install(DIRECTORY resources/report/ DESTINATION ${CMAKE_INSTALL_DATADIR}/stillroom/report)
install(FILES packaging/desktop/stillroom.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
install(FILES packaging/desktop/stillroom.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
install(FILES packaging/desktop/stillroom-mime.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages
        RENAME stillroom.xml)
install(FILES resources/icons/stillroom.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME stillroom)
set(CPACK_PACKAGE_CONTACT "The Stillroom developers <stillroom@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_BINARY_DIR}/lib)
# Found at run time only, so that no tool sees them: Qt's SQLite driver, a fast BLAS, fonts, the demo's texts.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libqt6sql6-sqlite, libopenblas0-openmp, fonts-dejavu-core, fonts-liberation")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "wordnet-base")
include(CPack)
