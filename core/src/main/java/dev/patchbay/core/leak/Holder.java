package dev.patchbay.core.leak;

import java.util.List;

/// What keeps a retired module's class loader alive.
///
/// @param kind a word for scripts, such as `thread-local`
/// @param words names the holder, to be read after "held by"
/// @param remedy what the module's author does about it
/// @param soft whether it lets go when memory is needed
/// @param path the references from the root to the class loader, one a line
public record Holder(String kind, String words, String remedy, boolean soft, List<String> path) {}
