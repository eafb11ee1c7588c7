package dev.patchbay.runtime.remote;

import org.jspecify.annotations.Nullable;

/// The model that is asked.
///
/// @param name its name at the server
/// @param version its version at the server; null leaves it to the server
/// @param binary whether tensors go as bytes; null to ask the server whether it takes them
/// @param repeatable whether a call that broke off before the head of its answer may be made again
record RemoteModel(
        String name, @Nullable String version, @Nullable Boolean binary, boolean repeatable) {}
