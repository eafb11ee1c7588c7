package dev.patchbay.core.execution;

/// What the threads of a version's lane spent since the version was loaded: on reading requests, in the module, and
/// on writing answers. What a module does on threads of its own, or an engine on its, is not in it.
///
/// @param cpuNanos processor time
/// @param allocatedBytes memory taken from the heap, most of which is given back soon
public record LaneUse(long cpuNanos, long allocatedBytes) {}
