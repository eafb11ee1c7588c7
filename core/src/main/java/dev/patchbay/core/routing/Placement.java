package dev.patchbay.core.routing;

/// Where a call stands in an experiment that looked at it.
///
/// @param rule the experiment
/// @param unit the hash of its unit: equal for all calls of a unit
/// @param inside whether the unit is in the experiment's share
public record Placement(String rule, int unit, boolean inside) {}
