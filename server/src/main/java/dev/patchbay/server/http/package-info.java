/// HTTP/1.1 and HTTP/2 on a socket, and nothing of the gateway: a thin adapter over Vert.x with the guard that its
/// defaults lack. [dev.patchbay.server.http.HttpTransport] is the front door; no type of Vert.x or Netty leaves
/// this package.
@NullMarked
package dev.patchbay.server.http;

import org.jspecify.annotations.NullMarked;
