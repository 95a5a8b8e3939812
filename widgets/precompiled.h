// What nearly every widget needs; qcustomplot.h alone takes eleven seconds.
#pragma once

#include "widgets/custom_plot.h"

#include <QtWidgets>
