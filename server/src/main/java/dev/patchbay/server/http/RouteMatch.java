package dev.patchbay.server.http;

sealed interface RouteMatch {

    RouteMatch NOT_FOUND = new NotFound();

    record Found(Route route) implements RouteMatch {}

    record NotFound() implements RouteMatch {}

    /// @param allow as the header has it
    record OtherMethods(String allow) implements RouteMatch {}
}
