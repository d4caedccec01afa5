#pragma once
// Eigen's dense matrices, without the warnings that GCC 12 gives of them. Not for headers: what
// includes it compiles slowly.

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wduplicated-cond"
#include <Eigen/Dense>
#pragma GCC diagnostic pop
