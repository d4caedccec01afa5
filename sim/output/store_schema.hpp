#pragma once
// The tables of the result store, as SQL. Only the store's own files include this.

#include "sim/output/database.hpp"

namespace optichain::sim {

/// Counted up whenever a table changes.
inline constexpr int store_schema_version = 2;

/// False if the database is empty; throws OutputError if it is no result store, or one of another
/// version.
bool has_store_schema(Database& database);

/// Requires: the database is empty.
void create_store_schema(Database& database);

}  // namespace optichain::sim
