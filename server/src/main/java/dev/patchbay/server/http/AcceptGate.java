package dev.patchbay.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/// Stands at a listening socket: bounds the open connections and gives each its guard before it reads a byte.
@Sharable
final class AcceptGate extends ChannelInboundHandlerAdapter {

    private final Listening listening;

    AcceptGate(Listening listening) {
        this.listening = listening;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        Channel connection = (Channel) accepted;
        if (listening.isFull()) {
            connection.unsafe().closeForcibly();
            return;
        }
        connection.pipeline().addLast(new ConnectionGuard(listening));
        context.fireChannelRead(accepted);
    }
}
