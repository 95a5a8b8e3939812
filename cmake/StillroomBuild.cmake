# How everything here is compiled, and the three shapes a folder can have:
# a library (stillroom_library), a program (stillroom_program), a test (stillroom_test).

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_AUTOMOC OFF) # on only where there is a Q_OBJECT
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
# The libraries are private to the two programs and lie beside them, wherever the tree is moved to.
set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}/stillroom:$ORIGIN")

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # A clone elsewhere finds what this one has compiled: no path of the tree is part of what ccache looks up.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
        CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()
# What most of core's files begin with.
set(STILLROOM_COMMON_HEADERS <QFile> <QString> <algorithm> <filesystem> <fmt/format.h> <functional> <map> <memory> <span>
    <string> <vector>)
find_program(MOLD mold)
if(MOLD)
    add_link_options(-fuse-ld=mold)
endif()

set(STILLROOM_SANITIZE "" CACHE STRING "Sanitizers, e.g. address,undefined or thread")
if(STILLROOM_SANITIZE)
    add_compile_options(-fsanitize=${STILLROOM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${STILLROOM_SANITIZE})
endif()

add_compile_definitions(QT_NO_KEYWORDS QT_NO_CAST_FROM_BYTEARRAY STILLROOM_VERSION="${PROJECT_VERSION}")

# Warnings are errors with Debian 12's compiler, which CI has. Another one's false alarms (GCC 14 has one in a vector's
# copy) must not keep somebody from building.
set(STILLROOM_WARNINGS -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    list(APPEND STILLROOM_WARNINGS -Werror -Wno-restrict) # false alarms in std::string (GCC bug 105651)
endif()

# stillroom_precompile(TARGET ...): what CMake's target_precompile_headers takes, and what GCC and ccache want beside it.
function(stillroom_precompile target)
    target_precompile_headers(${target} ${ARGN})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # Without the first ccache must pass by. The others: what comes out of a precompiled header no longer counts as the
        # system's, and GCC has false alarms within std::string.
        target_compile_options(${target} PRIVATE -fpch-preprocess -Wno-array-bounds -Wno-stringop-overflow
            -Wno-stringop-overread)
    endif()
endfunction()

# stillroom_library(NAME LINKS ... [PRIVATE ...] [HEADERS ...]): every .cpp and .h of this folder is one shared library
# libstillroom_NAME.so, included as "core/NAME/x.h" and linked as stillroom::NAME. HEADERS: to be precompiled; each
# file still includes what it uses.
function(stillroom_library name)
    cmake_parse_arguments(arg "MOC" "" "LINKS;PRIVATE;HEADERS" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS *.cpp *.h)
    add_library(stillroom_${name} SHARED ${sources})
    add_library(stillroom::${name} ALIAS stillroom_${name})
    target_include_directories(stillroom_${name} PUBLIC ${CMAKE_SOURCE_DIR})
    target_compile_options(stillroom_${name} PRIVATE ${STILLROOM_WARNINGS})
    target_link_libraries(stillroom_${name} PUBLIC ${arg_LINKS} PRIVATE ${arg_PRIVATE})
    if(arg_HEADERS)
        stillroom_precompile(stillroom_${name} PRIVATE ${arg_HEADERS})
    endif()
    set_target_properties(stillroom_${name} PROPERTIES AUTOMOC ${arg_MOC} LINKER_LANGUAGE CXX)
    install(TARGETS stillroom_${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/stillroom)
endfunction()

# stillroom_share_precompiled(TARGET HEADERS... LINKS...): tests that link the same share one precompiled header, that of an
# empty library; half of what compiling a test takes is QtTest and the likes of it.
function(stillroom_share_precompiled target)
    cmake_parse_arguments(arg "" "" "HEADERS;LINKS" ${ARGN})
    string(MD5 group "${arg_HEADERS} ${arg_LINKS}")
    set(first stillroom_headers_${group})
    if(NOT TARGET ${first})
        set(empty ${CMAKE_BINARY_DIR}/${first}.cpp)
        if(NOT EXISTS ${empty})
            file(WRITE ${empty} "")
        endif()
        add_library(${first} OBJECT ${empty})
        target_compile_options(${first} PRIVATE ${STILLROOM_WARNINGS})
        target_link_libraries(${first} PRIVATE ${arg_LINKS})
        set_target_properties(${first} PROPERTIES AUTOMOC OFF POSITION_INDEPENDENT_CODE ON)
        stillroom_precompile(${first} PRIVATE ${arg_HEADERS})
    endif()
    stillroom_precompile(${target} REUSE_FROM ${first})
endfunction()

# stillroom_speaks_of(WORDS FILE FOUND): whether a test, or a header of tests/ that it includes, matches WORDS.
function(stillroom_speaks_of words file found)
    file(READ ${file} text)
    set(${found} NO PARENT_SCOPE)
    if(text MATCHES "${words}")
        set(${found} YES PARENT_SCOPE)
        return()
    endif()
    get_filename_component(here ${file} DIRECTORY)
    string(REGEX MATCHALL "#include \"[^\"]+\"" includes "${text}")
    foreach(include ${includes})
        string(REGEX REPLACE "#include \"(.*)\"" "\\1" include ${include})
        foreach(header ${here}/${include} ${CMAKE_SOURCE_DIR}/${include})
            if(NOT header MATCHES "/tests/" OR NOT EXISTS ${header})
                continue()
            endif()
            stillroom_speaks_of("${words}" ${header} within)
            if(within)
                set(${found} YES PARENT_SCOPE)
                return()
            endif()
        endforeach()
    endforeach()
endfunction()

# stillroom_test(FILE [LINKS ...] [HEADERS ...] [TIMEOUT n]): tests/data/csv_test.cpp becomes the program and ctest entry
# data.csv_test. HEADERS: to be precompiled for all tests that link the same.
function(stillroom_test file)
    cmake_parse_arguments(arg "" "TIMEOUT" "LINKS;HEADERS" ${ARGN})
    get_filename_component(stem ${file} NAME_WE)
    file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR}/${file})
    get_filename_component(folder ${folder} DIRECTORY)
    string(REPLACE "/" "." folder "${folder}")
    set(name ${folder}.${stem})
    if(NOT folder) # what is about the whole house lies beside its folders
        set(name ${stem})
    endif()
    add_executable(${name} ${file})
    target_compile_options(${name} PRIVATE ${STILLROOM_WARNINGS})
    if(Qt6_VERSION VERSION_GREATER_EQUAL 6.7) # its QTRY_… make an int of a long
        target_compile_options(${name} PRIVATE -Wno-conversion)
    endif()
    stillroom_speaks_of("STILLROOM_(SOURCE|BINARY)_DIR" ${CMAKE_CURRENT_SOURCE_DIR}/${file} speaks)
    if(speaks) # only then, for ccache
        target_compile_definitions(${name} PRIVATE
            STILLROOM_SOURCE_DIR="${CMAKE_SOURCE_DIR}" STILLROOM_BINARY_DIR="${CMAKE_BINARY_DIR}")
    endif()
    target_link_libraries(${name} PRIVATE Qt6::Test ${arg_LINKS})
    stillroom_share_precompiled(${name} HEADERS <QtTest> ${arg_HEADERS} LINKS Qt6::Test ${arg_LINKS})
    set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT}
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/tsan.supp:die_after_fork=0;UBSAN_OPTIONS=print_stacktrace=1;QTEST_FUNCTION_TIMEOUT=1800000") # ctest has its own
endfunction()
