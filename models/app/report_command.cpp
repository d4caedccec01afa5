// `optichain report`: one page from the stores of one run, or of several to be compared.
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/report/page/findings.hpp"
#include "models/report/page/page.hpp"
#include "models/report/page/page_data.hpp"
#include "models/report/store/store_data.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/base/interrupt.hpp"
#include "sim/base/message.hpp"
#include "sim/output/own_file.hpp"

namespace optichain::models::app {
namespace {

struct ReportOptions {
  std::vector<std::string> stores, findings;
  std::string output;
  bool quiet = false;
};

int report(const ReportOptions& o) {
  sim::require_replaceable(o.output);
  std::vector<report::PolicyData> policies;
  sim::Json findings;
  for (const std::string& store : o.stores) {
    sim::end_if_stopped();
    if (report::is_sweep(store)) {
      if (findings.contains("policies")) {
        report::refuse(store, "expected one sweep among the stores, received another");
      }
      report::add_findings(findings, report::sweep_findings(store));
      continue;
    }
    for (report::PolicyData& policy : report::read_policies(store))
      policies.push_back(std::move(policy));
  }
  for (const std::string& file : o.findings)
    report::add_findings(findings, report::read_findings(file));
  report::require_comparable(policies);
  report::name_apart(policies);
  const std::string html = report::page(report::page_data(policies, findings));
  sim::publish_file(o.output, html, sim::MarkKind::html);
  if (!o.quiet) {
    sim::print_message("written: {} ({:.1f} MB)\n", o.output,
                       static_cast<double>(html.size()) / 1e6);
  }
  return exit_done;
}

}  // namespace

void add_report_command(CLI::App& app, ChosenCommand& chosen) {
  auto o = std::make_shared<ReportOptions>();
  CLI::App* command = app.add_subcommand(
      "report", "one page to read and to send: an HTML file that needs nothing else");
  add_names(*command, "stores", o->stores,
            "folders of runs or of a sweep, or their results.sqlite; the first run is what the "
            "others are compared with")
      ->required();
  add_name(*command, "-o,--output", o->output, "file to write")->required();
  add_names(*command, "--findings", o->findings,
            "JSON with findings of studies to show, too (models/report/README.md)");
  add_flag(*command, "--quiet", o->quiet, "say nothing when it is done");
  command->footer(
      "Examples:\n"
      "  optichain report out/baseline -o report.html\n"
      "  optichain report out/baseline out/disruptions -o compare.html");
  command->callback([o, &chosen] { chosen = [o] { return report(*o); }; });
}

}  // namespace optichain::models::app
