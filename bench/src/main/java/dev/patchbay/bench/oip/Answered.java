package dev.patchbay.bench.oip;

/// How calls of a turn ended.
record Answered(long answers, long failures) {}
