#include "models/condition/score_report.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/base/amount.hpp"
#include "sim/batch/scores.hpp"

namespace optichain::models::condition {
namespace {

constexpr std::size_t few_forecasts = 20;  // fewer say little of coverage
constexpr std::size_t few_origins = 5;     // fewer do not tell skill from chance

std::string day_of(const Origin& origin) {
  return sim::format_time(origin.end - sim::one_day);
}

/// The mean score of the forecasts that can be compared with one made without a model, and its own.
struct Compared {
  std::size_t forecasts = 0;
  double model = 0, naive = 0;
  double skill() const { return 1 - model / naive; }
};

Compared compared(const Score& score, std::optional<double> ScoredForecast::*naive) {
  Compared sum;
  for (const ScoredForecast& f : score.forecasts) {
    if (!(f.*naive)) continue;
    ++sum.forecasts;
    sum.model += f.crps;
    sum.naive += f.off(*(f.*naive));
  }
  return sum;
}

std::size_t origins_used(const Score& score) {
  return static_cast<std::size_t>(std::count_if(score.origins.begin(), score.origins.end(),
                                                [](const Origin& o) { return !o.refused; }));
}

sim::CountedShare coverage(const Score& score) {
  const auto held = std::count_if(score.forecasts.begin(), score.forecasts.end(),
                                  [](const ScoredForecast& f) { return f.is_held; });
  return sim::counted_share(static_cast<std::size_t>(held), score.forecasts.size());
}

std::string skill_sentence(const Score& score, std::optional<double> ScoredForecast::*naive,
                           const char* what) {
  const Compared c = compared(score, naive);
  if (c.forecasts == 0) return "";
  if (c.naive == 0) return fmt::format("{} was right of all {} figures.\n", what, c.forecasts);
  const double skill = c.skill();
  return fmt::format(
      "Its ranked probability score is {} {} than the error of {}, which gives no "
      "range ({} figures; {:.3f} against {:.3f}).\n",
      sim::percent_text(std::abs(skill)), skill >= 0 ? "less" : "more", what, c.forecasts,
      c.model / static_cast<double>(c.forecasts), c.naive / static_cast<double>(c.forecasts));
}

std::string amount(const ScoredForecast& forecast, double value) {
  return sim::amount_text(value, forecast.figure->unit);
}

std::string in_markdown(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return out;
}

std::string in_xml(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '&':
        out += "&amp;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

std::string score_summary(const Score& score) {
  if (score.forecasts.empty()) return "There is no forecast to be scored.\n";
  const sim::CountedShare held = coverage(score);
  std::string text = fmt::format(
      "From {} origins, the 90 % ranges held {} of {} figures: {} ({} to {} with 95 % confidence, "
      "if "
      "they were independent, which figures of one origin or series are not).\n",
      origins_used(score), held.count, held.of,
      sim::percent_text(static_cast<double>(held.count) / static_cast<double>(held.of)),
      sim::percent_text(held.low), sim::percent_text(held.high));
  if (held.of < few_forecasts) {
    text += fmt::format("That is too few figures to say whether the ranges are right.\n");
  }
  text += skill_sentence(score, &ScoredForecast::last, "repeating the last figure");
  text += skill_sentence(score, &ScoredForecast::growth, "repeating the last growth");
  if (origins_used(score) < few_origins) {
    text += "With so few origins that may be chance.\n";
  }
  return text;
}

sim::Table origin_table(const Score& score) {
  sim::Table table({{"origin", "until"},
                    {"known", "known on"},
                    {"figures"},
                    {"effective", "effective"},
                    {"method"},
                    {"passed_over", "known by then"},
                    {"refused"}});
  for (const Origin& o : score.origins) {
    table.add({day_of(o), sim::format_time(o.known), o.figures, sim::Cell::fixed(o.effective, 1),
               o.method == Method::weights ? "weights" : "ensemble", o.passed_over,
               o.refused.value_or("")});
  }
  table.title("Origins: what was known, and what the futures drawn beforehand were worth by it");
  return table;
}

sim::Table forecast_table(const Score& score) {
  sim::Table table({{"origin", "until"},
                    {"series"},
                    {"period"},
                    {"ahead", "quarters ahead"},
                    {"low", "5 %"},
                    {"median"},
                    {"high", "95 %"},
                    {"published", "came"},
                    {"held"},
                    {"crps", "CRPS"},
                    {"last", "off: last"},
                    {"growth", "off: growth"}});
  for (const ScoredForecast& f : score.forecasts) {
    const auto off = [&](const std::optional<double>& naive) {
      return naive ? sim::Cell::fixed(f.off(*naive), 3) : sim::Cell();
    };
    table.add({day_of(score.origins[f.origin]), f.figure->series, f.figure->period,
               f.quarters_ahead, f.low, f.median, f.high, f.figure->value, f.is_held ? "yes" : "no",
               sim::Cell::fixed(f.crps, 3), off(f.last), off(f.growth)});
  }
  table.title("Forecasts, and what came; errors in logarithms");
  return table;
}

std::string score_page(const Score& score, const LoadedObservations& observations,
                       const std::string& study, const std::string& picture) {
  std::string page = fmt::format(
      "# {}: forecasts, scored\n\n"
      "Written by `optichain condition`. From each of these days, futures of {} were made likely "
      "by "
      "the figures of periods that had ended, and the figures after it were forecast: simulated, "
      "with "
      "the luck of a run, the discrepancy of the model and the error of what is published. A "
      "figure "
      "that was published by the day on which the last of those taken was is not forecast. What "
      "the "
      "scenario itself was written from is not taken back: plans of demand that stand in it may be "
      "of "
      "a later day.\n\n{}\n![Forecasts and what came]({})\n\n",
      in_markdown(observations.text.name), in_markdown(study), score_summary(score), picture);
  page += "| Until | Known on | Figures | Worth (futures) | By | |\n|---|---|---|---|---|---|\n";
  for (const Origin& o : score.origins) {
    page +=
        fmt::format("| {} | {} | {} | {:.1f} | {} | {} |\n", day_of(o), sim::format_time(o.known),
                    o.figures, o.effective, o.method == Method::weights ? "weights" : "ensemble",
                    o.refused ? "no forecast: " + in_markdown(*o.refused) : "");
  }
  page +=
      "\n| Until | Figure | Forecast | 90 % | Came | Held | CRPS | Last, off | Growth, off "
      "|\n|---|---|---|---|---|---|---|---|---|\n";
  for (const ScoredForecast& f : score.forecasts) {
    const auto off = [&](const std::optional<double>& naive) {
      return naive ? fmt::format("{:.3f}", f.off(*naive)) : "";
    };
    page += fmt::format("| {} | {} {} | {} | {} to {} | {} | {} | {:.3f} | {} | {} |\n",
                        day_of(score.origins[f.origin]), in_markdown(f.figure->series),
                        f.figure->period, amount(f, f.median), amount(f, f.low), amount(f, f.high),
                        amount(f, f.figure->value), f.is_held ? "yes" : "**no**", f.crps,
                        off(f.last), off(f.growth));
  }
  page +=
      "\nCRPS is the continuous ranked probability score of the logarithm (0 at best), in the "
      "unit of the errors beside it: 0.1 is about a tenth of the figure. `Last` repeats the last "
      "figure of the series, `Growth` its last growth.\n\n"
      "| Series | What | Publisher |\n|---|---|---|\n";
  for (const auto& [name, series] : observations.text.series) {
    page += fmt::format("| {} | {} | {} |\n", name, in_markdown(series.observed),
                        in_markdown(series.publisher));
  }
  return page;
}

std::string score_picture(const Score& score) {
  constexpr double left = 330, width = 560, top = 64, row = 20, most = 1.0986;  // a factor of 3
  const double bottom = top + row * static_cast<double>(score.forecasts.size());
  const auto x = [&](double value, const ScoredForecast& f) {
    const double log = std::clamp(std::log(value / f.figure->value), -most, most);
    return left + width * (log + most) / (2 * most);
  };
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {:.0f}\" "
      "font-family=\"sans-serif\" "
      "font-size=\"12\">\n<style>text{{fill:#333}}.axis{{stroke:#999}}@media(prefers-color-scheme:"
      "dark)"
      "{{text{{fill:#ddd}}}}</style>\n"
      "<text x=\"{}\" y=\"20\" font-size=\"15\" font-weight=\"bold\">Forecast over what "
      "came</text>\n"
      "<text x=\"{}\" y=\"38\">dot: median, line: nine in ten (red: it did not hold); diamond: the "
      "last "
      "figure repeated; square: the last growth</text>\n",
      left + width + 20, bottom + 34, left, left);
  for (const auto& [value, label] :
       {std::pair{1 / 3.0, "1/3"}, {0.5, "1/2"}, {1.0, "1"}, {2.0, "2"}, {3.0, "3"}}) {
    const double at = left + width * (std::log(value) + most) / (2 * most);
    svg += fmt::format(
        "<line class=\"axis\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2:.1f}\" "
        "stroke-width=\"{3}\"/><text x=\"{0:.1f}\" y=\"{4:.1f}\" "
        "text-anchor=\"middle\">{5}</text>\n",
        at, top - 8, bottom, value == 1 ? 1.5 : 0.4, bottom + 18, label);
  }
  double y = top + row / 2;
  for (const ScoredForecast& f : score.forecasts) {
    const char* colour = f.is_held ? "#2a78b5" : "#c0392b";
    svg += fmt::format(
        "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n"
        "<line x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\" "
        "stroke-width=\"3\"/><circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4.5\" fill=\"{}\"/>",
        left - 12, y + 4,
        in_xml(fmt::format("{} {}, known on {}", f.figure->series, f.figure->period,
                           sim::format_time(score.origins[f.origin].known))),
        x(f.low, f), x(f.high, f), y, y, colour, x(f.median, f), y, colour);
    if (f.last) {
      const double at = x(*f.last, f);
      svg += fmt::format(
          "<path d=\"M{0:.1f} {1:.1f}l4 -4l4 4l-4 4z\" fill=\"none\" stroke=\"#888\"/>", at - 4, y);
    }
    if (f.growth) {
      svg += fmt::format(
          "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"6\" height=\"6\" fill=\"none\" "
          "stroke=\"#888\"/>",
          x(*f.growth, f) - 3, y - 3);
    }
    svg += "\n";
    y += row;
  }
  return svg + "</svg>\n";
}

}  // namespace optichain::models::condition
