/// Tasks behind the chat protocols of others: OpenAI's and Anthropic's clients talk to them unchanged.
@NullMarked
package dev.patchbay.server.chat;

import org.jspecify.annotations.NullMarked;
