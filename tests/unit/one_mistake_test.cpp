// One mistake in the form of a scenario is told as one: nothing else is called wrong because of it.
#include <functional>

#include <doctest/doctest.h>

#include "models/scenario/load.hpp"
#include "sim/input/path.hpp"

namespace optichain::models::scenario {
namespace {

using Change = std::function<void(sim::Node&)>;

/// All errors of the scenario after a change to what stands at a path.
sim::Diagnostics errors_after(const sim::Document& document, const std::string& path,
                              const Change& change) {
  sim::Node root = document.root();
  sim::Node* node = &root;
  for (const std::string& part : sim::split_path(path)) node = node->find(part);
  change(*node);
  try {
    load_scenario(sim::Document::from_node(std::move(root)), {});
  } catch (const sim::InputError& e) {
    return e.diagnostics();
  }
  return {};
}

/// Every key of the document with the path of the mapping it stands in.
void walk(const sim::Node& node, const std::string& path,
          const std::function<void(const std::string&, const sim::Node::Entry&)>& visit) {
  for (const sim::Node::Entry& e : node.entries()) {
    // a glossary and the dates of a curve have no names of their own
    if (path == "sources" || e.key.find_first_of(".-") != e.key.npos) continue;
    visit(path, e);
    walk(e.value, sim::join_path(path, e.key), visit);
  }
}

sim::Document document_of(const std::string& name) {
  return load_scenario(OPTICHAIN_SOURCE_DIR "/scenarios/" + name).document;
}

constexpr const char* scenarios[] = {"programs/programs.yaml", "agreements/agreements.yaml",
                                     "migration/migration.yaml"};

TEST_CASE("One mistake: a value of the wrong form breaks no rule elsewhere") {
  for (const char* name : scenarios) {
    const sim::Document document = document_of(name);
    int tried = 0;
    walk(document.root(), "", [&](const std::string& at, const sim::Node::Entry& e) {
      const std::string path = sim::join_path(at, e.key);
      sim::Node wrong = sim::Node::list();
      wrong.append(sim::Node::list());
      const auto found = errors_after(document, path, [&](sim::Node& node) { node = wrong; });
      ++tried;
      CHECK_MESSAGE(!found.empty(), name << ": " << path << " may be a list");
      for (const sim::Diagnostic& d : found.errors()) {
        CHECK_MESSAGE(d.concerned.starts_with(path), name << ": " << path << ":\n" << found.text());
      }
    });
    CHECK(tried > 30);
  }
}

TEST_CASE("One mistake: an unknown key breaks no rule elsewhere") {
  for (const char* name : scenarios) {
    const sim::Document document = document_of(name);
    int tried = 0;
    walk(document.root(), "", [&](const std::string& at, const sim::Node::Entry& e) {
      const sim::Schema* schema = scenario_schema().at(at);
      if (!schema || schema->kind != sim::Schema::Kind::structure) return;
      const auto found = errors_after(document, at, [&](sim::Node& mapping) {
        for (sim::Node::Entry& entry : mapping.entries()) {
          if (entry.key == e.key) entry.key += "_zzz";
        }
      });
      ++tried;
      CHECK_FALSE(found.empty());
      for (const sim::Diagnostic& d : found.errors()) {
        const bool is_here = d.concerned == sim::join_path(at, e.key) ||
                             d.concerned == sim::join_path(at, e.key + "_zzz");
        CHECK_MESSAGE(is_here, name << ": " << at << ": " << e.key << ":\n" << found.text());
      }
    });
    CHECK(tried > 30);
  }
}

}  // namespace
}  // namespace optichain::models::scenario
