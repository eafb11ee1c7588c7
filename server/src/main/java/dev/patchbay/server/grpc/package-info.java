/// [gRPC over HTTP/2](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md) on the listener that answers
/// REST,
/// so that both have the same limits, deadlines, cancellation and guard. Messages are bytes here.
/// [dev.patchbay.server.grpc.GrpcRoute] is the front door.
@NullMarked
package dev.patchbay.server.grpc;

import org.jspecify.annotations.NullMarked;
