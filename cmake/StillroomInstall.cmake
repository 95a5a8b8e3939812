# What is installed beside the programs and libraries.
install(DIRECTORY experiments/ DESTINATION ${CMAKE_INSTALL_DATADIR}/stillroom/experiments
        FILES_MATCHING PATTERN "*.yaml")
