package dev.patchbay.server.admin;

import dev.patchbay.api.ErrorCode;
import dev.patchbay.server.answer.Answers;
import dev.patchbay.server.answer.Problem;
import dev.patchbay.server.http.Answer;
import dev.patchbay.server.http.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// Lets in whoever sends the operators' token, as `authorization: Bearer …`.
public final class AdminToken {

    /// A shorter one could be tried out.
    public static final int LEAST = 16;

    private static final String SCHEME = "Bearer ";

    private final byte[] digest;

    /// Keeps a digest of the token, not the token.
    ///
    /// @throws IllegalArgumentException if it is shorter than [#LEAST]
    public AdminToken(String token) {
        if (token.length() < LEAST) {
            throw new IllegalArgumentException(
                    "the admin token has %d characters; make it %d or more".formatted(token.length(), LEAST));
        }
        this.digest = digest(token);
    }

    /// Gives the answer to somebody who did not send the token.
    public @Nullable Answer refusal(HttpExchange exchange) {
        String given = exchange.header("authorization");
        String token = given != null && given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? given.substring(SCHEME.length()).strip()
                : null;
        if (token != null && MessageDigest.isEqual(digest, digest(token))) {
            return null;
        }
        Answer refused = Answers.problem(
                Problem.of(
                        ErrorCode.UNAUTHENTICATED,
                        token != null
                                ? "This is not the token that the gateway was started with"
                                : "The admin API of this gateway asks for a token. Send 'authorization: Bearer TOKEN'; the command line takes it from PATCHBAY_ADMIN_TOKEN"));
        refused.headers().add("www-authenticate", "Bearer");
        return refused;
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
