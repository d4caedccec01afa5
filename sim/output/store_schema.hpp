#pragma once
// The tables of the result store, as SQL. Only the store's own files include this.

#include "sim/output/database.hpp"

namespace optichain::sim {

/// Counted up whenever a table changes.
inline constexpr int store_schema_version = 3;

/// False if the database is empty; throws as Database::refuse if it is no result store, or one of
/// another version.
bool has_store_schema(Database& database);

/// Throws as Database::refuse unless tables and views are exactly those of this version: what a
/// stranger calls a table may be anything else.
void require_store_schema(Database& database);

/// Requires: the database is empty.
void create_store_schema(Database& database);

/// The index by which readers find a measure; made when all measures are there.
void create_measure_index(Database& database);

}  // namespace optichain::sim
