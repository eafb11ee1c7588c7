package dev.patchbay.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.http.impl.Http1xOrH2CHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// Stands first in a connection and lets nothing in once the connection is finished: what a client sends behind a
/// refused request is never read as another one.
final class ConnectionGuard extends ChannelInboundHandlerAdapter {

    private static final long MOST_DISCARDED = 16 << 20;

    private final Listening listening;
    private final ConnectionClock clock;
    private ChannelHandlerContext context;
    private boolean protocolChosen;
    private boolean http2;
    private boolean finished;
    private long discarded;

    @SuppressWarnings("NullAway.Init") // the context is there as soon as the guard is in its place
    ConnectionGuard(Listening listening) {
        this.listening = listening;
        this.clock = new ConnectionClock(this, listening.settings());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        listening.opened();
        clock.start();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        clock.stop();
        listening.closed();
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object bytes) {
        if (finished) {
            discard((ByteBuf) bytes);
        } else if (protocolChosen) {
            reading.fireChannelRead(bytes);
        } else {
            chooseProtocol((ByteBuf) bytes);
        }
    }

    private void discard(ByteBuf bytes) {
        discarded += bytes.readableBytes();
        bytes.release();
        if (discarded > MOST_DISCARDED) {
            cut();
        }
    }

    /// Hands Vert.x byte for byte until it knows the protocol. It would offer the h2c upgrade together with prior
    /// knowledge, and a body that comes in through an upgrade passes by every check: so that offer is withdrawn
    /// before the first request is read.
    private void chooseProtocol(ByteBuf bytes) {
        while (bytes.isReadable() && context.pipeline().get(Http1xOrH2CHandler.class) != null) {
            context.fireChannelRead(bytes.readRetainedSlice(1));
        }
        if (context.pipeline().get(Http1xOrH2CHandler.class) == null) {
            protocolChosen = true;
            if (context.pipeline().get("h2c") != null) {
                context.pipeline().addBefore("h2c", null, new UpgradeRemover());
            }
        }
        if (bytes.isReadable()) {
            context.fireChannelRead(bytes);
        } else {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext reading) {
        reading.fireChannelReadComplete();
        clock.readComplete(http2);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext caught, Throwable cause) {
        if (http2 || cause instanceof IOException) {
            caught.fireExceptionCaught(cause);
        } else if (!finished && clock.isAnswering()) {
            cut();
        } else if (!finished) {
            refuse(listening.refusals().answer(Refusal.MALFORMED_REQUEST, "", "The chunks of the body are not valid."));
        }
    }

    void speaksHttp2() {
        http2 = true;
        clock.becomesIdle();
    }

    boolean isHttp2() {
        return http2;
    }

    boolean isFinished() {
        return finished;
    }

    ConnectionClock clock() {
        return clock;
    }

    Listening listening() {
        return listening;
    }

    InetSocketAddress remoteAddress() {
        return (InetSocketAddress) context.channel().remoteAddress();
    }

    boolean inLoop() {
        return context.executor().inEventLoop();
    }

    EventExecutor executor() {
        return context.executor();
    }

    /// Marks an HTTP/1 connection as finished when the answer about to be written is to be its last one.
    boolean finishFor(boolean anyway) {
        if (!http2 && (anyway || listening.isDraining())) {
            finished = true;
        }
        return finished;
    }

    /// Sends the last answer of an HTTP/1 connection and reads no further request from it.
    void refuse(Answer answer) {
        finished = true;
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                Unpooled.wrappedBuffer(answer.body()));
        answer.headers().forEach(response.headers()::add);
        response.headers().set("content-length", answer.body().length).set("connection", "close");
        context.pipeline().writeAndFlush(response).addListener(written -> halfClose());
        cutLater();
    }

    /// Tells the client that nothing more comes and leaves it time to read what came: closing at once, with unread
    /// bytes from it, would reset the connection and could take the answer along.
    void halfClose() {
        if (context.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
        cutLater();
    }

    /// Ends one HTTP/2 stream; Vert.x would not once the answer is written, taken or not.
    void reset(int stream, Http2Error code) {
        ChannelHandlerContext http = context.pipeline().context(Http2ConnectionHandler.class);
        ((Http2ConnectionHandler) http.handler()).resetStream(http, stream, code.code(), http.newPromise());
        http.flush();
    }

    /// Closes as the protocol has it.
    void close() {
        finished = !http2;
        context.channel().close();
        cutLater();
    }

    private void cutLater() {
        long linger = listening.settings().connection().lingerTime().toNanos();
        context.executor().schedule(this::cut, linger, TimeUnit.NANOSECONDS);
    }

    /// Closes at once, whatever is still to be written.
    void cut() {
        context.close();
    }

    /// Takes the wish for an upgrade out of the first request.
    private static final class UpgradeRemover extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext reading, Object message) {
            if (message instanceof io.netty.handler.codec.http.HttpRequest request) {
                request.headers().remove("upgrade");
                reading.fireChannelRead(message);
                reading.pipeline().remove(this);
            } else {
                ReferenceCountUtil.release(message);
            }
        }
    }
}
