package dev.patchbay.core.leak;

import java.time.Instant;
import java.util.List;

/// A class loader of a retired module that is not collected.
///
/// @param name names the instance, such as `behavior_score@3.0.0#1`
/// @param since when it was retired
/// @param collections how many it survived
/// @param threads platform threads that belong to the module, in words; most leaks are of this kind, and this much
///     is known without stopping the process
public record Survivor(String name, LeakWatch.Fate fate, Instant since, int collections, List<String> threads) {}
