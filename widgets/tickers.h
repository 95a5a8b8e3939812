// Axis numbers as people read them.
#pragma once

#include "widgets/custom_plot.h"

namespace stillroom {

/// 1734 → "1,734".
class GroupedTicker : public QCPAxisTicker {
  public:
    explicit GroupedTicker(int count) { setTickCount(count); }

  protected:
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override;
};

/// A share as a percentage: 0.25 → "25 %", with the decimals that the step needs.
class PercentTicker : public QCPAxisTicker {
  public:
    explicit PercentTicker(int count) { setTickCount(count); }

  protected:
    double getTickStep(const QCPRange& range) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override;

  private:
    int decimals_ = 0;
};

/// 0, a quarter, a half, … of a whole that is divisible by four, else GroupedTicker's.
class QuartersTicker : public GroupedTicker {
  public:
    QuartersTicker() : GroupedTicker(5) {}
    void setWhole(std::int64_t whole) { whole_ = whole; }

  protected:
    double getTickStep(const QCPRange& range) override;

  private:
    std::int64_t whole_ = 0;
};

/// For a logarithmic axis over less than a few decades: 1, 2, 5, 10, … as many as fit; thousands as "20 k".
class LogTicker : public QCPAxisTicker {
  protected:
    QVector<double> createTickVector(double step, const QCPRange& range) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override;
};

/// The next of 1, 2, 5, 10, 20, … that is not below `value`.
[[nodiscard]] double niceCeiling(double value);

} // namespace stillroom
