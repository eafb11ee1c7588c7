/// The contract of the transport, seen from the other end of the socket.
@NullMarked
package dev.patchbay.server.http;

import org.jspecify.annotations.NullMarked;
