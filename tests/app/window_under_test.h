// The main window as the program has it, compiled into a test: it is no library.
#pragma once

#include "app/window/main_window.cpp"
#include "app/window/main_window_files.cpp"
#include "app/window/main_window_menus.cpp"
#include "app/window/main_window_teach.cpp"
